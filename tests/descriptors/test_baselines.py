"""Descriptors that fail: they fail where the lesson says, and nowhere else."""

import itertools

import numpy as np
import pytest
from ase import Atoms
from ase.build import molecule

from mlp_course.descriptors import (
    coulomb_matrix,
    distance_histogram,
    raw_coordinates,
    sorted_coulomb_matrix,
)


def turned(atoms):
    """Moved, turned and mirrored."""
    copy = atoms.copy()
    copy.rotate(40, (1, 2, 3))
    copy.positions[:, 1] *= -1
    copy.translate((1.0, -2.0, 0.5))
    return copy


def swapped(atoms, i, j):
    """The same molecule with two atoms of the list exchanged."""
    order = list(range(len(atoms)))
    order[i], order[j] = j, i
    return atoms[order]


def test_the_coulomb_matrix_equals_a_double_loop():
    """Element by element from the formula."""
    atoms = molecule("CH3CH2OH")
    matrix = coulomb_matrix(atoms)
    for i, first in enumerate(atoms):
        for j, second in enumerate(atoms):
            distance = np.linalg.norm(first.position - second.position)
            apart = first.number * second.number / distance if i != j else first.number**2.4 / 2
            assert matrix[i, j] == pytest.approx(apart, rel=1e-12)


def test_the_histogram_equals_a_double_loop():
    """Each pair once, in the bin that holds its distance."""
    atoms = molecule("CH3CH2OH")
    counts = np.zeros(30)
    for i in range(len(atoms)):
        for j in range(i):
            counts[int(np.linalg.norm(atoms.positions[i] - atoms.positions[j]) / 0.2)] += 1
    np.testing.assert_array_equal(distance_histogram(atoms, longest=6.0, width=0.2), counts)
    assert counts.sum() == 36


def test_raw_coordinates_change_with_every_move():
    """They are nothing but the positions, and a copy of them."""
    atoms = molecule("H2O")
    x = raw_coordinates(atoms)
    x[0] += 1.0
    assert np.abs(raw_coordinates(turned(atoms)) - raw_coordinates(atoms)).max() > 0.5
    np.testing.assert_array_equal(raw_coordinates(atoms), atoms.positions.ravel())


@pytest.mark.parametrize("descriptor", [coulomb_matrix, sorted_coulomb_matrix, distance_histogram])
def test_moving_the_molecule_changes_nothing(descriptor):
    """What is made of distances knows no direction."""
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.05, seed=0)  # no distance on the edge of a bin
    np.testing.assert_allclose(descriptor(turned(atoms)), descriptor(atoms), atol=1e-9)


def test_the_order_of_equal_atoms_matters_to_the_unsorted_matrix_only():
    """Two H of the methyl group exchanged."""
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.05, seed=0)
    other = swapped(atoms, 3, 8)
    assert atoms.symbols[3] == atoms.symbols[8] == "H"
    assert np.abs(coulomb_matrix(other) - coulomb_matrix(atoms)).max() > 0.1
    np.testing.assert_allclose(sorted_coulomb_matrix(other), sorted_coulomb_matrix(atoms))


def test_the_sorted_matrix_has_a_kink_where_two_rows_change_places():
    """O-H-O with the H halfway: the element next to the first O has slopes of either sign."""

    def first_row(shift):
        return sorted_coulomb_matrix(Atoms("OHO", [[0, 0, 0], [0, 0, 1.2 + shift], [0, 0, 2.4]]))

    step = 1e-4
    left = (first_row(-step) - first_row(-2 * step)) / step
    right = (first_row(2 * step) - first_row(step)) / step
    unsorted = [
        coulomb_matrix(Atoms("OHO", [[0, 0, 0], [0, 0, 1.2 + s * step], [0, 0, 2.4]]))
        for s in (-1, 0, 1)
    ]
    assert np.abs(right - left).max() > 5  # e²/Å², in the O-H element: 2 · 8 / 1.2²
    assert np.abs(unsorted[0] - 2 * unsorted[1] + unsorted[2]).max() / step < 0.1


def test_the_sorted_matrix_jumps_where_unlike_rows_change_places():
    """A C-H bond of ethanol stretched by 0.01 Å changes one element by 0.6 e²/Å at once."""

    def element(bond):
        atoms = molecule("CH3CH2OH")
        atoms.set_distance(0, 6, bond, fix=0)
        return sorted_coulomb_matrix(atoms)

    bonds = np.linspace(1.0, 1.1, 1001)
    steps = [np.abs(element(b) - element(a)).max() for a, b in itertools.pairwise(bonds)]
    assert sorted(steps)[-1] > 0.3  # at the crossing
    assert np.median(steps) < 0.01  # elsewhere


def test_senseless_input_is_refused():
    """The message names the rule."""
    with pytest.raises(ValueError, match=r"must not share a spot; atoms \[0, 1\] do"):
        coulomb_matrix(Atoms("H2", [[0, 0, 0], [0, 0, 0]]))
    with pytest.raises(ValueError, match="must be positive, in Å"):
        distance_histogram(Atoms("H2", [[0, 0, 0], [0, 0, 1]]), width=0.0)
