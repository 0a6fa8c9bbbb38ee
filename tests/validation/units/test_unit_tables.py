"""The chapter's conversions against CODATA."""

import pytest

from mlp_course.validation.units.tables import (
    CHAPTER_ENERGIES,
    CHAPTER_FORCES,
    check_conversions,
    contradictions,
)


def test_one_entry_of_the_force_table_is_wrong():
    """0.00084340 must read 0.00084330: ten units of its last digit, 0.012 percent."""
    table = check_conversions(CHAPTER_FORCES)
    (wrong,) = table[~table["right"]].itertuples()
    assert (wrong.printed, wrong.wrong_digits) == ("0.00084340", 10)
    assert wrong.exact == pytest.approx(0.00084330, abs=5e-9)
    assert table.loc[wrong.Index, "error / %"] == pytest.approx(0.012, abs=0.001)


def test_the_energy_table_is_right():
    """All its 16 entries are the exact values, rounded."""
    assert check_conversions(CHAPTER_ENERGIES)["right"].all()


def test_the_wrong_entry_contradicts_its_own_reciprocal():
    """1 / 1185.8 = 0.00084331: no outside source is needed to see it."""
    (found,) = contradictions(CHAPTER_FORCES).itertuples()
    assert found.reciprocal == pytest.approx(0.00084331, abs=5e-9)
    assert contradictions(CHAPTER_ENERGIES).empty
