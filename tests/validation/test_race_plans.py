"""Plans: times between those that were taken, and who is to be taken follows."""

import re

import pandas as pd
import pytest

from mlp_course.validation import describe_plans, is_the_best_affordable, which_menu_matters
from mlp_course.validation.race_cost import cost_of_plan, milliseconds_at
from mlp_course.validation.race_plans import MENUS, NOBODY, START, UNKNOWN, who_to_take

COLUMNS = ["model", "molecule", "n_train", "force_mae", "ms_per_evaluation", "ms_by_atoms"]


def race_of(methods):
    """Rows from (model, meV/Å with 950 frames, ms by atoms); five times the error with 50."""
    rows = [
        (model, "ethanol", n, error * (5 if n == 50 else 1), times[9], times)
        for model, error, times in methods
        for n in (50, 950)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


@pytest.fixture
def race():
    """MACE is the most accurate and the dearest; the fastest changes between 9 and 999 atoms."""
    return race_of(
        [
            ("mace", 8.0, {9: 18.0, 99: 64.0, 999: 1800.0}),
            ("schnet", 14.0, {9: 4.0, 99: 9.0, 999: 63.0}),
            ("behler_parrinello", 17.0, {9: 6.0, 99: 9.5, 999: 33.0}),
        ]
    )


def test_times_are_exact_where_taken_and_unknown_outside():
    """No proportion is assumed: 2,000 atoms were not timed, and neither were 5."""
    times = {9: 4.0, 99: 8.0, 999: 80.0}
    assert [milliseconds_at(times, n) for n in (9, 99, 999)] == [4.0, 8.0, 80.0]
    assert milliseconds_at(times, (99 * 999) ** 0.5) == pytest.approx((8 * 80) ** 0.5)
    assert (
        milliseconds_at(times, 2000) is milliseconds_at(times, 5) is milliseconds_at({}, 9) is None
    )


def test_a_result_timed_at_one_size_is_known_there_only(race):
    """An older file has the time of the molecule, and nothing is made up for others."""
    race["ms_by_atoms"] = None
    costs = cost_of_plan(race, n_train=950, n_atoms=9, steps=3.6e6)
    assert costs.loc["MACE", "hours"] == pytest.approx(18.0)
    assert cost_of_plan(race, n_train=950, n_atoms=99, steps=1)["hours"].isna().all()
    said = is_the_best_affordable(race, n_atoms=99, steps=1, hours=1000)
    assert "MACE is the most accurate and was not timed at this size" in said
    assert f"{UNKNOWN} (not timed at this size: Behler-Parrinello, SchNet)" in said


def test_gap_may_cost_less_with_few_frames(race):
    """Between two sizes of the training set the time is interpolated like the error."""
    race.loc[race["n_train"] == 50, "ms_by_atoms"] = [{9: 2.0}] * 3
    own = cost_of_plan(race, n_train=(50 * 950) ** 0.5, n_atoms=9, steps=3.6e6)
    assert own.loc["MACE", "hours"] == pytest.approx((2 * 18) ** 0.5)
    assert own.loc["MACE", "force_mae"] == pytest.approx((8 * 40) ** 0.5)


@pytest.mark.parametrize(
    ("plan", "answer"),
    [
        (dict(n_atoms=9, steps=1e6, hours=10), "takes 5 h; take MACE"),
        (dict(n_atoms=9, steps=1e6, hours=3), "takes 5 h; take SchNet"),
        (dict(n_atoms=999, steps=1e6, hours=10), "takes 500 h; take Behler-Parrinello"),
        (dict(n_atoms=9, steps=1e7, hours=1), "takes 50 h; nobody is left"),
    ],
)
def test_a_plan_is_held_against_the_hours(race, plan, answer):
    """10⁶ steps of 18 ms are 5 h; at 999 atoms another one is the fastest."""
    assert is_the_best_affordable(race, **plan).endswith(answer)
    assert is_the_best_affordable(race.iloc[:0], **plan).endswith("no result yet")


def test_the_question_has_an_answer_among_the_printed_plans(race):
    """One plan for each answer, all of them true, the first where the menus begin."""
    said = describe_plans(race)
    lines = said.splitlines()
    taken = [line.rpartition("; ")[2] for line in lines[1:]]
    assert taken[0] == "take MACE"
    assert set(taken) == {"take MACE", "take SchNet", "take Behler-Parrinello", NOBODY}
    assert len(taken) == len(set(taken))
    others = int(re.search(r"another method in (\d+)", said)[1])
    assert others > 0
    assert "makes it the wrong answer" not in said
    assert str(START["atoms"]) + " atoms, 1,000,000 steps" in lines[1]


def test_if_no_plan_makes_the_best_wrong_it_is_said(race):
    """With one method, or one that is the best and the fastest, no such plan exists."""
    for alone in (race[race["model"] == "mace"], race[race["model"] != "mace"].head(2)):
        said = describe_plans(alone)
        assert "another method in 0" in said
        assert "no plan of the menus makes it the wrong answer" in said
        assert {line.rpartition("; ")[2] for line in said.splitlines()[1:]} <= {
            "take MACE", "take SchNet", NOBODY
        }  # fmt: skip


def test_the_count_of_plans_adds_up(race):
    """Every plan of the menus has one of the answers."""
    numbers = re.search(r"Of (\d+) plans .* in (\d+), another method in (\d+), nobody in (\d+)",
                        describe_plans(race)).groups()  # fmt: skip
    total, *parts = map(int, numbers)
    assert total == sum(parts) == len(MENUS["atoms"]) * len(MENUS["steps"]) * len(MENUS["hours"])


def test_missing_results_and_times_are_named(race):
    """A count over three of eight methods says so; an empty race says nothing else."""
    assert "of 3 methods (5 lack a result)" in describe_plans(race)
    race["ms_by_atoms"] = None
    assert "in 56 the time is not known" in describe_plans(race)
    assert describe_plans(race.iloc[:0]) == "950 labels: no result yet"
    assert which_menu_matters(race.iloc[:0]).endswith("no result yet")


def test_a_menu_that_changes_nothing_matters_not_at_all(race):
    """The order is the same with 50 and 950 labels, so labels change no answer."""
    said = which_menu_matters(race)
    assert "labels in 0 %" in said
    assert re.search(r"steps in [1-9]\d* %", said)


def test_unknown_is_not_nobody():
    """Too slow is what was timed; a method without a time may still do it."""
    columns = ["force_mae", "hours"]
    costs = pd.DataFrame([(8.0, 5.0), (9.0, None)], index=["MACE", "ANI"], columns=columns)
    assert who_to_take(costs, 1) == UNKNOWN
    assert who_to_take(costs.dropna(), 1) == NOBODY
    assert who_to_take(costs, 10) == "MACE"
