"""Different structures that descriptors of few bodies take for one, proven both ways."""

import numpy as np
import pytest
import torch
from ase.build import molecule

from mlp_course.data import neighbour_list
from mlp_course.descriptors import (
    AEV,
    SOAP,
    SymmetryFunctions,
    describe_atoms,
    describe_structure,
    distance_histogram,
    smallest_mismatch,
    trapezoid_and_kite,
    twin_environments,
)

SPECIES = [1, 16]


@pytest.fixture(params=[45.0, 30.0, 50.0], ids=lambda angle: f"{angle:.0f}°")
def twins(request):
    """The two environments of one angle."""
    return twin_environments(request.param)


@pytest.mark.parametrize(
    "descriptor",
    [
        SymmetryFunctions(SPECIES, 5.0),
        SymmetryFunctions(SPECIES, 5.0, with_jk=False),
        SOAP(SPECIES, 5.0),
        SOAP(SPECIES, 5.0, n_max=10, l_max=10, sigma=0.2),
        AEV(SPECIES, 5.0),
    ],
    ids=["G4", "G5", "SOAP", "fine SOAP", "AEV"],
)
def test_three_bodies_do_not_tell_the_twins_apart(twins, descriptor):
    """The central atoms have the same description to 1e-10 of its largest component."""
    a, b = (describe_atoms(descriptor, atoms)[0] for atoms in twins)
    assert np.abs(a).max() > 0.1
    assert np.abs(a - b).max() < 1e-10 * np.abs(a).max()


def test_the_twins_are_different(twins):
    """No rotation, reflection or order of equal atoms lays one onto the other within 0.3 Å."""
    assert smallest_mismatch(*twins) > 0.3
    a = twins[0].copy()
    a.rotate(70, (1, 2, 3))
    a.positions *= -1
    assert smallest_mismatch(twins[0], a[[0, 3, 1, 4, 2]]) < 1e-6  # the search finds what is there


def energies(atoms, **options):
    """Energy of the central atom by one layer of an untrained MACE, in eV, for two structures."""
    from mlp_course.models import build_model

    settings = dict(species=SPECIES, cutoff=5.0, n_features=8, n_layers=1, l_max=3)
    model = build_model("mace", **(settings | options)).double().architecture
    result = []
    for structure in atoms:
        graph = neighbour_list(structure, 5.0)
        inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
        with torch.no_grad():
            result.append(model(*inputs)[0].item())
    return result


@pytest.mark.parametrize("seed", range(3))
def test_four_bodies_tell_the_twins_apart(twins, seed):
    """MACE with products of two is as blind as SOAP; with products of three it sees them."""
    for correlation in (1, 2):
        a, b = energies(twins, correlation=correlation, seed=seed)
        assert abs(a - b) < 1e-12
    a, b = energies(twins, correlation=3, seed=seed)
    assert abs(a - b) > 1e-4


def test_the_neighbours_give_the_twins_away(twins):
    """Seen from the four outer atoms they differ, so a sum over all atoms is not fooled."""
    soap = SOAP(SPECIES, 5.0)
    a, b = (describe_structure(soap, atoms) for atoms in twins)
    assert np.abs(a - b).max() > 0.01 * np.abs(a).max()


def test_the_trapezoid_and_the_kite_have_the_same_distances():
    """All six, to 1e-12 Å; and so the same histogram and the same radial functions in sum."""
    a, b = (np.sort(s.get_all_distances()[np.triu_indices(4, 1)]) for s in trapezoid_and_kite())
    np.testing.assert_allclose(a, b, atol=1e-12)
    histograms = [distance_histogram(atoms, width=0.13) for atoms in trapezoid_and_kite()]
    np.testing.assert_array_equal(*histograms)
    radial = SymmetryFunctions([6], 5.0, angular=[])
    sums = [describe_structure(radial, atoms) for atoms in trapezoid_and_kite()]
    np.testing.assert_allclose(*sums, atol=1e-12)


def test_the_trapezoid_and_the_kite_have_different_angles():
    """They cannot be laid onto each other, and angular functions see it."""
    assert smallest_mismatch(*trapezoid_and_kite()) > 0.3
    g = SymmetryFunctions([6], 5.0)
    a, b = (describe_structure(g, atoms) for atoms in trapezoid_and_kite())
    assert np.abs(a - b).max() > 0.1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(angle=90.0), "angle must be between 0 and 90, in degrees; got 90.0"),
        (dict(radius=0.0), "radius must be positive, in Å; got 0.0"),
    ],
)
def test_senseless_environments_are_refused(options, message):
    """The message names the parameter, its rule, unit and value."""
    with pytest.raises(ValueError, match=message):
        twin_environments(**options)


@pytest.mark.filterwarnings("error")
def test_linear_molecules_and_single_atoms_are_laid_onto_each_other():
    """CO2 along x is CO2 along z, unless an atom lies beside the line; nothing is warned of."""
    along, across = molecule("CO2"), molecule("CO2")
    across.rotate(90, "y")
    assert smallest_mismatch(along, across) < 1e-9
    across.positions[0] += [0.0, 0.2, 0.0]
    assert 0.01 < smallest_mismatch(along, across) < 0.2
    assert smallest_mismatch(along[:1], across[:1]) == 0.0


def test_only_small_structures_of_the_same_elements_are_laid_onto_each_other():
    """Every order is tried."""
    with pytest.raises(ValueError, match="elements must be the same"):
        smallest_mismatch(molecule("H2O"), molecule("CO2"))
    with pytest.raises(ValueError, match="at most 7 atoms"):
        smallest_mismatch(molecule("CH3CH2OH"), molecule("CH3CH2OH"))
    with pytest.raises(ValueError, match=r"at least 1 .* atoms, .*; got 0"):
        smallest_mismatch(molecule("H2O")[:0], molecule("H2O")[:0])
