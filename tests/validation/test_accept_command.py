"""``mlp-course accept``: a verdict for machines, and a sentence for files that cannot be used."""

import json

import ase.io
import pytest
from ase import Atoms

from mlp_course.cli import main
from mlp_course.data import load_embedded, plant_unit_faults
from mlp_course.models import load_shipped, save_model


@pytest.fixture
def model(tmp_path):
    """A saved SchNet of ethanol."""
    path = tmp_path / "model.safetensors"
    save_model(load_shipped("ethanol_schnet"), path)
    return path


@pytest.fixture
def frames(tmp_path):
    """Six labelled frames, cold and hot, in a file."""
    path = tmp_path / "frames.xyz"
    ase.io.write(path, load_embedded("ethanol/300K")[:3] + load_embedded("ethanol/1000K")[:3])
    return path


def test_a_model_and_a_file_make_a_report(model, frames, tmp_path, capsys):
    """The table is printed, the JSON says the same, and status 0 or 1 follows the verdict."""
    target = tmp_path / "report.json"
    words = ["accept", str(frames), str(model), "--json", str(target), "--quick", "--no-timing"]
    status = main(words)
    printed = capsys.readouterr().out
    found = json.loads(target.read_text(encoding="utf-8"))
    failed = [row["name"] for row in found["criteria"] if row["verdict"] == "fail"]
    assert status == (1 if failed else 0)
    assert "ethanol against PBE/def2-SVP" in printed
    assert "normal modes, MAE" in printed
    assert found["provenance"]["frames"] == {"300 K": 3, "1000 K": 3}


def test_what_fails_ends_with_status_1(frames, capsys):
    """A model of ethanol that is judged as malonaldehyde's fails there, and the shell knows it."""
    words = ["accept", str(frames), "ethanol_schnet", "--system", "malonaldehyde"]
    assert main([*words, "--quick", "--no-timing"]) == 1
    assert "FAIL" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no file"),
        ("this is no frame\n", "is no extended XYZ"),
        ("", "must hold at least one structure"),
    ],
)
def test_bad_frames_get_a_sentence(model, tmp_path, capsys, content, message):
    """A missing, foreign or empty file is named, with status 2 and no traceback."""
    path = tmp_path / "bad.xyz"
    if content is not None:
        path.write_text(content)
    assert main(["accept", str(path), str(model)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("mlp-course accept: ")
    assert message in said
    assert "bad.xyz" in said


def test_frames_in_other_units_are_refused_unless_told_otherwise(model, tmp_path, capsys):
    """Energies in Hartree would fail every target and tell nothing: the unit is named instead."""
    path = tmp_path / "hartree.xyz"
    frames = plant_unit_faults(load_embedded("ethanol/500K")[:6], "energy: Hartree")
    ase.io.write(path, frames)
    words = ["accept", str(path), str(model), "--quick", "--no-timing"]
    assert main(words) == 2
    assert "hartree.xyz: 6 of 6 frames" in capsys.readouterr().err
    assert main([*words, "--any-units"]) == 1
    assert "FAIL" in capsys.readouterr().out


def test_frames_without_labels_get_a_sentence(model, tmp_path, capsys):
    """Positions alone cannot judge anything."""
    path = tmp_path / "bare.xyz"
    ase.io.write(path, Atoms("CO", [[0, 0, 0], [0, 0, 1.1]]))
    assert main(["accept", str(path), str(model)]) == 2
    assert "frame 0: has no energy and no forces" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"pickle"])
def test_bad_models_get_a_sentence(frames, tmp_path, capsys, content):
    """A missing or foreign model file is named."""
    path = tmp_path / "other.pth"
    if content is not None:
        path.write_bytes(content)
    assert main(["accept", str(frames), str(path)]) == 2
    assert "other.pth" in capsys.readouterr().err
