"""The loop: it explores, asks, learns, stops, and survives being killed."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ase.build import bulk

from mlp_course.active_learning import LoopSettings, explore, learn_actively, train_ensemble
from mlp_course.sampling import rattled
from tests.active_learning.conftest import emt, gaps

HOT = dict(temperature=800, threshold=0.005, stop_at=0.05, n_per_round=3, n_walkers=2, steps=60)
TIMES = ["train_seconds"]


def run_loop(copper, folder=None, label=emt, **changes):
    settings = LoopSettings(**{**HOT, "max_labels": 15, "timestep": 2.0, **changes})
    return learn_actively(
        gaps(), copper[:6], copper[6:8], label, settings, test=copper[8:], folder=folder,
        workers=1, fraction=0.7,
    )  # fmt: skip


@pytest.fixture(scope="module")
def finished(copper):
    return run_loop(copper)


def test_every_round_adds_labels_until_the_budget_is_used(finished):
    """Labels grow by at most the batch each round, and stop at the budget."""
    table = finished.rounds
    assert table["n_labels"].tolist()[0] == 6
    assert table["n_labels"].tolist()[-1] == len(finished.frames) == 15
    assert np.diff(table["n_labels"]).tolist() == table["labelled"].tolist()[:-1]
    assert table["labelled"].max() <= 3  # a round
    assert finished.why == "max_labels (15) reached"


def test_what_was_asked_for_teaches_hot_copper(copper):
    """Labels from 800 K make the error at 800 K smaller than that of the cold start."""
    hot = emt(rattled(bulk("Cu", cubic=True), n_frames=10, amplitude=0.2, seed=5))
    settings = LoopSettings(**{**HOT, "max_labels": 24, "timestep": 2.0, "stop_at": 0.5})
    result = learn_actively(
        gaps(), copper[:6], copper[6:8], emt, settings, test=hot, workers=1, fraction=0.7
    )
    assert result.rounds["force_mae"].iloc[-1] < 0.7 * result.rounds["force_mae"].iloc[0]  # meV/Å


def test_a_run_stops_where_the_members_disagree(copper):
    """The last frame of a stopped run is above the limit, all before it are below."""
    ensemble, _ = train_ensemble(gaps(), copper[:6], copper[6:], workers=1, fraction=0.7)
    how = dict(temperature=800, steps=200, timestep=2.0)
    free = explore(copper[:2], ensemble, stop_at=float("inf"), **how)
    limit = float(np.median(free.uncertainties))
    found = explore(copper[:2], ensemble, stop_at=limit, **how)
    stopped = found.runs[found.runs["ended"] == "the members disagree"]
    assert len(stopped)
    for walker in stopped["walker"]:
        own = np.array([f.info["walker"] == walker for f in found.frames])
        assert found.uncertainties[own][-1] > limit
        assert (found.uncertainties[own][:-1] <= limit).all()


def test_a_broken_geometry_is_not_kept(copper):
    """Two atoms in each other ring the alarm at the start: the run has no frames."""
    ensemble, _ = train_ensemble(gaps(), copper[:6], copper[6:], workers=1, fraction=0.7)
    broken = copper[0].copy()
    broken.positions[1] = broken.positions[0] + [0.2, 0, 0]
    found = explore([broken], ensemble, temperature=300, steps=20, stop_at=1.0)
    assert found.frames == []
    assert "came within" in found.runs["ended"].iloc[0]


def test_the_loop_stops_when_nothing_is_new(copper):
    """At 10 K, after learning, no frame is uncertain in two rounds: enough."""
    result = run_loop(copper, temperature=10, threshold=0.2, stop_at=0.5, max_labels=50)
    assert result.why == "in two rounds at most 2% of what was visited was uncertain"
    assert len(result.rounds) == 2


KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from tests.active_learning.conftest import emt
from tests.active_learning.test_loop import run_loop
from mlp_course.reference import label_here
from mlp_course.sampling import rattled
from ase.build import bulk
copper = emt(rattled(bulk("Cu", cubic=True), n_frames=12, amplitude=0.05, seed=0))
calls = []
def label(frames):
    calls.append(1)
    if len(calls) == {deadly}:
        os.kill(os.getpid(), signal.SIGKILL)
    return emt(frames)
run_loop(copper, folder={folder!r}, label=label)
"""


@pytest.mark.parametrize("deadly", [1, 3])
def test_killed_and_resumed_it_ends_with_the_same_numbers(copper, finished, tmp_path, deadly):
    """SIGKILL in the middle of a round: that round is done again, the others are not."""
    root = str(Path(__file__).parents[2])
    folder = str(tmp_path / "loop")
    code = KILLED.format(root=root, deadly=deadly, folder=folder)
    died = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    kept = [p for p in Path(folder).glob("round_*") if p.is_dir() and p.suffix != ".part"]
    assert len(kept) == deadly - 1
    asked = []
    again = run_loop(copper, folder, label=lambda frames: asked.append(1) or emt(frames))
    pd.testing.assert_frame_equal(
        again.rounds.drop(columns=TIMES), finished.rounds.drop(columns=TIMES)
    )
    assert len(asked) == (finished.rounds["labelled"] > 0).sum() - (deadly - 1)
    for one, other in zip(again.frames, finished.frames, strict=True):
        assert np.array_equal(one.positions, other.positions)
        assert np.array_equal(one.get_forces(), other.get_forces())


def test_a_finished_loop_is_read_not_run(copper, finished, tmp_path):
    """Called again, a finished loop computes nothing."""
    run_loop(copper, tmp_path)
    again = run_loop(copper, tmp_path, label=None)  # nobody is asked
    assert again.rounds["force_mae"].tolist() == finished.rounds["force_mae"].tolist()
    predicted = [r.ensemble.predict(copper[8:]).energies for r in (again, finished)]
    assert np.array_equal(*predicted)


def test_a_folder_belongs_to_one_loop(copper, tmp_path):
    """Other settings in the same folder are refused, and named."""
    run_loop(copper, tmp_path, max_labels=9)
    with pytest.raises(ValueError, match=r"holds another loop \(different: settings\)"):
        run_loop(copper, tmp_path, max_labels=12)
    (tmp_path / "loop.json").write_text("{")
    with pytest.raises(ValueError, match="is damaged"):
        run_loop(copper, tmp_path, max_labels=9)


def test_a_reference_that_labels_nothing_is_told(copper, tmp_path):
    """A loop without new labels would go on for ever."""
    with pytest.raises(RuntimeError, match="none of 3 configurations could be labelled"):
        run_loop(copper, tmp_path, label=lambda frames: [])


def test_labels_without_forces_are_refused(copper):
    """What the labeller returns is checked before anything is trained on it."""
    with pytest.raises(ValueError, match="has no energy and no forces"):
        run_loop(copper, label=lambda frames: [f.copy() for f in frames])


def test_a_table_after_every_round(copper):
    """The callback sees one row more each time."""
    seen = []
    settings = LoopSettings(**{**HOT, "max_labels": 9, "timestep": 2.0})
    learn_actively(
        gaps(), copper[:6], copper[6:8], emt, settings, workers=1, fraction=0.7,
        on_round=lambda table: seen.append(len(table)),
    )  # fmt: skip
    assert seen == [1, 2]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(temperature=0), "temperature must be positive, in K; got 0"),
        (dict(threshold=-1), "threshold must be positive, in eV/Å; got -1"),
        (dict(stop_at=0.001), "stop_at must not be below threshold"),
        (dict(strategy="best"), "strategy must be one of"),
        (dict(n_walkers=0), "n_walkers"),
        (dict(enough=1.0), "enough must be at least 0 and below 1"),
    ],
)
def test_settings_that_make_no_sense(wrong, message):
    """Each is refused by name, with its unit."""
    with pytest.raises(ValueError, match=message):
        LoopSettings(**{**HOT, **wrong})
