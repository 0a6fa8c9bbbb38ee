"""When active learning pays: break-even by hand, bounds that stay bounds, two kinds of time."""

import dataclasses
import math

import numpy as np
import pytest

from mlp_course.active_learning.cost import (
    Costs,
    LoopPlan,
    Need,
    assumed,
    between,
    computing_verdict,
    course_costs,
    label_seconds,
    lower_bound,
    measured,
    upper_bound,
    wall_verdict,
    with_error,
)
from mlp_course.active_learning.cost.known import Known
from mlp_course.validation import load_race

COSTS = Costs(*(measured(s, "stopwatch") for s in (10.0, 60.0, 180.0, 0.01)))
NEED = Need(measured(1000, "curve"), measured(300, "curve"))
PLAN = LoopPlan()


def _with_label(seconds):
    return dataclasses.replace(COSTS, label=measured(seconds, "stopwatch"))


# Known values --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_what_is_computed_from_bounds_holds_the_truth(seed):
    """Of any two numbers within their bounds: sum, difference, product and quotient."""
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.uniform(0.1, 5, (2, 2)), axis=1)
    a, b = (between(*pair, "drawn") for pair in ends)
    for x, y in rng.uniform(ends[:, 0], ends[:, 1], (50, 2)):
        for known, value in ((a + b, x + y), (a - b, x - y), (a * b, x * y), (a / b, x / y)):
            assert known.low - 1e-12 <= value <= known.high + 1e-12


def test_a_bound_is_called_a_bound():
    """Never a plain number where only a bound is known."""
    assert lower_bound(950, "x").says(unit="labels") == "at least 950 labels"
    assert (1900 / 2 - upper_bound(200, "x")).says() == "between 750 and 950"
    assert (measured(10, "x") / lower_bound(4, "x")).says() == "at most 2.5"
    assert (lower_bound(4, "x") - measured(1, "y")).says() == "at least 3"
    assert (measured(1, "y") - lower_bound(4, "x")).says() == "at most -3"
    assert Known(-math.inf, math.inf, "x").says(unit="s") == "unknown"
    assert (2 * lower_bound(950, "x")).kind == "bounds"
    assert (measured(10, "x") / lower_bound(4, "x")).kind == "bounds"
    assert (10 / assumed(4, "x")).kind == "assumed"
    assert (10 / measured(4, "x")).kind == "measured"


def test_what_is_computed_from_an_assumption_is_assumed():
    """And it names all of its sources once."""
    result = measured(2, "stopwatch") * assumed(3, "guess") + measured(1, "stopwatch")
    assert result.assumed
    assert result.source == "stopwatch; guess"
    assert not (measured(2, "stopwatch") * 3).assumed


def test_nothing_times_something_unknown_is_nothing():
    """No steps of an unknown time take no time."""
    assert (0 * lower_bound(1, "x")).says() == "0"


def test_a_mean_with_its_error_is_an_interval_of_two_errors():
    """300 ± 25: 250 to 350; never below zero."""
    assert (with_error(300, 25, "x").low, with_error(300, 25, "x").high) == (250, 350)
    assert with_error(1, 5, "x").low == 0


# Verdicts ------------------------------------------------------------------------------------


def test_break_even_by_hand():
    """(20 · 60 + 5 · 3 · 10,000 · 0.01 − 180) s = 2,520 s against 700 labels: 3.6 s."""
    verdict = computing_verdict(COSTS, NEED, PLAN)
    assert verdict.break_even.is_exact
    assert verdict.break_even.low == pytest.approx(3.6)
    assert verdict.bulk.low == pytest.approx(1000 * 10 + 180)
    assert verdict.active.low == pytest.approx(300 * 10 + 1200 + 1500)


@pytest.mark.parametrize("ask", [computing_verdict, wall_verdict])
def test_at_the_break_even_both_ways_take_the_same(ask):
    """And a little above it active learning is the cheaper one, a little below the dearer."""
    tips = ask(COSTS, NEED, PLAN).break_even.low
    there = ask(_with_label(tips), NEED, PLAN)
    assert there.bulk.low == pytest.approx(there.active.low)
    assert ask(_with_label(1.01 * tips), NEED, PLAN).answer == "pays"
    assert ask(_with_label(0.99 * tips), NEED, PLAN).answer == "does not pay"


def test_wall_time_by_hand():
    """Two cores: 500 waves against 25 + 3 · 42; three waves of five models, 12 trainings."""
    verdict = wall_verdict(COSTS, NEED, PLAN)
    assert verdict.bulk.low == pytest.approx(500 * 10 + 180)
    assert verdict.active.low == pytest.approx((25 + 3 * 42) * 10 + 12 * 60 + 9 * 10_000 * 0.01)


def test_many_cores_help_who_labels_at_once():
    """With a core for every label the loop only has its rounds left, and loses."""
    crowd = dataclasses.replace(PLAN, workers=2000)
    assert computing_verdict(COSTS, NEED, crowd).answer == "pays"
    assert wall_verdict(COSTS, NEED, crowd).answer == "does not pay"
    assert wall_verdict(COSTS, NEED, crowd).break_even is None  # 1 wave against 4


def test_on_one_core_with_nobody_looking_both_times_are_the_same():
    """Where nothing runs side by side, computing time is wall time."""
    alone = dataclasses.replace(PLAN, workers=1)
    need = Need(measured(1000, "x"), measured(50 + 3 * 80, "x"))
    sums, clock = (ask(COSTS, need, alone) for ask in (computing_verdict, wall_verdict))
    assert sums.bulk.low == pytest.approx(clock.bulk.low)
    assert sums.active.low == pytest.approx(clock.active.low)


def test_attention_costs_wall_time_only():
    """Three rounds with an hour of looking: 3 h later, not a second of computing."""
    slow = dataclasses.replace(PLAN, attention=3600.0)
    pairs = [
        [ask(COSTS, NEED, plan).active.low for plan in (PLAN, slow)]
        for ask in (computing_verdict, wall_verdict)
    ]
    assert [later - before for before, later in pairs] == pytest.approx([0, 3 * 3600])


def test_a_bound_on_the_labels_gives_a_bound_on_the_break_even():
    """All-at-once not there yet with 1,000: break-even at most 3.6 s; the answer may be known."""
    need = Need(lower_bound(1000, "not reached"), measured(300, "curve"))
    verdict = computing_verdict(COSTS, need, PLAN)
    assert verdict.break_even.says(unit="s") == "at most 3.6 s"
    assert verdict.answer == "pays"
    assert computing_verdict(_with_label(1.0), need, PLAN).answer == "undecided"
    assert "at most 3.6 s" in str(verdict)


def test_a_loop_that_may_need_as_many_labels_has_no_break_even():
    """The labels it saves may be none: no label time is long enough for sure."""
    need = Need(measured(1000, "curve"), between(900, 1100, "two repeats"))
    verdict = computing_verdict(COSTS, need, PLAN)
    assert verdict.break_even is None
    assert verdict.answer == "does not pay"  # 100 labels · 10 s at most, 2,520 s of work
    assert "no break-even" in str(verdict)


def test_a_loop_that_trains_quickly_pays_even_for_free_labels():
    """One training of an hour against twenty of a second, and no exploration."""
    times = (0.0, 1.0, 3600.0, 0.01)
    costs = Costs(*(measured(seconds, "stopwatch") for seconds in times))
    verdict = computing_verdict(costs, NEED, dataclasses.replace(PLAN, steps=0))
    assert (verdict.break_even.high, verdict.answer) == (0.0, "pays")
    assert "even where labels are free" in str(verdict)


def test_assumptions_are_said():
    """A guessed number of labels makes the verdict one under assumptions."""
    need = Need(measured(1000, "curve"), assumed(300, "the chapter"))
    assert str(computing_verdict(COSTS, need, PLAN)).endswith("under assumptions")
    assert not str(computing_verdict(COSTS, NEED, PLAN)).endswith("under assumptions")


# The course's own numbers --------------------------------------------------------------------


def test_costs_of_the_course_come_from_its_stored_results():
    """Seconds of the race with script and date; networks' training time was set, GAP's was not."""
    race = load_race()
    painn, gap = (course_costs(race, model) for model in ("painn", "gap"))
    row = race[(race["model"] == "painn") & (race["n_train"] == 950)]
    row = row[row["molecule"] == "ethanol"].iloc[0]
    assert painn.bulk_training.low == row["train_seconds"]
    assert painn.step.low == pytest.approx(row["ms_per_evaluation"] / 1000)
    assert painn.training.assumed
    assert not gap.training.assumed
    assert "benchmarks/race.py" in painn.step.source


def test_label_times_of_the_course_are_a_range():
    """The sets were labelled beside other work, so only two ends are known."""
    label = label_seconds("malonaldehyde")
    assert not label.is_exact
    assert 0 < label.low < label.high
    assert "passport of 3 embedded sets" in label.source
    own = course_costs(load_race(), label=measured(3.9, "quiet machine"))
    assert own.label.says(unit="s") == "3.9 s"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: measured(1, " "), "source must say where the number comes from"),
        (lambda: between(2, 1, "x"), "low must not be above high; got 2 and 1"),
        (lambda: measured(math.nan, "x"), "low must not be above high"),
        (lambda: measured(1, "x") / upper_bound(2, "x"), "cannot divide by what may be zero"),
        (lambda: with_error(1, -1, "x"), "error must be finite and not negative"),
        (lambda: _with_label(-1.0), "label must not be negative, in s of one core; got -1"),
        (lambda: Need(measured(1, "x"), measured(0, "x")), "active_labels must be positive"),
        (lambda: LoopPlan(rounds=0), "rounds must be finite and at least 1, in rounds; got 0"),
        (lambda: LoopPlan(workers=1.5), "workers must be a whole number; got 1.5"),
        (lambda: LoopPlan(attention=math.inf), "attention must be finite"),
        (lambda: course_costs(load_race(), "water"), "the race has no 'water' with 50 frames"),
        (lambda: course_costs(load_race(), molecule="water"), "no race with 'water'"),
        (lambda: label_seconds("water"), "no labels of 'water'; molecules: ethanol, malon"),
    ],
)
def test_what_cannot_be_is_refused(make, message):
    """With name, rule, unit and value."""
    with pytest.raises(ValueError, match=message):
        make()


def test_a_number_without_a_source_is_refused():
    """3.9 s measured by whom?"""
    with pytest.raises(TypeError, match=r"label must be a Known, .* write measured\(3.9, "):
        Costs(3.9, *(measured(s, "x") for s in (60, 180, 0.01)))
