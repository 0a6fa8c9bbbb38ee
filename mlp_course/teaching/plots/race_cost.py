"""What accuracy costs, in pictures: the front, the growth with the atoms, and who to take."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.transforms import Bbox

from mlp_course.teaching.figures import Picture, close_numbers, colour_of, label_axes, new_figure
from mlp_course.teaching.plots.race import MARKS, QUANTITIES
from mlp_course.validation.race_cost import cost_of_plan
from mlp_course.validation.race_plans import NOBODY, UNKNOWN, who_to_take
from mlp_course.validation.race_results import check_molecule, only_racers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_times(race: pd.DataFrame, *, molecule: str = "ethanol", n_train: int = 950) -> Picture:
    """Show the time of an evaluation against the number of atoms, with the slope of proportion.

    Args:
        race: from ``load_race``; what was not timed at several sizes is left out.
        molecule: which one.
        n_train: training frames.

    Raises:
        ValueError: if there is no race with this molecule.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "ms_by_atoms"]
        >>> row = ("mace", "MACE", "ethanol", 950, {9: 20.0, 99: 60.0})
        >>> plot_times(pd.DataFrame([row], columns=columns))
        Milliseconds of an evaluation against atoms, 9 to 99: MACE 20 to 60
    """
    check_molecule(molecule)
    own = only_racers(race).query("molecule == @molecule and n_train == @n_train")
    timed = {r.method: r.ms_by_atoms for r in own.itertuples() if isinstance(r.ms_by_atoms, dict)}
    figure, (axes,) = new_figure(width=6.6, height=4.0)
    label_axes(axes, "atoms in one system", "energy and forces / ms")
    if not timed:
        axes.set(xticks=[], yticks=[], title="not timed at several sizes yet")
        return Picture(figure, "Milliseconds of an evaluation against atoms: not timed yet")
    sizes = sorted(set().union(*timed.values()))
    _draw_times(axes, timed, sizes)
    said = [
        f"{name} {times[min(times)]:.3g} to {times[max(times)]:.3g}"
        for name, times in timed.items()
    ]
    text = (
        f"Milliseconds of an evaluation against atoms, {sizes[0]} to {sizes[-1]}: {', '.join(said)}"
    )
    return Picture(figure, text)


def _draw_times(
    axes: "Axes", timed: Mapping[str, Mapping[int, float]], sizes: Sequence[int]
) -> None:
    """A curve for each method, and the line of proportion from the quickest on."""
    for name, times in timed.items():
        own, style = sorted(times), dict(color=colour_of(name, 0), marker=MARKS[name])
        axes.plot(own, [times[n] for n in own], color="0.35", linewidth=2.6, zorder=1)
        style |= dict(mec="black", mew=0.7, ms=8)
        axes.plot(own, [times[n] for n in own], **style, label=name)
    low = min(times[sizes[0]] for times in timed.values() if sizes[0] in times)
    line = [low, low * sizes[-1] / sizes[0]]
    axes.plot([sizes[0], sizes[-1]], line, ":", color="0.4", label="in proportion")
    axes.set(xscale="log", yscale="log")
    close_numbers(axes.yaxis)
    axes.set_xticks(sizes, [str(n) for n in sizes])
    axes.set_xticks([], minor=True)
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))


def plot_pareto(race: pd.DataFrame, *, molecule: str = "ethanol", n_train: int = 950) -> Picture:
    """Show force error against the time of an evaluation; a line joins those that nobody beats.

    Args:
        race: from ``load_race``.
        molecule: which one.
        n_train: training frames.

    Raises:
        ValueError: if there is no race with this molecule.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "MACE", "ethanol", 950, 8.0, 9.0),
        ...         ("ani", "ANI", "ethanol", 950, 20.0, 2.0),
        ...         ("gap", "GAP", "ethanol", 950, 21.0, 10.0)]
        >>> plot_pareto(pd.DataFrame(rows, columns=columns))  # GAP is beaten by both
        Force MAE against ms for one evaluation, 950 frames of ethanol; nobody beats ANI, MACE
    """
    check_molecule(molecule)
    cells = only_racers(race).query("molecule == @molecule and n_train == @n_train")
    points = {row.method: (row.ms_per_evaluation, row.force_mae) for row in cells.itertuples()}
    figure, (axes,) = new_figure(width=7.0, height=4.2)
    front = pareto_front(points)
    _draw_points(axes, points, front)
    label_axes(axes, QUANTITIES["ms_per_evaluation"], QUANTITIES["force_mae"])
    _write_names(axes, points, front)
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
        style = dict(color=colour_of(name, 0), marker=MARKS.get(name, "o"), mec="black", mew=0.7)
        axes.plot(x, y, **style, ms=11)
    axes.set(xscale="log", yscale="log")
    axes.margins(x=0.18, y=0.12)
    for axis in (axes.xaxis, axes.yaxis):
        close_numbers(axis)


def _write_names(
    axes: "Axes", points: Mapping[str, tuple[float, float]], bold: Sequence[str]
) -> None:
    """A name beside each mark, on the side where it covers no other name and no mark."""
    axes.figure.draw_without_rendering()  # the limits of the axes are final from here on
    to_pixels = axes.transData.transform
    marks = {name: to_pixels(place) for name, place in points.items()}
    taken = [Bbox.from_bounds(x - 8, y - 8, 16, 16) for x, y in marks.values()]
    sides = [((9, 5), "left"), ((-9, 5), "right"), ((9, -13), "left"), ((-9, -13), "right")]
    for name in sorted(points, key=lambda name: tuple(marks[name])):
        weight, own = "bold" if name in bold else "normal", None
        for offset, side in sides:
            text = axes.annotate(
                name, points[name], xytext=offset, textcoords="offset points", ha=side,
                fontsize=10, weight=weight,
            )  # fmt: skip
            own = text.get_window_extent()
            free = not any(own.overlaps(box) for box in taken)
            if free or (offset, side) == sides[-1]:
                break
            text.remove()
        taken.append(own)


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

    The error is read off the learning curve of the race, the time of an evaluation between the
    sizes that were timed. A method that was not timed at this size is not drawn, but named.

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
        50 frames, 9 atoms, 1,000,000 steps, 1 h: take ANI (70 meV/Å, 0.56 h)
    """
    costs = cost_of_plan(race, n_train=frames, n_atoms=n_atoms, steps=steps, molecule=molecule)
    best = who_to_take(costs, hours)
    answer = best if best in (NOBODY, UNKNOWN) else "take {} ({:.3g} meV/Å, {:.2g} h)".format(
        best, *costs.loc[best, ["force_mae", "hours"]]
    )  # fmt: skip
    unknown = ", ".join(costs.index[costs["hours"].isna()])
    answer += f"\nnot timed with {n_atoms} atoms: {unknown}" if unknown else ""
    timed = costs.dropna()
    points = {name: (row["hours"], row["force_mae"]) for name, row in timed.iterrows()}
    figure, (axes,) = new_figure(width=7.0, height=4.2)
    _draw_points(axes, points, [best] if best in points else [])
    axes.axvspan(hours, 1e9, color="0.9", zorder=-1)
    axes.axvline(hours, color="black", linewidth=1)
    if points:
        times = [place[0] for place in points.values()]
        axes.set_xlim(0.5 * min(*times, hours), 4 * max(*times, hours))
    label_axes(axes, "simulation on one core / h (grey: too slow)", QUANTITIES["force_mae"], answer)
    _write_names(axes, points, [best])
    plan = f"{frames} frames, {n_atoms} atoms, {steps:,.0f} steps, {hours:g} h"
    return Picture(figure, f"{plan}: {answer}".replace("\n", "; "))
