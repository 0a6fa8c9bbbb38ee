"""The failure lab: alarms ring on the failure, are silent on the cure, and the damage falls."""

import dataclasses
import importlib

import pytest

from mlp_course.teaching.failure_lab import (
    Outcome,
    before_and_after,
    failure,
    failures,
    load_measured,
    plot_alarms,
    plot_failure,
)
from mlp_course.teaching.failure_lab.game import cases, judged
from mlp_course.teaching.failure_lab.ignored_drift import allowed_drift
from mlp_course.teaching.failure_lab.stored import from_plain, to_plain
from mlp_course.units import convert
from mlp_course.validation import at_least, at_most

KEYS = [entry.key for entry in failures()]
LONGEST = 30.0  # s of computing time, failure and cure each
#: How far the damage must fall: cured over failed.
AT_MOST = {
    "low energies": 0.3,
    "one temperature": 0.95,
    "neighbouring frames": 0.95,
    "same run": 0.3,
    "mixed levels": 0.4,
    "cutoff": 0.5,
    "loss weights": 0.3,
    "float32": 0.01,
    "hole": 0.5,
    "kink": 0.1,
    "direct forces": 0.2,
    "drift": 0.2,
    "extrapolation": 0.6,
    "units": 0.3,
}
#: How the simulation ends, failed and cured.
ENDS = {
    "hole": ("came within", "ran its 2 ps"),
    "direct forces": ("the temperature reached", "ran its 0.5 ps"),
}


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_a_failure_is_made_caught_cured_and_measured_again(key):
    """It rings, it is silent, the damage falls, and either takes less than 30 s to compute."""
    entry = failure(key)
    failed, cured = entry.produce(), entry.cured()
    assert failed.finding.rings, failed.finding
    assert not cured.finding.rings, cured.finding
    assert cured.number < AT_MOST[key] * failed.number, (failed.number, cured.number)
    assert max(failed.seconds, cured.seconds) < LONGEST  # s
    for key_word, outcome in zip(ENDS.get(key, ("", "")), (failed, cured), strict=True):
        assert key_word in outcome.story
    picture = plot_failure(entry, failed, cured)
    assert entry.name in picture.alt
    assert picture.png()


def test_what_is_stored_rings_and_is_silent():
    """The numbers of the final table obey the same rules as live ones."""
    results, provenance = load_measured()
    for key, (failed, cured) in results.items():
        assert failed.finding.rings, key
        assert not cured.finding.rings, key
        assert cured.number < AT_MOST[key] * failed.number, key
        assert max(failed.seconds, cured.seconds) < LONGEST, key
    assert {"script", "commit", "date", "machine", "seconds"} <= set(provenance.columns)
    assert list(provenance.index) == list(results) == list(KEYS)


def test_the_chapters_seven_and_six_more_are_there():
    """Section 2.11 has seven; every group of the project is hit."""
    assert sum(entry.in_chapter for entry in failures()) == 7
    assert len(failures()) >= 13
    assert len(set(KEYS)) == len(KEYS)
    assert {entry.group for entry in failures()} == {"data", "training", "physics", "simulation"}


@pytest.mark.parametrize("key", KEYS)
def test_the_catcher_is_a_public_function_of_the_package(key):
    """What a learner calls on data of their own exists where the card says."""
    module, _, name = failure(key).catcher.rpartition(".")
    folder = importlib.import_module(module)
    assert callable(getattr(folder, name))
    assert name in folder.__all__


def test_an_unknown_failure_or_group_is_refused():
    """The message lists what there is."""
    with pytest.raises(ValueError, match="hole"):
        failure("gremlins")
    with pytest.raises(ValueError, match="group"):
        dataclasses.replace(failure("hole"), group="luck")


def test_findings_ring_on_the_right_side_and_on_no_number():
    """NaN is never all right."""
    assert at_most("a", 2.0, 1.0, "eV").rings
    assert not at_most("a", 1.0, 1.0, "eV").rings
    assert at_least("a", 0.5, 1.0, "eV").rings
    assert not at_least("a", 1.0, 1.0, "eV").rings
    assert at_most("a", float("nan"), 1.0, "eV").rings
    assert at_least("a", float("nan"), 1.0, "eV").rings


def test_the_allowed_drift_heats_by_ten_kelvin():
    """3 k_B ΔT in one nanosecond."""
    assert allowed_drift(duration=1000.0, heating=10.0) * 1000.0 == pytest.approx(
        3 * convert(10.0, "K", "meV")
    )


def test_an_outcome_survives_being_stored():
    """Numbers to four digits, texts as they are."""
    outcome = Outcome(
        1.25, at_least("wall", 2.0, 5.0, "eV"), {"a": (["x", "y"], [1.0, 2.0])}, "told", 3.0
    )
    assert from_plain(to_plain(outcome)) == outcome


def test_nothing_stored_says_how_to_measure(tmp_path):
    """No silent fallback."""
    with pytest.raises(FileNotFoundError, match=r"benchmarks/failures\.py"):
        load_measured(tmp_path / "measured.json")


def test_the_table_and_the_alarms_show_every_result():
    """One row each; the alt text names them."""
    ring, still = at_most("jump", 3.0, 1.0, "meV"), at_most("jump", 0.1, 1.0, "meV")
    results = {"kink": (Outcome(3.0, ring, {}), Outcome(0.1, still, {}))}
    table = before_and_after(results)
    assert table["alarm before"].tolist() == ["rings"]
    assert table["alarm after"].tolist() == ["silent"]
    assert "kink: 3 before, 0.1 after" in plot_alarms(results).alt


def test_every_case_of_the_game_names_failures_of_the_lab_where_it_can():
    """The right answer is a choice, and each choice has its own feedback."""
    for case in cases():
        assert case.answer in case.choices
        assert len(set(case.choices.values())) == len(case.choices)
        assert judged(case, case.answer).startswith("Right")
        wrong = [choice for choice in case.choices if choice != case.answer]
        assert not any(judged(case, choice).startswith("Right") for choice in wrong)
    with pytest.raises(ValueError, match="choice"):
        judged(cases()[0], "gremlins")
