"""The recipe of the embedded data, run with a quick method: whole sets, repeatable, resumable."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from ase.calculators.emt import EMT

from mlp_course.data import embedded
from mlp_course.reference import ladder
from mlp_course.reference.configuration import geometry_key
from mlp_course.sampling import embedded_dataset as recipe
from mlp_course.sampling.embedded_dataset import build_geometries, write_set
from mlp_course.sampling.recipes import PATH, RECIPES, Recipe


def rattled_water(start, n_frames):
    """A sampler that takes no time."""
    from mlp_course.sampling import rattled

    return rattled(start, amplitude=0.05, n_frames=n_frames, seed=0)


@pytest.fixture
def quick(monkeypatch):
    """A set of ethanol frames, labelled by EMT in the place of PBE."""
    monkeypatch.setitem(ladder._RUNGS, "pbe", EMT)
    return Recipe("ethanol/quick", rattled_water, {"n_frames": 4}, "rattled, for a test")


@pytest.fixture
def labelled(quick, tmp_path):
    """Make labelled frames of the quick set."""
    frames = []
    for atoms in build_geometries(quick, tmp_path):
        atoms.calc = EMT()
        frames.append(recipe._labelled(atoms))
    return frames


def test_what_is_written_is_what_is_loaded(quick, labelled, tmp_path, monkeypatch):
    """Positions, energies and forces come back from the file to 1e-8; so does provenance."""
    write_set(quick, labelled, {"refused": 0}, tmp_path)
    monkeypatch.setattr(embedded, "_FOLDER", tmp_path)
    embedded._passport.cache_clear()
    loaded = embedded.load_embedded("ethanol/quick")
    embedded._passport.cache_clear()
    for one, other in zip(loaded, labelled, strict=True):
        np.testing.assert_array_equal(one.numbers, other.numbers)
        np.testing.assert_allclose(one.positions, other.positions, atol=1e-12)
        assert one.get_potential_energy() == pytest.approx(other.get_potential_energy(), abs=1e-8)
        np.testing.assert_allclose(one.get_forces(), other.get_forces(), atol=1e-8)
    assert loaded[2].info["frame"] == 2
    assert loaded[0].info["level_of_theory"].startswith("DF-PBE/def2-SVP")


def test_the_same_frames_make_the_same_file(quick, labelled, tmp_path):
    """Byte for byte: no time stamp hides in the compressed file."""
    write_set(quick, labelled, {}, tmp_path)
    first = (tmp_path / "ethanol_quick.xyz.gz").read_bytes()
    write_set(quick, labelled, {}, tmp_path)
    assert (tmp_path / "ethanol_quick.xyz.gz").read_bytes() == first


def test_a_second_set_keeps_the_first_in_the_passport(quick, labelled, tmp_path):
    """Sets are made one after another; the passport lists them all, sorted."""
    write_set(quick, labelled, {}, tmp_path)
    write_set(Recipe("a/b", rattled_water, {}, ""), labelled[:1], {}, tmp_path)
    sets = json.loads((tmp_path / "passport.json").read_text(encoding="utf-8"))["sets"]
    assert {name: entry["frames"] for name, entry in sets.items()} == {"a/b": 1, "ethanol/quick": 4}
    assert list(sets) == ["a/b", "ethanol/quick"]


def test_a_kill_while_writing_the_passport_leaves_the_old_one(
    quick, labelled, tmp_path, monkeypatch
):
    """The next run must be able to read it."""
    write_set(quick, labelled, {}, tmp_path)
    before = (tmp_path / "passport.json").read_text(encoding="utf-8")
    write = Path.write_text

    def killed(path, text, **options):
        write(path, text[: len(text) // 2], **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", killed)
    with pytest.raises(KeyboardInterrupt):
        write_set(Recipe("a/b", rattled_water, {}, ""), labelled[:1], {}, tmp_path)
    assert (tmp_path / "passport.json").read_text(encoding="utf-8") == before


def test_geometries_are_sampled_once_and_read_back_the_same(quick, tmp_path):
    """What an interrupted run sampled is used again, to the digits that the file keeps."""
    first = build_geometries(quick, tmp_path)
    (path,) = tmp_path.glob("*.geometries.xyz")
    written = path.stat().st_mtime_ns
    again = build_geometries(quick, tmp_path)
    assert path.stat().st_mtime_ns == written
    keys = [[geometry_key(atoms) for atoms in frames] for frames in (first, again)]
    assert keys[0] == keys[1]
    assert keys[0] == [geometry_key(atoms) for atoms in quick.geometries()]


def test_geometries_of_another_recipe_are_refused(quick, tmp_path):
    """A passport must not claim settings with which the frames were not sampled."""
    build_geometries(quick, tmp_path)
    changed = dataclasses.replace(quick, settings={"n_frames": 5})
    with pytest.raises(ValueError, match=r"n_frames.*4.*n_frames.*5.*delete"):
        build_geometries(changed, tmp_path)


def test_an_unknown_set_is_refused(tmp_path):
    """A misspelt name does not end as if all were done."""
    with pytest.raises(ValueError, match=r"no set has .etanol.*ethanol/500K"):
        recipe.build(tmp_path, tmp_path, 1, only="etanol")


def test_the_recipes_make_what_the_course_promises():
    """Ethanol 1000, 150, 150, 100, 100 frames; malonaldehyde 400, 150 and a band of 11 or more."""
    promised = {
        "ethanol/500K": 1000,
        "ethanol/300K": 150,
        "ethanol/1000K": 150,
        "ethanol/normal_modes": 100,
        "ethanol/rattled": 100,
        "malonaldehyde/500K": 400,
        "malonaldehyde/1000K": 150,
    }
    made = {one.name: one.settings.get("n_frames") for one in RECIPES}
    assert {name: made.get(name) for name in promised} == promised
    seeds = [one.settings["seed"] for one in RECIPES if "seed" in one.settings]
    assert len(set(seeds)) == len(seeds)
    assert PATH.settings["n_images"] >= 11
