"""Answers of lesson 07 follow from the table, and say when the table is too short for one."""

import pandas as pd
import pytest

from mlp_course.validation import (
    check_claims,
    degree_errors,
    is_the_best_affordable,
    only_racers,
    order_of_rounds,
    ours_or_published,
    who_is_beaten,
    who_moves,
)
from mlp_course.validation.racers import NAMES

COLUMNS = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]


@pytest.fixture
def race():
    """All methods in the same order twice, but GAP from the first place to the last."""
    rows = []
    for place, (model, method) in enumerate(NAMES.items()):
        few, full = (1.0, 99.0) if model == "gap" else (50.0 + place, 20.0 + place)
        for n_train, error in ((50, few), (950, full)):
            rows.append((model, method, "ethanol", n_train, error, 1.0 + place))
    rows.append(("nequip_l0", "NequIP l_max = 0", "ethanol", 200, 70.0, 1.0))
    return pd.DataFrame(rows, columns=COLUMNS)


def test_the_one_that_moves_is_named(race):
    """GAP falls from the first place to the last and is the second fastest; without a cell nothing
    is said."""
    n = len(NAMES)
    assert f"GAP, from place 1 to {n} (place 2 of {n} in speed)" in who_moves(race)
    assert "not answered, 1 methods" in who_moves(race.drop(index=0))


def test_beaten_means_in_both(race):
    """Error and time rise together, so the first beats all; one that is faster is not beaten."""
    begin = f"beaten in accuracy and speed, of {len(NAMES)} methods: GAP by"
    assert who_is_beaten(race).startswith(begin)
    assert "none" not in who_is_beaten(race)
    race.loc[race["model"] == "mace", "ms_per_evaluation"] = 0.1
    assert "MACE by" not in who_is_beaten(race)


@pytest.mark.parametrize(
    ("hours", "answer"),
    [(1, "Behler-Parrinello is the most accurate and takes 0.278 h; take Behler-Parrinello"),
     (0.1, "Behler-Parrinello is the most accurate and takes 0.278 h; nobody is left")],
)  # fmt: skip
def test_a_plan_is_held_against_the_hours(race, hours, answer):
    """10⁶ steps of 1 ms are 0.278 h."""
    assert is_the_best_affordable(race, n_atoms=9, steps=1e6, hours=hours).endswith(answer)
    assert is_the_best_affordable(race.iloc[:0], n_atoms=9, steps=1, hours=1).endswith("yet")


def test_lower_and_higher_than_published(race):
    """GAP 99 against 18.1 and MACE 27 against 2.1 are higher, ANI 22 against 45.6 is lower."""
    race = race[race["model"].isin(["gap", "ani", "mace"])].copy()
    full = race["n_train"] == 950
    race.loc[full, "force_mae"] = race.loc[full, "model"].map({"gap": 99, "ani": 22, "mace": 27})
    said = ours_or_published(race)
    assert "lower for ANI (ethanol 950), higher for" in said
    assert "GAP (ethanol 950)" in said.partition("higher")[2]
    assert said.endswith("at most 12.9 times")  # MACE 27 against 2.1
    assert ours_or_published(race.iloc[:0]) == "no cell to compare yet"


def test_lower_degrees_are_no_racers(race):
    """NequIP without directions counts in its own comparison only."""
    assert len(only_racers(race)) == 2 * len(NAMES)
    assert degree_errors(race) == {"NequIP l_max = 0": 70.0}
    assert not any("l_max" in text for text in order_of_rounds(race)["methods"])
    assert order_of_rounds(race)["round"].tolist() == ["ethanol, 50 frames", "ethanol, 950 frames"]


def test_the_claim_of_time_says_what_it_measures(race):
    """All had the same minutes, so the claim is about a frame shown."""
    assert any("for each frame shown" in claim for claim in check_claims(race.iloc[:0]).index)
