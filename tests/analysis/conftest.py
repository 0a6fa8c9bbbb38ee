"""What the tests of the analyses share: runs of particles whose physics is known."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk


@pytest.fixture(scope="session")
def shaken_copper():
    """Twenty frames of 108 Cu atoms in a periodic cell of 10.8 Å, each displaced at random."""
    frames = [bulk("Cu", cubic=True, a=3.6).repeat(3) for _ in range(20)]
    for seed, atoms in enumerate(frames):
        atoms.rattle(0.12, seed=seed)
        atoms.wrap()
    return frames


@pytest.fixture(scope="session")
def brownian():
    """A maker of Brownian particles: each step is Gaussian with variance 2 D dt a direction."""

    def make(*, diffusion, spacing, n_frames, n_atoms, seed, side=None):
        steps = np.random.default_rng(seed).normal(size=(n_frames, n_atoms, 3))
        steps *= np.sqrt(2 * diffusion * spacing)
        cell = {} if side is None else {"cell": [side] * 3, "pbc": True}
        frames = [Atoms(["Ar"] * n_atoms, r, **cell) for r in steps.cumsum(axis=0)]
        for number, atoms in enumerate(frames):
            atoms.info["time_fs"] = number * spacing
            if side is not None:
                atoms.wrap()
        return frames

    return make
