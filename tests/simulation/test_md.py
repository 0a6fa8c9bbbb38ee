"""NVE and Langevin runs: conserved energy, equipartition, bookkeeping."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator
from ase.constraints import FixAtoms

from mlp_course.simulation import energy_drift, run_langevin, run_nve


class Springs(Calculator):
    """Every atom on its own spring (an Einstein crystal): E = k/2 sum |r - r0|^2."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, anchors, spring=5.0):
        super().__init__()
        self.anchors, self.spring, self.n_calls = np.array(anchors), spring, 0

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        self.n_calls += 1
        moved = atoms.positions - self.anchors
        self.results = {"energy": 0.5 * self.spring * np.sum(moved**2), "forces": self.force(moved)}

    def force(self, moved):
        return -self.spring * moved


class Whirl(Springs):
    """Springs with a force that is no gradient: it pushes each atom around its anchor."""

    def force(self, moved):
        return -self.spring * moved + 0.05 * np.cross([0, 0, 1.0], moved)


def einstein_crystal(calculator=Springs):
    atoms = bulk("Al", cubic=True) * (2, 2, 2)
    atoms.calc = calculator(atoms.positions)
    return atoms


def copper():
    atoms = bulk("Cu", cubic=True)
    atoms.calc = EMT()
    return atoms


class Bonds(Springs):
    """A molecule with a spring between every two atoms; it may move and turn freely."""

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        Calculator.calculate(self, atoms, properties, system_changes)
        r_ij = atoms.positions[None] - atoms.positions[:, None]  # (n_atoms, n_atoms, 3)
        d_ij = np.linalg.norm(r_ij, axis=-1) + np.eye(len(atoms))
        rest = np.linalg.norm(self.anchors[None] - self.anchors[:, None], axis=-1)
        stretch = d_ij - rest - np.eye(len(atoms))
        pull = self.spring * stretch / d_ij
        self.results = {
            "energy": 0.25 * self.spring * np.sum(stretch**2),
            "forces": np.sum(pull[:, :, None] * r_ij, axis=1),
        }


def water():
    atoms = molecule("H2O")
    atoms.calc = Bonds(atoms.positions, spring=30.0)
    return atoms


def quiet(run, atoms, **options):
    return run(atoms, progress=False, **options)


@pytest.mark.parametrize("start", [einstein_crystal, copper])
def test_newton_conserves_the_energy(start):
    """No drift beyond the error bar, and fluctuations far below the kinetic energy."""
    run = quiet(run_nve, start(), steps=600, timestep=2.0, temperature=300, interval=2)
    drift = energy_drift(run)
    assert abs(drift.slope) < max(4 * drift.standard_error, 0.05), str(drift)
    assert drift.noise < 0.5  # meV/atom; the kinetic energy is about 20


def test_forces_that_are_no_gradient_heat_the_atoms():
    """A force with a curl does work on closed paths: a drift of more than 1 meV/atom/ps."""
    drift = energy_drift(
        quiet(run_nve, einstein_crystal(Whirl), steps=600, timestep=2.0, temperature=300)
    )
    assert drift.significant
    assert drift.slope > 1.0, str(drift)  # meV/atom/ps


def test_halving_the_time_step_quarters_the_fluctuation():
    """Velocity Verlet is of second order."""
    noise = [
        energy_drift(
            quiet(
                run_nve, copper(), steps=round(600 / dt), timestep=dt, temperature=300, interval=2
            )
        ).noise
        for dt in (6.0, 3.0)
    ]
    assert noise[0] / noise[1] == pytest.approx(4, rel=0.35)


def test_an_oscillator_has_the_period_of_the_textbook():
    """A diatomic with k = 30 eV/A^2, mu = 0.5 u: T = 2 pi sqrt(mu/k) = 8.26 fs."""
    atoms = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]], masses=[1.0, 1.0])
    atoms.calc = Bonds(atoms.positions, spring=30.0)
    atoms.positions[1, 2] += 0.04
    run = quiet(run_nve, atoms, steps=800, timestep=0.1, interval=1)
    length = np.array([frame.get_distance(0, 1) for frame in run]) - 0.74
    rising = np.flatnonzero((length[:-1] < 0) & (length[1:] >= 0))
    period = np.diff(rising).mean() * 0.1
    expected = 2 * np.pi * np.sqrt(0.5 / 30.0) / units.fs
    assert period == pytest.approx(expected, rel=0.01)
    assert run.log["kinetic_energy"].max() == pytest.approx(15.0 * 0.04**2, rel=1e-2)


def test_langevin_brings_a_cold_crystal_to_the_target():
    """From 0 K with friction 0.05 fs⁻¹: after 0.6 ps the mean temperature is 400 K within 5 %."""
    atoms = einstein_crystal()
    run = quiet(
        run_langevin,
        atoms,
        steps=1500,
        temperature=400,
        friction=0.05,
        timestep=2.0,
        keep_velocities=True,
    )
    assert run.log["temperature"].iloc[0] == 0
    assert run.log["temperature"].iloc[30:].mean() == pytest.approx(400, rel=0.05)


@pytest.mark.slow
def test_equipartition_half_kt_for_every_degree_of_freedom():
    """Einstein crystal: kinetic and potential energy are both (3N - 3)/2 kT, within 3 %."""
    atoms = einstein_crystal()
    run = quiet(
        run_langevin, atoms, steps=10_000, temperature=300, friction=0.05, timestep=2.0, interval=5
    )
    settled = run.log.iloc[100:]
    expected = (3 * len(atoms) - 3) / 2 * units.kB * 300
    assert settled["kinetic_energy"].mean() == pytest.approx(expected, rel=0.03)
    assert settled["potential_energy"].mean() == pytest.approx(expected, rel=0.03)


@pytest.mark.slow
def test_a_small_molecule_gets_the_right_temperature():
    """Water under Langevin: 6 degrees of freedom (3N - 3), not 9; within 6 %."""
    run = quiet(run_langevin, water(), steps=12_000, temperature=300, friction=0.05, interval=5)
    assert run.log["temperature"].iloc[200:].mean() == pytest.approx(300, rel=0.06)


def test_half_of_the_start_temperature_becomes_potential_energy():
    """Water started at 600 K from its minimum: 300 K on average over many starts, within 20 %."""
    means = [
        quiet(run_nve, water(), steps=200, temperature=600, seed=seed).log["temperature"].mean()
        for seed in range(20)
    ]
    assert np.mean(means) == pytest.approx(300, rel=0.2)


@pytest.mark.parametrize(("run", "options"), [(run_nve, {}), (run_langevin, {"temperature": 300})])
def test_one_step_costs_one_evaluation(run, options):
    """100 steps: 101 evaluations, although energies and forces are recorded on the way."""
    atoms = einstein_crystal()
    atoms.rattle(0.05, seed=0)
    quiet(run, atoms, steps=100, interval=5, **options)
    assert atoms.calc.n_calls == 101


def test_a_calculator_that_keeps_only_what_was_asked_for_is_also_called_once_a_step():
    """SchNetPack's own calculator is of this kind; asked for energy and forces apart, it pays."""

    class Forgetful(Springs):
        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            super().calculate(atoms, properties, system_changes)
            self.results = {name: self.results[name] for name in properties}

    atoms = einstein_crystal(Forgetful)
    quiet(run_nve, atoms, steps=100, temperature=300, interval=1)
    assert atoms.calc.n_calls == 101


@pytest.mark.parametrize(("run", "options"), [(run_nve, {}), (run_langevin, {})])
def test_the_start_configuration_is_not_changed(run, options):
    """A run works on a copy: the caller's atoms get no new positions, momenta or constraints."""
    atoms = einstein_crystal()
    before = atoms.copy()
    quiet(run, atoms, steps=20, temperature=300, **options)
    assert atoms == before
    assert not atoms.has("momenta")
    assert atoms.constraints == []


def test_frames_and_log_tell_the_same_story():
    """Every frame has the time and energies of its row, and the EMT forces within 1e-12 eV/Å."""
    run = quiet(run_nve, copper(), steps=25, timestep=2.0, temperature=300, interval=10)
    assert run.log["step"].tolist() == [0, 10, 20, 25]
    assert run.log["time"].tolist() == [0.0, 20.0, 40.0, 50.0]
    assert run.log.attrs["units"]["total_energy"] == "eV"
    for frame, row in zip(run, run.log.itertuples(), strict=True):
        assert isinstance(frame.calc, SinglePointCalculator)
        assert frame.get_potential_energy() == row.potential_energy
        assert frame.get_kinetic_energy() == pytest.approx(row.kinetic_energy)
        assert frame.info["time_fs"] == row.time
        check = frame.copy()
        check.calc = EMT()
        np.testing.assert_allclose(frame.get_forces(), check.get_forces(), atol=1e-12)
    assert row.total_energy == pytest.approx(row.kinetic_energy + row.potential_energy)
    assert len(run) == 4
    assert run.n_atoms == 4
    assert "NVE" in repr(run)
    assert "<table" in run._repr_html_()


def test_shortest_distance_is_that_of_the_geometry():
    """The shortest distance in ethanol is its O-H bond, 0.971 Å."""
    run = quiet(run_nve, molecule_with_springs(), steps=1)
    assert run.log["shortest_distance"].iloc[0] == pytest.approx(0.971, abs=1e-3)  # the O-H bond


def molecule_with_springs():
    ethanol = molecule("CH3CH2OH")
    ethanol.calc = Springs(ethanol.positions)
    return ethanol


def test_same_seed_same_run_other_seed_other_run():
    """Seed 1 twice gives equal positions after 20 steps; seed 2 differs by over 0.001 Å."""
    runs = [
        quiet(run_langevin, einstein_crystal(), steps=20, temperature=300, seed=seed)
        for seed in (1, 1, 2)
    ]
    last = [run.frames[-1].positions for run in runs]
    np.testing.assert_array_equal(last[0], last[1])
    assert np.abs(last[0] - last[2]).max() > 1e-3


def test_a_run_can_be_continued():
    """Two runs of 50 steps are one run of 100."""
    whole = quiet(run_nve, copper(), steps=100, timestep=2.0, temperature=300)
    half = quiet(run_nve, copper(), steps=50, timestep=2.0, temperature=300)
    start = half.frames[-1].copy()
    start.calc = EMT()
    rest = quiet(run_nve, start, steps=50, timestep=2.0)
    np.testing.assert_allclose(rest.frames[-1].positions, whole.frames[-1].positions, atol=1e-9)


def test_the_centre_of_mass_stays_under_the_thermostat_and_leaves_no_constraint_behind():
    """In 50 fs at 500 K the centre of mass moves by less than 1e-10 Å; the frames stay free."""
    atoms = molecule_with_springs()
    run = quiet(run_langevin, atoms, steps=100, temperature=500)
    moved = run.frames[-1].get_center_of_mass() - atoms.get_center_of_mass()
    np.testing.assert_allclose(moved, 0, atol=1e-10)
    assert run.frames[-1].constraints == []


def test_fixed_atoms_stay_and_remain_fixed_in_the_frames():
    """At 500 K the two fixed atoms do not move at all, and the frames keep the constraint."""
    atoms = copper()
    atoms.set_constraint(FixAtoms([0, 1]))
    run = quiet(run_langevin, atoms, steps=20, temperature=500, timestep=2.0)
    np.testing.assert_array_equal(run.frames[-1].positions[:2], atoms.positions[:2])
    assert len(run.frames[-1].constraints) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps must be a positive whole number; got 0"),
        ({"steps": 2.5}, "steps must be a positive whole number; got 2.5"),
        ({"steps": 5, "timestep": -0.5}, "timestep must be positive, in fs; got -0.5"),
        ({"steps": 5, "interval": 0}, "interval must be a positive whole number; got 0"),
        ({"steps": 5, "friction": 0.0}, "friction must be positive, in fs⁻¹; got 0.0"),
        ({"steps": 5, "temperature": -3}, "temperature must not be negative, in K; got -3"),
    ],
)
def test_numbers_out_of_range_are_refused(options, message):
    """A number that makes no run is refused by name, with its rule and the value received."""
    with pytest.raises(ValueError, match=message):
        quiet(run_langevin, copper(), **{"temperature": 300, **options})


def test_atoms_without_a_live_calculator_are_refused():
    """Moving atoms need new forces: stored labels do not count, and the error names the cure."""
    atoms = bulk("Cu")
    with pytest.raises(ValueError, match=r"must carry a calculator.*Set atoms\.calc"):
        quiet(run_nve, atoms, steps=1)
    atoms.calc = SinglePointCalculator(atoms, energy=0.0)
    with pytest.raises(ValueError, match="must carry a calculator"):
        quiet(run_nve, atoms, steps=1)


def test_the_progress_bar_can_be_silent(capsys):
    """With `progress=False` a run writes nothing, neither to the output nor to the error stream."""
    quiet(run_nve, einstein_crystal(), steps=5)
    assert capsys.readouterr() == ("", "")


def test_a_list_is_no_configuration():
    """A run moves one configuration."""
    with pytest.raises(TypeError, match=r"one ase\.Atoms; got list"):
        run_nve([Atoms("H2")], steps=1)
