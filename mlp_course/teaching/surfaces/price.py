"""Accuracy against time: where force fields, approximate methods and potentials stand."""

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.patches import Rectangle

from mlp_course.teaching.figures import (
    MARKERS,
    Picture,
    colour_of,
    edge_of,
    label_axes,
    new_figure,
    plain_numbers,
)

FORCE_TARGET = 100.0  # meV/Å, the chapter's
FASTER = (1e4, 1e6)  # smallest and largest speed-up that the chapter promises


def plot_accuracy_and_time(table: pd.DataFrame, *, reference: Mapping[str, float]) -> Picture:
    """Put every method on a map: how long a call takes, how wrong its forces are.

    The shaded corner is a promise: forces within 100 meV/Å of the reference, 10,000 to
    1,000,000 times faster.

    Args:
        table: index: name of the method. Columns ``seconds`` (for a call) and ``force_mae`` in
            meV/Å.
        reference: seconds for a call of the method that made the labels, by its name (one entry);
            it is drawn as a line, since its own error is zero by definition.

    Raises:
        ValueError: if there is not one reference, or a time or an error is not positive.

    Example:
        >>> table = pd.DataFrame({"seconds": [1e-3], "force_mae": [12.0]}, index=["PaiNN"])
        >>> plot_accuracy_and_time(table, reference={"PBE": 5.0})
        Force MAE against time for a call: PaiNN 12 meV/Å in 1 ms, 5,000 times faster than PBE (5 s)
    """
    if len(reference) != 1:
        raise ValueError(f"reference must be one method with its seconds; got {dict(reference)}")
    (name, slow), *_ = reference.items()
    if not (table[["seconds", "force_mae"]].to_numpy(dtype=float) > 0).all() or not slow > 0:
        raise ValueError("times (s) and errors (meV/Å) must be positive: both axes are logarithmic")
    figure, (axes,) = new_figure(width=7.2, height=4.2)
    low, high = 0.3 * min(table["force_mae"]), 2.5 * max(*table["force_mae"], FORCE_TARGET)
    fastest, slowest = slow / FASTER[1], slow / FASTER[0]
    corner = dict(fc="#117733", alpha=0.15, ec="none")
    axes.add_patch(Rectangle((fastest, low), slowest - fastest, FORCE_TARGET - low, **corner))
    promise = f"promised:\n{_power(FASTER[0])} to {_power(FASTER[1])} times\nfaster than {name},"
    says = f"{promise}\nbelow {FORCE_TARGET:g} meV/Å"
    axes.text(fastest * 1.2, low * 1.15, says, fontsize=8.5, va="bottom", color="#0B4D1C")
    for number, (method, row) in enumerate(table.iterrows()):
        colour = colour_of(method, number)
        style = dict(marker=MARKERS[number % 8], color=colour, mec=edge_of(colour), ms=10, ls="")
        axes.plot(row["seconds"], row["force_mae"], **style, label=method)
    axes.axvline(slow, color="black", linewidth=1.5)
    axes.text(0.93 * slow, 0.97 * high, f"{name}\n(error 0)", ha="right", va="top", fontsize=9)
    axes.set(xscale="log", yscale="log", ylim=(low, high), xlim=(0.5 * fastest, 2 * slow))
    plain_numbers(axes.yaxis)
    label_axes(axes, "time for a call / s", "force MAE / (meV/Å)")
    figure.legend(loc="outside right upper", frameon=False, fontsize=9)
    listed = "; ".join(
        f"{method} {row['force_mae']:.0f} meV/Å in {1000 * row['seconds']:.2g} ms, "
        f"{_two_digits(slow / row['seconds']):,} times faster than {name} ({slow:.2g} s)"
        for method, row in table.iterrows()
    )
    return Picture(figure, f"Force MAE against time for a call: {listed}")


def _power(value: float) -> str:
    """As a power of ten where it is one."""
    exponent = math.log10(value)
    return f"$10^{{{exponent:.0f}}}$" if exponent == round(exponent) else f"{value:g}"


def _two_digits(value: float) -> int:
    """Rounded to two digits, since times jitter."""
    return int(float(f"{value:.1e}")) if value >= 1 else round(value)
