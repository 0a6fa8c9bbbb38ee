"""The race in pictures: time line, learning curves, accuracy against cost, and who to take."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from mlp_course.teaching.figures import Picture, colour_of, label_axes, new_figure, plain_numbers
from mlp_course.validation import load_published
from mlp_course.validation.race_results import ROUNDS, error_at, learning_curve, only_racers
from mlp_course.validation.racers import NAMES, RACERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_N_ATOMS = {"ethanol": 9, "malonaldehyde": 9}  # of the molecules that were raced
_MARKERS = {racer.name: racer.marker for racer in RACERS.values()}

#: Quantities of the race with their axis labels.
QUANTITIES = {
    "force_mae": "force MAE / (meV/Å)",
    "energy_mae_total": "energy MAE of the molecule / meV",
    "ms_per_evaluation": "energy and forces of one molecule / ms",
    "parameters": "number of weights found by descent (GAP: none)",
    "train_seconds": "training time of one core / s",
    "peak_mb": "peak memory / MB",
}


def plot_timeline() -> Picture:
    """Show when each method was published and what it brought.

    Example:
        >>> plot_timeline()
        Time line: 2007 Behler-Parrinello, 2010 GAP, 2017 ANI, 2017 SchNet, 2020 DimeNet, ...
    """
    figure, (axes,) = new_figure(width=8.6, height=3.7)
    racers = sorted(RACERS.values(), key=lambda racer: racer.year)
    for row, racer in enumerate(racers):
        year = racer.year
        axes.hlines(row, racers[0].year - 1, year, color="0.85", linewidth=1, zorder=0)
        colour = colour_of(racer.name, 0)
        axes.plot(year, row, racer.marker, color=colour, ms=11, mec="black", mew=0.7)
        right = 2 * year < racers[0].year + racers[-1].year
        text = axes.annotate(
            f"{racer.name}\n{racer.idea}", (year, row), xytext=(10 if right else -10, 0),
            textcoords="offset points", ha="left" if right else "right", va="center", fontsize=9,
        )  # fmt: skip
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
    first, last = racers[0].year, racers[-1].year
    axes.set(xlim=(first - 1, last + 1.5), ylim=(len(racers) - 0.4, -0.6), yticks=[])
    axes.set_xticks(range(first, last + 2, 2))
    axes.spines["left"].set_visible(False)
    axes.grid(False)
    label_axes(axes, "year of publication (NequIP: preprint)", "")
    listed = ", ".join(f"{racer.year} {racer.name}" for racer in racers)
    return Picture(figure, f"Time line: {listed}")


def plot_learning_curves(
    race: pd.DataFrame, *, molecule: str = "ethanol", quantity: str = "force_mae"
) -> Picture:
    """Show errors against training frames, with published ones as hollow marks.

    Args:
        race: from ``load_race``; what is missing is left out.
        molecule: "ethanol" or "malonaldehyde".
        quantity: "force_mae" or "energy_mae_total".

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae"]
        >>> rows = [("mace", "MACE", "ethanol", n, 2000.0 / n) for n in (50, 200)]
        >>> plot_learning_curves(pd.DataFrame(rows, columns=columns))
        force MAE / (meV/Å) against training frames of ethanol: MACE 40, 10
    """
    figure, (axes,) = new_figure(width=7.6, height=4.4)
    found = {}
    for key, name in NAMES.items():
        frames, errors = learning_curve(race, key, molecule=molecule, quantity=quantity)
        if len(frames):
            style = dict(color=colour_of(name, 0), marker=_MARKERS[name], mec="black", mew=0.7)
            axes.plot(frames, errors, color="0.35", linewidth=2.6, zorder=1)  # a dark edge
            axes.plot(frames, errors, **style, ms=8, label=name)
            found[name] = ", ".join(f"{error:.3g}" for error in errors)
    _draw_published(axes, molecule, quantity, known=list(found))
    axes.set(xscale="log", yscale="log")
    sizes = sorted({n_train for _, n_train in ROUNDS})
    axes.set_xticks(sizes, [str(n) for n in sizes], minor=False)
    axes.set_xticks([], minor=True)
    plain_numbers(axes.yaxis)
    label_axes(axes, f"training frames of {molecule}", QUANTITIES[quantity])
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    said = [f"{name} {errors}" for name, errors in found.items()]
    listed = "; ".join(said) or "nothing computed yet, published values only"
    text = f"{QUANTITIES[quantity]} against training frames of {molecule}: {listed}"
    return Picture(figure, text)


def _draw_published(axes: "Axes", molecule: str, quantity: str, known: Sequence[str]) -> None:
    """Hollow marks for rMD17 errors that others published, moved right; once in the legend."""
    published = load_published()
    own = (published["dataset"] == "rMD17") & (published["molecule"] == molecule)
    named = set(known)
    for row in published[own & published["method"].isin(_MARKERS)].itertuples():
        style = dict(color="none", marker=_MARKERS[row.method], mec=colour_of(row.method, 0), mew=2)
        label = None if row.method in named else f"{row.method}, published"
        place = (1.1 * row.n_train, getattr(row, quantity))
        axes.plot(*place, **style | {"mec": "0.35", "mew": 2.6}, ms=10)  # a dark edge
        axes.plot(*place, **style | {"mew": 1.6}, ms=10, label=label)
        named.add(row.method)
    if known:
        axes.plot(
            [],
            [],
            "o",
            color="none",
            mec="0.4",
            mew=2,
            ms=9,
            label="hollow, to the right: published",
        )


def plot_pareto(race: pd.DataFrame, *, molecule: str = "ethanol", n_train: int = 950) -> Picture:
    """Show force error against the time of an evaluation; a line joins those that nobody beats.

    Args:
        race: from ``load_race``.
        molecule: which one.
        n_train: training frames.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "MACE", "ethanol", 950, 8.0, 9.0),
        ...         ("ani", "ANI", "ethanol", 950, 20.0, 2.0),
        ...         ("gap", "GAP", "ethanol", 950, 21.0, 10.0)]
        >>> plot_pareto(pd.DataFrame(rows, columns=columns))  # GAP is beaten by both
        Force MAE against ms for one evaluation, 950 frames of ethanol; nobody beats ANI, MACE
    """
    cells = only_racers(race).query("molecule == @molecule and n_train == @n_train")
    points = {row.method: (row.ms_per_evaluation, row.force_mae) for row in cells.itertuples()}
    figure, (axes,) = new_figure(width=7.0, height=4.2)
    front = pareto_front(points)
    _draw_points(axes, points, front)
    label_axes(axes, QUANTITIES["ms_per_evaluation"], QUANTITIES["force_mae"])
    unbeaten = f"nobody beats {', '.join(front)}" if front else "no cell computed yet"
    text = f"Force MAE against ms for one evaluation, {n_train} frames of {molecule}; {unbeaten}"
    return Picture(figure, text)


def pareto_front(points: Mapping[str, tuple[float, float]]) -> list[str]:
    """Names of the points that no other point beats in both coordinates, from left to right.

    Example:
        >>> pareto_front({"a": (1.0, 9.0), "b": (2.0, 9.5), "c": (3.0, 1.0)})
        ['a', 'c']
    """
    front: list[str] = []
    for name in sorted(points, key=lambda name: points[name]):
        if not front or points[name][1] < points[front[-1]][1]:
            front.append(name)
    return front


def _draw_points(axes: "Axes", points: Mapping[str, tuple[float, float]], front: list[str]) -> None:
    """Marks with names; the front as a line."""
    if front:
        axes.plot(*zip(*(points[name] for name in front), strict=True), "--", color="0.6", zorder=0)
    for name, (x, y) in points.items():
        style = dict(color=colour_of(name, 0), marker=_MARKERS.get(name, "o"), mec="black", mew=0.7)
        axes.plot(x, y, **style, ms=11)
        weight = "bold" if name in front else "normal"
        axes.annotate(
            name, (x, y), xytext=(9, 5), textcoords="offset points", fontsize=10, weight=weight
        )
    axes.set(xscale="log", yscale="log")
    axes.margins(x=0.18, y=0.12)
    for axis in (axes.xaxis, axes.yaxis):
        plain_numbers(axis)


def plot_choice(
    race: pd.DataFrame,
    *,
    frames: int,
    n_atoms: int,
    steps: float,
    hours: float,
    molecule: str = "ethanol",
) -> Picture:
    """Show what each method would cost and reach for a plan, and who is the best within it.

    The error is read off the learning curve of the race; the time of an evaluation is that of the
    race times the ratio of the numbers of atoms.

    Args:
        race: from ``load_race``.
        frames: labels that can be afforded, within the sizes of the race.
        n_atoms: of the system to simulate.
        steps: of the simulation.
        hours: of one core that may pass.
        molecule: whose race counts.

    Raises:
        ValueError: if there is no race with this molecule.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "MACE", "ethanol", 50, 40.0, 9.0),
        ...         ("ani", "ANI", "ethanol", 50, 70.0, 2.0)]
        >>> race = pd.DataFrame(rows, columns=columns)
        >>> plot_choice(race, frames=50, n_atoms=9, steps=1e6, hours=1)  # 10⁶ · 9 ms = 2.5 hours
        50 frames, 9 atoms, 1e+06 steps, 1 h: take ANI (70 meV/Å, 0.56 h)
    """
    if molecule not in _N_ATOMS:
        raise ValueError(f"no race with {molecule!r}; molecules: {', '.join(_N_ATOMS)}")
    points = {}
    for key, name in NAMES.items():
        own = race[(race["model"] == key) & (race["molecule"] == molecule)]
        error = error_at(race, key, frames, molecule=molecule)
        if error is not None:
            each = own["ms_per_evaluation"].median() * n_atoms / _N_ATOMS[molecule]  # ms
            points[name] = (float(each * steps / 3.6e6), error)
    possible = {name: place for name, place in points.items() if place[0] <= hours}
    best = min(possible, key=lambda name: possible[name][1]) if possible else None
    answer = "nobody is fast enough"
    if best:
        answer = f"take {best} ({points[best][1]:.3g} meV/Å, {points[best][0]:.2g} h)"
    figure, (axes,) = new_figure(width=7.0, height=4.2)
    _draw_points(axes, points, [best] if best else [])
    axes.axvspan(hours, 1e9, color="0.9", zorder=-1)
    axes.axvline(hours, color="black", linewidth=1)
    if points:
        times = [place[0] for place in points.values()]
        axes.set_xlim(0.5 * min(*times, hours), 4 * max(*times, hours))
    label_axes(axes, "simulation on one core / h (grey: too slow)", QUANTITIES["force_mae"], answer)
    plan = f"{frames} frames, {n_atoms} atoms, {steps:.0e} steps, {hours:g} h"
    return Picture(figure, f"{plan}: {answer}")
