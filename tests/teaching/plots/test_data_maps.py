"""Maps and matrices of data sets show the numbers they are given."""

import numpy as np
import pandas as pd
import pytest
from ase.build import bulk, fcc111, molecule

from mlp_course.sampling import CU_CO2, METHANOL_CU, PrincipalMap, energy_histogram
from mlp_course.teaching import (
    plot_energy_rows,
    plot_map,
    plot_matrix,
    plot_selection,
    plot_structures,
)
from mlp_course.teaching.plots.data_maps import sign_of
from mlp_course.teaching.widgets.planner import changed_plan, plot_plan

PLANE = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0], [4.0, 3.0]])


def test_a_data_type_has_its_colour_wherever_it_stands():
    """The fifth type drawn first looks as it does drawn last; other names follow the order."""
    assert sign_of("defect", 0) == sign_of("defect", 4)
    assert sign_of("ethanol", 0) != sign_of("ethanol", 1)


def test_the_map_counts_from_the_middle_of_the_first_set():
    """Points keep their distances; the middle of the first set is the origin."""
    picture = plot_map({"path": PLANE[:2], "random": PLANE[2:]}, PrincipalMap.fit(PLANE))
    path, random = (np.asarray(c.get_offsets()) for c in picture.figure.axes[0].collections)
    assert np.allclose(path.mean(axis=0), 0, atol=1e-12)
    assert np.linalg.norm(random[0] - path[0]) == pytest.approx(3.0)


def test_the_marked_frame_lies_on_its_point():
    """The ring is drawn around the frame that is named, also on a stretched map."""
    sets = {"path": PLANE[:2], "random": PLANE[2:]}
    how = dict(frame=bulk("Cu"), at=("random", 1), stretched=True)
    picture = plot_map(sets, PrincipalMap.fit(PLANE), **how)
    axes = picture.figure.axes[1]
    ring = axes.lines[0].get_xydata()[0]
    assert np.allclose(ring, np.asarray(axes.collections[1].get_offsets())[1])
    assert picture.alt.endswith("marked: random 1")


def test_a_selection_says_how_far_the_worst_frame_is_left():
    """With opposite corners picked, the others are 3 away; with two on one side, 4 or more."""
    picks = {"opposite": [0, 3], "one side": [0, 2]}
    picture = plot_selection(PLANE, PrincipalMap.fit(PLANE), picks)
    assert "opposite 3.00, one side 4.00" in picture.alt


def test_energy_rows_keep_the_range_of_each_set():
    """A row begins and ends with the energies of its own set."""
    table = energy_histogram({"path": [0.02], "random": [0.10, 0.35]}, bin_width=0.1)
    assert "path from 0.00 to 0.10, random from 0.10 to 0.40" in plot_energy_rows(table).alt


def test_what_is_worse_than_the_limit_is_crossed_out():
    """A cross of two lines is drawn behind the one entry above the limit of its column."""
    table = pd.DataFrame({"path": [1.0, 20.0], "random": [50.0, 60.0]}, index=["path", "random"])
    names = dict(quantity="MAE", rows="trained on", columns="tested on")
    picture = plot_matrix(table, **names, hopeless=pd.Series({"path": 10.0}))
    rising, falling = picture.figure.axes[0].lines
    for line in (rising, falling):
        assert line.get_xdata().mean() == pytest.approx(0)
        assert line.get_ydata().mean() == pytest.approx(1)
    assert np.ptp(rising.get_xdata()) > 0
    assert rising.get_ydata()[0] == falling.get_ydata()[1]
    assert "path 20.0 (hopeless)" in picture.alt


def test_an_empty_entry_stays_empty():
    """NaN on a diagonal is neither drawn nor said."""
    table = pd.DataFrame({"a": [np.nan, 2.0], "b": [1.0, np.nan]}, index=["a", "b"])
    picture = plot_matrix(table, quantity="%", rows="labelled", columns="needed")
    assert [text.get_text() for text in picture.figure.axes[0].texts] == ["1.0", "2.0"]


def test_a_slab_is_seen_from_the_side():
    """Its layers lie above each other: along the picture's y they are as far apart as along z."""
    slab = fcc111("Cu", (1, 1, 3), vacuum=4)
    picture = plot_structures({"slab": slab})
    heights = sorted(patch.center[1] for patch in picture.figure.axes[0].patches)
    layers = sorted(slab.positions[:, 2])
    assert np.ptp(heights) == pytest.approx(np.ptp(layers), rel=0.2)


def test_structures_of_different_size_are_all_named():
    """One panel each, with formula in the words for who cannot see them."""
    picture = plot_structures({"water": molecule("H2O"), "copper": bulk("Cu", cubic=True)})
    assert len(picture.figure.axes) == 2
    assert picture.alt == "Structures: water (H2O), copper (Cu4)"


def test_the_chapters_plans_are_drawn_with_their_numbers():
    """5,000 configurations, 60 % dynamics; 4,000 for methanol, which never gets hot enough."""
    assert "5000 configurations" in plot_plan(CU_CO2).alt
    bars = plot_plan(CU_CO2).figure.axes[0].texts
    assert "3,000 (60 %)" in bars[1].get_text()
    assert "No margin in temperature" in plot_plan(METHANOL_CU).alt


def test_one_more_temperature_gives_the_margin():
    """The warning of the methanol plan goes when dynamics is hotter than the use."""
    counts = [part.n_frames for part in METHANOL_CU.parts]
    hotter = changed_plan(METHANOL_CU, counts, hours=1.0, hottest=700)
    assert not [text for text in hotter.warnings() if "margin" in text]


def test_a_slider_at_zero_leaves_its_part_out():
    """Without paths the plan has four parts, and says what is missing."""
    plan = changed_plan(CU_CO2, [500, 3000, 0, 500, 500], hours=1.0)
    assert len(plan.parts) == 4
    assert any("transition states" in text for text in plan.warnings())
