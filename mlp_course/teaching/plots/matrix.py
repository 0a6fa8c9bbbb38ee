"""A table of sets against sets as a picture: who covers whom, who fails where."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm, Normalize

from mlp_course.teaching.figures import Picture, label_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_matrix(
    table: pd.DataFrame,
    *,
    quantity: str,
    rows: str,
    columns: str,
    hopeless: Mapping[str, float] | None = None,
    log: bool = False,
) -> Picture:
    """Draw a table as coloured squares with the numbers written in; dark is bad.

    Args:
        table: numbers; empty entries (NaN) stay white.
        quantity: what they are, with unit.
        rows: what a row stands for.
        columns: what a column stands for.
        hopeless: by column, a number; what lies above it is crossed out.
        log: let equal factors be equal steps of colour.

    Example:
        >>> table = pd.DataFrame({"path": [1.0, 20.0]}, index=["path", "random"])
        >>> names = dict(quantity="force MAE / (meV/Å)", rows="trained on", columns="tested on")
        >>> plot_matrix(table, **names, hopeless={"path": 10.0})
        force MAE / (meV/Å), trained on against tested on; path: path 1.0; random: path 20.0 ...
    """
    values = table.to_numpy(dtype=float)
    figure, (axes,) = new_figure(width=1.9 + 0.95 * values.shape[1], height=1.5 + 0.5 * len(values))
    limits = {} if hopeless is None else dict(hopeless)
    lowest, highest = np.nanmin(values), np.nanmax(values)
    scale = LogNorm(lowest, highest) if log else Normalize(lowest, highest)
    drawn = axes.imshow(values, cmap="cividis_r", norm=scale, aspect="auto")
    said = {name: [] for name in table.index}
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        lost = value > limits.get(table.columns[column], np.inf)
        text = _three_digits(value)
        colour = dict(
            ink="white" if scale(value) > 0.55 else "black", paper=drawn.cmap(scale(value))
        )
        _write(axes, (column, row), text, crossed_out=lost, **colour)
        note = " (hopeless)" if lost else ""
        said[table.index[row]].append(f"{table.columns[column]} {text}{note}")
    axes.set_xticks(range(values.shape[1]), list(table.columns), fontsize=10)
    axes.set_yticks(range(len(values)), list(table.index), fontsize=10)
    axes.grid(visible=False)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0)
    label_axes(axes, columns, rows)
    figure.supxlabel(quantity, fontsize=10)
    listed = "; ".join(f"{name}: {', '.join(entries)}" for name, entries in said.items())
    return Picture(figure, f"{quantity}, {rows} against {columns}; {listed}")


def _write(
    axes: "Axes", place: tuple[int, int], text: str, *, ink: str, paper: tuple, crossed_out: bool
) -> None:
    """Write one entry; a cross behind it leaves the number readable on its own colour."""
    style = dict(ha="center", va="center", color=ink, fontsize=10, zorder=3)
    if crossed_out:
        x, y = place
        for way in (1, -1):
            ends = [y + 0.42 * way, y - 0.42 * way]
            axes.plot([x - 0.42, x + 0.42], ends, color=ink, linewidth=1)
        style["bbox"] = dict(fc=paper, ec="none", pad=1.5)
    axes.text(*place, text, **style)


def _three_digits(value: float) -> str:
    """123.4 as 123, 12.34 as 12.3, 0.1234 as 0.12.

    Example:
        >>> _three_digits(1234.0), _three_digits(12.34), _three_digits(0.5)
        ('1234', '12.3', '0.50')
    """
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
