"""Embedded data: whatever sets the passport lists, they are whole, honest and at hand."""

import json

import numpy as np
import pytest

from mlp_course.data import ChecksumError, check_frames, embedded, list_embedded, load_embedded
from mlp_course.reference import label

PASSPORT = embedded._FOLDER / "passport.json"
NAMES = list(json.loads(PASSPORT.read_text(encoding="utf-8"))["sets"]) if PASSPORT.exists() else []


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the embedded files that a test may spoil."""
    for path in embedded._FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(embedded, "_FOLDER", tmp_path)
    embedded._passport.cache_clear()
    yield tmp_path
    embedded._passport.cache_clear()


@pytest.mark.parametrize("name", NAMES)
def test_every_set_is_whole(name):
    """As many frames as the passport says, each with finite energy and forces, one composition."""
    frames = check_frames(load_embedded(name))
    assert len(frames) == list_embedded().loc[name, "frames"]
    assert len({tuple(atoms.numbers) for atoms in frames}) == 1
    assert [atoms.info["frame"] for atoms in frames] == list(range(len(frames)))
    assert not any(atoms.pbc.any() for atoms in frames)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_looks_like_pbe(name):
    """Net forces below 1 meV/Å, energies within 15 eV of each other, no frame twice."""
    frames = load_embedded(name)
    net = [np.abs(atoms.get_forces().sum(axis=0)).max() for atoms in frames]
    assert max(net) < 1e-3  # eV/Å
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    assert np.ptp(energies) < 15.0  # eV
    assert energies.max() < -4000  # eV: total energies, all electrons
    assert len(np.unique(energies)) == len(frames) or "proton_transfer" in name


def test_the_passport_is_complete():
    """Level of theory, programs with versions, settings, units, licence; of each set its origin."""
    passport = embedded._passport()
    for field in ("level_of_theory", "settings", "programs", "units", "licence", "made_by"):
        assert passport[field], field
    assert passport["licence"] == "CC0-1.0"
    assert {"pyscf", "ase"} <= passport["programs"].keys()
    assert all(version[0].isdigit() for version in passport["programs"].values())
    assert passport["units"]["forces"] == "eV/Å"
    assert passport["sets"]
    for name, entry in passport["sets"].items():
        for field in ("file", "sha256", "frames", "geometries", "date"):
            assert entry[field], (name, field)
        assert len(entry["sha256"]) == 64


def test_every_file_is_in_the_passport_and_all_are_small():
    """Nothing lies about without papers, nothing is missing; under 5 MB in all."""
    entries = embedded._passport()["sets"].values()
    files = {path.name for path in embedded._FOLDER.iterdir()} - {"passport.json"}
    assert {name for name in files if name.endswith(".xyz.gz")} == {e["file"] for e in entries}
    assert sum((embedded._FOLDER / name).stat().st_size for name in files) < 5e6


def test_the_list_names_every_set():
    """list_embedded shows name, number of frames, origin and date."""
    table = list_embedded()
    assert list(table.index) == NAMES
    assert list(table.columns) == ["frames", "geometries", "date"]


def test_frames_say_where_they_come_from():
    """Provenance travels in atoms.info."""
    atoms = load_embedded(NAMES[0])[-1]
    assert atoms.info["set"] == NAMES[0]
    assert atoms.info["dataset"] == "embedded"
    assert "PBE/def2-SVP" in atoms.info["level_of_theory"]
    assert atoms.info["licence"] == "CC0-1.0"


def test_loading_twice_gives_independent_frames():
    """Changing one's own copy spoils nobody else's."""
    first = load_embedded(NAMES[0])[0]
    first.positions += 1.0
    assert np.abs(load_embedded(NAMES[0])[0].positions - first.positions).min() > 0.9


def test_an_unknown_name_is_refused_with_the_names_there_are():
    """A misspelt set is not found, but the list is."""
    with pytest.raises(
        ValueError, match=f"no embedded set 'ethanol/400K'; there are: .*{NAMES[0]}"
    ):
        load_embedded("ethanol/400K")


def test_a_damaged_file_is_refused(copy):
    """One changed byte, and the file is not read."""
    path = copy / embedded._passport()["sets"][NAMES[0]]["file"]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ChecksumError, match="not the file that the passport describes"):
        load_embedded(NAMES[0])


@pytest.mark.slow
def test_labels_can_be_computed_again(tmp_path):
    """Three random frames: PySCF gives the stored energy to 1e-5 eV, forces to 1e-4 eV/Å."""
    pytest.importorskip("pyscf", reason="PySCF is not published for Windows")
    rng = np.random.default_rng()
    stored = []
    for name in rng.choice(NAMES, 3):
        frames = load_embedded(name)
        stored.append(frames[rng.integers(len(frames))])
    again = label(stored, "pbe", store=tmp_path / "pbe.xyz", progress=False)
    for one, other in zip(again, stored, strict=True):
        place = (other.info["set"], other.info["frame"])
        energy_error = abs(one.get_potential_energy() - other.get_potential_energy())
        assert energy_error < 1e-5, place
        assert np.abs(one.get_forces() - other.get_forces()).max() < 1e-4, place
