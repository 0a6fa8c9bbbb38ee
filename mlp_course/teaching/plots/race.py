"""The race in pictures: time line and learning curves."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from mlp_course.teaching.figures import Picture, close_numbers, colour_of, label_axes, new_figure
from mlp_course.validation import load_published
from mlp_course.validation.race_curves import learning_curve
from mlp_course.validation.race_results import ROUNDS, check_molecule
from mlp_course.validation.racers import NAMES, RACERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Sign of each method, by its name.
MARKS = {racer.name: racer.marker for racer in RACERS.values()}

#: Quantities of the race with their axis labels.
QUANTITIES = {
    "force_mae": "force MAE / (meV/Å)",
    "energy_mae_total": "energy MAE of the molecule / meV",
    "ms_per_evaluation": "energy and forces of one molecule / ms",
    "parameters": "number of weights found by descent (GAP: none)",
    "train_seconds": "training time of one core / s",
    "peak_mb": "peak memory / MB",
}


def check_shown(molecule: str, quantity: str, known: Iterable[str] = tuple(QUANTITIES)) -> None:
    """Raise ValueError for a molecule without a race, or a quantity that is not among the known.

    Example:
        >>> check_shown("ethanol", "ms")
        Traceback (most recent call last):
        ValueError: quantity must be one of force_mae, energy_mae_total, ...; got 'ms'
    """
    check_molecule(molecule)
    if quantity not in known:
        raise ValueError(f"quantity must be one of {', '.join(known)}; got {quantity!r}")


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

    Raises:
        ValueError: if there is no race with this molecule, or for another quantity.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae"]
        >>> rows = [("mace", "MACE", "ethanol", n, 2000.0 / n) for n in (50, 200)]
        >>> plot_learning_curves(pd.DataFrame(rows, columns=columns))
        force MAE / (meV/Å) against training frames of ethanol: MACE 40, 10
    """
    check_shown(molecule, quantity, ("force_mae", "energy_mae_total"))
    figure, (axes,) = new_figure(width=7.6, height=4.4)
    found = {}
    for key, name in NAMES.items():
        frames, errors = learning_curve(race, key, molecule=molecule, quantity=quantity)
        if len(frames):
            style = dict(color=colour_of(name, 0), marker=MARKS[name], mec="black", mew=0.7)
            axes.plot(frames, errors, color="0.35", linewidth=2.6, zorder=1)  # a dark edge
            axes.plot(frames, errors, **style, ms=8, label=name)
            found[name] = ", ".join(f"{error:.3g}" for error in errors)
    _draw_published(axes, molecule, quantity, known=list(found))
    axes.set(xscale="log", yscale="log")
    sizes = sorted({n_train for _, n_train in ROUNDS})
    axes.set_xticks(sizes, [str(n) for n in sizes], minor=False)
    axes.set_xticks([], minor=True)
    close_numbers(axes.yaxis)
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
    for row in published[own & published["method"].isin(MARKS)].itertuples():
        style = dict(color="none", marker=MARKS[row.method], mec=colour_of(row.method, 0), mew=2)
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
