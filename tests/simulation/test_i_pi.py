"""Path integrals: the textbook's oscillator, ethanol's protons, and nothing left behind."""

import os
import signal
import subprocess
import sys
import sysconfig
import textwrap
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from ase import Atoms, units
from ase.build import bulk, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT

from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.simulation import AlarmLimits, AtomsFlewApart, i_pi
from mlp_course.simulation.i_pi import run_path_integral

pytest.importorskip("ipi", reason="i-PI is not installed (extra `test`)")
HBAR = units._hbar * units.J * units.s  # eV Å √(amu/eV)


class Springs(Calculator):
    """Every atom on its own spring: E = k/2 sum |r - r0|^2; fails when it is told to."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, anchors, spring, fails_after=None):
        super().__init__()
        self.anchors, self.spring, self.left = np.array(anchors), spring, fails_after

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise ArithmeticError("no forces today")
        moved = atoms.positions - self.anchors
        energy = 0.5 * self.spring * np.sum(moved**2)
        self.results = {"energy": energy, "forces": -self.spring * moved}


def protons(spring=4.0, n_atoms=10, **options):
    """Independent oscillators with the mass of H, 3 Å apart."""
    atoms = Atoms(f"H{n_atoms}", [[3.0 * n, 0, 0] for n in range(n_atoms)])
    atoms.calc = Springs(atoms.positions, spring, **options)
    return atoms


def kinetic_of_ring(omega, temperature, n_beads):
    """Kinetic energy of one degree of freedom: kT/2 sum_k w^2/(w_k^2 + w^2)."""
    kT = units.kB * temperature
    w_k = 2 * n_beads * kT / HBAR * np.sin(np.arange(n_beads) * np.pi / n_beads)
    return 0.5 * kT * np.sum(omega**2 / (w_k**2 + omega**2))


def sockets():
    """Sockets of our runs."""
    return set(Path("/tmp").glob("ipi_mlp_*"))


def servers(folder):
    """Processes that work in a folder."""
    found = []
    for process in psutil.process_iter(["cwd", "cmdline"]):
        if process.info["cwd"] == str(folder) and "i-pi" in " ".join(process.info["cmdline"] or ""):
            found.append(process)
    return found


def test_oscillators_have_the_kinetic_energy_of_their_rings():
    """ħω = 0.13 eV at 300 K, 8 beads: 2.4 times the classical energy, within 6 %."""
    atoms = protons()
    omega = np.sqrt(4.0 / atoms.get_masses()[0])
    expected = kinetic_of_ring(omega, 300, 8)
    exact = 0.25 * HBAR * omega / np.tanh(0.5 * HBAR * omega / (units.kB * 300))
    assert 0.9 * exact < expected < exact  # 8 beads are nearly enough
    options = dict(steps=1200, temperature=300, interval=2, fixed_centre=False, progress=False)
    run = run_path_integral(atoms, n_beads=8, **options)
    assert run.n_beads == 8
    kinetic = run.log["kinetic_energy_H"][100:].mean() / 30
    assert kinetic == pytest.approx(expected, rel=0.06)
    assert run.log["potential_energy"][100:].mean() / 30 == pytest.approx(expected, rel=0.12)
    rings = np.array([[atoms.positions for atoms in bead] for bead in run.beads])
    centres = np.array([atoms.positions for atoms in run.centroids])
    np.testing.assert_allclose(rings.mean(axis=0), centres, rtol=1e-5, atol=1e-5)


def test_files_are_those_of_i_pi(tmp_path):
    """Input, start, log and output stay in the folder; times and frames are those asked for."""
    run = run_path_integral(
        protons(n_atoms=2), steps=6, temperature=300, n_beads=2, interval=3, folder=tmp_path,
        progress=False,
    )  # fmt: skip
    names = {path.name for path in tmp_path.iterdir()}
    assert {"input.xml", "start.xyz", "i-pi.log", "run.out", "run.pos_0.xyz"} <= names
    assert run.log["step"].tolist() == [0, 3, 6]
    assert run.log["time"].tolist() == pytest.approx([0, 1.5, 3.0])
    assert [len(bead) for bead in run.beads] == [3, 3]
    assert run.centroids[1].info["time_fs"] == pytest.approx(1.5)


def test_a_skewed_cell_comes_back_as_it_was():
    """i-PI turns the cell; energies are those of EMT, positions are turned back."""
    atoms = bulk("Cu").repeat(2)
    atoms.rattle(0.02, seed=0)
    atoms.calc = EMT()
    run = run_path_integral(
        atoms, steps=2, temperature=10, n_beads=1, interval=1, progress=False, timestep=0.1
    )
    assert run.log["potential_energy"].iloc[0] == pytest.approx(
        atoms.get_potential_energy(), abs=1e-5
    )
    np.testing.assert_allclose(run.centroids[0].positions, atoms.positions, atol=3e-5)
    last = run.centroids[-1].copy()
    last.calc = EMT()
    assert run.log["potential_energy"].iloc[-1] == pytest.approx(
        last.get_potential_energy(), abs=1e-3
    )


@pytest.mark.slow
def test_protons_of_ethanol_are_quantum():
    """8 beads at 300 K: two to four times 3/2 kT of kinetic energy for each H; one bead: 3/2 kT."""
    atoms = molecule("CH3CH2OH")
    atoms.calc = MLPCalculator(load_shipped("ethanol_painn"))  # SchNet has holes that beads find
    options = dict(steps=400, temperature=300, interval=4, progress=False)
    quantum = run_path_integral(atoms, n_beads=8, **options)
    classical = run_path_integral(atoms, n_beads=1, **options)
    thermal = 1.5 * units.kB * 300
    each = [run.log["kinetic_energy_H"][40:].mean() / 6 for run in (quantum, classical)]
    assert 2 * thermal < each[0] < 4 * thermal
    assert each[1] == pytest.approx(thermal, rel=0.02)


class Collapse(Calculator):
    """Two atoms that attract each other without end: E = 50 eV/Å times their distance."""

    implemented_properties = ["energy", "forces"]

    def calculate(self, atoms=None, properties=(), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        bond = atoms.positions[1] - atoms.positions[0]
        distance = np.linalg.norm(bond)
        pull = 50 * bond / distance
        self.results = {"energy": 50 * distance, "forces": np.array([pull, -pull])}


def test_a_bead_that_collapses_stops_the_run():
    """A hole in the potential is an alarm, with bead, atoms and step, and no result."""
    atoms = Atoms("H2", [[0, 0, 0], [0, 0, 0.9]], calculator=Collapse())
    options = dict(steps=400, temperature=300, n_beads=2, interval=1, progress=False)
    with pytest.raises(AtomsFlewApart, match=r"in bead [01] atoms H0, H1 came within") as caught:
        run_path_integral(atoms, **options)
    assert 0 < caught.value.step < 100
    assert caught.value.time == pytest.approx(0.5 * caught.value.step)


def test_beads_that_became_too_hot_are_no_result():
    """Also where nothing was seen in their places: the limit is that of the other engines."""
    limits = AlarmLimits(separation=float("inf"), temperature=100.0)
    with pytest.raises(AtomsFlewApart, match=r"the temperature reached .* K \(limit 100 K\)"):
        run_path_integral(protons(), steps=6, temperature=300, limits=limits, progress=False)


def test_an_error_of_the_potential_comes_through_and_cleans_up(tmp_path):
    """The calculator's own exception; no process and no socket remain."""
    before = sockets()
    with pytest.raises(ArithmeticError, match="no forces today"):
        run_path_integral(
            protons(fails_after=7), steps=1000, temperature=300, folder=tmp_path, progress=False
        )
    assert sockets() <= before
    assert not servers(tmp_path)


def test_i_pi_that_gives_up_is_quoted(tmp_path, monkeypatch):
    """An input that it refuses: its own words are in the error."""
    text = i_pi.write_input

    def spoilt(*arguments, **options):
        path = text(*arguments, **options)
        path.write_text(path.read_text().replace("nvt", "nonsense"))
        return path

    monkeypatch.setattr(i_pi, "write_input", spoilt)
    with pytest.raises(RuntimeError, match=r"(?s)i-PI does not listen.*nonsense"):
        run_path_integral(protons(), steps=5, temperature=300, folder=tmp_path, progress=False)


def test_killing_the_driver_stops_i_pi(tmp_path):
    """kill -9 of Python: i-PI ends and its socket is removed within seconds."""
    script = textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(Path(i_pi.__file__).parents[2])!r})
        from ase import Atoms
        from ase.calculators.emt import EMT
        from mlp_course.simulation.i_pi import run_path_integral
        atoms = Atoms("Cu2", [[0, 0, 0], [0, 0, 2.3]])
        atoms.calc = EMT()
        options = dict(steps=10**7, temperature=300, interval=1, folder={str(tmp_path)!r})
        run_path_integral(atoms, progress=False, **options)
    """)
    before = sockets()
    driver = subprocess.Popen([sys.executable, "-c", script])
    try:
        wait_for(lambda: (tmp_path / "run.out").exists(), driver)
        assert servers(tmp_path)
        assert sockets() - before
    finally:
        os.kill(driver.pid, signal.SIGKILL)
        driver.wait()
    wait_for(lambda: not servers(tmp_path) and sockets() <= before)


def wait_for(condition, process=None, seconds=300):
    """Until it is true; fail after some time, or when the process has ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        assert process is None or process.poll() is None, "the process has ended"
        time.sleep(0.1)


def test_i_pi_starts_in_a_folder_with_spaces(tmp_path, monkeypatch):
    """No system finds the Python of a script whose first line has a space in it; we name it."""
    there = tmp_path / "Kurs für Øyvind 课程"
    there.mkdir()
    python, script = there / "python", Path(sys.executable).with_name("i-pi")
    python.symlink_to(sys.executable)
    (there / "i-pi").write_text(f"#!{python}\n{script.read_text('utf-8')}", encoding="utf-8")
    (there / "i-pi").chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", sysconfig.get_path("purelib"))
    monkeypatch.setattr(sys, "executable", str(python))
    short = dict(steps=2, interval=1, n_beads=2, progress=False)
    run = run_path_integral(protons(), temperature=300, folder=there / "run", **short)
    assert len(run.log) == 3


def test_without_i_pi_the_cure_is_named(monkeypatch):
    """Not a FileNotFoundError from somewhere."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ImportError, match="pip install ipi"):
        run_path_integral(protons(), steps=5, temperature=300)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(n_beads=0), "n_beads must be a whole number and at least 1; got 0"),
        (dict(temperature=0), "temperature must be positive, in K"),
        (dict(relaxation=-1.0), "relaxation must be positive, in fs"),
        (dict(steps=0), "steps must be a positive whole number"),
    ],
)
def test_senseless_numbers_are_refused(options, message):
    """Before anything is started."""
    with pytest.raises(ValueError, match=message):
        run_path_integral(protons(), **(dict(steps=5, temperature=300) | options))
