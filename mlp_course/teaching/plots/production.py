"""Long runs in pictures: stages of heating with what stopped them, and nanoseconds a day."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from mlp_course.simulation.stages import StagedRun
from mlp_course.teaching.figures import (
    ALARM,
    MARKERS,
    NEUTRAL,
    SERIES,
    Picture,
    colour_of,
    label_axes,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINES = {"ethanol gas": "-", "ethanol dense": "--", "Cu crystal": "-."}
_ROWS = {
    "temperature": ("temperature / K", SERIES[0]),
    "potential": ("potential energy\nabove the start / eV", SERIES[2]),
    "uncertainty": ("uncertainty / (eV/Å)", SERIES[1]),
}


def plot_stages(staged: StagedRun, *, threshold: float | None = None) -> Picture:
    """Show temperature, potential energy and uncertainty against time, stage by stage.

    Args:
        staged: from ``run_stages``; its alarm is marked in all panels.
        threshold: uncertainty at which the run stops, in eV/Å, drawn as a line.

    Raises:
        ValueError: if no stage has a frame.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> from mlp_course.simulation import run_stages
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> plot_stages(run_stages(copper, (300, 500), steps=20, progress=False))
        Temperature and potential energy against time in stages of 300, 500 K; all finished
    """
    if not staged.runs:
        raise ValueError(f"there is no frame to show: {staged!r}")
    log = staged.log
    log["potential"] = log["potential_energy"] - log["potential_energy"].iloc[0]
    shown = [name for name in _ROWS if name in log]
    figure, panels = _stack(len(shown))
    picoseconds = log["elapsed"].to_numpy() / 1000
    for axes, name in zip(panels, shown, strict=True):
        label, colour = _ROWS[name]
        axes.plot(picoseconds, log[name], color=colour, linewidth=1.0)
        axes.set_ylabel(label)
        _mark_stages(axes, log, staged)
    _name_stages(panels[0], log)
    if "uncertainty" in shown and threshold is not None:
        panels[-1].axhline(threshold, color="black", linestyle="--", linewidth=1.0)
        panels[-1].text(0.0, threshold, " threshold", va="bottom", fontsize=8)
        panels[-1].set_ylim(0, 1.15 * max(threshold, log["uncertainty"].max()))
    panels[-1].set_xlabel("time / ps")
    names = {"potential": "potential energy"}
    words = [names.get(name, name) for name in shown]
    quantities = f"{', '.join(words[:-1])} and {words[-1]}".capitalize()
    asked = ", ".join(f"{temperature:g}" for temperature in staged.temperatures)
    return Picture(figure, f"{quantities} against time in stages of {asked} K; {_end(staged)}")


def _end(staged: StagedRun) -> str:
    """What became of it, in words."""
    if staged.stopped is None:
        return "all finished"
    stage = staged.temperatures[len(staged.runs) - 1]
    return f"stopped in the stage of {stage:g} K: {staged.stopped.reason}"


def _stack(n_rows: int) -> tuple[Figure, list["Axes"]]:
    """Panels above each other with one axis of time."""
    figure = Figure(figsize=(7.6, 0.7 + 1.6 * n_rows), layout="constrained")
    panels = list(figure.subplots(n_rows, 1, sharex=True, squeeze=False)[:, 0])
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25, linewidth=0.6)
    return figure, panels


def _mark_stages(axes: "Axes", log: pd.DataFrame, staged: StagedRun) -> None:
    """A line where a stage begins, another where the alarm rang."""
    for start in log.groupby("stage", sort=False)["elapsed"].min() / 1000:
        if start > 0:
            axes.axvline(start, color=NEUTRAL, linestyle=":", linewidth=1.2)
    if staged.stopped is None:
        return
    end = log["elapsed"].iloc[-1] / 1000
    axes.axvline(end, color=ALARM, linewidth=2.0)
    if axes.get_subplotspec().is_last_row():
        style = dict(color=ALARM, ha="right", va="top", fontsize=9)
        text = f"alarm: {staged.stopped.kind} "
        axes.annotate(text, (end, 0.97), xycoords=("data", "axes fraction"), **style)


def _name_stages(axes: "Axes", log: pd.DataFrame) -> None:
    """Write the temperature asked for above each stage, and draw it as a step."""
    for stage, part in log.groupby("stage", sort=False):
        ends = part["elapsed"].iloc[[0, -1]].to_numpy() / 1000
        axes.plot(ends, [stage, stage], color="black", linewidth=1.2)
        place = dict(xycoords=("data", "axes fraction"), ha="center", va="bottom", fontsize=9)
        axes.annotate(f"{stage:g} K", (ends.mean(), 1.01), **place)


def plot_throughput(table: pd.DataFrame) -> Picture:
    """Show nanoseconds a day against the number of atoms, both logarithmic.

    Args:
        table: from ``load_throughput``.

    Raises:
        ValueError: if the table has no row.

    Example:
        >>> rows = [("SchNet", "ethanol gas", 9, 20.0), ("SchNet", "ethanol gas", 900, 0.4)]
        >>> columns = ["potential", "system", "n_atoms", "ns_per_day"]
        >>> plot_throughput(pd.DataFrame(rows, columns=columns))
        Nanoseconds a day on one thread against atoms; SchNet, ethanol gas: 20 at 9, 0.4 at 900
    """
    if not len(table):
        raise ValueError("the table has no row: measure with benchmarks/production.py")
    figure, (axes,) = new_figure(width=7.6, height=4.4)
    potentials = list(dict.fromkeys(table["potential"]))
    said = []
    for (potential, system), part in table.groupby(["potential", "system"], sort=False):
        part = part.sort_values("n_atoms")
        number = potentials.index(potential)
        style = dict(color=_colour(potential, number), marker=MARKERS[number % len(MARKERS)])
        style |= dict(linestyle=_LINES.get(system, "-"), linewidth=1.6, markersize=6)
        axes.plot(part["n_atoms"], part["ns_per_day"], **style, label=f"{potential}, {system}")
        ends = ", ".join(
            f"{row.ns_per_day:.2g} at {row.n_atoms}" for row in part.iloc[[0, -1]].itertuples()
        )
        said.append(f"{potential}, {system}: {ends}")
    _draw_proportion(axes, table)
    axes.set(xscale="log", yscale="log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:g}")
    label_axes(axes, "number of atoms", "speed on one thread / (ns/day)")
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
    text = f"Nanoseconds a day on one thread against atoms; {'; '.join(said)}"
    return Picture(figure, text)


def _colour(potential: str, number: int) -> str:
    """The colour of its method in all lessons."""
    return colour_of("xtb" if "xTB" in potential else potential, number)


def _draw_proportion(axes: "Axes", table: pd.DataFrame) -> None:
    """A line of twice the atoms, half the speed."""
    atoms = np.array([table["n_atoms"].min(), table["n_atoms"].max()], dtype=float)
    height = table["ns_per_day"].max() * table["n_atoms"].min()
    axes.plot(atoms, 2 * height / atoms, ":", color="0.5", label="twice the atoms, half the speed")
