"""DimeNet: triples that do not turn back, and a basis that is orthonormal."""

import pytest
import torch
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.data import neighbour_list
from mlp_course.descriptors.spherical_bessel import bessel_zeros, spherical_bessel
from mlp_course.models.dimenet import DimeNet, directed_triples
from mlp_course.models.dimenet_bases import SphericalBasis, envelope


@pytest.mark.parametrize(
    "atoms", [molecule("H2O"), molecule("CH3CH2OH"), bulk("Cu"), molecule("H")]
)
def test_triples_equal_a_double_loop(atoms):
    """Every pair that ends where another begins, but not its own way back."""
    graph = neighbour_list(atoms, 3.0)
    r_ij = graph.pair_vectors()
    expected = {
        (q, p)
        for p in range(len(r_ij))
        for q in range(len(r_ij))
        if graph.idx_j[p] == graph.idx_i[q]
        and not (graph.idx_j[q] == graph.idx_i[p] and (r_ij[p] + r_ij[q]).norm() < 1e-6)
    }
    kj, ji = directed_triples(graph.idx_i, graph.idx_j, r_ij)
    found = list(zip(kj.tolist(), ji.tolist(), strict=True))
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_bessel_functions_vanish_at_their_zeros():
    """j_l(z_ln) = 0 to 1e-12 for six orders and five zeros."""
    zeros = torch.tensor(bessel_zeros(6, 5), dtype=torch.float64)
    values = spherical_bessel(zeros, 5)
    assert max(values[l, :, l].abs().max() for l in range(6)) < 1e-12


def test_the_radial_waves_are_orthonormal_in_the_sphere():
    """Without the envelope: integral of two waves of one order times x² is 1 or 0."""
    basis = SphericalBasis(4, 3, 1.0)
    x = torch.linspace(1e-3, 1 - 1e-9, 40001, dtype=torch.float64)
    one = torch.ones_like(x)
    values = basis(x, one, torch.arange(len(x))).reshape(-1, 4, 3) / envelope(x)[:, None, None]
    for l in range(4):
        waves = values[:, l] / basis.harmonic.value[l]  # P_l(1) = 1
        overlap = torch.trapezoid(
            waves[:, :, None] * waves[:, None] * x[:, None, None] ** 2, x, dim=0
        )
        torch.testing.assert_close(overlap, torch.eye(3, dtype=torch.float64), atol=2e-3, rtol=0)


def test_energies_gather_the_messages_that_arrive():
    """In a chain 0-1-2 atom 0 hears, through atom 1, of an atom 2 beyond its cutoff."""
    torch.manual_seed(0)
    network = DimeNet([1, 8], 3.0, n_features=8, n_interactions=1, n_small=4, n_out=8).double()

    def first_energy(atoms):
        graph = neighbour_list(atoms, 3.0)
        inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
        return network(*inputs)[0].item()

    chain = Atoms("OHH", [[0, 0, 0], [0, 0, 1.6], [0, 0, 3.1]])
    assert abs(first_energy(chain) - first_energy(chain[:2])) > 1e-8
