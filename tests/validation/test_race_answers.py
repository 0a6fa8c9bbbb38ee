"""Answers of lesson 07 follow from the table, and say when the table is too short for one."""

import pandas as pd
import pytest

from mlp_course.validation import (
    check_claims,
    degree_errors,
    how_times_grow,
    only_racers,
    order_of_rounds,
    ours_or_published,
    who_is_beaten,
    who_moves,
)
from mlp_course.validation.racers import NAMES

COLUMNS = [
    "model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation", "train_seconds",
]  # fmt: skip


@pytest.fixture
def race():
    """All methods in the same order twice, but GAP from the first place to the last."""
    rows = []
    for place, (model, method) in enumerate(NAMES.items()):
        few, full = (1.0, 99.0) if model == "gap" else (50.0 + place, 20.0 + place)
        for n_train, error in ((50, few), (950, full)):
            rows.append((model, method, "ethanol", n_train, error, 1.0 + place, 2.0 * n_train))
    rows.append(("nequip_l0", "NequIP l_max = 0", "ethanol", 200, 70.0, 1.0, 600.0))
    return pd.DataFrame(rows, columns=COLUMNS)


def test_the_one_that_moves_is_named(race):
    """GAP falls from the first place to the last and is the second fastest; without a cell nothing
    is said."""
    n = len(NAMES)
    assert f"GAP, from place 1 to {n} (place 2 of {n} in speed)" in who_moves(race)
    assert "not answered, 1 methods" in who_moves(race.drop(index=0))


def test_if_the_order_stays_nobody_moves(race):
    """The same errors twice: no list of eight methods that go from a place to itself."""
    race.loc[race["n_train"] == 50, "force_mae"] = race["force_mae"].shift(-1)
    assert who_moves(race) == "between 50 and 950 frames of ethanol nobody changes place"


def test_equal_errors_share_the_better_place(race):
    """Two methods at the lowest error are both first, and the next one is third."""
    race.loc[race["model"].isin(["schnet", "ani"]) & (race["n_train"] == 50), "force_mae"] = 0.5
    assert "GAP, from place 3 to 8" in who_moves(race)


def test_a_tenth_more_speed_is_no_difference(race):
    """95 and 100 ms count as equal: less accurate, but not beaten in both; 85 ms is faster."""
    own = race[race["model"].isin(["mace", "painn"]) & (race["n_train"] == 950)].copy()
    own["ms_per_evaluation"] = [95.0, 100.0]  # PaiNN is more accurate and 5 % faster than MACE
    said = who_is_beaten(own)
    assert (
        "of 2 methods: none; less accurate at the same speed (within 10 %): MACE than PaiNN" in said
    )
    own["ms_per_evaluation"] = [85.0, 100.0]
    assert who_is_beaten(own).endswith("of 2 methods: MACE by PaiNN")


def test_times_that_grow_are_factors_and_gaps_are_named(race):
    """From 2 to 20 ms is ten times as long; nobody timed, nothing said."""
    own = race[race["model"].isin(["mace", "gap"]) & (race["n_train"] == 950)].copy()
    own["ms_by_atoms"] = [None, {9: 2.0, 99: 4.0, 999: 20.0}]
    said = "from 9 to 999 atoms (111 times as many): MACE 10 times as long; not timed: GAP"
    assert how_times_grow(own) == said
    own["ms_by_atoms"] = None
    assert "no method has been timed" in how_times_grow(own)


def test_the_longest_training_of_a_round_is_named(race):
    """1,900 s are 32 minutes, 100 s are 2."""
    assert order_of_rounds(race)["at most / min"].tolist() == [2, 32]


def test_beaten_means_in_both(race):
    """Error and time rise together, so the first beats all; one that is faster is not beaten."""
    begin = f"beaten in accuracy and speed, of {len(NAMES)} methods: GAP by"
    assert who_is_beaten(race).startswith(begin)
    assert "none" not in who_is_beaten(race)
    race.loc[race["model"] == "mace", "ms_per_evaluation"] = 0.1
    assert "MACE by" not in who_is_beaten(race)


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
