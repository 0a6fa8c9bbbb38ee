"""Maps of data sets: where each data type lies, what was picked from it, which energies it has."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ase import Atoms
from matplotlib.figure import Figure
from matplotlib.ticker import AsinhLocator
from numpy.typing import ArrayLike

from mlp_course.sampling import DATA_TYPES, PrincipalMap
from mlp_course.teaching.figures import (
    MARKERS,
    NEUTRAL,
    SERIES,
    Picture,
    edge_of,
    label_axes,
    new_figure,
    outline,
)
from mlp_course.teaching.picture import draw_molecule, half_width_shown, turn, viewing_rotation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINEAR = 0.02  # of the reach of a stretched map: the part around its middle that is linear


def sign_of(name: str, number: int) -> tuple[str, str]:
    """Colour and marker of a set: those of its data type, the same in every picture.

    Args:
        name: of the set; if its first word is a data type, that decides.
        number: of the set, for others.

    Example:
        >>> sign_of("path of the proton", 0) == sign_of("path", 4)
        True
    """
    first = name.split()[0]
    number = DATA_TYPES.index(first) if first in DATA_TYPES else number
    return SERIES[number % len(SERIES)], MARKERS[number % len(MARKERS)]


def plot_map(
    sets: Mapping[str, ArrayLike],
    principal: PrincipalMap,
    *,
    frame: Atoms | None = None,
    at: tuple[str, int] | None = None,
    stretched: bool = False,
) -> Picture:
    """Draw sets of configurations on a map; with ``frame`` and ``at``, one of them beside it.

    The origin of the picture is the middle of the first set.

    Args:
        sets: features of each set, shape (n, n_features), by name; drawn in this order.
        principal: the map, fitted to whatever shall span it.
        frame: a configuration to draw on the left.
        at: its set and its number there, marked on the map.
        stretched: put both axes on an arcsinh scale, so that what is crowded around the first
            set comes apart.

    Example:
        >>> two = {"dynamics": [[0.0, 0.0], [1.0, 0.0]], "random": [[0.0, 5.0], [2.0, 5.0]]}
        >>> plot_map(two, PrincipalMap.fit(np.vstack(list(two.values()))))
        Map of two principal components (100 % of the variance): dynamics 2, random 2 frames
    """
    points = {name: principal.project(rows) for name, rows in sets.items()}
    middle = next(iter(points.values())).mean(axis=0)
    points = {name: places - middle for name, places in points.items()}
    figure, axes = _beside(frame)
    for number, (name, places) in enumerate(points.items()):
        colour, marker = sign_of(name, number)
        style = dict(s=24, alpha=0.75, marker=marker, color=colour, linewidths=0.5)
        style["zorder"] = 2 + 1 / len(places)  # small sets on top of large ones
        axes.scatter(*places.T, edgecolor=edge_of(colour), label=name, **style)
    if stretched:
        width = _LINEAR * np.abs(np.vstack(list(points.values()))).max()
        axes.set_xscale("asinh", linear_width=width)
        axes.set_yscale("asinh", linear_width=width)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(AsinhLocator(width, numticks=7, base=0))
            axis.set_major_formatter("{x:.2g}")
    if at is not None:
        place = points[at[0]][at[1]]
        axes.plot(*place, "o", ms=15, mfc="none", mec="black", mew=2, zorder=10)
    first, second = principal.explained[:2]
    label_axes(axes, f"component 1 ({first:.0%})", f"component 2 ({second:.0%})")
    axes.legend(frameon=False, fontsize=9, markerscale=1.3)
    counts = ", ".join(f"{name} {len(places)}" for name, places in points.items())
    text = f"({100 * (first + second):.0f} % of the variance): {counts} frames"
    marked = "" if at is None else f"; marked: {at[0]} {at[1]}"
    return Picture(figure, f"Map of two principal components {text}{marked}")


def explore_frames(
    frames: Mapping[str, Sequence[Atoms]],
    features: Mapping[str, ArrayLike],
    principal: PrincipalMap,
    *,
    stretched: bool = False,
) -> None:
    """Walk through the frames of each set by menu and slider, structure and place side by side.

    Args:
        frames: of each set, by name.
        features: of each set, one row a frame.
        principal: the map.
        stretched: see :func:`plot_map`.
    """
    import ipywidgets
    from IPython.display import display

    slider = ipywidgets.IntSlider(0, min=0, max=len(next(iter(frames.values()))) - 1)

    def show(data_set: str, number: int) -> None:
        slider.max = len(frames[data_set]) - 1
        number = min(number, slider.max)
        frame = frames[data_set][number]
        at = (data_set, number)
        display(plot_map(features, principal, frame=frame, at=at, stretched=stretched))

    menu = ipywidgets.Dropdown(options=list(frames), description="set")
    slider.description = "frame"
    ipywidgets.interact(show, data_set=menu, number=slider)


def plot_selection(
    features: ArrayLike, principal: PrincipalMap, picks: Mapping[str, Sequence[int]]
) -> Picture:
    """Show what different ways of picking take from one pool, one panel a way.

    Below each name stands how far a frame of the pool is at most from its nearest picked one, in
    full space, not on the map.

    Args:
        features: of the pool, shape (n, n_features).
        principal: the map.
        picks: row numbers, by the name of the way.

    Example:
        >>> pool = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 1.0]])
        >>> plot_selection(pool, PrincipalMap.fit(pool), {"first two": [0, 1], "ends": [0, 2]})
        Picked from 3 frames; farthest frame left: first two 8.06, ends 1.00
    """
    pool = np.asarray(features, dtype=float)
    places = principal.project(pool)
    figure, panels = new_figure(len(picks), width=4.3, height=3.6)
    said = []
    for axes, (name, picked) in zip(panels, picks.items(), strict=True):
        away = np.linalg.norm(pool[:, None] - pool[None, list(picked)], axis=2).min(axis=1).max()
        axes.scatter(*places.T, s=10, color="#BBBBBB", label="pool")
        style = dict(s=34, color=SERIES[1], edgecolor="black", linewidths=0.6, zorder=3)
        axes.scatter(*places[list(picked)].T, label="picked", **style)
        title = f"{name}: {len(picked)} picked\nfarthest frame left at {away:.2f}"
        label_axes(axes, "component 1", "component 2", title)
        said.append(f"{name} {away:.2f}")
    panels[0].legend(frameon=False, fontsize=9)
    return Picture(
        figure, f"Picked from {len(pool)} frames; farthest frame left: {', '.join(said)}"
    )


def plot_energy_rows(counts: pd.DataFrame, *, x: str = "energy / (eV/atom)") -> Picture:
    """Draw histograms of energies below each other, one row a set, on one axis.

    Args:
        counts: from :func:`mlp_course.sampling.energy_histogram`.
        x: quantity and unit of the axis.

    Example:
        >>> from mlp_course.sampling import energy_histogram
        >>> plot_energy_rows(energy_histogram({"path": [0.01, 0.02], "random": [0.1]}))
        Histograms of energy / (eV/atom): path from 0.01 to 0.03, random from 0.10 to 0.11
    """
    width = float(np.diff(counts.index).min()) if len(counts) > 1 else 1.0
    figure = Figure(figsize=(7.0, 0.6 + 0.75 * counts.shape[1]), layout="constrained")
    rows = figure.subplots(counts.shape[1], 1, sharex=True, squeeze=False)[:, 0]
    said = []
    for number, (axes, name) in enumerate(zip(rows, counts, strict=True)):
        colour, _ = sign_of(name, number)
        height = counts[name] / counts[name].max()
        style = dict(width=width, align="edge", color=colour, edgecolor=edge_of(colour))
        axes.bar(counts.index, height, linewidth=0.4, **style)
        axes.set(yticks=[], ylim=(0, 1.15))
        axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
        axes.spines[["top", "right", "left"]].set_visible(False)
        there = counts.index[counts[name] > 0]
        said.append(f"{name} from {there[0]:.2f} to {there[-1] + width:.2f}")
    rows[-1].set_xlabel(x)
    return Picture(figure, f"Histograms of {x}: {', '.join(said)}")


def plot_memory(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]], times: Mapping[str, float]
) -> Picture:
    """Draw autocorrelations that fade, with the correlation time read off each.

    Args:
        curves: lags in fs and autocorrelation, by name.
        times: correlation time in fs, by the same names.

    Example:
        >>> plot_memory({"300 K": ([0.0, 20.0], [1.0, 0.1])}, {"300 K": 12.0})
        Autocorrelation against time; correlation time: 300 K 12 fs
    """
    figure, (axes,) = new_figure(width=6.5, height=3.4)
    for number, (name, (lags, rho)) in enumerate(curves.items()):
        colour = SERIES[number % len(SERIES)]
        style = dict(color=colour, path_effects=outline(colour, 1.6), linewidth=1.6)
        axes.plot(lags, rho, label=f"{name}: τ = {times[name]:.0f} fs", **style)
        axes.axvline(2 * times[name], color=colour, linestyle=":", linewidth=1.4)
    axes.axhline(0, color=NEUTRAL, linewidth=0.8)
    label_axes(axes, "time between two frames / fs (dotted: 2τ)", "autocorrelation / 1")
    axes.legend(frameon=False)
    said = ", ".join(f"{name} {time:.0f} fs" for name, time in times.items())
    return Picture(figure, f"Autocorrelation against time; correlation time: {said}")


def _beside(frame: Atoms | None) -> tuple[Figure, "Axes"]:
    """A figure with room for a map, and the structure on its left if there is one."""
    if frame is None:
        figure, (axes,) = new_figure(width=6.6, height=4.4)
        return figure, axes
    figure = Figure(figsize=(9.2, 4.2))
    left, axes = figure.add_axes((0, 0, 0.4, 0.92)), figure.add_axes((0.5, 0.13, 0.48, 0.83))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25, linewidth=0.6)
    turned = turn(frame, viewing_rotation(frame))
    draw_molecule(turned, left, half_width=half_width_shown(turned))
    return figure, axes
