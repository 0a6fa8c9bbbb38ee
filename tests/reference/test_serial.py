"""Labels made in this process are those of the calculator, without what a constraint hides."""

import numpy as np
import pytest
from ase.build import fcc111
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms

from mlp_course.reference import label_here


@pytest.fixture
def slab():
    """A rattled slab whose lower layer is held."""
    atoms = fcc111("Cu", (2, 2, 2), vacuum=6)
    atoms.rattle(0.1, seed=0)
    atoms.set_constraint(FixAtoms([0, 1, 2, 3]))
    return atoms


def test_labels_equal_those_of_the_calculator(slab):
    """The same energy, and the same forces on atoms that nothing holds."""
    (labelled,) = label_here([slab], "emt")
    slab.calc = EMT()
    assert labelled.get_potential_energy() == pytest.approx(slab.get_potential_energy(), abs=1e-12)
    assert np.allclose(labelled.get_forces()[4:], slab.get_forces()[4:], atol=1e-12)


def test_a_constraint_does_not_hide_forces(slab):
    """All forces add up to zero only if those on held atoms are there."""
    (labelled,) = label_here([slab], EMT())
    assert np.abs(labelled.get_forces().sum(axis=0)).max() < 1e-10
    assert np.abs(labelled.get_forces()[:4]).max() > 0.01


def test_labels_stay_when_the_next_frame_is_computed(slab):
    """Each frame has numbers of its own, not a view of the calculator's."""
    moved = slab.copy()
    moved.rattle(0.1, seed=1)
    both = label_here([slab, moved], "emt")
    (alone,) = label_here([slab], "emt")
    assert np.array_equal(both[0].get_forces(), alone.get_forces())
    assert slab.calc is None
