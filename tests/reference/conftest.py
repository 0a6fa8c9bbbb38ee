"""Molecules to label, and workers to label them."""

import numpy as np
import pytest
from ase.build import molecule
from dask.distributed import Client


@pytest.fixture
def waters():
    """Make water molecules, each a little different."""

    def build(n_frames, seed=0):
        frames = []
        rng = np.random.default_rng(seed)
        for _ in range(n_frames):
            atoms = molecule("H2O")
            atoms.positions += rng.normal(scale=0.03, size=(3, 3))
            frames.append(atoms)
        return frames

    return build


@pytest.fixture
def store(tmp_path):
    """A store that does not exist yet."""
    return tmp_path / "labels.xyz"


@pytest.fixture(scope="session")
def here():
    """A client whose worker is a thread of this process."""
    options = dict(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0")
    with Client(**options, silence_logs="CRITICAL") as client:
        yield client
