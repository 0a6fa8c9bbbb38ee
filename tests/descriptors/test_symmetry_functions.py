"""Symmetry functions: plain loops, one formula against the other, refusals."""

from itertools import combinations

import numpy as np
import pytest
import torch
from ase.build import bulk, molecule

from mlp_course.data import neighbour_list
from mlp_course.descriptors import (
    Descriptor,
    SymmetryFunctions,
    angular_shells,
    angular_symmetry_function,
    radial_shells,
    radial_symmetry_function,
    symmetry_function_set,
)
from mlp_course.descriptors.triples import blocks_of_atoms

CUTOFF = 4.0


def fade(d):
    """The cosine cutoff of a number."""
    return 0.5 * (np.cos(np.pi * d / CUTOFF) + 1) if d < CUTOFF else 0.0


def g2_by_loop(atoms, centre, element, eta, r_s):
    """The radial function as a sum over neighbours."""
    d = atoms.get_distances(centre, range(len(atoms)))
    others = [j for j in range(len(atoms)) if j != centre and atoms.numbers[j] == element]
    return sum(np.exp(-eta * (d[j] - r_s) ** 2) * fade(d[j]) for j in others)


def angular_by_loop(atoms, centre, elements, eta, zeta, lambda_, with_jk):
    """The angular function as a sum over two neighbours."""
    total = 0.0
    for j, k in combinations([j for j in range(len(atoms)) if j != centre], 2):
        if sorted(atoms.numbers[[j, k]]) != sorted(elements):
            continue
        r_j, r_k = (
            atoms.positions[j] - atoms.positions[centre],
            (atoms.positions[k] - atoms.positions[centre]),
        )
        d_j, d_k, d_jk = np.linalg.norm(r_j), np.linalg.norm(r_k), np.linalg.norm(r_k - r_j)
        squares, factor = d_j**2 + d_k**2, fade(d_j) * fade(d_k)
        if with_jk:
            squares, factor = squares + d_jk**2, factor * fade(d_jk)
        angle = (1 + lambda_ * (r_j @ r_k) / d_j / d_k) ** zeta
        total += 2 ** (1 - zeta) * angle * np.exp(-eta * squares) * factor
    return total


@pytest.mark.parametrize("with_jk", [True, False])
def test_all_components_equal_plain_loops(describe, with_jk):
    """Every component of ethanol, in the order of the labels, to 1e-12."""
    atoms = molecule("CH3CH2OH")
    radial = [(0.5, 0.0), (2.0, 1.5)]
    angular = [(0.01, 1.0, 1), (0.1, 4.0, -1), (0.01, 4.0, 1)]
    g = SymmetryFunctions([1, 6, 8], CUTOFF, radial=radial, angular=angular, with_jk=with_jk)
    values = describe(g, atoms)
    for i in range(len(atoms)):
        expected = [g2_by_loop(atoms, i, z, *p) for z in (1, 6, 8) for p in radial]
        expected += [
            angular_by_loop(atoms, i, pair, *p, with_jk)
            for pair in g.elements.pairs
            for p in angular
        ]
        np.testing.assert_allclose(values[i], expected, atol=1e-12)
    assert len(g.labels) == g.n_components == values.shape[1]


def test_the_set_equals_the_single_functions(describe):
    """In a crystal of one element the set is a list of the two public functions."""
    copper = bulk("Cu").repeat((2, 1, 1))
    copper.rattle(0.1, seed=0)
    radial, angular = [(1.0, 2.0)], [(0.02, 4.0, -1)]
    g = SymmetryFunctions([29], 5.0, radial=radial, angular=angular)
    graph = neighbour_list(copper, 5.0)
    r_ij = graph.pair_vectors()
    single = [
        radial_symmetry_function(r_ij.norm(dim=1), graph.idx_i, 2, eta=1.0, r_s=2.0, cutoff=5.0),
        angular_symmetry_function(r_ij, graph.idx_i, 2, eta=0.02, zeta=4.0, lambda_=-1, cutoff=5.0),
    ]
    torch.testing.assert_close(describe(g, copper), torch.stack(single, dim=1))


def test_the_usual_set_has_fifty_to_a_hundred_components():
    """For three elements: 8 shells x 3 + 12 angular functions x 6 pairs = 96."""
    assert SymmetryFunctions([1, 6, 8], 5.0).n_components == 96


def test_shells_cover_the_range():
    """At any distance from 0.8 Å to near the cutoff some shell sees at least 0.8 of an atom."""
    d = np.linspace(0.8, 4.6, 50)
    seen = max(np.exp(-eta * (d - r_s) ** 2).tolist() for eta, r_s in radial_shells(5.0))
    best = np.max([np.exp(-eta * (d - r_s) ** 2) for eta, r_s in radial_shells(5.0)], axis=0)
    assert best.min() > 0.8
    assert len(seen) == 50


@pytest.mark.parametrize("lambda_", [1, -1])
def test_lambda_chooses_the_side_and_zeta_the_sharpness(lambda_):
    """Two neighbours in line count for +1 when together, for -1 when opposite; ζ narrows it."""
    idx_i = torch.tensor([0, 0])
    angle = torch.linspace(0, torch.pi, 7, dtype=torch.float64)

    def values(zeta):
        vectors = [
            torch.tensor([[1.0, 0, 0], [torch.cos(t), torch.sin(t), 0]], dtype=torch.float64)
            for t in angle
        ]
        options = dict(eta=0.0, zeta=zeta, lambda_=lambda_, cutoff=4.0, with_jk=False)
        return torch.cat([angular_symmetry_function(r, idx_i, 1, **options) for r in vectors])

    broad, sharp = values(1.0), values(8.0)
    assert broad.argmax() == (0 if lambda_ == 1 else 6)
    assert (sharp[1:-1] / sharp.max() < broad[1:-1] / broad.max()).all()


def test_many_blocks_of_atoms_make_the_same_derivatives(monkeypatch):
    """However few triples are made at once."""
    monkeypatch.setattr(symmetry_function_set, "TRIPLES_AT_ONCE", 20)
    atoms = molecule("CH3CH2OH")
    g = SymmetryFunctions([1, 6, 8], CUTOFF)
    graph = neighbour_list(atoms, CUTOFF)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    assert len(list(blocks_of_atoms(graph.idx_i, 20))) > 3
    torch.testing.assert_close(g.derivatives(*inputs), Descriptor.derivatives(g, *inputs))


def test_a_set_without_angles_needs_no_triples():
    """Values and derivatives of radial functions alone."""
    graph = neighbour_list(molecule("H2"), CUTOFF)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    g = SymmetryFunctions([1], CUTOFF, angular=[])
    torch.testing.assert_close(g.derivatives(*inputs), Descriptor.derivatives(g, *inputs))
    assert g(*inputs).shape == (2, g.n_components)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(radial=[(-1.0, 0.0)]), "eta must not be negative, in Å⁻²; got -1.0"),
        (dict(angular=[(0.1, 0.0, 1)]), "zeta must be positive, dimensionless; got 0.0"),
        (dict(angular=[(0.1, float("nan"), 1)]), "zeta must be positive, dimensionless; got nan"),
        (dict(angular=[(0.1, 1.0, 2)]), r"lambda_ must be \+1 or -1; got 2"),
        (dict(cutoff=0.0), "cutoff must be positive, in Å; got 0.0"),
        (dict(cutoff=0.4), "cutoff must be above 0.5, in Å, to hold shells"),
        (dict(species=[]), "species must be a list of atomic numbers"),
        (dict(species=[1, 1]), "species must not name an element twice"),
        (dict(species=["H"]), r"species must be a list of atomic numbers .*; got \['H'\]"),
        (dict(radial=[(1.0,)]), r"radial must hold entries \(eta in Å⁻², r_s in Å\); got \(1.0,\)"),
        (dict(radial=[1.0]), "radial must hold entries .*; got 1.0"),
        (dict(angular=[(1.0, 1.0)]), r"angular must hold entries .*, zeta, lambda_\); got"),
        (dict(radial=[(1.0, float("nan"))]), "r_s must be finite, in Å; got nan"),
        (dict(radial=[], angular=[]), "radial and angular must hold at least one function"),
    ],
)
def test_senseless_parameters_are_refused(options, message):
    """The message names the parameter, its rule, unit and value."""
    with pytest.raises(ValueError, match=message):
        SymmetryFunctions(**(dict(species=[1, 8], cutoff=CUTOFF) | options))


def test_one_element_is_a_list_of_one():
    """A bare atomic number is no list."""
    with pytest.raises(TypeError, match=r"species must be a list of .* \[1, 6, 8\]; got 8"):
        SymmetryFunctions(8, CUTOFF)


def test_angular_shells_need_a_cutoff():
    """A reach is a part of the cutoff."""
    with pytest.raises(ValueError, match="cutoff must be positive"):
        angular_shells(-1.0)
