"""Pictures of long runs say what is in them."""

import numpy as np
import pandas as pd
import pytest
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.simulation import AlarmLimits, load_throughput, run_stages
from mlp_course.simulation.stages import StagedRun
from mlp_course.teaching import plot_stages, plot_throughput


@pytest.fixture(scope="module")
def stopped():
    """Copper whose watching ensemble disagrees by 0.01 eV/Å more each frame."""
    atoms, calls = bulk("Cu", cubic=True), []
    atoms.calc = EMT()

    def spread(atoms):
        calls.append(atoms)
        return 0.01 * len(calls)

    options = dict(steps=50, uncertainty=spread, limits=AlarmLimits(uncertainty=0.085))
    return run_stages(atoms, (300, 500, 700), progress=False, **options)


def test_the_alarm_is_marked_in_all_three_panels(stopped):
    """A red line at the last frame, 15 fs into the second stage; the words say which alarm."""
    picture = plot_stages(stopped, threshold=0.085)
    panels = picture.figure.axes
    assert [axes.get_ylabel().split("\n")[0] for axes in panels] == [
        "temperature / K", "potential energy", "uncertainty / (eV/Å)",
    ]  # fmt: skip
    end = stopped.log["elapsed"].iloc[-1] / 1000
    for axes in panels:
        red = [line for line in axes.lines if line.get_color() == "#CC3311"]
        assert [line.get_xdata()[0] for line in red] == [end]
    assert panels[-1].get_xlabel() == "time / ps"
    assert any("alarm: uncertainty" in text.get_text() for text in panels[-1].texts)
    assert "stopped in the stage of 500 K: the uncertainty reached 0.09 eV/Å" in picture.alt


def test_the_curves_are_those_of_the_log(stopped):
    """Temperature and uncertainty as logged, against the time since the first stage."""
    panels = plot_stages(stopped).figure.axes
    log = stopped.log
    for axes, name in ((panels[0], "temperature"), (panels[2], "uncertainty")):
        x, y = axes.lines[0].get_data()
        assert np.allclose(x, log["elapsed"] / 1000)
        assert np.allclose(y, log[name])


def test_nothing_to_show_is_said():
    """No stage was begun, or no system timed."""
    with pytest.raises(ValueError, match="there is no frame to show"):
        plot_stages(StagedRun((300.0,), []))
    with pytest.raises(ValueError, match=r"measure with benchmarks/production\.py"):
        plot_throughput(pd.DataFrame())


def test_every_stored_system_has_its_curve():
    """Seven curves and the line of proportion; both axes logarithmic, with units."""
    table, _ = load_throughput()
    picture = plot_throughput(table)
    (axes,) = picture.figure.axes
    labels = [line.get_label() for line in axes.lines]
    wanted = {f"{p}, {s}" for p, s in zip(table["potential"], table["system"], strict=True)}
    assert wanted == set(labels[:-1])
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_ylabel() == "speed on one thread / (ns/day)"
    for name in wanted:
        assert name in picture.alt
