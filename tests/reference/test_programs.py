"""DFT programs: what is said when one is missing, and that inputs say what the record says."""

import pytest
from ase.build import bulk, molecule

from mlp_course.reference.codes import PROGRAMS, Program, ProgramCalculator, write_inputs
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


def test_espresso_inputs_say_what_the_record_says(tmp_path, water):
    """600 eV are 44.1 Ry; D3(BJ) is version 4, without the three-body term."""
    from mlp_course.reference.codes.espresso import write_espresso_inputs

    for element in ("H", "O"):
        (tmp_path / f"{element}.pbe-kjpaw.UPF").touch()
    write_espresso_inputs(WATER, water, tmp_path, pseudopotentials=tmp_path)
    words = [" ".join(line.split()) for line in (tmp_path / "pw.in").read_text().splitlines()]
    assert any(word.startswith("ecutwfc = 44.09") for word in words)
    assert {"dftd3_version = 4", "dftd3_threebody = .false.", "electron_maxstep = 60"} <= set(words)
    copper = load_settings(RECORD.replace("H2O", "Cu"))
    with pytest.raises(FileNotFoundError, match="no pbe pseudopotential of Cu in"):
        write_espresso_inputs(copper, bulk("Cu"), tmp_path, pseudopotentials=tmp_path)
