"""A tiny training problem: water, labelled by springs, learnt in a second."""

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.models import build_model

OFFSET = -2079.5  # eV, of the size of a molecule's total energy


def water_frames(n_frames, seed):
    """Rattled water with the energies and forces of three springs of 20 eV/Å²."""
    rng = np.random.default_rng(seed)
    rest = np.array([[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
    frames = []
    for _ in range(n_frames):
        atoms = Atoms("OH2", rest + rng.normal(scale=0.05, size=(3, 3)))
        energy, forces = OFFSET, np.zeros((3, 3))
        for i, j in [(0, 1), (0, 2), (1, 2)]:
            r_ij = atoms.positions[j] - atoms.positions[i]
            d_ij, d_0 = np.linalg.norm(r_ij), np.linalg.norm(rest[j] - rest[i])
            energy += 10.0 * (d_ij - d_0) ** 2
            forces[i] += 20.0 * (d_ij - d_0) * r_ij / d_ij
            forces[j] -= 20.0 * (d_ij - d_0) * r_ij / d_ij
        atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces)
        frames.append(atoms)
    return frames


@pytest.fixture(scope="session")
def train():
    """Forty frames to learn from."""
    torch.set_num_threads(1)
    return water_frames(40, seed=0)


@pytest.fixture(scope="session")
def validation():
    """Twenty frames to watch."""
    return water_frames(20, seed=1)


@pytest.fixture
def model():
    """An untrained potential, small enough to learn water in a second."""
    return tiny_model()


@pytest.fixture
def fresh_model():
    """Make untrained potentials that are all the same."""
    return tiny_model


def tiny_model(**options):
    """Build the potential; the seed is fixed."""
    settings = dict(species=[1, 8], cutoff=3.0, n_features=16, n_interactions=2) | options
    return build_model("schnet", **settings)
