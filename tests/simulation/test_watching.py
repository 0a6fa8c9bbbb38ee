"""Alarms that listen: a drift that is real, a bond that broke, an ensemble that disagrees."""

import ase.io
import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT

from mlp_course.data import load_embedded
from mlp_course.simulation import (
    AlarmLimits,
    AtomsFlewApart,
    ProductionSettings,
    RunFolder,
    RunStopped,
    conserved_drift,
    run_bussi,
    run_langevin,
    run_npt,
    run_nve,
    run_stages,
)
from mlp_course.simulation.bonds import BondWatch
from mlp_course.simulation.conserved import due, found_drift


class Springs(Calculator):
    """Every atom on its own spring."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, anchors, spring=5.0, swirl=0.0):
        super().__init__()
        self.anchors, self.spring, self.swirl = np.array(anchors), spring, swirl

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        moved = atoms.positions - self.anchors
        push = self.swirl * np.cross([0, 0, 1.0], moved)  # no gradient of anything
        energy = 0.5 * self.spring * np.sum(moved**2)
        self.results = {"energy": energy, "forces": push - self.spring * moved}


def einstein_crystal(**options):
    atoms = bulk("Al", cubic=True)
    atoms.calc = Springs(atoms.positions, **options)
    return atoms


def copper():
    atoms = bulk("Cu", cubic=True)
    atoms.calc = EMT()
    return atoms


QUIET = dict(progress=False)
LISTEN = AlarmLimits(drift=1.0)  # meV/atom/ps


def test_a_run_that_swings_and_conserves_rings_no_alarm():
    """Springs at 16 fs steps: the energy swings by over 1 meV an atom and goes nowhere."""
    options = dict(steps=2000, timestep=16.0, temperature=600, interval=7, **QUIET)
    for seed in range(3):
        limits = AlarmLimits(drift=0.05)  # meV/atom/ps
        run = run_nve(einstein_crystal(), seed=seed, limits=limits, **options)
        assert 1000 * np.ptp(run.log["total_energy"]) / 4 > 1  # meV/atom


def test_a_force_that_is_no_gradient_rings_after_two_picoseconds():
    """Pushed around their anchors the atoms win energy; the alarm says how much and what to do."""
    options = dict(steps=8000, timestep=4.0, temperature=300, interval=10, **QUIET)
    with pytest.raises(RunStopped, match="the total energy drifts: drift") as caught:
        run_nve(einstein_crystal(swirl=0.02), limits=LISTEN, **options)
    alarm = caught.value
    assert alarm.kind == "drift"
    assert not isinstance(alarm, AtomsFlewApart)
    assert 2000 <= alarm.time < 32_000
    assert "half the time step" in str(alarm)
    slope = conserved_drift(alarm.trajectory).slope
    assert slope > 1
    run_nve(
        einstein_crystal(swirl=0.02),
        limits=AlarmLimits(drift=5 * slope),
        **options | {"steps": 2000},
    )


def test_the_thermostat_of_bussi_does_not_hide_the_drift():
    """The temperature stays at 300 K, the conserved energy rises all the same."""
    options = dict(steps=20_000, timestep=2.0, temperature=300, interval=10, **QUIET)
    with pytest.raises(RunStopped, match="the conserved energy drifts") as caught:
        run_bussi(einstein_crystal(swirl=0.01), limits=LISTEN, **options)
    log = caught.value.trajectory.log
    assert log["temperature"].mean() < 600
    assert log["conserved_energy"].iloc[-1] > log["conserved_energy"].iloc[0]
    quiet = run_bussi(einstein_crystal(), limits=LISTEN, **options | {"steps": 5000})
    heat = quiet.log["total_energy"] - quiet.log["conserved_energy"]
    assert np.ptp(heat) > 20 * np.ptp(quiet.log["conserved_energy"])


@pytest.mark.parametrize("run", [run_langevin, run_npt])
def test_a_drift_that_cannot_be_judged_is_said(run):
    """Their heat is not counted: a warning, not a silence."""
    options = dict(steps=10, timestep=2.0, temperature=300, limits=LISTEN, **QUIET)
    with pytest.warns(UserWarning, match="drift cannot be judged in a"):
        made = run(copper(), **options)
    with pytest.raises(ValueError, match="run NVE, or Bussi"):
        conserved_drift(made)


@pytest.mark.parametrize("rows", [40, 200, 1000])
def test_no_swing_up_to_the_length_of_the_run_is_a_drift(rows):
    """400 periods and phases, 1 eV high, with noise or without, for any limit at all."""
    time = np.linspace(0, 4000, rows)
    rng = np.random.default_rng(0)
    for _ in range(400):
        period, phase = 4000 * rng.uniform(0.02, 1.0), rng.uniform(0, 2 * np.pi)
        swing = np.sin(2 * np.pi * time / period + phase)
        swing += rng.choice([0, 0.3]) * rng.normal(size=rows)
        # one window: the whole run
        assert found_drift(time, swing, 9, limit=1e-9, shortest=4000.0) is None


def test_noise_is_no_drift_and_a_drift_in_noise_is_found():
    """Correlated noise of 1 meV/atom for 20 ps: 0 of 50 ring; with 2 meV/atom/ps all do."""
    rng = np.random.default_rng(1)
    time = np.arange(0, 20_000, 10.0)
    rung = {0.0: 0, 2.0: 0}
    for _ in range(50):
        noise = np.convolve(rng.normal(size=len(time) + 40), np.ones(41) / 41**0.5, "valid")
        for slope in rung:
            energy = 9e-3 * (noise + slope * time / 1000)  # eV, 9 atoms
            rung[slope] += found_drift(time, energy, 9, limit=0.5) is not None
    assert rung == {0.0: 0, 2.0: 50}


def test_a_drift_that_begins_late_is_found_in_the_last_part():
    """30 ps of rest, then 5 meV/atom/ps for 4 ps: the whole run's slope is below the limit."""
    time = np.arange(0, 34_000, 10.0)
    energy = 9 * 5e-3 * np.maximum(time - 30_000, 0) / 1000
    found = found_drift(time, energy, 9, limit=2.0)
    assert found.slope == pytest.approx(5.0, rel=0.1)
    assert found.duration < 6


def test_a_short_window_is_not_judged():
    """1.9 ps of steep slope: too early to say."""
    time = np.arange(0, 1900, 10.0)
    assert found_drift(time, time, 9, limit=1.0) is None


def test_a_long_run_is_looked_at_often_enough_and_not_too_often():
    """Between 8 and 40 times for each doubling of the length."""
    for rows in (80, 1000, 20_000):
        looks = sum(due(n) for n in range(rows, 2 * rows))
        assert 4 <= looks <= 40


def test_the_bond_that_broke_is_named_with_its_length():
    """O2-H8 of ethanol drawn out to 1.7 Å; up to 1.5 Å nothing is said."""
    atoms = load_embedded("ethanol/300K")[0]
    watch = BondWatch(atoms)
    assert len(watch.bonds) == 8
    assert watch.look(atoms) is None
    hydrogen = next(
        j
        for i, j in watch.bonds
        if atoms.numbers[i] == 8 or atoms.numbers[j] == 8
        if 1 in atoms.numbers[[i, j]]
    )
    oxygen = int(np.flatnonzero(atoms.numbers == 8)[0])
    arm = atoms.positions[hydrogen] - atoms.positions[oxygen]
    for length, rings in ((1.5, False), (1.7, True)):
        moved = atoms.copy()
        moved.positions[hydrogen] = moved.positions[oxygen] + length * arm / np.linalg.norm(arm)
        found = watch.look(moved)
        assert (found is not None) == rings
    assert "broke: it is 1.70 Å long (limit 1.55 Å; " in found[0]


def test_no_bond_changes_in_sound_frames_up_to_1000_k():
    """2,000 frames of ethanol and malonaldehyde; the proton of the latter may hop."""
    for name in ("ethanol/300K", "ethanol/500K", "ethanol/1000K"):
        frames = load_embedded(name)
        watch = BondWatch(frames[0])
        assert not [watch.look(frame) for frame in frames if watch.look(frame)]
    path = load_embedded("malonaldehyde/proton_transfer")
    hops = [BondWatch(path[0]).look(frame) for frame in path]
    assert any(hops)
    assert "H7" in next(hop for hop in hops if hop)[0]
    hopping = BondWatch(path[0], may_react=(7,))
    for name in ("malonaldehyde/500K", "malonaldehyde/1000K", "malonaldehyde/proton_transfer"):
        assert not [hopping.look(frame) for frame in load_embedded(name) if hopping.look(frame)]


def test_a_new_bond_is_told():
    """Two hydrogen molecules pushed together."""
    atoms = Atoms("H4", [[0, 0, 0], [0.74, 0, 0], [2.5, 0, 0], [3.24, 0, 0]])
    watch = BondWatch(atoms)
    atoms.positions[2:, 0] -= 1.1
    assert watch.look(atoms)[0].startswith("the bond H1-H2 formed: it is 0.66 Å long (limit 0.71")


def test_bonds_through_a_periodic_wall_are_bonds():
    """A hydrogen molecule across the wall of a box."""
    atoms = Atoms("H2", [[0.1, 1, 1], [9.4, 1, 1]], cell=[10] * 3, pbc=True)
    assert BondWatch(atoms).bonds.tolist() == [[0, 1]]


def test_a_dissociating_molecule_stops_the_run_and_saves_the_frame(tmp_path):
    """Pulled by its hydrogen, water breaks; the extended-XYZ file holds that frame and why."""
    atoms = molecule("H2O")

    class Pull(Calculator):
        implemented_properties = ["energy", "forces"]

        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            super().calculate(atoms, properties, system_changes)
            forces = np.zeros((3, 3))
            forces[1] = atoms.positions[1] - atoms.positions[0]
            self.results = {"energy": 0.0, "forces": forces}

    atoms.calc = Pull()
    limits = AlarmLimits(keep_bonds=True, temperature=1e9)
    options = dict(steps=1000, interval=1, folder=RunFolder(tmp_path, every=100), **QUIET)
    with pytest.raises(RunStopped, match=r"the bond O0-H1 broke: it is 1\.5\d Å long") as caught:
        run_nve(atoms, limits=limits, **options)
    alarm = caught.value
    assert (alarm.kind, alarm.atoms) == ("bonds", (0, 1))
    assert "may_react" in str(alarm)
    assert str(alarm.saved) in str(alarm)
    frame = ase.io.read(alarm.saved)
    assert frame.get_distance(0, 1) == pytest.approx(alarm.trajectory.frames[-1].get_distance(0, 1))
    assert frame.info["alarm_reason"] == alarm.reason
    assert frame.info["alarm_step"] == alarm.step
    loose = AlarmLimits(keep_bonds=True, may_react=(1,), temperature=1e9)
    with pytest.raises(AtomsFlewApart, match="left"):  # the bond may go, the atom may not
        run_nve(atoms, limits=loose, **options | {"folder": None})


def test_an_uncertain_ensemble_stops_the_run_at_its_threshold(tmp_path):
    """A stand-in that grows by 0.01 eV/Å a frame: stopped at the first value above 0.155."""
    calls = []

    def disagreement(atoms):
        assert atoms.calc is None  # a copy: it cannot disturb the run
        calls.append(atoms)
        return 0.01 * len(calls)

    limits = AlarmLimits(uncertainty=0.155)
    options = dict(steps=1000, temperature=300, uncertainty=disagreement, **QUIET)
    folder = RunFolder(tmp_path, every=100)
    with pytest.raises(
        RunStopped, match=r"uncertainty reached 0\.16 eV/Å \(limit 0\.155"
    ) as caught:
        run_bussi(copper(), limits=limits, folder=folder, **options)
    alarm = caught.value
    assert (alarm.kind, alarm.step) == ("uncertainty", 150)
    assert "Label the last frame" in str(alarm)
    assert alarm.trajectory.log["uncertainty"].iloc[-1] == 0.16
    assert alarm.trajectory.log.attrs["units"]["uncertainty"] == "eV/Å"
    saved = ase.io.read(alarm.saved)
    assert np.allclose(saved.positions, alarm.trajectory.frames[-1].positions, atol=1e-7)
    assert saved.get_potential_energy() == pytest.approx(
        alarm.trajectory.log["potential_energy"].iloc[-1]
    )


def test_an_uncertainty_that_is_no_number_stops_the_run():
    """NaN is not below the threshold."""
    options = dict(steps=100, temperature=300, uncertainty=lambda atoms: np.nan, **QUIET)
    with pytest.raises(RunStopped, match="uncertainty reached nan"):
        run_nve(copper(), limits=AlarmLimits(uncertainty=1.0), **options)


def test_a_threshold_without_an_ensemble_is_refused():
    """It could never ring."""
    with pytest.raises(ValueError, match="give the run uncertainty="):
        run_nve(copper(), steps=10, limits=AlarmLimits(uncertainty=0.1), **QUIET)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (dict(drift=-1.0), "drift must be positive, in meV/atom/ps; got -1.0"),
        (dict(uncertainty=0.0), "uncertainty must be positive, in eV/Å; got 0.0"),
        (dict(may_react=(1,)), "may_react needs keep_bonds=True"),
    ],
)
def test_alarms_that_make_no_sense_are_refused(options, said):
    """Name, rule, unit and value."""
    with pytest.raises(ValueError, match=said):
        AlarmLimits(**options)


def test_an_atom_that_is_not_there_may_not_react():
    """By index, from 0."""
    with pytest.raises(ValueError, match=r"may_react must name atoms from 0 to 2.*got \[3\]"):
        BondWatch(molecule("H2O"), may_react=(3,))


def test_heating_in_stages_reaches_each_temperature():
    """Springs with a strong thermostat: the mean of the second half of each stage is its own."""
    settings = ProductionSettings(n_atoms=108, timestep=5.0)
    atoms = bulk("Al", cubic=True).repeat(3)
    atoms.calc = Springs(atoms.positions)
    staged = run_stages(atoms, (300, 500, 1000), steps=200, settings=settings, interval=5, **QUIET)
    assert staged.stopped is None
    for temperature, run in zip(staged.temperatures, staged.runs, strict=True):
        late = run.log["temperature"][len(run) // 2 :].mean()
        assert late == pytest.approx(temperature, rel=0.12)
    log = staged.log
    assert (np.diff(log["elapsed"]) >= 0).all()
    assert log["elapsed"].iloc[-1] == 3 * 200 * 5.0
    assert staged.table()["outcome"].tolist() == ["finished"] * 3
    for one, two in zip(staged.runs, staged.runs[1:], strict=False):  # momenta are handed on
        assert np.array_equal(one.frames[-1].get_momenta(), two.frames[0].get_momenta())


def test_stages_stop_where_the_ensemble_disagrees(tmp_path):
    """A stand-in proportional to the motion: 300 K passes, 1000 K does not; the rest is not run."""

    def spread(atoms):
        return np.abs(atoms.positions - bulk("Al", cubic=True).positions).max()

    options = dict(steps=400, settings=ProductionSettings(n_atoms=4, timestep=2.0), **QUIET)
    calm = run_stages(einstein_crystal(), (300,), uncertainty=spread, **options)
    limit = 1.1 * calm.log["uncertainty"].max()
    options |= dict(uncertainty=spread, limits=AlarmLimits(uncertainty=limit))
    folder = RunFolder(tmp_path, every=100)
    staged = run_stages(einstein_crystal(), (300, 3000, 4000), folder=folder, **options)
    assert staged.stopped.kind == "uncertainty"
    assert staged.table()["outcome"].tolist() == ["finished", "stopped: uncertainty", "not reached"]
    assert staged.stopped.saved.parent == tmp_path / "2-3000K"
    assert "Label the last frame" in repr(staged)
    again = run_stages(einstein_crystal(), (300, 3000, 4000), folder=folder, **options)
    assert again.log.equals(staged.log)  # read back, gone on with, and stopped at the same frame


def test_stages_at_constant_pressure_say_that_drift_cannot_be_judged():
    """NPT: the table says so in words."""
    settings = ProductionSettings(n_atoms=4, ensemble="NPT", timestep=2.0)
    staged = run_stages(copper(), (300, 500), steps=300, settings=settings, **QUIET)
    assert staged.table()["drift"].tolist() == ["cannot be judged"] * 2
    assert "volume" in staged.log


def test_no_stage_is_no_run():
    """At least one temperature."""
    with pytest.raises(ValueError, match="at least one temperature, in K"):
        run_stages(copper(), (), steps=10)
