"""Minima: atoms and cells relax to where the energy is lowest."""

import numpy as np
import pytest
from ase.build import bulk, fcc111, molecule
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms
from scipy.optimize import minimize_scalar

from mlp_course.sampling import optimised


def copper_energy(a):
    """Energy of an atom of fcc Cu with lattice constant a (Å), in eV."""
    copper = bulk("Cu", a=a)
    copper.calc = EMT()
    return copper.get_potential_energy()


def test_a_cell_relaxes_to_the_minimum_of_its_energy_curve():
    """From 3.75 Å and skewed, fcc Cu comes back to the a that a line search finds, to 2 mÅ."""
    a = minimize_scalar(copper_energy, bounds=(3.4, 3.8), method="bounded").x
    start = bulk("Cu", a=3.75, cubic=True)
    start.set_cell(start.cell.array @ [[1, 0.02, 0], [0, 1, 0], [0, 0, 0.98]], scale_atoms=True)
    relaxed = optimised(start, EMT(), relax_cell=True, force_tolerance=0.001)
    np.testing.assert_allclose(relaxed.cell.lengths(), a, atol=0.002)
    np.testing.assert_allclose(relaxed.cell.angles(), 90, atol=0.1)
    assert start.cell.lengths()[0] > 3.75


def test_the_vacuum_of_a_slab_keeps_its_length():
    """A free slab of three layers shrinks sideways; its normal vector is not touched."""
    slab = fcc111("Cu", (1, 1, 3), a=3.7, vacuum=6, periodic=True)
    slab.pbc = [True, True, False]
    relaxed = optimised(slab, EMT(), relax_cell=True, force_tolerance=0.01)
    np.testing.assert_array_equal(relaxed.cell[2], slab.cell[2])
    assert relaxed.cell.lengths()[0] < slab.cell.lengths()[0] - 0.05
    assert relaxed.cell.angles()[2] == pytest.approx(60, abs=0.1)


def test_held_atoms_stay_and_remain_held():
    """Constraints act during the relaxation and are there afterwards, for what comes next."""
    slab = fcc111("Cu", (2, 2, 3), vacuum=6)
    slab.set_constraint(FixAtoms(mask=slab.get_tags() == 3))
    relaxed = optimised(slab, EMT(), force_tolerance=0.02)
    held = slab.get_tags() == 3
    np.testing.assert_array_equal(relaxed.positions[held], slab.positions[held])
    assert np.abs(relaxed.positions - slab.positions).max() > 0.01
    assert len(relaxed.constraints) == 1


def test_a_cell_that_is_not_there_does_not_relax():
    """A molecule has no cell, and a tilted slab would strain its vacuum."""
    with pytest.raises(ValueError, match=r"relax_cell needs periodic cell vectors.*False, False"):
        optimised(molecule("H2O"), EMT(), relax_cell=True)
    tilted = fcc111("Cu", (1, 1, 3), vacuum=6)
    tilted.pbc = [True, True, False]
    tilted.rotate(30, "x", rotate_cell=True)
    with pytest.raises(ValueError, match="turn a slab so that its normal is x, y or z"):
        optimised(tilted, EMT(), relax_cell=True)


def test_a_relaxation_that_takes_too_long_says_so():
    """One step of BFGS does not bring the tabulated water to forces below 0.005 eV/Å."""
    with pytest.raises(RuntimeError, match=r"H2O not relaxed to 0\.005 eV/Å in 1 steps"):
        optimised(molecule("H2O"), EMT(), max_steps=1)
