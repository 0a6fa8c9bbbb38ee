"""The stored race: read whole, with its origin; gaps are named; published values stand beside."""

import fcntl
import importlib.util
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from ase.build import molecule

from mlp_course.data import load_embedded, neighbour_list
from mlp_course.models import ARCHITECTURES, build_model, save_model
from mlp_course.training import fit
from mlp_course.validation import (
    beside_published,
    evaluate,
    load_chapter_table,
    load_published,
    load_race,
    missing_cells,
)
from mlp_course.validation.race_curves import error_at, errors_at
from mlp_course.validation.race_results import ABLATION, QUIET, RACE_FOLDER, ROUNDS
from mlp_course.validation.racers import RACERS

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "race.py"


def result(model="mace", molecule="ethanol", n_train=50, force_mae=40.0, **changed):
    """A file as benchmarks/race.py writes it."""
    return {
        "model": model,
        "molecule": molecule,
        "n_train": n_train,
        "force_mae": force_mae,
        "force_mae_error": 0.5,
        "energy_mae_total": 10.0,
        "validation_force_mae": force_mae,
        "parameters": 1000,
        "train_seconds": 600.0,
        "steps": 5000,
        "ms_per_evaluation": 9.0,
        "peak_mb": 700,
        "hyper": {"n_features": 16},
        "settings": {"batch_size": 5},
        "provenance": {
            "script": "benchmarks/race.py",
            "commit": "abc",
            "date": "2026-11-23",
            "machine": "two cores",
            "versions": {"torch": "2.13.0"},
        },
    } | changed


@pytest.fixture
def folder(tmp_path):
    """Three results in a folder."""
    for n, error in ((50, 40.0), (200, 20.0), (950, 8.4)):
        text = json.dumps(result(n_train=n, force_mae=error))
        (tmp_path / f"mace-ethanol-{n}.json").write_text(text, encoding="utf-8")
    return tmp_path


def test_results_keep_their_origin(folder):
    """A row names the print name, the commit and the versions, sorted by size."""
    race = load_race(folder)
    assert race["n_train"].tolist() == [50, 200, 950]
    assert race["method"].unique().tolist() == ["MACE"]
    assert race.loc[0, "commit"] == "abc"
    assert race.loc[0, "versions"] == {"torch": "2.13.0"}
    assert race.loc[0, "hyper"] == {"n_features": 16}


def test_an_empty_folder_is_an_empty_table(tmp_path):
    """No result, no row, but all columns; and everything is missing."""
    race = load_race(tmp_path)
    assert race.empty
    assert "force_mae" in race
    assert len(missing_cells(race)) == len(ROUNDS)
    assert beside_published(race).empty


def test_a_folder_that_does_not_exist_is_no_empty_race(tmp_path):
    """A misspelt folder is refused, and a file in its place, too."""
    (tmp_path / "file").touch()
    for name in ("rase", "file"):
        with pytest.raises(FileNotFoundError, match=rf"no folder .*{name}: give the one that"):
            load_race(tmp_path / name)


@pytest.mark.parametrize("content", [b"{", b"[1]", b'{"model": "mace"}', b"\x89PNG\xff", b"1"])
def test_a_foreign_file_is_refused(folder, content):
    """Half a file, one without an error, or a picture is named and not skipped."""
    (folder / "odd.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"odd\.json is no result"):
        load_race(folder)


@pytest.mark.parametrize(
    "changed",
    [
        dict(force_mae="40"),
        dict(force_mae=math.nan),
        dict(n_train=50.5),
        dict(steps=True),
        dict(model=3),
        dict(hyper=[16]),
        dict(provenance=result()["provenance"] | {"commit": None}),
    ],
)
def test_values_of_another_kind_are_refused(tmp_path, changed):
    """Text for a number, NaN, half a frame: the file and the entry are named."""
    (tmp_path / "odd.json").write_text(json.dumps(result(**changed)), encoding="utf-8")
    name = "commit" if "provenance" in changed else next(iter(changed))
    with pytest.raises(ValueError, match=rf"odd\.json is no result .*{name} must be"):
        load_race(tmp_path)


def test_a_cell_has_one_result(folder):
    """A copy under another name is not counted twice: both files are named."""
    (folder / "copy.json").write_text(json.dumps(result(n_train=200)), encoding="utf-8")
    with pytest.raises(ValueError, match=r"copy\.json and .*mace-ethanol-200\.json are both"):
        load_race(folder)


def test_what_is_missing_is_named(folder):
    """With MACE on ethanol done, it is missing in the round of malonaldehyde only."""
    lines = missing_cells(load_race(folder))
    assert [("MACE" in line) for line in lines] == [False, False, False, True]


def test_learning_curves_end_where_they_were_measured(folder):
    """Exact at the measured sizes, between them in between, unknown outside."""
    race = load_race(folder)
    assert error_at(race, "mace", 200) == pytest.approx(20.0)
    assert error_at(race, "mace", 100) == pytest.approx(math.sqrt(40.0 * 20.0))  # half way in log
    assert error_at(race, "mace", 49) is None
    assert error_at(race, "ani", 100) is None
    several = errors_at(race, "mace", [49, 50, 100, 200])
    assert math.isnan(several[0])
    assert several[1:].tolist() == [error_at(race, "mace", n) for n in (50, 100, 200)]
    assert np.isnan(errors_at(race, "ani", [100, 200])).all()


def test_published_values_are_compared_like_with_like(folder):
    """rMD17 with rMD17, 950 with 950: MACE 8.4 against 2.1 meV/Å, and 40 against 32.6 at 50."""
    table = beside_published(load_race(folder)).set_index("n_train")
    assert table["ratio"].to_dict() == {50: 1.2, 950: 4.0}


def test_literature_has_sources_and_known_methods():
    """Every published row has a source; the chapter's table holds its seven methods."""
    published = load_published()
    assert published["source"].str.contains("arXiv").all()
    assert set(published["dataset"]) == {"MD17", "rMD17"}
    assert published["force_mae"].between(2, 70).all()
    scratch = published[(published["method"] == "ANI") & (published["molecule"] == "ethanol")]
    assert scratch["force_mae"].tolist() == [45.6]  # 13.4 is ANI pretrained on other data
    chapter = load_chapter_table()
    assert len(chapter) == 7
    assert set(chapter.index) <= set(RACERS) - {"painn"}
    assert (chapter["force_low"] < chapter["force_high"]).sum() == 6
    assert np.isnan(chapter.loc["ani", "frames"])


@pytest.fixture
def script(monkeypatch):
    """benchmarks/race.py as a module."""
    spec = importlib.util.spec_from_file_location("race_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "race_script", module)
    spec.loader.exec_module(module)
    return module


def test_the_script_runs_what_the_lesson_expects(script):
    """Every contestant and round of the lesson is a cell of benchmarks/race.py, and is written
    where the lesson reads."""
    cells = {(cell.model, cell.molecule, cell.n_train) for cell in script.CELLS}
    assert {(model, *which) for model in RACERS for which in ROUNDS} <= cells
    assert set(RACERS) <= set(ARCHITECTURES)
    assert set(ABLATION) == set(script.ABLATION)
    assert script.CELLS[0].result.parent == RACE_FOLDER


@pytest.mark.parametrize(
    ("only", "names"),
    [
        ("50", [f"{model}-ethanol-50" for model in RACERS]),
        ("ethanol-50", [f"{model}-ethanol-50" for model in RACERS]),
        ("mace-950", ["mace-ethanol-950", "mace-malonaldehyde-950"]),
        ("mace-ethanol-50", ["mace-ethanol-50"]),
        ("nequip-200", ["nequip-ethanol-200"]),
        ("nequip_l0", ["nequip_l0-ethanol-200"]),
        ("5", []),
        ("mac", []),
    ],
)
def test_cells_are_chosen_by_whole_parts_of_their_names(script, only, names):
    """50 is not 950, and nequip not nequip_l0; nothing chooses all."""
    assert sorted(str(cell) for cell in script.CELLS if cell.matches(only)) == sorted(names)
    assert all(cell.matches("") for cell in script.CELLS)


@pytest.fixture
def to_time(script, monkeypatch, tmp_path):
    """The script with one stored result of methane, an impossible time, and a folder of models."""
    monkeypatch.setattr(script, "RESULTS", tmp_path)
    monkeypatch.setattr(script, "load_rmd17", lambda *_, **__: [molecule("CH4")])
    monkeypatch.setattr(script, "COPIES", (1, 4))
    text = json.dumps(result(model="schnet", ms_per_evaluation=1e9))
    (tmp_path / "schnet-ethanol-50.json").write_text(text, encoding="utf-8")
    (tmp_path / "models").mkdir()
    return script


def save_small(folder):
    """A small SchNet as the race stores it."""
    model = build_model("schnet", n_features=8)
    save_model(model, folder / "models" / "schnet-ethanol-50.model.safetensors")


def test_timing_again_changes_the_time_and_says_so(to_time, tmp_path):
    """New values for one molecule and four, with their own provenance; errors and origin stay."""
    save_small(tmp_path)
    to_time.time_again(tmp_path / "models")
    again = json.loads((tmp_path / "schnet-ethanol-50.json").read_text(encoding="utf-8"))
    timing = again["provenance"]["timing"]
    assert set(again["ms_by_atoms"]) == {"5", "20"}
    assert 0 < again["ms_by_atoms"]["5"] == again["ms_per_evaluation"] < 1e4
    assert timing["script"].endswith("--time")
    assert {"date", "machine", "commit"} <= set(timing)
    assert timing["other_load"] >= 0
    assert again["force_mae"] == 40.0
    assert again["provenance"]["commit"] == "abc"
    (row,) = load_race(tmp_path).to_dict("records")
    assert row["ms_by_atoms"][5] == row["ms_per_evaluation"]
    assert row["timed_alone"] == (timing["other_load"] < QUIET)


def test_a_result_without_its_model_is_no_silence(to_time, tmp_path):
    """What was skipped is listed with the cure, and keeps its old time; others are timed."""
    message = r"not timed, no model in .*models: schnet-ethanol-50; --models names"
    with pytest.raises(SystemExit, match=message):
        to_time.time_again(tmp_path / "models")
    assert load_race(tmp_path).loc[0, "ms_per_evaluation"] == 1e9
    save_small(tmp_path)
    other = json.dumps(result(model="ani", ms_per_evaluation=1e9))
    (tmp_path / "ani-ethanol-50.json").write_text(other, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"no model in .*: ani-ethanol-50;"):
        to_time.time_again(tmp_path / "models")
    times = load_race(tmp_path).set_index("model")["ms_per_evaluation"]
    assert times["ani"] == 1e9
    assert times["schnet"] < 1e4


def test_nothing_to_time_is_said(to_time, tmp_path):
    """An empty folder of results is named."""
    (tmp_path / "schnet-ethanol-50.json").unlink()
    with pytest.raises(SystemExit, match=r"no results in .* to time"):
        to_time.time_again(tmp_path / "models")


def test_copies_do_not_see_each_other(script):
    """Each atom of eleven molecules has the neighbours that it has in one, 10 Å around."""
    one = load_embedded("ethanol/500K")[0]
    many = script.in_one_system(one, 11)
    assert len(many) == 99
    assert many.get_chemical_symbols() == 11 * one.get_chemical_symbols()
    pairs = [len(neighbour_list(atoms, 10.0).idx_i) for atoms in (one, many)]
    assert pairs[1] == 11 * pairs[0]


def test_work_of_others_is_seen(script):
    """A process that computes for a second adds about its share of a core; we do not count."""
    watch = script.OtherWork()
    end = time.process_time() + 0.5
    while time.process_time() < end:
        pass
    own = watch.load()
    busy = "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass"
    watch = script.OtherWork()
    subprocess.run([sys.executable, "-c", busy], check=True)
    assert watch.load() > 0.1
    assert own >= 0


@pytest.mark.parametrize(
    ("changed", "alone"),
    [
        ({}, False),
        (dict(ms_by_atoms={"9": 4.0, "99": 8.0}, other_load=0.01), True),
        (dict(ms_by_atoms={"9": 4.0, "99": 8.0}, other_load=0.9), False),
    ],
)
def test_a_time_is_alone_if_nothing_ran_beside(tmp_path, changed, alone):
    """Results that were never timed again stay readable, and are not called alone."""
    stored = result(**{k: v for k, v in changed.items() if k != "other_load"})
    if changed:
        stored["provenance"]["timing"] = {"other_load": changed["other_load"]}
    (tmp_path / "one.json").write_text(json.dumps(stored), encoding="utf-8")
    (row,) = load_race(tmp_path).to_dict("records")
    assert row["timed_alone"] is alone
    assert row["ms_by_atoms"] == ({9: 4.0, 99: 8.0} if changed else None)


@pytest.mark.parametrize("times", [{"9": "4"}, {"9": math.nan}, {"nine": 4.0}, [4.0]])
def test_times_of_another_kind_are_refused(tmp_path, times):
    """Text, NaN, no number of atoms, no dictionary: the file is named."""
    stored = result(ms_by_atoms=times)
    stored["provenance"]["timing"] = {"other_load": 0.0}
    (tmp_path / "odd.json").write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.json is no result"):
        load_race(tmp_path)


def test_stored_results_are_readable():
    """Whatever has been stored: real errors, real seconds, a commit."""
    race = load_race()
    assert (race["force_mae"] > 0).all()
    assert (race["train_seconds"] > 0).all()
    assert race["commit"].str.len().gt(0).all()


@pytest.fixture
def small_race(script, monkeypatch, tmp_path):
    """The script with three seconds for 50 frames, embedded frames and folders of its own."""
    frames = {
        "train": load_embedded("ethanol/500K")[:100],
        "test": load_embedded("ethanol/300K")[:5],
    }
    monkeypatch.setattr(script, "load_rmd17", lambda *_, part, **__: frames[part])
    monkeypatch.setattr(script, "MINUTES", {"ethanol": {50: 0.05}})
    monkeypatch.setattr(script, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(script, "WORK", tmp_path / "work")
    monkeypatch.setattr(script, "frames", frames, raising=False)
    return script


def test_a_cell_trains_validates_and_tests_on_different_frames(small_race, monkeypatch):
    """The first frames train, the last validate, the test part judges; the result can be read."""
    used = {}

    def watched_fit(model, train, validation, **settings):
        used["train"], used["validation"] = train, validation
        return fit(model, train, validation, **settings)

    def watched_evaluate(model, test):
        used["test"] = test
        return evaluate(model, test)

    monkeypatch.setattr(small_race, "fit", watched_fit)
    monkeypatch.setattr(small_race, "evaluate", watched_evaluate)
    small_race.run_cell(small_race.Cell("behler_parrinello", "ethanol", 50))
    assert used["train"] == small_race.frames["train"][:50]
    assert used["validation"] == small_race.frames["train"][50:]
    assert used["test"] == small_race.frames["test"]
    (row,) = load_race(small_race.RESULTS).to_dict("records")
    (file,) = small_race.RESULTS.glob("*.json")
    assert json.loads(file.read_text(encoding="utf-8"))["provenance"]["minutes"] == 0.05
    assert 3.0 <= row["train_seconds"] < 6.0


def test_the_printed_table_is_that_of_the_readme(script):
    """Results that are added, or a table edited by hand, are noticed."""
    readme = (Path(script.__file__).parent / "README.md").read_text(encoding="utf-8")
    between = readme.split("compares -->", 1)[1].split("<!-- end of the table -->", 1)[0]
    assert between.strip() == script.table(), "put what `race.py --table` prints into the README"


def test_a_cell_is_computed_by_one_process_and_once(small_race, monkeypatch):
    """While another process holds a cell it is refused; a finished one is left alone."""
    cell = small_race.Cell("behler_parrinello", "ethanol", 50)
    small_race.WORK.mkdir(parents=True)
    monkeypatch.setattr(small_race, "fit", lambda *_, **__: pytest.fail("computed"))
    with (small_race.WORK / f"{cell}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(SystemExit, match="is being computed by another process"):
            small_race.run_cell(cell)
    small_race.write(result("behler_parrinello"), cell.result)
    small_race.run_cell(cell)
