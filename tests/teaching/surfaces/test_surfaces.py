"""The walk moves everything at once, and the map says what it shows."""

import pandas as pd
import pytest
from ase.build import molecule

from mlp_course.teaching import SurfaceExplorer, plot_accuracy_and_time

AXES = {"x": "angle / °", "y": "energy / meV"}
CURVES = {"PBE": [0.0, 20.0, 5.0], "Force field": [0.0, 900.0, 6.0]}


def walk(**options):
    frames = [molecule("H2O") for _ in range(3)]
    for number, atoms in enumerate(frames):
        atoms.positions[0, 2] += 0.1 * number
    return SurfaceExplorer(frames, [0, 90, 180], CURVES, at=0, **AXES, **options)


def test_the_slider_moves_molecule_picture_and_words():
    """One step of the slider changes the 3D frame, the drawn rings and the sentence."""
    explorer = walk()
    explorer.widget  # noqa: B018 - drawn when asked for
    before = explorer.image.value
    explorer.slider.value = 1
    assert explorer.frame == 1
    assert explorer.view.frame == 1
    assert explorer.image.value != before
    assert "PBE 20, Force field 900" in explorer.said.value


def test_setting_the_frame_moves_the_slider():
    """The walk can be led from code, too."""
    explorer = walk()
    explorer.widget  # noqa: B018
    explorer.frame = 2
    assert explorer.slider.value == 2


def test_a_reader_without_kernel_sees_the_picture():
    """The stored cell holds a PNG with its description beside the widget."""
    data, meta = walk()._repr_mimebundle_()
    assert {"image/png", "text/plain", "application/vnd.jupyter.widget-view+json"} <= set(data)
    assert "PBE 0.0, Force field 0.0" in meta["image/png"]["alt"]


def test_a_curve_may_leave_the_picture():
    """With a top, the others stay readable; the words still say the number."""
    explorer = walk(top=50.0)
    assert explorer.picture().figure.axes[1].get_ylim()[1] == 50.0
    explorer.frame = 1
    assert "Force field 900" in repr(explorer)


def test_curves_of_other_lengths_and_frames_beyond_are_refused():
    """Three frames have three numbers and end at frame 2."""
    with pytest.raises(ValueError, match="PBE must have one number a frame, 3; got 2"):
        SurfaceExplorer([molecule("H2O")] * 3, [0, 1, 2], {"PBE": [0.0, 1.0]}, at=0, **AXES)
    with pytest.raises(ValueError, match="frame must be from 0 to 2; got 3"):
        walk().frame = 3


def test_the_map_says_how_much_faster():
    """5 s against 1 ms is 5,000 times; two digits, since times jitter."""
    table = pd.DataFrame({"seconds": [1.04e-3], "force_mae": [12.0]}, index=["PaiNN"])
    picture = plot_accuracy_and_time(table, reference={"PBE": 5.0})
    assert "PaiNN 12 meV/Å in 1 ms, 4,800 times faster than PBE (5 s)" in picture.alt


def test_a_method_in_the_promised_corner_lies_in_it():
    """The shaded corner ends at a 10⁴-th of the reference's time and at the force target."""
    table = pd.DataFrame({"seconds": [1e-5], "force_mae": [20.0]}, index=["PaiNN"])
    axes = plot_accuracy_and_time(table, reference={"PBE": 1.0}).figure.axes[0]
    corner = axes.patches[0]
    assert corner.get_x() == pytest.approx(1e-6)
    assert corner.get_x() + corner.get_width() == pytest.approx(1e-4)
    assert corner.get_y() + corner.get_height() == pytest.approx(100.0)


@pytest.mark.parametrize(("seconds", "reference"), [(0.0, {"PBE": 1.0}), (1.0, {})])
def test_a_map_needs_positive_times_and_one_reference(seconds, reference):
    """Logarithmic axes have no zero."""
    table = pd.DataFrame({"seconds": [seconds], "force_mae": [20.0]}, index=["PaiNN"])
    with pytest.raises(ValueError, match=r"must be (positive|one method)"):
        plot_accuracy_and_time(table, reference=reference)
