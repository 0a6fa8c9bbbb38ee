"""Verdicts follow from the numbers, and from nothing else."""

import pandas as pd
import pytest

from mlp_course.validation import chapter_ratios, check_claims, load_chapter_table
from mlp_course.validation.racers import NAMES

BOTH = "ten times lower force error with ten times less data"
TIME = "training time stays similar (here: for each frame shown)"
LEVELS = {"low": 0, "medium": 1, "high": 2, "highest": 3}


def race(factor=1.0, ms_factor=1.0, drop=()):
    """A race in which MACE is better than Behler-Parrinello by a factor, others between."""
    rows = []
    order = sorted(NAMES.items(), key=lambda item: item[0] == "mace")  # MACE last
    for place, (model, method) in enumerate(order):
        share = factor ** (-place / (len(NAMES) - 1))
        for n_train in (50, 200, 950):
            rows.append(
                {
                    "model": model,
                    "method": method,
                    "molecule": "ethanol",
                    "n_train": n_train,
                    "force_mae": 3000.0 / n_train * share,
                    "energy_mae_total": 300.0 / n_train * share,
                    "train_seconds": 600.0 * (ms_factor if model == "mace" else 1.0),
                    "steps": 1000,
                    "settings": {} if model == "gap" else {"batch_size": 5},
                }
            )
    table = pd.DataFrame(rows)
    return table[~table["model"].isin(drop)]


def verdict(table, claim):
    """One verdict."""
    return check_claims(table).loc[claim, "verdict"]


@pytest.mark.parametrize(("factor", "expected"), [(11, "holds"), (9, "does not hold")])
def test_ten_times_lower_means_ten(factor, expected):
    """Eleven is more than ten, nine is less."""
    for quantity in ("force", "energy"):
        assert verdict(race(factor), f"ten times lower {quantity} error") == expected


@pytest.mark.parametrize(
    ("factor", "expected", "said"),
    [
        (5, "does not hold", "factor 5.0"),  # errors fall as 1/n: five times less data
        (12, "holds", "factor 11.9"),  # 950 / 80 frames, counted in whole frames
        (30, "holds", "at least 19"),  # better with 50 frames already
        (0.5, "does not hold", "more than 950"),
    ],
)
def test_frames_for_the_same_error(factor, expected, said):
    """Read off the learning curve of MACE; beyond the measured sizes only a bound is given."""
    row = check_claims(race(factor)).loc["ten times less data for the same error"]
    assert row["verdict"] == expected
    assert said in row["measured"]


def test_both_at_once_is_a_hundred_with_errors_that_fall_as_one_over_n():
    """With a tenth of the data the error is ten times larger, so the factor must be 100."""
    assert verdict(race(90), BOTH) == "does not hold"
    assert verdict(race(110), BOTH) == "holds"


@pytest.mark.parametrize(("ms_factor", "expected"), [(1.9, "holds"), (2.1, "does not hold")])
def test_similar_time_is_within_a_factor_of_two(ms_factor, expected):
    """Computing time for each frame shown."""
    assert verdict(race(2, ms_factor), TIME) == expected


def test_an_order_holds_only_without_exception():
    """If ANI and SchNet are worse than Behler-Parrinello, the sentence names them."""
    table = race(10)
    claim = "data efficiency low < medium < high < highest"
    assert verdict(table, claim) == "holds"
    table.loc[table["model"] == "ani", "force_mae"] *= 100
    row = check_claims(table).loc[claim]
    assert row["verdict"] == "does not hold"
    assert "Behler-Parrinello beats ANI" in row["measured"]


@pytest.mark.parametrize("claim", check_claims(race(10)).index)
def test_without_the_cells_there_is_no_verdict(claim):
    """If either end of the table is missing, nothing is said."""
    assert verdict(race(10, drop=("mace",)), claim) == "not measured yet"
    assert verdict(race(10).iloc[:0], claim) == "not measured yet"


def test_the_chapters_own_factors():
    """Hours: 16-32 against 6-12, so 16/12 to 32/6; levels are those that the code knows."""
    assert chapter_ratios()["hours"] == pytest.approx((16 / 12, 32 / 6))
    chapter = load_chapter_table()
    assert set(chapter["data_efficiency"]) | set(chapter["accuracy"]) == set(LEVELS)


@pytest.mark.parametrize("missing", [("mace", 50), ("mace", 200), ("behler_parrinello", 950)])
def test_no_verdict_on_frames_while_a_cell_is_missing(missing):
    """A learning curve without one of its points is not read."""
    table = race(30)
    cell = (table["model"] == missing[0]) & (table["n_train"] == missing[1])
    assert verdict(table[~cell], "ten times less data for the same error") == "not measured yet"


@pytest.mark.parametrize(("better", "expected"), [(1000, "does not hold"), (0.001, "holds")])
def test_enough_frames_are_judged_when_all_cells_are_there(better, expected):
    """Tiny errors suffice with few frames, huge ones never; a missing cell leaves it open."""
    claim = "3,000 to 30,000 frames are needed"
    table = race()
    table["force_mae"] /= better
    assert verdict(table, claim) == expected
    assert verdict(table[table["n_train"] != 950], claim) == "not measured yet"
