"""Descriptions of structures, and how different they are."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.descriptors import (
    AEV,
    SOAP,
    SymmetryFunctions,
    describe_atoms,
    describe_structure,
    difference_table,
    largest_step,
    sorted_coulomb_matrix,
)


def test_a_structure_is_the_sum_of_its_atoms_by_element(describe):
    """Water: the two H together, then O."""
    g = SymmetryFunctions([1, 8], 4.0)
    atoms = molecule("H2O")
    each = describe_atoms(g, atoms)
    np.testing.assert_array_equal(each, describe(g, atoms).numpy())
    np.testing.assert_allclose(
        describe_structure(g, atoms), np.concatenate([each[1] + each[2], each[0]])
    )


def test_a_structure_does_not_know_the_order_of_its_atoms():
    """The sum is the same for any order."""
    atoms = molecule("CH3CH2OH")
    soap = SOAP([1, 6, 8], 4.0, n_max=3, l_max=2)
    np.testing.assert_allclose(
        describe_structure(soap, atoms[::-1]), describe_structure(soap, atoms)
    )


def test_a_crystal_is_described_with_its_images():
    """All four atoms of the cubic cell of copper are alike."""
    each = describe_atoms(SymmetryFunctions([29], 5.0), bulk("Cu", cubic=True))
    np.testing.assert_allclose(each, np.tile(each[0], (4, 1)))
    assert each.max() > 1


def test_differences_are_symmetric_percentages():
    """Zero on the diagonal and for copies; scaling both descriptions changes nothing."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4, 7))
    x[3] = x[0]
    table = difference_table(x)
    np.testing.assert_allclose(table, table.T)
    assert table[0, 3] == 0.0
    np.testing.assert_allclose(difference_table(5 * x), table)
    by_hand = 200 * np.linalg.norm(x[0] - x[1]) / (np.linalg.norm(x[0]) + np.linalg.norm(x[1]))
    assert table[0, 1] == pytest.approx(by_hand)


def test_nothing_differs_from_nothing_by_nothing():
    """Two empty surroundings are equal, not undefined."""
    assert difference_table([[0.0, 0.0], [0.0, 0.0]]).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_descriptions_of_different_length_are_refused():
    """Raw coordinates of different molecules cannot be compared at all."""
    with pytest.raises(ValueError, match=r"same length; got \[2, 3\]"):
        difference_table([[1.0, 2.0], [1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match=r"same length; got \[1, 2, 1\]"):
        largest_step([[1.0], [1.0, 2.0], [3.0]])
    for measure in (difference_table, largest_step):
        with pytest.raises(ValueError, match="at least one; got an empty list"):
            measure([])


@pytest.mark.parametrize("descriptor", [SymmetryFunctions([1], 4.0), SOAP([1], 4.0), AEV([1], 4.0)])
def test_an_unknown_element_is_refused(descriptor):
    """Its atoms would be counted with another atom's."""
    with pytest.raises(ValueError, match=r"atomic numbers .8. are unknown to this descriptor"):
        describe_atoms(descriptor, molecule("H2O"))


@pytest.mark.parametrize("descriptor", [SymmetryFunctions([1], 4.0), SOAP([1], 4.0), AEV([1], 4.0)])
def test_nothing_has_no_rows(descriptor):
    """A structure without atoms is described by a table without rows."""
    assert describe_atoms(descriptor, Atoms()).shape == (0, descriptor.n_components)


def test_a_jump_is_told_from_a_slope():
    """Symmetry functions follow a C-H stretch; sorting jumps, four times as much in finer steps."""
    g, jumps = SymmetryFunctions([1, 6, 8], 5.0), []
    for n_steps in (50, 200):
        path = [molecule("CH3CH2OH") for _ in range(n_steps + 1)]
        for atoms, bond in zip(path, np.linspace(1.0, 1.2, n_steps + 1), strict=True):
            atoms.set_distance(1, 6, bond, fix=0)
        assert largest_step([describe_structure(g, a) for a in path]) < 1.3
        jumps.append(largest_step([sorted_coulomb_matrix(a) for a in path]))
    assert jumps[0] > 5
    assert jumps[1] / jumps[0] == pytest.approx(4, rel=0.1)


def test_a_path_of_steps_is_needed():
    """Two points have one step; a path that stands still has no median step."""
    with pytest.raises(ValueError, match="at least 3, to have two steps; got 2"):
        largest_step([[0.0], [1.0]])
    with pytest.raises(ValueError, match="most steps change nothing"):
        largest_step([[0.0], [0.0], [0.0], [1.0]])
