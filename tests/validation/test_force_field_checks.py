"""Walls and loops: real potentials pass, potentials with a hole or without an energy do not."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT

from mlp_course.validation import closed_loop_work, pair_scan, repulsive_wall


class WithHole(Calculator):
    """Two atoms: a spring at 2.5 Å, and an attraction that wins below 1.8 Å."""

    implemented_properties = ["energy", "forces"]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        """Energy only; forces are not asked for."""
        super().calculate(atoms, properties, system_changes)
        d = self.atoms.get_distance(0, 1)
        energy = 5.0 * (d - 2.5) ** 2 - 40.0 * np.exp(-(((d - 1.2) / 0.3) ** 2))
        self.results = {"energy": energy, "forces": np.zeros((2, 3))}


class Whirl(Calculator):
    """Each atom is pushed sideways around the z axis: the slope of no energy."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, strength):
        super().__init__()
        self.strength = strength

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        """F = strength · (-y, x, 0) in eV/Å."""
        super().calculate(atoms, properties, system_changes)
        x, y, z = self.atoms.positions.T
        forces = self.strength * np.stack([-y, x, 0 * z], axis=1)
        self.results = {"energy": 0.0, "forces": forces}


@pytest.fixture
def pair():
    """Two copper atoms at 2.5 Å."""
    return Atoms("Cu2", [[0, 0, 0], [0, 0, 2.5]])


def test_emt_has_a_wall(pair):
    """EMT climbs all the way down to half the sum of the covalent radii."""
    finding = repulsive_wall(EMT(), pair, (0, 1))
    assert not finding.rings
    assert finding.value > 5.0  # eV


def test_attraction_all_the_way_is_no_wall(pair):
    """Two atoms that only attract each other have a wall of height zero."""

    class Attraction(WithHole):
        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            Calculator.calculate(self, atoms, properties, system_changes)
            energy = self.atoms.get_distance(0, 1)
            self.results = {"energy": energy, "forces": np.zeros((2, 3))}

    assert repulsive_wall(Attraction(), pair, (0, 1)).value == 0.0


def test_a_hole_is_found_and_its_rim_measured(pair):
    """The spring costs at most 5 · 0.7² = 2.5 eV before the hole pulls."""
    finding = repulsive_wall(WithHole(), pair, (0, 1))
    assert finding.rings
    assert 0.5 < finding.value < 2.5  # eV


def test_the_scan_moves_one_atom_and_leaves_the_frame_alone():
    """All other atoms stay where they are, also in a crystal."""
    crystal = bulk("Cu", cubic=True).repeat(2)
    before = crystal.positions.copy()
    d, energies = pair_scan(EMT(), crystal, (0, 1), n_points=5)
    assert (crystal.positions == before).all()
    assert np.all(np.diff(d) < 0)
    assert energies[0] == 0.0


def test_a_pair_in_each_other_is_refused():
    """There is nothing left to scan."""
    with pytest.raises(ValueError, match="must start above"):
        pair_scan(EMT(), Atoms("Cu2", [[0, 0, 0], [0, 0, 1.0]]), (0, 1))


@pytest.mark.parametrize("seed", range(3))
def test_forces_of_an_energy_do_no_work_around_a_loop(seed):
    """EMT on a rattled crystal: less than a millionth of an eV."""
    crystal = bulk("Cu", cubic=True).repeat(2)
    crystal.rattle(0.1, seed=0)
    assert closed_loop_work(EMT(), crystal, radius=0.05, seed=seed).value < 1e-3  # meV


def test_a_whirl_does_the_work_that_its_area_says():
    """For one atom, W = 2 · strength · projected area of the circle, by Stokes' theorem."""
    atom = Atoms("H", [[0.3, -0.2, 0.5]])
    seed, radius, strength = 1, 0.1, 0.7
    finding = closed_loop_work(Whirl(strength), atom, radius=radius, seed=seed)
    u, v = np.linalg.qr(np.random.default_rng(seed).standard_normal((3, 2)))[0].T
    area = np.pi * (radius * np.sqrt(3)) ** 2 * abs(np.cross(u, v)[2])  # Å²
    assert finding.value == pytest.approx(1000 * 2 * strength * area, rel=1e-9)  # meV
    assert finding.rings


def test_a_loop_needs_a_radius():
    """A loop of no size has no work to show."""
    with pytest.raises(ValueError, match="radius"):
        closed_loop_work(EMT(), molecule("H2O"), radius=0.0)
