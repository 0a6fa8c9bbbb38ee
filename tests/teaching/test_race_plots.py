"""The race in pictures: what is there is drawn, what is missing is not, and who wins follows."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from mlp_course.teaching import (
    COLOURS,
    LiveRace,
    choose_method,
    explore_race,
    live,
    plot_choice,
    plot_learning_curves,
    plot_pareto,
    plot_rounds,
    plot_seen,
    plot_timeline,
    plot_uncertainty,
)
from mlp_course.teaching.figures import colour_of
from mlp_course.teaching.race_plots import QUANTITIES, pareto_front
from mlp_course.teaching.race_widgets import plot_round
from mlp_course.validation import load_chapter_table
from mlp_course.validation.racers import NAMES, RACERS

ROWS = [
    # model, frames, meV/Å, ms
    ("mace", 50, 40.0, 9.0),
    ("mace", 200, 20.0, 9.0),
    ("ani", 50, 80.0, 3.0),
    ("ani", 200, 40.0, 3.0),
    ("gap", 50, 85.0, 10.0),
]


@pytest.fixture
def race():
    """A small race on ethanol."""
    columns = ["model", "n_train", "force_mae", "ms_per_evaluation"]
    table = pd.DataFrame(ROWS, columns=columns)
    table["method"] = table["model"].map(NAMES)
    table["molecule"] = "ethanol"
    table["force_mae_error"] = 0.5
    for name in QUANTITIES:
        if name not in table:
            table[name] = 1.0
    return table


def test_every_racer_has_a_colour_a_marker_and_a_year():
    """The time line names all, from the oldest to the newest, each in its own colour."""
    assert all(colour_of(racer.name, 0) == COLOURS[key] for key, racer in RACERS.items())
    assert len({racer.marker for racer in RACERS.values()}) == len(RACERS)
    chapter = load_chapter_table()
    assert {key: RACERS[key].year for key in chapter.index} == chapter["year"].to_dict()
    picture = plot_timeline()
    said = picture.alt.removeprefix("Time line: ").split(", ")
    assert sorted(said) == sorted(f"{racer.year} {racer.name}" for racer in RACERS.values())
    assert [text[:4] for text in said] == sorted(text[:4] for text in said)
    first, last = picture.figure.axes[0].get_xlim()
    assert all(first < racer.year < last for racer in RACERS.values())


def test_learning_curves_have_the_methods_colours(race):
    """Filled points where the race has cells, hollow ones where others published."""
    picture = plot_learning_curves(race)
    (axes,) = picture.figure.axes
    lines = {line.get_label(): line for line in axes.lines}
    assert lines["MACE"].get_xydata().tolist() == [[50, 40], [200, 20]]
    assert to_hex(lines["ANI"].get_color()).upper() == COLOURS["ani"]
    assert "hollow, to the right: published" in lines
    assert "SchNet" not in lines
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert "/ (meV/Å)" in axes.get_ylabel()


def test_pictures_of_no_results_say_so(race):
    """An empty race is drawn empty, without an error."""
    empty = race.iloc[:0]
    assert "nothing computed yet" in plot_learning_curves(empty).alt
    assert "no cell computed yet" in plot_pareto(empty).alt
    plan = dict(frames=50, n_atoms=9, steps=1e3, hours=1)
    assert "nobody is fast enough" in plot_choice(empty, **plan).alt
    for picture in (plot_learning_curves(empty), plot_pareto(empty)):
        assert picture.png().startswith(b"\x89PNG")


def test_the_front_holds_whom_nobody_beats(race):
    """GAP, slower and worse than MACE, is off it; a twin of equal speed is beaten, too."""
    assert plot_pareto(race, n_train=50).alt.endswith("nobody beats ANI, MACE")
    assert pareto_front({"a": (1, 5), "b": (1, 4), "c": (2, 4)}) == ["b"]


@pytest.mark.parametrize(
    ("plan", "answer"),
    [
        (dict(frames=50, n_atoms=9, steps=1e6, hours=10), "take MACE (40 meV/Å, 2.5 h)"),
        (dict(frames=50, n_atoms=9, steps=1e6, hours=1), "take ANI (80 meV/Å, 0.83 h)"),
        (dict(frames=200, n_atoms=90, steps=1e6, hours=10), "take ANI (40 meV/Å, 8.3 h)"),
        (dict(frames=200, n_atoms=900, steps=1e6, hours=10), "nobody is fast enough"),
        (dict(frames=100, n_atoms=9, steps=1e6, hours=10), "take MACE (28.3 meV/Å, 2.5 h)"),
        (dict(frames=950, n_atoms=9, steps=1e6, hours=10), "nobody is fast enough"),
    ],
)
def test_the_choice_follows_from_plan_and_race(race, plan, answer):
    """10⁶ steps of 9 ms are 2.5 h; ten times the atoms take ten times as long."""
    assert plot_choice(race, **plan).alt.endswith(answer)


def test_a_molecule_that_was_not_raced_is_refused(race):
    """The message names those that were."""
    plan = dict(frames=100, n_atoms=9, steps=1e6, hours=1)
    with pytest.raises(ValueError, match="no race with 'water'; molecules: ethanol, malonaldehyde"):
        plot_choice(race, **plan, molecule="water")


def test_a_round_is_sorted(race):
    """From the lowest to the highest, with the quantity as label."""
    picture = plot_round(race, "ethanol", 50, quantity="ms_per_evaluation")
    assert picture.alt.endswith("ANI 3, MACE 9, GAP 10")


def test_menus_show_the_first_round_and_an_empty_race_speaks(race, capsys):
    """Both controls can be built from a race, and say what is missing without one."""
    explore_race(race)
    choose_method(race)
    assert "no cell" not in capsys.readouterr().out
    explore_race(race.iloc[:0])
    choose_method(race.iloc[:0])
    assert capsys.readouterr().out.count("no cell of the race") == 2


def test_a_difference_of_rounding_is_no_sight():
    """1e-15 of the energy is blind, 1e-10 is seen; the words stand in the cells."""
    picture = plot_seen({"SchNet": {"angle": 1e-15}, "MACE": {"angle": 1e-10}})
    assert picture.alt.endswith("SchNet: nothing; MACE: angle")
    words = [text.get_text() for text in picture.figure.axes[0].texts]
    assert words == ["blind", "sees it: 1 × 10⁻¹⁰"]


def test_shares_within_one_standard_deviation():
    """Of errors -0.5, 1.5 and 3 with bars of 1, 1 and 4 two are covered."""
    sets = {"some": ([1.0, 1.0, 4.0], [-0.5, 1.5, 3.0])}
    picture = plot_uncertainty(sets, quantity="energy", unit="meV")
    assert picture.alt.endswith("within one: some 67 %")
    points = picture.figure.axes[0].collections[0].get_offsets()
    np.testing.assert_allclose(points, [[1, 0.5], [1, 1.5], [4, 3]])
    words = [text.get_text() for text in picture.figure.axes[0].get_legend().get_texts()]
    assert words[0] == "some: 67 % within 1σ, worst 1.5 σ"


def test_an_error_of_zero_stays_on_logarithmic_axes():
    """It is drawn at 1 % of the smallest bar; the share counts it as it is."""
    sets = {"some": ([1.0, 4.0], [0.0, 8.0])}
    picture = plot_uncertainty(sets, quantity="energy", unit="meV", log=True)
    (axes,) = picture.figure.axes
    np.testing.assert_allclose(axes.collections[0].get_offsets(), [[1, 0.01], [4, 8]])
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert picture.alt.endswith("some 50 %")


def test_a_live_race_keeps_one_picture(monkeypatch):
    """Entries one after the other: one display, updated, that ends with both curves."""
    shown = []

    class Handle:
        def update(self, picture):
            shown.append(picture.alt)

    def display(picture, display_id):
        shown.append(picture.alt)
        return Handle()

    monkeypatch.setattr(live, "display", display)
    columns = ["epoch", "seconds", "validation_force_mae", "validation_energy_mae"]
    history = pd.DataFrame([(1, 1.0, 90.0, 9.0), (2, 2.0, 40.0, 3.0)], columns=columns)
    history.attrs["over"] = True
    race = LiveRace()
    race.entry("ANI")(history)
    race.entry("MACE")(history / 2)
    assert list(race.histories) == ["ANI", "MACE"]
    assert len(shown) == 2
    assert "ANI 40 meV/Å, MACE 20 meV/Å" in shown[-1]


def test_rounds_side_by_side_leave_out_the_lower_degrees(race):
    """Three panels, the empty one says so; NequIP with l_max = 0 stands in none."""
    extra = race.iloc[[0]].assign(model="nequip_l0", method="NequIP l_max = 0")
    picture = plot_rounds(pd.concat([race, extra]))
    titles = [axes.get_title() for axes in picture.figure.axes]
    assert titles[0] == "ethanol, 50 frames"
    assert "not computed yet" in titles[2]
    assert "l_max" not in picture.alt
    assert "ethanol, 50 frames: MACE 40, ANI 80, GAP 85" in picture.alt
