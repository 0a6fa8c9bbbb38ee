"""The race in pictures: what is there is drawn, what is missing is not, and who wins follows."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from mlp_course.teaching import (
    COLOURS,
    LiveRace,
    Table,
    choose_method,
    explore_race,
    plot_choice,
    plot_learning_curves,
    plot_pareto,
    plot_rounds,
    plot_seen,
    plot_timeline,
    plot_times,
    plot_uncertainty,
)
from mlp_course.teaching.figures import FewNumbers, colour_of
from mlp_course.teaching.plots.race import QUANTITIES
from mlp_course.teaching.plots.race_cost import pareto_front
from mlp_course.teaching.widgets import live
from mlp_course.teaching.widgets.race import plot_round
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
    assert "nobody is left" in plot_choice(empty, **plan).alt
    assert "not timed yet" in plot_times(empty.assign(ms_by_atoms=None)).alt
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
        (dict(frames=200, n_atoms=99, steps=1e6, hours=4), "take ANI (40 meV/Å, 1.7 h)"),
        (dict(frames=200, n_atoms=99, steps=1e6, hours=1), "nobody is left"),
        (dict(frames=100, n_atoms=9, steps=1e6, hours=10), "take MACE (28.3 meV/Å, 2.5 h)"),
        (dict(frames=950, n_atoms=9, steps=1e6, hours=10), "nobody is left"),
    ],
)
def test_the_choice_follows_from_plan_and_race(race, plan, answer):
    """10⁶ steps of 9 ms are 2.5 h; with 99 atoms the time is the one that was taken there."""
    race["ms_by_atoms"] = [
        {9: ms, 99: 2 * ms if model == "ani" else 10 * ms}
        for model, ms in zip(race["model"], race["ms_per_evaluation"], strict=True)
    ]
    assert plot_choice(race, **plan).alt.endswith(answer)


def test_what_was_not_timed_at_this_size_is_named_and_not_drawn(race):
    """Nothing is assumed about 99 atoms from 9."""
    picture = plot_choice(race, frames=50, n_atoms=99, steps=1e3, hours=1)
    assert "the time is not known; not timed with 99 atoms: GAP, ANI, MACE" in picture.alt
    assert not [text for text in picture.figure.axes[0].texts if text.get_text() == "MACE"]


def test_times_grow_as_they_were_taken(race):
    """One curve a method beside the line of proportion; without times the picture says so."""
    assert "not timed yet" in plot_times(race.assign(ms_by_atoms=None), n_train=50).alt
    race["ms_by_atoms"] = [{9: 4.0, 99: 6.0, 999: 50.0}, *[None] * (len(race) - 1)]
    picture = plot_times(race, n_train=50)
    assert picture.alt.endswith("9 to 999: MACE 4 to 50")
    lines = {line.get_label(): line for line in picture.figure.axes[0].lines}
    assert lines["MACE"].get_ydata().tolist() == [4.0, 6.0, 50.0]
    assert lines["in proportion"].get_ydata() == pytest.approx([4.0, 444.0])


def test_names_of_near_points_do_not_cover_each_other(race):
    """SchNet and ANI differ by a tenth in time and hardly in error; both can be read."""
    rows = [("schnet", 14.5, 4.4), ("ani", 14.8, 5.1), ("mace", 8.1, 18.7), ("gap", 14.4, 28.8)]
    near = pd.DataFrame(rows, columns=["model", "force_mae", "ms_per_evaluation"])
    near = near.assign(method=near["model"].map(NAMES), molecule="ethanol", n_train=950)
    picture = plot_pareto(near)
    picture.png()
    (axes,) = picture.figure.axes
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) == 4
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[:n])
    marks = [
        axes.transData.transform(row) for row in near[["ms_per_evaluation", "force_mae"]].values
    ]
    assert not any(box.contains(*mark) for box in boxes for mark in marks)


@pytest.mark.parametrize("ends", [(8, 18), (8, 30), (25, 60), (1, 9), (0.03, 400), (1e-7, 1e7)])
def test_a_short_logarithmic_axis_has_numbers_enough(ends):
    """At least four between the ends, and not so many that they touch."""
    places = FewNumbers().tick_values(*ends)
    assert 4 <= sum(ends[0] <= place <= ends[1] for place in places) <= 9


def test_a_table_is_flush_left_and_escapes_what_it_shows():
    """Every cell says so; a sign of HTML stays a sign."""
    shown = Table(pd.DataFrame({"claim": ["low < high"], "factor": [2.5]}))._repr_html_()
    assert shown.count("text-align:left") == 4
    assert "low &lt; high" in shown
    assert "<td" in shown
    assert "2.5" in shown


def test_a_molecule_that_was_not_raced_is_refused(race):
    """The message names those that were."""
    plan = dict(frames=100, n_atoms=9, steps=1e6, hours=1)
    with pytest.raises(ValueError, match="no race with 'water'; molecules: ethanol, malonaldehyde"):
        plot_choice(race, **plan, molecule="water")
    for draw in (plot_learning_curves, plot_pareto, plot_times):
        with pytest.raises(ValueError, match="no race with 'water'; molecules: ethanol"):
            draw(race, molecule="water")
    with pytest.raises(ValueError, match="no race with 'water'; molecules: ethanol"):
        plot_round(race, "water", 50, quantity="force_mae")


def test_a_quantity_that_was_not_measured_is_refused(race):
    """By name; learning curves exist of errors only, because others publish nothing else."""
    with pytest.raises(ValueError, match=r"quantity must be one of force_mae, .*; got 'ms'"):
        plot_round(race, "ethanol", 50, quantity="ms")
    with pytest.raises(ValueError, match="energy_mae_total; got 'ms_per_evaluation'"):
        plot_learning_curves(race, quantity="ms_per_evaluation")


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
    """1e-15 of the energy is blind, 1e-10 is seen, 1.6 is 160 %; the words stand in the cells."""
    picture = plot_seen({"SchNet": {"a": 1e-15}, "MACE": {"a": 1e-10}, "PaiNN": {"a": 1.6}})
    assert picture.alt.endswith("SchNet: nothing; MACE: a; PaiNN: a")
    words = [text.get_text() for text in picture.figure.axes[0].texts]
    assert words == ["blind", "sees it: 1 × 10⁻¹⁰", "sees it: 160 %"]


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


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.filterwarnings("error")
def test_a_bar_of_zero_is_counted_and_not_divided_by(log):
    """The worst is that of the others, 1.5 σ, and the legend says how many have no bar."""
    sets = {"some": ([0.0, 1.0, 4.0], [0.5, 1.5, 3.0])}
    picture = plot_uncertainty(sets, quantity="energy", unit="meV", log=log)
    words = [text.get_text() for text in picture.figure.axes[0].get_legend().get_texts()]
    assert words[0] == "some: 33 % within 1σ, worst 1.5 σ (1 with σ = 0)"
    assert picture.png().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("sigma", "message"),
    [
        ([1.0, 2.0], "one deviation for each error; 'some' has 2 and 1"),
        ([-1.0], "must not be negative, .*; 'some' has -1 to 0"),
        ([0.0], "some must be above 0; 'some' has 0 to 0"),
        ([float("nan")], "must not be negative, .*; 'some' has nan to nan"),
    ],
)
def test_bars_that_are_none_are_refused(sigma, message):
    """Negative, all zero, not a number, or not one for each error."""
    with pytest.raises(ValueError, match=message):
        plot_uncertainty({"some": (sigma, [1.0])}, quantity="energy", unit="meV")


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
    picture = plot_rounds(pd.concat([race, extra]).assign(train_seconds=600.7))
    titles = [axes.get_title() for axes in picture.figure.axes]
    assert titles[0] == "ethanol, 50 frames\nup to 10 min"
    assert "not computed yet" in titles[2]
    assert "l_max" not in picture.alt
    assert "ethanol, 50 frames: MACE 40, ANI 80, GAP 85" in picture.alt
