"""Plots: right numbers at the right place, axes with units, words for who cannot see them."""

import numpy as np
import pandas as pd
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator
from matplotlib.colors import to_hex

from mlp_course.simulation import energy_drift, run_nve
from mlp_course.teaching import (
    COLOURS,
    LiveCurve,
    plot_bars,
    plot_energy_conservation,
    plot_history,
    plot_labels,
    plot_lines,
    plot_parity,
)
from mlp_course.teaching.figures import ALARM, GOOD, NEUTRAL
from mlp_course.teaching.widgets import live
from mlp_course.validation import evaluate


def labelled(n_frames, seed):
    """Copper pairs with random labels."""
    rng = np.random.default_rng(seed)
    frames = []
    for energy in rng.normal(size=n_frames):
        atoms = Atoms("Cu2", [[0, 0, 0], [0, 0, 2.4 + 0.05 * energy]])
        forces = rng.normal(size=(2, 3))
        atoms.calc = SinglePointCalculator(atoms, energy=energy - 100.0, forces=forces)
        frames.append(atoms)
    return frames


def history(n_epochs):
    """A history as fit writes it, with errors that fall."""
    epochs = np.arange(1, n_epochs + 1)
    return pd.DataFrame(
        {
            "epoch": epochs,
            "step": 10 * epochs,
            "seconds": 2.0 * epochs,
            "learning_rate": 1e-3,
            "train_loss": 1.0 / epochs,
            "validation_energy_mae": 8.0 / epochs,
            "validation_force_mae": 120.0 / epochs,
        }
    )


@pytest.fixture(scope="module")
def nve():
    """A short run of copper with its drift."""
    copper = bulk("Cu").repeat(2)
    copper.calc = EMT()
    run = run_nve(copper, steps=200, temperature=300, progress=False)
    return run, energy_drift(run)


@pytest.fixture(scope="module")
def pictures(nve):
    """One picture of every kind."""
    return {
        "labels": plot_labels({"train": labelled(30, 0), "test": labelled(20, 1)}),
        "history": plot_history({"SchNet": history(4)}),
        "parity": plot_parity({"EMT": evaluate(EMT(), labelled(10, 0))}),
        "bars": plot_bars({"schnet": 22.0, "painn": 14.5}, quantity="force MAE / (meV/Å)"),
        "conservation": plot_energy_conservation({"emt": nve}),
        "lines": plot_lines({"MACE": ([1, 10], [3, 1])}, x="frames", y="MAE / (meV/Å)", log="xy"),
    }


KINDS = ["labels", "history", "parity", "bars", "conservation", "lines"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_is_a_small_png_with_words(pictures, kind):
    """A notebook gets an image under 100 kB with a description; so does a screen reader."""
    data, metadata = pictures[kind]._repr_mimebundle_()
    png = pictures[kind].png()
    assert png.startswith(b"\x89PNG")
    assert len(png) < 100_000
    assert data["text/plain"] == metadata["image/png"]["alt"] == repr(pictures[kind])
    assert len(pictures[kind].alt) > 20


@pytest.mark.parametrize("kind", KINDS)
def test_every_axis_carries_quantity_and_unit(pictures, kind):
    """Each axis with numbers names its quantity, and its unit unless it is a plain count."""
    for axes in pictures[kind].figure.axes:
        labels = [axes.get_xlabel()] + ([axes.get_ylabel()] if kind != "bars" else [])
        for text in labels:
            assert text
            assert "/" in text or text == "frames", text


def test_a_method_has_its_colour_everywhere():
    """SchNet is blue in a history as in a bar chart, however its name goes on."""
    curves = plot_history({"PaiNN": history(2), "SchNet": history(3)}).figure.axes[0].lines
    assert [to_hex(line.get_color()).upper() for line in curves] == [
        COLOURS["painn"],
        COLOURS["schnet"],
    ]
    bars = plot_bars({"schnet (90 s)": 1.0}, quantity="x / y").figure.axes[0].patches
    assert to_hex(bars[0].get_facecolor()).upper() == COLOURS["schnet"]
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_histories_show_their_numbers():
    """Force errors left, energy errors right, against time, steps or epochs."""
    left, right = plot_history({"a": history(3)}, against="step").figure.axes
    np.testing.assert_allclose(left.lines[0].get_xydata(), [[10, 120], [20, 60], [30, 40]])
    np.testing.assert_allclose(right.lines[0].get_ydata(), [8, 4, 8 / 3])
    assert (left.get_xlabel(), right.get_xlabel()) == ("steps", "steps")
    assert "last force MAE: a 40 meV/Å" in plot_history({"a": history(3)}).alt


def test_energies_are_shown_above_the_lowest_frame():
    """The zero of energy is the lowest frame of all sets."""
    frames = labelled(30, 0)
    left, _ = plot_labels({"set": frames}).figure.axes
    energies = [atoms.get_potential_energy() for atoms in frames]
    corners = left.patches[0].get_xy()[:, 0]
    assert corners.min() == pytest.approx(0.0, abs=1e-9)
    assert corners.max() == pytest.approx(np.ptp(energies))


def test_parity_shows_reference_across_and_prediction_up():
    """A model that is right lies on the diagonal; energies are counted from the mean reference."""
    frames = []
    for distance in np.linspace(2.2, 2.8, 6):
        atoms = Atoms("Cu2", [[0, 0, 0], [0, 0, distance]], calculator=EMT())
        energy, forces = atoms.get_potential_energy(), atoms.get_forces()
        atoms.calc = SinglePointCalculator(atoms, energy=energy + 1.0, forces=forces)
        frames.append(atoms)
    picture = plot_parity({"EMT": evaluate(EMT(), frames)})
    left, right = picture.figure.axes
    points = np.asarray(left.collections[0].get_offsets())
    np.testing.assert_allclose(points[:, 1] - points[:, 0], -1.0, atol=1e-9)
    assert points[:, 0].mean() == pytest.approx(0.0, abs=1e-9)
    forces = np.asarray(right.collections[0].get_offsets())
    np.testing.assert_allclose(forces[:, 0], forces[:, 1], atol=1e-9)
    assert "500.0 meV/atom, 0.0 meV/Å" in picture.alt


def test_conservation_shows_milli_electronvolts_an_atom_against_picoseconds(nve):
    """The curve is the total energy from its mean, the line has the slope of the drift."""
    run, drift = nve
    (axes,) = plot_energy_conservation({"emt": nve}).figure.axes
    curve, line = axes.lines
    total = 1000 * run.log["total_energy"].to_numpy() / run.n_atoms
    np.testing.assert_allclose(curve.get_ydata(), total - total.mean(), atol=1e-9)
    np.testing.assert_allclose(curve.get_xdata(), run.log["time"] / 1000)
    slope = np.polyfit(line.get_xdata(), line.get_ydata(), 1)[0]
    assert slope == pytest.approx(drift.slope, abs=1e-9)


def test_bars_stand_in_the_order_given_with_their_numbers():
    """First on top, number written beside, error bars where given."""
    (axes,) = plot_bars(
        {"one": 3.0, "two": 1.0}, quantity="time / s", errors={"one": 0.5}
    ).figure.axes
    assert [bar.get_width() for bar in axes.patches] == [3.0, 1.0]
    assert [text.get_text().strip() for text in axes.texts] == ["3", "1"]
    assert axes.yaxis_inverted()


def test_lines_take_logarithmic_axes_where_asked():
    """log="x" changes one axis only."""
    (axes,) = plot_lines({"a": ([1, 10], [3, 1])}, x="n / 1", y="e / eV", log="x").figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")


def test_a_height_can_be_marked():
    """A target is a dotted line across, with its name."""
    (axes,) = plot_lines({"a": ([0, 1], [3, 1])}, x="r / Å", y="e / eV", marks={"2": 2}).figure.axes
    assert list(axes.lines[-1].get_ydata()) == [2, 2]
    assert [text.get_text() for text in axes.texts] == ["2"]


def test_the_live_curve_is_drawn_once_and_then_updated(monkeypatch):
    """One picture in the notebook that grows; between two drawings at least the time asked for."""
    shown, updated = [], []

    class Handle:
        def update(self, picture):
            updated.append(picture.alt)

    def display(picture, display_id):
        shown.append(picture.alt)
        return Handle()

    monkeypatch.setattr(live, "display", display)
    curve = LiveCurve("schnet", every=0.0)
    for n in (1, 2, 3):
        curve(history(n))
    assert (len(shown), len(updated)) == (1, 2)
    assert "schnet 40 meV/Å" in updated[-1]

    shown.clear(), updated.clear()
    slow = LiveCurve("schnet", every=1000.0)
    slow(history(1))
    slow(history(2))  # too early
    assert (len(shown), len(updated)) == (1, 0)
    ended = history(3)
    ended.attrs["over"] = True
    slow(ended)
    assert (len(shown), len(updated)) == (1, 1)


def test_bars_of_one_method_have_its_colour_whatever_they_are_called():
    """Six test sets of PaiNN are six bars in PaiNN's colour; without the method they are grey."""
    errors = {"300 K": 6.0, "rattled": 300.0}
    drawn = [plot_bars(errors, quantity="MAE", method=m).figure.axes[0] for m in ("PaiNN", None)]
    for axes, colour in zip(drawn, (COLOURS["painn"], NEUTRAL), strict=True):
        assert {to_hex(bar.get_facecolor()).upper() for bar in axes.patches} == {colour}


def test_what_fails_has_no_colour_of_a_method():
    """Red for an alarm and green for what holds are no potential's, so no bar is read as one."""
    assert not {ALARM, GOOD} & set(COLOURS.values())
