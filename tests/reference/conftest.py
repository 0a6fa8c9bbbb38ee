"""Molecules to label, and where a labelling run of its own keeps its journal."""

import numpy as np
import pytest
from ase.build import molecule


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
def journal(tmp_path):
    """A journal that does not exist yet."""
    return tmp_path / "labels" / "water.journal"
