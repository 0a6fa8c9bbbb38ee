"""A rigid scan turns what it is told to turn, and nothing else."""

import numpy as np
import pytest
from ase.build import molecule

from mlp_course.sampling.torsion import torsion_scan

PEROXIDE = molecule("H2O2")  # O O H H


def test_a_turned_bond_keeps_all_lengths():
    """Every frame has its angle and the bond lengths of the start."""
    for frame in torsion_scan(PEROXIDE, dihedral=[2, 0, 1, 3], moving=[3], angles=[10, 50, 180]):
        angle = frame.get_dihedral(2, 0, 1, 3)
        assert angle == pytest.approx(frame.info["angle_deg"], abs=1e-6)
        for bond in ((0, 1), (0, 2), (1, 3)):
            assert frame.get_distance(*bond) == pytest.approx(PEROXIDE.get_distance(*bond))


def test_atoms_that_do_not_move_stay():
    """Only the atoms in ``moving`` change place; the start is not written to."""
    before = PEROXIDE.positions.copy()
    (frame,) = torsion_scan(PEROXIDE, dihedral=[2, 0, 1, 3], moving=[3], angles=[90])
    assert np.allclose(frame.positions[:3], before[:3])
    assert np.array_equal(PEROXIDE.positions, before)


@pytest.mark.parametrize(
    ("dihedral", "moving", "message"),
    [([0, 1, 2], [2], "must be four atoms"), ([2, 0, 1, 3], [2], "must hold the last atom")],
)
def test_wrong_atoms_are_refused(dihedral, moving, message):
    """The message names what is missing."""
    with pytest.raises(ValueError, match=message):
        torsion_scan(PEROXIDE, dihedral=dihedral, moving=moving, angles=[0])
