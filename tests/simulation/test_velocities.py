"""Start velocities and degrees of freedom."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk, molecule
from ase.constraints import FixAtoms

from mlp_course.simulation import degrees_of_freedom, with_thermal_velocities


@pytest.mark.parametrize(
    ("name", "expected"), [("H2", 1), ("CO2", 4), ("H2O", 3), ("CH3CH2OH", 21), ("C2H2", 7)]
)
def test_a_molecule_has_3n_minus_6_vibrations_and_a_linear_one_3n_minus_5(name, expected):
    """Without flight and rotation, 21 motions are left to ethanol (N = 9) and 4 to CO2 (N = 3)."""
    assert degrees_of_freedom(with_thermal_velocities(molecule(name), 300.0)) == expected


def test_a_slightly_bent_carbon_dioxide_still_counts_as_linear():
    """With its carbon 0.1 Å off the axis, CO2 has 4 degrees of freedom as if straight, not 3."""
    bent = molecule("CO2")
    bent.positions[0, 0] += 0.1
    assert degrees_of_freedom(with_thermal_velocities(bent, 300.0)) == 4


def test_a_crystal_loses_only_the_three_translations():
    """A periodic crystal does not rotate: 4 atoms have 3 x 4 - 3 = 9 degrees of freedom."""
    crystal = bulk("Cu", cubic=True)
    assert degrees_of_freedom(with_thermal_velocities(crystal, 300.0)) == 3 * 4 - 3


def test_fixed_atoms_do_not_move_and_are_not_counted():
    """With two of four atoms fixed, 2 x 3 = 6 degrees of freedom remain; fixed momenta are zero."""
    slab = bulk("Cu", cubic=True)
    slab.set_constraint(FixAtoms([0, 1]))
    moving = with_thermal_velocities(slab, 300.0)
    assert degrees_of_freedom(moving) == 6
    assert np.all(moving.get_momenta()[:2] == 0)


def test_a_molecule_that_flies_and_turns_keeps_all_its_degrees_of_freedom():
    """In water with random momenta all 3 x 3 = 9 degrees of freedom share the kinetic energy."""
    water = molecule("H2O")
    water.set_momenta(np.random.default_rng(0).normal(size=(3, 3)))
    assert degrees_of_freedom(water) == 9


def test_a_single_atom_keeps_its_velocity():
    """Flight is the only motion of a lone argon atom: it is kept, with 3 degrees of freedom."""
    moving = with_thermal_velocities(Atoms("Ar"), 300.0)
    assert np.any(moving.get_momenta() != 0)
    assert degrees_of_freedom(moving) == 3


@pytest.mark.parametrize("name", ["CO2", "CH3CH2OH"])
def test_start_velocities_neither_move_nor_turn_the_molecule(name):
    """Total momentum and angular momentum are zero within 1e-12 (ASE units), also if linear."""
    moving = with_thermal_velocities(molecule(name), 500.0, seed=3)
    np.testing.assert_allclose(moving.get_momenta().sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(moving.get_angular_momentum(), 0, atol=1e-12)


def test_mean_kinetic_energy_is_half_kt_per_degree_of_freedom():
    """Ethanol, 400 draws: 21 degrees of freedom, standard error 1.5 %."""
    ethanol = molecule("CH3CH2OH")
    kinetic = [
        with_thermal_velocities(ethanol, 300.0, seed=seed).get_kinetic_energy()
        for seed in range(400)
    ]
    expected = 21 / 2 * units.kB * 300
    assert abs(np.mean(kinetic) / expected - 1) < 0.05
    assert np.std(kinetic) / expected == pytest.approx(np.sqrt(2 / 21), rel=0.15)


def test_same_seed_same_velocities_and_the_original_is_untouched():
    """Seed 5 gives the same momenta to the last bit, and the molecule that was given gets none."""
    water = molecule("H2O")
    first, second = (with_thermal_velocities(water, 300.0, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.get_momenta(), second.get_momenta())
    assert not water.has("momenta")


def test_a_negative_temperature_is_refused():
    """There is no temperature of -1 K; the error tells the rule, the unit and the value."""
    with pytest.raises(ValueError, match=r"temperature must not be negative, in K; got -1"):
        with_thermal_velocities(molecule("H2O"), -1)
