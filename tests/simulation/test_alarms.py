"""Runs that go wrong stop with a sentence that helps."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT

from mlp_course.simulation import AlarmLimits, AtomsFlewApart, run_langevin, run_nve
from mlp_course.simulation.alarms import Watch


class ConstantPush(Calculator):
    """A given force on every atom, whatever the geometry."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, forces, energy=0.0):
        super().__init__()
        self.forces, self.energy = np.array(forces, dtype=float), energy

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        self.results = {"energy": self.energy, "forces": self.forces.copy()}


def ethanol(forces, **options):
    atoms = molecule("CH3CH2OH")
    atoms.calc = ConstantPush(forces, **options)
    return atoms


def push(atom, force):
    forces = np.zeros((9, 3))
    forces[atom] = force
    return forces


def test_an_atom_that_leaves_is_named_and_the_frames_are_kept():
    """Only the last kept frame has H3 over 4 Å away; the error names atom, step and time."""
    atoms = ethanol(push(3, [3.0, 3.0, 3.0]))
    limits = AlarmLimits(temperature=1e9)
    with pytest.raises(AtomsFlewApart, match=r"atom H3 left: no other atom within 4 Å") as caught:
        run_nve(atoms, steps=1000, progress=False, limits=limits)
    error = caught.value
    assert error.atoms == (3,)
    assert error.time == error.step * 0.5
    assert f"stopped at step {error.step} ({error.time:g} fs)" in str(error)
    assert "time step" in str(error)
    assert len(error.trajectory) == error.step // 10 + 1
    gaps = error.trajectory.frames[-1].get_all_distances()[3]
    assert np.sort(gaps)[1] > 4.0
    assert np.sort(error.trajectory.frames[-2].get_all_distances()[3])[1] < 4.0


def test_a_fragment_that_leaves_is_named():
    """O and its H go together."""
    forces = np.zeros((9, 3))
    forces[[2, 3]] = np.outer([16.0, 1.008], [0.3, 0.6, 0.0])
    with pytest.raises(AtomsFlewApart, match=r"atoms O2, H3 left"):
        run_nve(ethanol(forces), steps=2000, progress=False, limits=AlarmLimits(temperature=1e9))


def test_two_atoms_that_collapse_are_named_with_distance_and_limit():
    """O and H may not come closer than half the sum of their covalent radii, 0.48 Å."""
    atoms = ethanol(push(3, molecule("CH3CH2OH").positions[2] - molecule("CH3CH2OH").positions[3]))
    with pytest.raises(AtomsFlewApart, match=r"atoms O2, H3 came within 0\.\d\d Å \(limit 0.48 Å"):
        run_nve(atoms, steps=1000, interval=1, progress=False)


def test_collapse_through_a_periodic_wall_is_seen():
    """Atoms at 0.1 and 9.9 Å in a periodic box of 10 Å are 0.20 Å apart, not 9.8 Å."""
    atoms = Atoms("Cu2", [[0.1, 0, 0], [9.9, 0, 0]], cell=[10, 10, 10], pbc=True)
    atoms.calc = EMT()
    with pytest.raises(AtomsFlewApart, match=r"Cu0, Cu1 came within 0\.20 Å"):
        run_nve(atoms, steps=10, progress=False)


def test_a_collapsed_start_is_refused_at_step_0_without_a_trajectory():
    """Two copper atoms 0.1 Å apart are refused before the first step, with no frame to keep."""
    atoms = Atoms("Cu2", [[0, 0, 0], [0.1, 0, 0]], calculator=EMT())
    with pytest.raises(AtomsFlewApart, match="stopped at step 0") as caught:
        run_nve(atoms, steps=10, progress=False)
    assert caught.value.trajectory is None


def test_nan_forces_stop_the_run():
    """A NaN force on H4 makes its position NaN; the message names this atom."""
    atoms = ethanol(push(4, [np.nan, 0, 0]))
    with pytest.raises(AtomsFlewApart, match=r"atom H4 are not numbers \(NaN\)"):
        run_nve(atoms, steps=100, progress=False)


def test_nan_energy_stops_the_run():
    """A NaN energy is noticed even when positions and forces are sound."""
    with pytest.raises(AtomsFlewApart, match=r"energy is not a number \(nan eV\)"):
        run_nve(ethanol(np.zeros((9, 3)), energy=np.nan), steps=100, progress=False)


def test_a_runaway_temperature_stops_the_run():
    """Constant forces of about 2 eV/Å heat ethanol past a limit of 2000 K: the run is over."""
    forces = np.random.default_rng(0).normal(scale=2.0, size=(9, 3))
    limits = AlarmLimits(separation=np.inf, shortest=1e-6, temperature=2000)
    with pytest.raises(AtomsFlewApart, match=r"temperature reached \d+ K \(limit 2000 K\)"):
        run_nve(ethanol(forces), steps=1000, progress=False, limits=limits)


def test_the_default_temperature_limit_is_ten_times_the_target_but_at_least_5000_k():
    """A 300 K run may reach 5000 K, a 1000 K run 10 000 K; a limit of 700 K stays 700 K."""
    atoms = molecule("H2O")
    assert Watch(atoms, AlarmLimits(), 300.0).highest == 5000
    assert Watch(atoms, AlarmLimits(), 1000.0).highest == 10_000
    assert Watch(atoms, AlarmLimits(temperature=700), 1000.0).highest == 700


@pytest.mark.parametrize("run", [run_nve, run_langevin])
def test_a_time_step_that_is_too_long_rings_the_alarm(run):
    """Copper oscillates with periods above 130 fs; Verlet is unstable beyond period/pi."""
    atoms = bulk("Cu", cubic=True) * (2, 2, 2)
    atoms.calc = EMT()
    with pytest.raises(AtomsFlewApart):
        run(atoms, steps=500, timestep=60.0, temperature=300, progress=False)


def test_a_healthy_hot_run_rings_no_alarm():
    """Copper started at 1500 K finishes its 200 steps of 3 fs: hot is not broken."""
    atoms = bulk("Cu", cubic=True) * (2, 2, 2)
    atoms.calc = EMT()
    run = run_nve(atoms, steps=200, timestep=3.0, temperature=1500, progress=False)
    assert run.log["step"].iloc[-1] == 200


def test_pieces_that_were_apart_at_the_start_may_stay_apart():
    """Argon atoms 20 Å apart from the start are no departure; their log says infinity."""
    atoms = Atoms("Ar3", [[0, 0, 0], [20, 0, 0], [40, 0, 0]])
    atoms.calc = ConstantPush(np.zeros((3, 3)))
    run = run_nve(atoms, steps=20, progress=False)
    assert np.isinf(run.log["shortest_distance"]).all()


def test_a_wider_separation_is_taken_at_its_word():
    """With a separation of 12 Å the alarm waits until H3 is over 12 Å from every other atom."""
    atoms = ethanol(push(3, [3.0, 3.0, 3.0]))
    limits = AlarmLimits(separation=12.0, temperature=1e9)
    with pytest.raises(AtomsFlewApart, match=r"H3 left: no other atom within 12 Å") as caught:
        run_nve(atoms, steps=1000, progress=False, limits=limits)
    gaps = caught.value.trajectory.frames[-1].get_all_distances()[3]
    assert np.sort(gaps)[1] > 12.0


def test_departures_can_be_allowed():
    """With separation infinity H3 may fly off: all 300 steps are made, and 31 frames recorded."""
    atoms = ethanol(push(3, [3.0, 3.0, 3.0]))
    limits = AlarmLimits(separation=np.inf, temperature=1e9)
    run = run_nve(atoms, steps=300, progress=False, limits=limits)
    assert len(run) == 31


def test_a_potential_that_gives_up_on_a_broken_geometry_is_explained():
    """An SCF that fails after H3 flew off is reported as the departure it comes from."""

    class Fragile(ConstantPush):
        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            super().calculate(atoms, properties, system_changes)
            if np.abs(atoms.positions).max() > 20:
                raise RuntimeError("SCF did not converge")

    atoms = molecule("CH3CH2OH")
    atoms.calc = Fragile(push(3, [100.0, 0, 0]))
    with pytest.raises(AtomsFlewApart, match="H3 left") as caught:
        run_nve(atoms, steps=1000, interval=1000, progress=False)
    assert "SCF" in str(caught.value.__cause__)


def test_an_error_of_the_potential_on_a_sound_geometry_is_passed_on():
    """An expired licence is not the fault of the atoms: the user sees the potential's own error."""

    class Broken(ConstantPush):
        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            super().calculate(atoms, properties, system_changes)
            if np.any(atoms.positions != molecule("CH3CH2OH").positions):
                raise RuntimeError("licence expired")

    atoms = molecule("CH3CH2OH")
    atoms.calc = Broken(push(3, [0.1, 0, 0]))
    with pytest.raises(RuntimeError, match="licence expired"):
        run_nve(atoms, steps=10, progress=False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"separation": 0.0}, "separation must be positive, in Å; got 0.0"),
        ({"shortest": -1.0}, "shortest must be positive, dimensionless; got -1.0"),
        ({"temperature": 0.0}, "temperature must be positive, in K; got 0.0"),
    ],
)
def test_limits_out_of_range_are_refused(options, message):
    """A limit of zero or below is refused by its name, with its unit and the value received."""
    with pytest.raises(ValueError, match=message):
        AlarmLimits(**options)
