"""Copper with EMT labels: loops of seconds."""

import pytest
from ase.build import bulk

from mlp_course.models import build_model
from mlp_course.reference import label_here
from mlp_course.sampling import rattled

SMALL_GAP = dict(species=[29], n_sparse=15, n_max=3, l_max=2, cutoff=4.0)


def emt(frames):
    return label_here(frames, "emt")


def gaps(n_models=3):
    return [build_model("gap", **SMALL_GAP) for _ in range(n_models)]


@pytest.fixture(scope="session")
def copper():
    """Twelve labelled cells of four atoms, displaced by 0.05 Å."""
    return emt(rattled(bulk("Cu", cubic=True), n_frames=12, amplitude=0.05, seed=0))
