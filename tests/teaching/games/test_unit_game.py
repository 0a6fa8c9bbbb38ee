"""The unit lab's pictures, converter and game, played without a browser."""

import pytest

from mlp_course.data import load_embedded, plant_unit_faults
from mlp_course.teaching import UnitConverter, UnitGame, plot_unit_evidence
from mlp_course.teaching.games.unit_game import NOTHING, SIGNS
from mlp_course.validation import diagnose_units


@pytest.fixture(scope="module")
def sets():
    """Two small sets to spoil."""
    return {name: load_embedded(name)[:16] for name in ("ethanol/500K", "malonaldehyde/500K")}


def test_who_sees_right_is_told_so_and_who_does_not_learns_why(sets):
    """Feedback names the fault, and what the wrong guess would have looked like."""
    game = UnitGame(sets, n_rounds=2, seed=1)
    first = game.solution
    wrong = next(choice for choice in SIGNS if choice != first)
    said = game.answer(wrong)
    assert said.startswith(f"Not so: {first}.")
    assert SIGNS[wrong] in said
    assert SIGNS[first] in said
    assert game.answer(game.solution).startswith("Right")
    assert repr(game) == "All 2 rounds: 1 of 2 right"
    with pytest.raises(ValueError, match="the game is over"):
        game.answer(NOTHING)


def test_every_round_can_be_won_by_the_diagnosis(sets):
    """The faults of the game are those that physics betrays."""
    game = UnitGame(sets, n_rounds=len(SIGNS), seed=3)
    while not game.over:
        faults = diagnose_units(game.frames()).faults
        game.answer(faults[0] if faults else NOTHING)
    assert game.n_right == len(SIGNS)


def test_the_picture_does_not_give_the_answer_away(sets):
    """Whoever hears the picture gets the numbers, not the name of the fault."""
    game = UnitGame(sets, n_rounds=len(SIGNS), seed=0)
    while not game.over:
        assert game.solution not in game.picture().alt
        game.answer(NOTHING)


def test_a_click_plays_a_round(sets):
    """Menu and button do what answer() does; no answer, no round."""
    game = UnitGame(sets, n_rounds=2)
    assert game.widget is game.widget
    game.button.click()
    assert game.number == 0
    game.menu.value = game.solution
    game.button.click()
    assert (game.number, game.n_right) == (1, 1)
    assert "Right" in game.said.value


def test_bohr_is_seen_in_the_panel_of_distances(sets):
    """All nearest distances move from 1 to 1.9 times the covalent radii."""
    frames = sets["ethanol/500K"]
    assert "Distance ratio 1.00" in plot_unit_evidence(frames).alt
    spoilt = plant_unit_faults(frames, "positions: Bohr")
    assert "Distance ratio 1.89" in plot_unit_evidence(spoilt).alt


def test_the_converter_follows_its_controls():
    """A new unit gives a new table of its own kind."""
    converter = UnitConverter(1.0, "kcal/mol")
    converter.unit.value = "Hartree/Bohr"
    assert converter.table.set_index("unit").loc["eV/Å", "value"] == pytest.approx(
        51.4221, abs=1e-4
    )
    assert "51.42207" in converter.as_html()


def test_refusals(sets):
    """Unknown answers, units and empty games are refused by name."""
    with pytest.raises(ValueError, match=r"answer must be one of .*got 'Hartree'"):
        UnitGame(sets).answer("Hartree")
    with pytest.raises(ValueError, match="got 0 sets"):
        UnitGame({})
