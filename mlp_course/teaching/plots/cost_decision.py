"""What decides the cost of a project, in pictures: the tornado and the break-even."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mlp_course.active_learning.cost.known import plain_number
from mlp_course.active_learning.cost.risk import (
    QUANTITIES,
    advantage,
    break_even,
    changed,
    input_fields,
    sensitivity,
)
from mlp_course.active_learning.cost.scenarios import ACTIVE, BULK, Inputs
from mlp_course.active_learning.cost.totals import expected_totals
from mlp_course.teaching.figures import SERIES, Picture, close_numbers, label_axes, new_figure
from mlp_course.teaching.plots.cost import QUANTITY_NAMES, WAYS, axis_of, input_axis, input_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LOWER, _HIGHER = SERIES[4], SERIES[0]
_FAR = 20  # a break-even further off than this many times is drawn on logarithmic axes


def plot_tornado(
    inputs: Inputs, *, quantity: str = "price", change: float = 0.5, most: int = 12
) -> Picture:
    """Show which input decides how much active learning saves: each moved down and up alone.

    Args:
        inputs: to start from.
        quantity: one of ``QUANTITIES``.
        change: by which part of itself an input moves.
        most: bars to draw; the rest and what is 0 is counted below.

    Example:
        >>> from mlp_course.active_learning.cost import Inputs
        >>> plot_tornado(Inputs(), quantity="wall_days")
        Saved wall time is 11.83 days; each input ± 50%: A: planning the sampling / days 4.83 ...
    """
    table = sensitivity(inputs, quantity, change=change)
    shown = table[table["swing"] > 1e-9].head(most)
    now = advantage(inputs, quantity)
    figure, (axes,) = new_figure(width=8.2, height=1.4 + 0.34 * len(shown))
    _draw_tornado(axes, shown, now)
    label_axes(axes, f"saved by active learning: {axis_of(quantity)}", "")
    zero, rest = int((~table["moved"]).sum()), int(table["moved"].sum()) - len(shown)
    note = (
        f"pale: input {change:.0%} lower, dark: {change:.0%} higher; {rest} more move less or "
        f"nothing, {zero} are 0 and cannot be moved by a part of themselves"
    )
    figure.supxlabel(note, fontsize=8.5)
    ends = zip(_names(shown), shown["at_low"], shown["at_high"], strict=True)
    listed = ", ".join(f"{n} {plain_number(low)} to {plain_number(high)}" for n, low, high in ends)
    saved = f"Saved {QUANTITY_NAMES[quantity]} is {plain_number(now, 4)} {QUANTITIES[quantity]}"
    return Picture(figure, f"{saved}; each input ± {change:.0%}: {listed}")


def _draw_tornado(axes: "Axes", shown: pd.DataFrame, now: float) -> None:
    """A bar from now to either end, with the value of the input beside it."""
    for place, row in enumerate(shown.itertuples()):
        ends = ((row.at_low, row.low_value, _LOWER), (row.at_high, row.high_value, _HIGHER))
        for end, value, colour in ends:
            axes.barh(place, end - now, left=now, color=colour, edgecolor="#555555", height=0.7)
            right = end > now
            style = dict(va="center", ha="left" if right else "right", fontsize=8)
            offset = dict(xytext=(3 if right else -3, 0), textcoords="offset points")
            axes.annotate(plain_number(value), (end, place), **offset, **style)
    axes.set_yticks(range(len(shown)), _names(shown), fontsize=9)
    axes.axvline(now, color="black", linewidth=1)
    axes.axvline(0, color="black", linewidth=1, linestyle=":")
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter("{x:,g}")


def _names(shown: pd.DataFrame) -> list[str]:
    """Whose input it is, what it means, and its unit."""
    rows = zip(shown.index, shown["meaning"], shown["unit"], strict=True)
    return [input_label(*row) for row in rows]


def plot_break_even(
    inputs: Inputs, name: str = "shared.node_price", *, quantity: str = "price"
) -> Picture:
    """Show what both projects need against one input, and where they need the same.

    Args:
        inputs: all others stay.
        name: of the input, such as ``"shared.node_price"``.
        quantity: one of ``QUANTITIES``.

    Raises:
        ValueError: for an unknown name or quantity.

    Example:
        >>> from mlp_course.active_learning.cost import Inputs
        >>> plot_break_even(Inputs())
        price / $ against price of a node-hour / ($/h); now 1; the same at 0.00578
    """
    tips = break_even(inputs, name, quantity)
    found = {own: (field.metadata, value) for own, field, value in input_fields(inputs)}
    if name not in found:
        raise ValueError(f"name must be one of {', '.join(found)}; got {name!r}")
    about, now = found[name]
    xs, log = _values(about["unit"], about["most"], now, tips)
    plans = [[expected_totals(p) for p in changed(inputs, name, x).projects()] for x in xs]
    heights = np.array([[getattr(total, quantity) for total in pair] for pair in plans])
    figure, (axes,) = new_figure(width=6.6, height=3.8)
    for number, own in enumerate((BULK, ACTIVE)):
        style = dict(color=WAYS[own], linewidth=2, linestyle=("--", "-")[number])
        axes.plot(xs, heights[:, number], **style, label=own)
    text = "never the same" if tips is None else f"the same at {plain_number(tips)}"
    axes.axvline(now, color="black", linewidth=1, linestyle=":", label=f"now {plain_number(now)}")
    if tips is not None:
        axes.axvline(tips, color="0.5", linewidth=1.2, label=text)
    _scale(axes, log=log and heights.min() > 0)
    axes.legend(framealpha=0.85, edgecolor="none", fontsize=9)
    x = input_axis(about["meaning"], about["unit"])
    label_axes(axes, x, axis_of(quantity))
    what = f"{axis_of(quantity)} against {x}"
    return Picture(figure, f"{what}; now {plain_number(now)}; {text}")


def _values(unit: str, most: float, now: float, tips: float | None) -> tuple[np.ndarray, bool]:
    """Values of the input to draw, and whether on logarithmic axes."""
    ends = [now] if tips is None else [now, tips]
    if min(ends) > 0 and max(ends) > _FAR * min(ends):
        return np.geomspace(min(ends) / 4, 4 * max(ends), 100), True
    if unit == "1":
        return np.linspace(0.0, 1.0, 100), False
    least = 0.25 * min(ends) if unit == "nodes" else 0.0  # none would take for ever
    return np.linspace(least, 1.25 * (max(ends) or most), 100), False


def _scale(axes: "Axes", *, log: bool) -> None:
    if log:
        axes.set(xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            close_numbers(axis)
            axis.set_major_formatter("{x:,g}")
    else:
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter("{x:,g}")
