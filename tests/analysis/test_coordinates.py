"""Coordinates and springs: gradients by differences, and forces that are minus a slope."""

import numpy as np
import pytest
from ase.build import bulk, molecule
from ase.calculators.emt import EMT

from mlp_course.analysis import (
    Angle,
    Dihedral,
    Distance,
    DistanceDifference,
    Restrained,
    run_umbrella,
)
from mlp_course.analysis.umbrella import difference

COORDINATES = [
    Distance(0, 4),
    DistanceDifference((0, 3), (3, 2)),
    Angle(0, 1, 2),
    Dihedral(4, 0, 1, 2),
]


@pytest.fixture
def ethanol():
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.05, seed=0)
    return atoms


@pytest.mark.parametrize("coordinate", COORDINATES, ids=lambda c: type(c).__name__)
@pytest.mark.parametrize("periodic", [False, True])
def test_gradients_are_differences(ethanol, coordinate, periodic):
    """Central differences of 1e-5 Å, also for a molecule cut by the wall of its cell."""
    if periodic:
        ethanol.set_cell([6.0, 6.5, 7.0])
        ethanol.pbc = True
        ethanol.positions += [0.0, 0.0, 0.3]
        free = coordinate.value(ethanol)
        ethanol.wrap()
        assert np.ptp(ethanol.positions, axis=0).max() > 5
        assert coordinate.value(ethanol) == pytest.approx(free)
    numeric = np.zeros((len(ethanol), 3))
    for place in np.ndindex(numeric.shape):
        ends = []
        for step in (1e-5, -1e-5):
            moved = ethanol.copy()
            moved.positions[place] += step
            ends.append(coordinate.value(moved))
        numeric[place] = difference(ends[0], ends[1], coordinate.period) / 2e-5
    np.testing.assert_allclose(coordinate.gradient(ethanol), numeric, atol=1e-5)


@pytest.mark.parametrize("coordinate", COORDINATES, ids=lambda c: type(c).__name__)
def test_a_spring_pulls_down_its_slope(ethanol, coordinate):
    """Energy and forces with the spring: F = -dE/dR, through the jump of a dihedral at 360 too."""
    centre = coordinate.value(ethanol) - 0.3
    if coordinate.period:
        ethanol.set_dihedral(4, 0, 1, 2, 359.9, indices=[2, 8])
        centre = 5.0
    ethanol.calc = Restrained(EMT(), coordinate, centre=centre, stiffness=0.7)
    forces = ethanol.get_forces()
    for place in ((0, 0), (2, 1), (4, 2)):
        ends = []
        for step in (1e-5, -1e-5):
            moved = ethanol.copy()
            moved.calc = Restrained(EMT(), coordinate, centre=centre, stiffness=0.7)
            moved.positions[place] += step
            ends.append(moved.get_potential_energy())
        assert forces[place] == pytest.approx(-(ends[0] - ends[1]) / 2e-5, abs=2e-5)
    np.testing.assert_allclose(
        forces.sum(axis=0), 0, atol=1e-9
    )  # a spring inside moves no molecule


def test_a_run_without_a_spring_is_refused():
    """A stiffness of zero, or no window at all; the unit is that of the coordinate."""
    copper = bulk("Cu", cubic=True)
    copper.calc = EMT()
    how = dict(temperature=300, steps=10, equilibration=10)
    with pytest.raises(ValueError, match="stiffness must be positive, in eV/Å²"):
        run_umbrella(copper, Distance(0, 1), centres=[2.5], stiffness=0.0, **how)
    with pytest.raises(ValueError, match="there must be a centre"):
        run_umbrella(copper, Angle(0, 1, 2), centres=[], stiffness=1.0, **how)
