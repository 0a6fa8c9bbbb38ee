"""Our sparse Gaussian process is the exact one when nothing is left out."""

import numpy as np
import pytest
import torch
from ase.build import molecule

from mlp_course.data import collate, neighbour_list
from mlp_course.models.gap import GAP

pytestmark = pytest.mark.peers

CUTOFF = 4.0


def waters(n, seed):
    """Distorted water molecules."""
    rng = np.random.default_rng(seed)
    frames = []
    for _ in range(n):
        atoms = molecule("H2O")
        atoms.positions += 0.1 * rng.standard_normal((3, 3))
        frames.append(atoms)
    return frames


def covariances(gap, graph):
    """Prior covariance of the energies of all atoms in eV², and the configuration of each."""
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    with torch.no_grad():
        p = torch.nn.functional.normalize(gap.descriptor(*inputs), dim=1)
    same = graph.atomic_numbers[:, None] == graph.atomic_numbers
    return gap.delta**2 * (p @ p.T) ** gap.zeta * same, graph.idx_m


def test_energies_and_error_bars_equal_exact_regression(peer):
    """All environments kept, energies only: means to 1e-6 eV, spreads to 1e-5 eV."""
    train, test = waters(8, 0), waters(5, 1)
    labels = np.random.default_rng(2).normal(size=8)
    gap = GAP([1, 8], CUTOFF, n_sparse=16, n_max=4, l_max=3, force_noise=1e6, energy_noise=3e-2)
    graphs = [neighbour_list(atoms, CUTOFF) for atoms in train]
    forces = [torch.zeros(3, 3, dtype=torch.float64) for _ in train]
    list(gap.solve(graphs, torch.tensor(labels), forces))
    unseen = collate([neighbour_list(atoms, CUTOFF) for atoms in test])
    inputs = (unseen.atomic_numbers, unseen.pair_vectors(), unseen.idx_i, unseen.idx_j)
    everything = collate([*graphs, unseen])
    atoms, configuration = covariances(gap, everything)
    belongs = (configuration == torch.arange(8)[:, None]).double()  # energies are sums of atoms
    one_by_one = torch.eye(len(atoms), dtype=torch.float64)[configuration >= 8]
    items = torch.cat([belongs, one_by_one])
    theirs = peer(
        "sklearn_gpr",
        covariance=(items @ atoms @ items.T).numpy(),
        labels=labels,
        noise=np.full(8, 3 * gap.energy_noise),
    )
    with torch.no_grad():
        np.testing.assert_allclose(gap(*inputs), theirs["mean"], atol=1e-6)
    spread = gap.energy_variance(*inputs).clamp(min=0).sqrt()
    np.testing.assert_allclose(spread, theirs["spread"], atol=1e-5)
