"""Pictures of lesson 10: counts of a table against those found, and runs that drift apart."""

from typing import TYPE_CHECKING

import numpy as np

from mlp_course.data.passports import Entry, list_passports, load_passport
from mlp_course.reproducibility import Divergence
from mlp_course.teaching.figures import (
    MARKERS,
    NEUTRAL,
    SERIES,
    Picture,
    label_axes,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_counts() -> Picture:
    """Show how many configurations the chapter's table gives each data set, and how many it has.

    Example:
        >>> plot_counts()
        Number of configurations, chapter and checked: ANI-1x 5,000,000 and 4,956,005; ...
    """
    sizes = {p.title: p.size for p in map(load_passport, list_passports()) if p.size.chapter_number}
    figure, (axes,) = new_figure(width=7.2, height=0.9 + 0.5 * len(sizes))
    for row, entry in enumerate(sizes.values()):
        _draw_counts(axes, row, entry)
    axes.set_yticks(range(len(sizes)), list(sizes))
    axes.set_xscale("log")
    axes.set_ylim(len(sizes) - 0.5, -0.7)
    label_axes(axes, "configurations with energy (number)", "")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    said = "; ".join(f"{n} {e.chapter_number:,} and {e.number:,}" for n, e in sizes.items())
    return Picture(figure, f"Number of configurations, chapter and checked: {said}")


def _draw_counts(axes: "Axes", row: int, entry: Entry) -> None:
    """Two signs on one line, and how many times one is the other if they are far apart."""
    said, found = entry.chapter_number, entry.number
    labels = ("the chapter", "checked") if row == 0 else (None, None)
    axes.plot((said, found), (row, row), color=NEUTRAL, linewidth=1.5, zorder=1)
    axes.plot(said, row, "o", ms=9, mfc="white", mec=SERIES[1], mew=2, label=labels[0])
    axes.plot(found, row, "s", ms=7, color=SERIES[2], label=labels[1])
    factor = max(said, found) / min(said, found)
    if factor > 1.1:
        text = f"× {factor:.2g}" if factor < 100 else f"× {factor:.0f}"
        middle = np.sqrt(said * found)
        axes.text(middle, row - 0.14, text, ha="center", va="bottom", fontsize=9)


def plot_divergence(divergence: Divergence) -> Picture:
    """Show how the weights of changed runs leave those of the recorded run, epoch by epoch.

    A run without any difference lies on the bottom line: a logarithm knows no zero.

    Args:
        divergence: from ``what_breaks``.
    """
    curves = divergence.curves
    positive = [value for curve in curves.values() for value in curve if value > 0]
    floor = 10.0 ** np.floor(np.log10(min(positive, default=1e-8)) - 1)
    figure, (axes,) = new_figure(width=7.5, height=3.8)
    axes.axhline(floor, color=NEUTRAL, linewidth=1)
    for number, (name, curve) in enumerate(curves.items()):
        epochs = np.arange(1, len(curve) + 1)
        colour = SERIES[number % len(SERIES)]
        axes.plot(
            epochs, np.maximum(curve, floor), color=colour, marker=MARKERS[number],
            markevery=(2 * number, 10), ms=6, mec="#555555", label=name, clip_on=False,
        )  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(floor, None)
    axes.text(
        0.99, 0.02, "bottom line: not one bit differs", transform=axes.transAxes, ha="right",
        va="bottom", fontsize=9,
    )  # fmt: skip
    label_axes(axes, "epoch", "largest difference of a weight")
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    said = "; ".join(
        f"{name} {'identical throughout' if not curve.any() else f'{curve[-1]:.1g} at the end'}"
        for name, curve in curves.items()
    )
    return Picture(figure, f"Largest difference of a weight against epoch: {said}")
