"""DFT programs: what is said when one is missing, and that inputs say what the record says."""

import numpy as np
import pytest
from ase.build import bulk, molecule

from mlp_course.reference.codes import PROGRAMS, Program, ProgramCalculator, write_inputs
from mlp_course.reference.codes.espresso import write_espresso_inputs
from mlp_course.reference.settings import load_settings

RECORD = """
system: {name: water, composition: H2O}
functional: PBE
dispersion: D3(BJ)
cutoff: 600          # eV
grid_cutoff: 4080    # eV, 300 Ry
convergence: {electronic: 1.0e-6, max_cycles: 60}
"""
WATER = load_settings(RECORD)


@pytest.fixture
def water():
    """A molecule in a periodic box."""
    atoms = molecule("H2O", vacuum=2.0)
    atoms.pbc = True
    return atoms


def test_a_missing_program_is_named_with_the_cure(monkeypatch):
    """Without pw.x, cp2k.psmp or the module gpaw: which, and how to get it."""
    monkeypatch.setenv("PATH", "/nowhere")
    for name in ("espresso", "cp2k"):
        with pytest.raises(FileNotFoundError, match=r"is not installed: run `make codes` \(Debian"):
            ProgramCalculator(name, WATER)
    monkeypatch.setattr(Program, "is_installed", lambda _: False)
    with pytest.raises(FileNotFoundError, match=r"GPAW \(.*\) is not installed.*apt install gpaw"):
        ProgramCalculator("gpaw", WATER)


def test_what_is_not_free_is_refused_with_what_can_be_done():
    """VASP: inputs are written, outputs are read, nothing runs."""
    with pytest.raises(ValueError, match=r"VASP is commercial and cannot be run here: write its"):
        ProgramCalculator("vasp", WATER)
    with pytest.raises(ValueError, match=r"no program 'siesta'; known: vasp, espresso, cp2k, gpaw"):
        ProgramCalculator("siesta", WATER)


def test_every_free_program_can_be_installed_and_run():
    """Each has a package and a calculator."""
    free = ["espresso", "cp2k", "gpaw"]
    assert [name for name, entry in PROGRAMS.items() if entry.calculator] == free
    assert all(PROGRAMS[name].package for name in free)


@pytest.mark.parametrize(
    ("name", "file", "lines"),
    [
        ("vasp", "INCAR", ["ENCUT = 600", "IVDW = 12", "EDIFF = 1e-06", "NELM = 60", "GGA = PE"]),
        ("cp2k", "cp2k.inp", ["CUTOFF [Ry] 299.87", "TYPE DFTD3(BJ)", "MAX_SCF 60"]),
    ],
)
def test_inputs_say_what_the_record_says(tmp_path, water, name, file, lines):
    """Cutoff, dispersion and convergence in each program's own words and units."""
    write_inputs(name, WATER, water, tmp_path)
    text = (tmp_path / file).read_text()
    assert [line for line in lines if line not in text] == []


def mesh_points(n, shift):
    """Fractional k-points of n in a row, in units of the reciprocal vector, from -1/2 to 1/2."""
    points = (np.arange(n) + shift) / n
    return np.sort(points - np.round(points))


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_one_record_gives_one_mesh(tmp_path, n):
    """Monkhorst and Pack's (2r - n - 1) / 2n, r = 1 to n; of an odd n it meets Γ by itself.

    Quantum ESPRESSO counts from Γ in whole steps or from half a step; VASP and GPAW take the name.
    """
    metal = RECORD.replace("H2O", "Cu") + f"k_points: {{mesh: [{n}, 1, {n}], gamma_centred: false}}"
    settings, copper = load_settings(metal.replace("D3(BJ)", "none")), bulk("Cu")
    (tmp_path / "Cu.pbe-kjpaw.UPF").touch()
    write_espresso_inputs(settings, copper, tmp_path, pseudopotentials=tmp_path)
    lines = (tmp_path / "pw.in").read_text().splitlines()
    *mesh, a, b, c = map(int, lines[lines.index("K_POINTS automatic") + 1].split())
    assert (mesh, b, a) == ([n, 1, n], 0, c)
    wanted = np.sort((2 * np.arange(1, n + 1) - n - 1) / (2 * n))
    found = mesh_points(n, a / 2)
    np.testing.assert_allclose(found, np.sort(wanted - np.round(wanted)), atol=1e-12)
    write_inputs("vasp", settings, copper, tmp_path)
    assert "Monkhorst-Pack" in (tmp_path / "KPOINTS").read_text()
    write_inputs("cp2k", settings, copper, tmp_path)
    assert f"SCHEME MACDONALD {n} 1 {n} 0 0 0" in (tmp_path / "cp2k.inp").read_text()


def test_espresso_is_not_sent_off_with_a_spin_it_refuses(tmp_path):
    """pw.x stops where two spins meet fixed occupations; the record is told before."""
    (tmp_path / "Cu.pbe-kjpaw.UPF").touch()
    metal = RECORD.replace("H2O", "Cu") + "spin_polarised: true\n"
    with pytest.raises(ValueError, match="needs smearing, or a fixed magnetisation"):
        write_espresso_inputs(load_settings(metal), bulk("Cu"), tmp_path, pseudopotentials=tmp_path)
    smeared = load_settings(metal + "smearing: {method: gaussian, width: 0.1}")
    write_espresso_inputs(smeared, bulk("Cu"), tmp_path, pseudopotentials=tmp_path)
    assert "nspin            = 2" in (tmp_path / "pw.in").read_text()


@pytest.mark.parametrize(
    ("extra", "transforms"),
    [
        ("", True),
        ("k_points: {mesh: [2, 2, 2]}", False),
        ("smearing: {method: fermi-dirac, width: 0.1}", False),
    ],
)
def test_cp2k_transforms_orbitals_only_where_it_can(tmp_path, extra, transforms):
    """It stops with "OT not possible with kpoint calculations", and OT has no empty orbitals."""
    write_inputs("cp2k", load_settings(RECORD.replace("H2O", "Si2") + extra), bulk("Si"), tmp_path)
    text = (tmp_path / "cp2k.inp").read_text()
    assert ("&OT" in text) is transforms
    assert ("&MIXING" in text) is not transforms
    assert ("&SMEAR ON" in text) is ("smearing" in extra)


def test_gpaw_converges_the_whole_energy(tmp_path, water):
    """It asks for a tolerance an electron: 1e-6 eV over ten electrons."""
    settings = load_settings(RECORD.replace("D3(BJ)", "none"))
    write_inputs("gpaw", settings, water, tmp_path)
    assert '"energy": 1e-07}' in (tmp_path / "run_gpaw.py").read_text()


def test_espresso_inputs_say_what_the_record_says(tmp_path, water):
    """600 eV are 44.1 Ry; D3(BJ) is version 4, without the three-body term."""
    for element in ("H", "O"):
        (tmp_path / f"{element}.pbe-kjpaw.UPF").touch()
    write_espresso_inputs(WATER, water, tmp_path, pseudopotentials=tmp_path)
    words = [" ".join(line.split()) for line in (tmp_path / "pw.in").read_text().splitlines()]
    assert any(word.startswith("ecutwfc = 44.09") for word in words)
    assert f"pseudo_dir = '{tmp_path}'" in words  # or pw.x would look elsewhere
    assert {"dftd3_version = 4", "dftd3_threebody = .false.", "electron_maxstep = 60"} <= set(words)
    copper = load_settings(RECORD.replace("H2O", "Cu"))
    with pytest.raises(FileNotFoundError, match="no pbe pseudopotential of Cu in"):
        write_espresso_inputs(copper, bulk("Cu"), tmp_path, pseudopotentials=tmp_path)
