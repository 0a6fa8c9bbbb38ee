"""NVT and NPT: the distributions are those of statistical mechanics."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms
from scipy.stats import gamma, kstest

from mlp_course.simulation import (
    AlarmLimits,
    ProductionSettings,
    degrees_of_freedom,
    run_bussi,
    run_npt,
    run_production,
)
from mlp_course.units import convert


class IdealGas(Calculator):
    """Atoms that do not see each other."""

    implemented_properties = ["energy", "forces", "stress"]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        self.results = {"energy": 0.0, "forces": np.zeros((len(atoms), 3)), "stress": np.zeros(6)}


class CountedEMT(EMT):
    """EMT that counts its evaluations."""

    n_calls = 0

    def calculate(self, *arguments, **options):
        self.n_calls += 1
        super().calculate(*arguments, **options)


def copper(repeats=1, calculator=EMT):
    atoms = bulk("Cu", cubic=True).repeat(repeats)
    atoms.calc = calculator()
    return atoms


def gas(n_atoms=8):
    atoms = Atoms(f"Ar{n_atoms}", cell=[12.0] * 3, pbc=True)
    atoms.positions = np.random.default_rng(0).uniform(0, 12, (n_atoms, 3))
    atoms.calc = IdealGas()
    return atoms


@pytest.mark.slow
def test_bussi_gives_the_canonical_distribution_of_the_kinetic_energy():
    """4 atoms in a box, N_f = 9: mean N_f kT/2, variance N_f (kT)²/2, the whole gamma distribution.

    Samples 200 fs apart, with a thermostat of 40 fs, are as good as independent. The same test
    refuses N_f = 12: it can tell the two apart.
    """
    options = dict(temperature=400, relaxation=40.0, timestep=10.0, interval=20, progress=False)
    limits = AlarmLimits(separation=np.inf, shortest=1e-6)  # they do not see each other
    run = run_bussi(gas(4), steps=12_000, limits=limits, **options)
    kinetic, kT = run.log["kinetic_energy"].to_numpy()[10:], units.kB * 400
    assert kinetic.mean() == pytest.approx(4.5 * kT, rel=0.08)
    assert kinetic.var() == pytest.approx(4.5 * kT**2, rel=0.3)
    assert kstest(kinetic, gamma(4.5, scale=kT).cdf).pvalue > 0.01
    assert kstest(kinetic, gamma(6.0, scale=kT).cdf).pvalue < 1e-6


def test_a_molecule_that_does_not_rotate_is_kept_at_its_temperature():
    """Cu3 has 3 degrees of freedom without rotation; ASE counts 9 and would end 3 times too hot."""
    atoms = Atoms("Cu3", [[0, 0, 0], [2.3, 0, 0], [1.15, 2.0, 0]])
    atoms.calc = EMT()
    options = dict(temperature=300, relaxation=20.0, timestep=3.0, interval=5, progress=False)
    run = run_bussi(atoms, steps=3000, **options)
    assert degrees_of_freedom(run.frames[-1]) == 3
    mean = run.log["kinetic_energy"][20:].mean()
    assert mean == pytest.approx(1.5 * units.kB * 300, rel=0.25)
    assert np.abs(run.frames[-1].get_momenta().sum(axis=0)).max() < 1e-10


@pytest.mark.slow
def test_an_ideal_gas_has_the_volume_of_the_textbook():
    """N = 8: the density of V is V^N exp(-PV/kT), so <V> = 9 kT/P, and its variance 9 (kT/P)²."""
    kT = units.kB * 300
    pressure = 9 * kT / 12.0**3
    options = dict(pressure=pressure, relaxation=50.0, cell_relaxation=200.0, timestep=10.0)
    limits = AlarmLimits(separation=np.inf, shortest=1e-6)  # they do not see each other
    options |= dict(interval=10, progress=False, limits=limits)
    run = run_npt(gas(), steps=12_000, temperature=300, **options)
    volume = run.log["volume"].to_numpy()[100:]
    assert volume.mean() == pytest.approx(12.0**3, rel=0.1)
    assert volume.var() == pytest.approx(9 * (kT / pressure) ** 2, rel=0.4)
    assert run.log["kinetic_energy"][100:].mean() == pytest.approx(12 * kT, rel=0.05)
    mean_pressure = (run.log["pressure"][100:] * volume).mean() / volume.mean()
    assert mean_pressure == pytest.approx(8 / 9 * pressure, rel=0.1)  # <P V> = N kT


def equation_of_state(repeats):
    """Volume at the minimum of E(V) in Å³ and bulk modulus in eV/Å³, by a cubic through EMT."""
    crystal, points = copper(repeats), []
    for stretch in np.linspace(0.98, 1.02, 9):
        atoms = crystal.copy()
        atoms.set_cell(crystal.cell * stretch, scale_atoms=True)
        atoms.calc = EMT()
        points.append((atoms.get_volume(), atoms.get_potential_energy()))
    volumes, energies = np.array(points).T
    fit = np.polynomial.Polynomial.fit(volumes, energies, 4)
    roots = fit.deriv().roots()
    best = float(next(r.real for r in roots if volumes[0] < r.real < volumes[-1]))
    return best, float(best * fit.deriv(2)(best))


@pytest.mark.slow
@pytest.mark.parametrize("isotropic", [True, False])
def test_cold_copper_has_the_volume_at_the_minimum_of_its_energy(isotropic):
    """32 atoms at 30 K and no pressure: within 0.3 % of the minimum of E(V); pressure zero.

    The fluctuation is that of the bulk modulus, Var(V) = kT V / B, within a factor of 1.6.
    """
    best, modulus = equation_of_state(2)
    atoms = copper(2)
    atoms.set_cell(atoms.cell * 1.01, scale_atoms=True)  # 3 % off at the start
    options = dict(relaxation=50.0, cell_relaxation=200.0, timestep=4.0, isotropic=isotropic)
    run = run_npt(atoms, steps=1500, temperature=30, interval=5, progress=False, **options)
    settled = run.log[100:]
    assert settled["volume"].mean() == pytest.approx(best, rel=3e-3)
    expected = np.sqrt(units.kB * 30 * best / modulus)
    assert expected / 1.6 < settled["volume"].std() < 1.6 * expected
    assert abs(convert(settled["pressure"].mean(), "eV/Å^3", "GPa")) < 0.15


def test_pressure_makes_copper_smaller():
    """10 GPa: the volume is smaller by about P/B, 6 to 8 %, and the log says 10 GPa."""
    best, modulus = equation_of_state(1)
    pressure = convert(10, "GPa", "eV/Å^3")
    options = dict(relaxation=50.0, cell_relaxation=200.0, timestep=4.0, interval=5, progress=False)
    run = run_npt(copper(), steps=1200, temperature=50, pressure=pressure, **options)
    volume = run.log["volume"][80:].mean()
    assert 1 - volume / best == pytest.approx(pressure / modulus, rel=0.3)
    measured = convert(run.log["pressure"][80:].mean(), "eV/Å^3", "GPa")
    assert measured == pytest.approx(10, abs=1.5)


def test_frames_carry_the_stress_and_the_log_its_units():
    """What a frame says of itself is what EMT says of it."""
    run = run_npt(copper(), steps=6, temperature=300, interval=3, progress=False)
    again = run.frames[1].copy()
    again.calc = EMT()
    np.testing.assert_allclose(run.frames[1].get_stress(), again.get_stress(), atol=1e-12)
    assert run.log["volume"].iloc[1] == again.get_volume()
    assert run.log.attrs["units"]["pressure"] == "eV/Å³"


def test_one_evaluation_a_step_is_enough():
    """Energy, forces and stress come from one evaluation, under either ensemble."""
    for run in (run_bussi, run_npt):
        atoms = copper(calculator=CountedEMT)
        run(atoms, steps=50, temperature=300, progress=False)
        assert atoms.calc.n_calls <= 52


@pytest.mark.parametrize("run", [run_bussi, run_npt])
def test_the_seed_decides_and_the_start_is_kept(run):
    """Same seed, same path; another seed, another one; the atoms given are not touched."""
    atoms = copper()
    before = atoms.copy()
    ends = [
        run(atoms, steps=20, temperature=300, seed=seed, progress=False).frames[-1].positions
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(ends[0], ends[1])
    assert not np.allclose(ends[0], ends[2])
    assert atoms == before


@pytest.mark.parametrize(
    ("run", "options", "message"),
    [
        (run_bussi, dict(temperature=0), "temperature must be positive, in K; got 0"),
        (run_bussi, dict(relaxation=0), "relaxation must be positive, in fs; got 0"),
        (run_bussi, dict(keep_velocities=True), "the atoms must move at the start"),
        (run_npt, dict(temperature=-1), "temperature must be positive, in K; got -1"),
        (run_npt, dict(pressure=np.nan), "pressure must be finite, in eV/Å³"),
        (run_npt, dict(cell_relaxation=-1), "cell_relaxation must be positive, in fs"),
    ],
)
def test_senseless_numbers_are_refused(run, options, message):
    """By name and unit."""
    with pytest.raises(ValueError, match=message):
        run(copper(), **(dict(steps=2, temperature=300, progress=False) | options))


def test_what_has_no_volume_is_refused():
    """A molecule, and atoms held in place."""
    water = molecule("H2O")
    water.calc = EMT()
    with pytest.raises(ValueError, match="periodic in three directions with a cell"):
        run_npt(water, steps=2, temperature=300)
    held = copper()
    held.set_constraint(FixAtoms([0]))
    with pytest.raises(ValueError, match=r"no constraints at constant pressure.*FixAtoms"):
        run_npt(held, steps=2, temperature=300)


def test_production_settings_are_those_of_the_chapter():
    """1,000 atoms, 1 ns at 0.5 fs: two million steps; nothing to remark."""
    settings = ProductionSettings(n_atoms=1000)
    assert settings.steps == 2_000_000
    assert settings.remarks() == []
    assert ProductionSettings(n_atoms=1000, ensemble="NPT").pressure == pytest.approx(
        6.32e-7, rel=1e-3
    )


def test_production_runs_both_ensembles():
    """The first steps of the record, on a small cell, which is remarked on."""
    for ensemble, expected in (("NVT", "Bussi"), ("NPT", "NPT")):
        settings = ProductionSettings(n_atoms=4, ensemble=ensemble, timestep=1.0)
        run = run_production(copper(), settings, steps=10, interval=5, progress=False)
        assert (run.ensemble, len(run), run.timestep) == (expected, 3, 1.0)
        assert settings.remarks() == ["n_atoms is 4, typical are 1000 to 10000"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(ensemble="NVE"), 'ensemble must be "NVT" or "NPT"'),
        (dict(pressure=0.0), "pressure must be None where the volume is constant"),
        (dict(timestep=0), "timestep must be positive and finite, in fs; got 0"),
        (dict(total_time=np.inf), "total_time must be positive and finite, in fs"),
        (dict(seed=1.5), "seed must be a whole number"),
        (dict(ensemble="NPT", pressure=np.nan), "pressure must be a finite number, in eV/Å³"),
        (dict(ensemble="NPT", pressure="1 bar"), "pressure must be a finite number, in eV/Å³"),
    ],
)
def test_senseless_settings_are_refused(options, message):
    """When the record is written, not days later."""
    with pytest.raises(ValueError, match=message):
        ProductionSettings(n_atoms=1000, **options)


def test_settings_for_other_atoms_are_refused():
    """A record belongs to a system of its size."""
    with pytest.raises(ValueError, match="settings are for n_atoms=1000; got 4"):
        run_production(copper(), ProductionSettings(n_atoms=1000))
