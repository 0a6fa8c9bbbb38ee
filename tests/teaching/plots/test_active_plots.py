"""Pictures of active learning: right numbers at the right place, axes with units, alt text."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from mlp_course.active_learning import Uncertainty, find_threshold, miscalibration_area
from mlp_course.teaching import (
    LiveLoop,
    plot_calibration,
    plot_error_by_spread,
    plot_labels_needed,
    plot_loop,
    plot_spread_along,
    plot_strategies,
    plot_transfer,
)
from mlp_course.teaching.plots import active
from mlp_course.teaching.plots.active import STRATEGY_COLOURS


def record(scale: float = 1.0, n: int = 200) -> Uncertainty:
    """Normal errors, announced ``scale`` times too wide."""
    rng = np.random.default_rng(0)
    spreads = rng.uniform(0.1, 0.5, n)
    return Uncertainty(spreads * rng.standard_normal(n), scale * spreads, "eV/Å")


def rounds() -> pd.DataFrame:
    """Three rounds; the last one only trains."""
    return pd.DataFrame(
        {
            "n_labels": [30, 45, 60],
            "validation_force_mae": [40.0, 35.0, 30.0],
            "force_mae": [300.0, 150.0, 120.0],
            "explored": [20, 60, 0],
            "uncertain": [19, 30, 0],
            "mean_time": [50.0, 150.0, 0.0],
        }
    )


def test_the_rounds_stand_where_they_belong():
    """Errors at their labels; the share of uncertain frames in percent; no point without a look."""
    picture = plot_loop(rounds(), target=100)
    left, middle, right = picture.figure.axes
    np.testing.assert_allclose(left.lines[0].get_xydata(), [[30, 300], [45, 150], [60, 120]])
    np.testing.assert_allclose(middle.lines[0].get_xydata(), [[30, 95], [45, 50]])
    np.testing.assert_allclose(right.lines[0].get_xydata(), [[30, 50], [45, 150]])
    assert "meV/Å" in left.get_ylabel()
    assert "fs" in right.get_ylabel()
    assert "300 to 120 meV/Å, uncertain frames 95 to 50 %" in picture.alt


def test_a_loop_without_test_frames_shows_its_validation():
    """No force MAE on test frames: the validation error is what the words say."""
    picture = plot_loop(rounds().assign(force_mae=np.nan))
    assert len(picture.figure.axes[0].lines) == 1
    assert "40 to 30 meV/Å" in picture.alt


def test_the_live_picture_is_one_picture(monkeypatch):
    """First display, then an update in the same place, one a round."""
    shown = []

    class Handle:
        def update(self, picture):
            shown.append(("update", picture.alt))

    def display(picture, display_id):
        shown.append(("display", picture.alt))
        return Handle()

    monkeypatch.setattr(active, "display", display)
    live = LiveLoop()
    live(rounds()[:1])
    live(rounds())
    assert [kind for kind, _ in shown] == ["display", "update"]
    assert "30 to 60 labels" in shown[1][1]


def test_the_calibration_curve_is_drawn_with_its_area():
    """Each curve runs from 0 to 100 % and names its miscalibration area."""
    records = {"honest": record(), "short": record(0.4)}
    picture = plot_calibration(records)
    axes = picture.figure.axes[0]
    for line, (name, own) in zip(axes.lines, records.items(), strict=False):
        assert line.get_xydata()[[0, -1]].tolist() == [[0, 0], [100, 100]]
        assert line.get_label() == f"{name}: area {miscalibration_area(own):.2f}"
    below = axes.lines[1].get_xydata()[1:-1]
    assert (below[:, 1] < below[:, 0]).all()


def test_the_threshold_is_drawn_at_its_value_and_its_limit():
    """A vertical line at the spread, a horizontal one at the error that is not wanted."""
    own = record()
    found = find_threshold(own, limit=0.4, wanted=0.8)
    picture = plot_error_by_spread({"frames": own}, quantity="force", threshold=found)
    places = [line.get_xydata().tolist() for line in picture.figure.axes[0].lines]
    assert [[found.value, 0], [found.value, 1]] in places
    assert [[0, 0.4], [1, 0.4]] in places
    assert picture.figure.axes[0].get_xlabel().endswith("/ (eV/Å)")
    assert picture.figure.axes[0].get_ylabel() == "|error| / (eV/Å)"


def test_records_of_two_units_do_not_share_an_axis():
    """eV and eV/Å in one picture are refused; so is none at all."""
    energies = Uncertainty([0.1, 0.2], [0.1, 0.1], "eV")
    with pytest.raises(ValueError, match="must have one unit"):
        plot_error_by_spread({"a": record(), "b": energies}, quantity="force")
    with pytest.raises(ValueError, match="no record"):
        plot_error_by_spread({}, quantity="force")


@pytest.mark.parametrize("log", [False, True])
def test_along_a_path_every_member_has_its_line(log):
    """Members, mean and reference, counted from the lowest reference; a stroke for the known."""
    energies = np.array([[5.0, 5.2], [5.0, 5.4]])
    picture = plot_spread_along(
        [0.0, 1.0], x="ξ / Å", energies=energies, reference=[5.0, 5.1], spreads=[0.1, 0.2],
        errors=[0.1, 0.5], known=[0.3], limit=0.15, log=log,
    )  # fmt: skip
    left, right = picture.figure.axes
    heights = [line.get_ydata()[-1] for line in left.lines[:4]]
    np.testing.assert_allclose(heights, [0.2, 0.4, 0.3, 0.1])
    assert right.get_yscale() == ("log" if log else "linear")
    assert left.get_xlabel() == right.get_xlabel() == "ξ / Å"


def measurement() -> pd.DataFrame:
    """Two strategies, two repeats, two sizes."""
    rows = [
        (strategy, repeat, n, factor * 1000 / n + repeat)
        for strategy, factor in (("active", 1.0), ("random", 2.0))
        for repeat in (0, 1)
        for n in (20, 40)
    ]
    return pd.DataFrame(rows, columns=["strategy", "repeat", "n_labels", "force_mae"])


def test_strategies_show_mean_and_spread_of_the_repeats():
    """Means of two repeats; each strategy in its own colour of the course; the words say both."""
    picture = plot_strategies(measurement(), target=40)
    axes = picture.figure.axes[0]
    bars = dict(zip(("active", "random"), axes.containers, strict=True))
    for name, container in bars.items():
        line = container.lines[0]
        assert to_hex(line.get_color()).upper() == STRATEGY_COLOURS[name]
    np.testing.assert_allclose(bars["active"].lines[0].get_xydata()[:, 1], [50.5, 25.5])
    assert "active from 50.5 to 25.5, random from 100 to 50.5 meV/Å" in picture.alt
    with pytest.raises(ValueError, match="missing: repeat"):
        plot_strategies(measurement().drop(columns="repeat"))


def test_a_target_that_was_not_reached_has_no_bar():
    """Most of the repeats without it: no median, and the words say so."""
    needed = pd.DataFrame({"active": [80.0, 85.0, 90.0], "random": [np.nan, 150.0, np.nan]})
    picture = plot_labels_needed(needed)
    assert len(picture.figure.axes[0].patches) == 1
    assert picture.figure.axes[0].patches[0].get_width() == 85
    assert "random not reached (2 of 3 did not reach it)" in picture.alt


def test_transfer_has_a_panel_for_each_test_set():
    """Three learning curves and two lines for what saw no PBE label, in both panels."""
    rows = [
        ("alone", 50, 60.0, 55.0, 64.0, 3),
        ("fine_tune", 50, 23.0, 22.0, 25.0, 3),
        ("delta", 50, 24.0, 23.0, 26.0, 3),
        ("xtb", 0, 350.0, 350.0, 350.0, 1),
        ("pretrained", 0, 352.0, 351.0, 353.0, 3),
    ]
    columns = ["way", "n_labels", "mean", "low", "high", "repeats"]
    table = pd.DataFrame(rows, columns=columns)
    picture = plot_transfer({"500 K": table, "1000 K": table})
    assert [axes.get_title() for axes in picture.figure.axes] == ["500 K", "1000 K"]
    named = {text.get_text() for text in picture.figure.legends[0].get_texts()}
    assert named == set(active.WAYS.values())
    assert "1000 K: Δ-learning (PBE − xTB), 50: 24 meV/Å" in picture.alt
