"""Runs of programs: stored ones are what they say, and a missing program is named."""

import json

import numpy as np
import pytest
from ase.build import bulk

from mlp_course.data import load_embedded
from mlp_course.reference.codes import ETHANOL, run_program, stored_run
from mlp_course.reference.codes import runs as runs_module
from mlp_course.reference.settings import load_settings

PROGRAMS = ["espresso", "cp2k", "gpaw"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_stored_run_is_one_of_the_embedded_frame(name):
    """All distances between atoms are those of frame 0; one label; origin and version are there."""
    run, frame = stored_run(name), load_embedded("ethanol/500K")[0]
    (computed,) = run.output.frames
    np.testing.assert_array_equal(computed.numbers, frame.numbers)
    np.testing.assert_allclose(computed.get_all_distances(), frame.get_all_distances(), atol=1e-5)
    assert run.output.rejected.empty
    assert run.version[0].isdigit()
    assert {"script", "date", "machine", "data", "command"} <= set(run.origin)
    assert run.origin["date"] in str(run)
    assert run.inputs


@pytest.mark.parametrize("name", PROGRAMS)
def test_forces_are_those_of_pbe(name):
    """They point as the embedded label's do, and their sum is small."""
    forces = stored_run(name).output.frames[0].get_forces()
    label = load_embedded("ethanol/500K")[0].get_forces()
    assert np.corrcoef(forces.ravel(), label.ravel())[0, 1] > 0.93
    assert np.abs(forces.sum(axis=0)).max() < 0.2  # eV/Å


def test_the_plane_wave_programs_agree_better_than_the_basis_sets():
    """Same functional: QE and GPAW are nearer to each other than to PBE/def2-SVP."""
    forces = {name: stored_run(name).output.frames[0].get_forces() for name in PROGRAMS}
    label = load_embedded("ethanol/500K")[0].get_forces()
    between = np.abs(forces["espresso"] - forces["gpaw"]).mean()
    assert between < 0.5 * np.abs(forces["gpaw"] - label).mean()


def test_the_stopped_run_is_no_label():
    """CP2K printed energy and forces after three cycles; the reader says why they are none."""
    run = stored_run("cp2k_stopped")
    assert "ENERGY| Total FORCE_EVAL" in run.log
    assert "ATOMIC FORCES" in run.log
    assert not run.output.frames
    assert run.output.rejected["reason"].tolist() == ["SCF not converged"]


def test_a_missing_program_says_how_to_get_it(monkeypatch):
    """Before anything is written; a commercial one has no package."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    record = load_settings(ETHANOL)
    with pytest.raises(FileNotFoundError, match="make codes"):
        run_program("espresso", record, bulk("Cu"))
    with pytest.raises(FileNotFoundError, match="commercial"):
        run_program("vasp", record, bulk("Cu"))
    with pytest.raises(ValueError, match="no stored run 'vasp'; there are"):
        stored_run("vasp")


def test_a_program_is_run_by_its_command(monkeypatch, tmp_path):
    """Inputs written, command called in their folder, its output read: here a stored log."""
    log = runs_module.STORED_RUNS / "cp2k.out"
    calls = {"cp2k": (("cat", str(log), "cp2k.inp"), "stdout")}
    monkeypatch.setattr(runs_module, "COMMANDS", calls)
    monkeypatch.setattr("shutil.which", lambda name: "/bin/cat")
    box = stored_run("cp2k").output.frames[0].copy()
    run = run_program("cp2k", load_settings(ETHANOL), box, tmp_path)
    assert (tmp_path / "cp2k.inp").read_text() == run.inputs["cp2k.inp"]
    assert run.log == log.read_text() + run.inputs["cp2k.inp"]
    assert run.output.frames[0].get_potential_energy() < -800  # eV
    assert "run here and now" in str(run)


def test_origins_hold_no_names_of_machines():
    """One line a run, nothing of where it was made."""
    text = (runs_module.STORED_RUNS / "origin.json").read_text()
    assert set(json.loads(text)) == {*PROGRAMS, "cp2k_stopped"}
    everything = text + "".join(
        path.read_text() for path in runs_module.STORED_RUNS.rglob("*") if path.is_file()
    )
    assert "/home/" not in everything
    assert "/work/" not in everything
