"""Pictures of active learning: the rounds of a loop, strategies compared, transfer learning."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import display

from mlp_course.active_learning.transfer_results import WAYS
from mlp_course.teaching.figures import (
    COLOURS,
    MARKERS,
    NEUTRAL,
    SERIES,
    Picture,
    edge_of,
    label_axes,
    new_figure,
    plain_numbers,
)

#: The same colour for the same way of getting labels, in the whole course.
STRATEGY_COLOURS = {"active": SERIES[2], "random": SERIES[0], "at_once": SERIES[1]}
_WAY_COLOURS = {"alone": SERIES[1], "fine_tune": SERIES[2], "delta": SERIES[0]}


def plot_loop(rounds: pd.DataFrame, *, target: float | None = None) -> Picture:
    """Show the rounds of a loop: what the ensemble can do, and how often it did not know.

    Args:
        rounds: as the loop makes it: n_labels, validation_force_mae and force_mae (meV/Å),
            explored, uncertain, mean_time (fs).
        target: force MAE to reach, in meV/Å.

    Example:
        >>> columns = ["n_labels", "validation_force_mae", "force_mae", "explored", "uncertain"]
        >>> rows = [(20, 80.0, 300.0, 10, 9), (40, 70.0, 150.0, 40, 10)]
        >>> plot_loop(pd.DataFrame(rows, columns=columns).assign(mean_time=[30.0, 100.0]))
        Rounds of a loop, 20 to 40 labels: force MAE 300 to 150 meV/Å, uncertain frames 90 to 25 %
    """
    figure, (left, middle, right) = new_figure(3, width=3.2, height=3.1)
    n = rounds["n_labels"].to_numpy()
    share = 100 * rounds["uncertain"] / rounds["explored"].clip(lower=1)
    style = dict(marker="o", color=STRATEGY_COLOURS["active"])
    errors = rounds["force_mae"] if rounds["force_mae"].notna().any() else None
    if errors is not None:
        left.plot(n, errors, label="test frames", **style)
    left.plot(n, rounds["validation_force_mae"], "s--", color=NEUTRAL, label="validation")
    if target is not None:
        left.axhline(target, color="black", linestyle=":", label="target")
    left.set_ylim(bottom=0)
    left.legend(framealpha=0.85, edgecolor="none", fontsize=8)
    looked = rounds["explored"] > 0  # the last round may only train
    middle.plot(n[looked], share[looked], **style)
    middle.set_ylim(0, 105)
    right.plot(n[looked], rounds.loc[looked, "mean_time"], **style)
    right.set_ylim(bottom=0)
    label_axes(left, "labels", "force MAE / (meV/Å)")
    label_axes(middle, "labels", "frames above the threshold / %")
    label_axes(right, "labels", "mean length of a run / fs")
    shown = errors if errors is not None else rounds["validation_force_mae"]
    seen = share[looked]
    doubt = f", uncertain frames {seen.iloc[0]:.0f} to {seen.iloc[-1]:.0f} %" if len(seen) else ""
    mae = f"force MAE {shown.iloc[0]:.0f} to {shown.iloc[-1]:.0f} meV/Å"
    return Picture(figure, f"Rounds of a loop, {n[0]} to {n[-1]} labels: {mae}{doubt}")


class LiveLoop:
    """Pass it to the loop as ``on_round``: the picture grows by a point each round.

    Args:
        target: force MAE to reach, in meV/Å.

    Example:
        >>> callable(LiveLoop(target=100))
        True
    """

    def __init__(self, *, target: float | None = None) -> None:
        self.target = target
        self._handle = None

    def __call__(self, rounds: pd.DataFrame) -> None:
        """Draw all rounds so far, in the place of the picture before."""
        picture = plot_loop(rounds, target=self.target)
        if self._handle is None:
            self._handle = display(picture, display_id=True)
        else:
            self._handle.update(picture)


def plot_strategies(measurement: pd.DataFrame, *, target: float | None = None) -> Picture:
    """Compare ways of getting labels: force error against labels, mean and standard deviation.

    Each repeat is a thin line behind the mean. Means are taken where at least two repeats have the
    same number of labels.

    Args:
        measurement: one row a trained ensemble: strategy, repeat, n_labels, force_mae (meV/Å).
        target: force MAE to reach, in meV/Å.

    Raises:
        ValueError: if a column is missing.

    Example:
        >>> columns = ["strategy", "repeat", "n_labels", "force_mae"]
        >>> rows = [("active", r, n, 900 / n + r) for r in (0, 1) for n in (10, 20)]
        >>> plot_strategies(pd.DataFrame(rows, columns=columns))
        Force MAE against labels, means of the repeats: active from 90.5 to 45.5 meV/Å
    """
    _check_columns(measurement, "strategy", "repeat", "n_labels", "force_mae")
    figure, (axes,) = new_figure(width=6.6, height=4.2)
    said = []
    for number, (strategy, own) in enumerate(measurement.groupby("strategy", sort=False)):
        colour = STRATEGY_COLOURS.get(strategy, SERIES[(number + 3) % len(SERIES)])
        for _, repeat in own.sort_values("n_labels").groupby("repeat"):
            axes.plot(repeat["n_labels"], repeat["force_mae"], color=colour, lw=0.6, alpha=0.45)
        points = own.groupby("n_labels")["force_mae"].agg(["mean", "std", "size"])
        points = points[points["size"] > 1] if (points["size"] > 1).any() else points
        label = strategy.replace("_", " ")
        style = dict(color=colour, marker=MARKERS[number], ms=6, capsize=3, lw=2, label=label)
        axes.errorbar(points.index, points["mean"], yerr=points["std"].fillna(0), **style)
        first, last = points["mean"].iloc[[0, -1]]
        said.append(f"{strategy} from {first:.3g} to {last:.3g}")
    if target is not None:
        axes.axhline(target, color="black", linestyle=":", label=f"target {target:.0f} meV/Å")
    axes.set(xscale="log", yscale="log")
    for axis in (axes.xaxis, axes.yaxis):
        plain_numbers(axis)
    label_axes(axes, "labels", "force MAE / (meV/Å)")
    axes.legend(framealpha=0.85, edgecolor="none")
    text = f"Force MAE against labels, means of the repeats: {', '.join(said)} meV/Å"
    return Picture(figure, text)


def _check_columns(table: pd.DataFrame, *columns: str) -> None:
    missing = [name for name in columns if name not in table]
    if missing or table.empty:
        raise ValueError(
            f"the table must have rows, and columns {', '.join(columns)}; missing: "
            f"{', '.join(missing) or 'rows'}"
        )


def plot_labels_needed(needed: Mapping[str, Sequence[float]]) -> Picture:
    """Compare the labels that each strategy needed to reach a target, one point a repeat.

    Args:
        needed: labels of each repeat by strategy, for example ``measurement.labels_needed(...)``;
            NaN where the target was not reached, which counts as more than any number. A bar is
            the median; a strategy of which half did not get there has none, and says so.

    Example:
        >>> plot_labels_needed({"active": [80, 100, 90], "random": [150, float("nan"), 170]})
        Labels needed to reach the target, median of the repeats: active 90, random 170 (1 of 3 ...)
    """
    needed = {name: list(counts) for name, counts in needed.items()}  # a table has columns
    figure, (axes,) = new_figure(width=6.5, height=0.9 + 0.55 * len(needed))
    said = []
    for row, (strategy, counts) in enumerate(needed.items()):
        counts = np.nan_to_num(np.asarray(counts, float), nan=np.inf, posinf=np.inf)
        reached, middle = counts[np.isfinite(counts)], float(np.median(counts))
        colour = STRATEGY_COLOURS.get(strategy, NEUTRAL)
        if math.isfinite(middle):
            axes.barh(row, middle, height=0.6, color=colour, alpha=0.75)
        places = row + np.linspace(-0.15, 0.15, len(reached))
        axes.plot(reached, places, "o", color=colour, mec="black", ms=6)
        lost = len(counts) - len(reached)
        note = f" ({lost} of {len(counts)} did not reach it)" if lost else ""
        word = f"{middle:.0f}" if math.isfinite(middle) else "not reached"
        axes.text(max([0, *reached]), row, f"  {word}{note}", va="center", fontsize=9)
        said.append(f"{strategy} {word}{note}")
    shown = [name.replace("_", " ") for name in needed]
    axes.set_yticks(range(len(needed)), shown)
    finite = [count for counts in needed.values() for count in counts if math.isfinite(count)]
    axes.set(xlim=(0, 1.5 * max([1, *finite])), ylim=(len(needed) - 0.5, -0.5))
    label_axes(axes, "labels to reach the target (bar: median; points: repeats)", "")
    text = f"Labels needed to reach the target, median of the repeats: {', '.join(said)}"
    return Picture(figure, text)


def plot_transfer(curves: Mapping[str, pd.DataFrame]) -> Picture:
    """Compare ways to use PBE labels: force error against their number, mean and range of seeds.

    Args:
        curves: from ``transfer_curves``, one panel each, by the title to show.

    Example:
        >>> columns = ["way", "n_labels", "mean", "low", "high", "repeats"]
        >>> rows = [("alone", 50, 60.0, 55.0, 64.0, 3), ("xtb", 0, 350.0, 350.0, 350.0, 1)]
        >>> plot_transfer({"500 K": pd.DataFrame(rows, columns=columns)})
        Force MAE against PBE labels; 500 K: PBE labels alone, 50: 60 meV/Å
    """
    figure, panels = new_figure(len(curves), width=4.6, height=3.9)
    said = []
    for axes, (title, table) in zip(panels, curves.items(), strict=True):
        for number, (way, colour) in enumerate(_WAY_COLOURS.items()):
            own = table[table["way"] == way]
            if own.empty:
                continue
            bars = [own["mean"] - own["low"], own["high"] - own["mean"]]
            style = dict(color=colour, marker=MARKERS[number], mec=edge_of(colour), ms=6)
            style["label"] = WAYS[way]
            axes.errorbar(own["n_labels"], own["mean"], yerr=bars, capsize=3, **style)
            last = own.iloc[-1]
            said.append(f"{title}: {WAYS[way]}, {last['n_labels']}: {last['mean']:.0f} meV/Å")
        _draw_untaught(axes, table)
        axes.set(xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            plain_numbers(axis)
        label_axes(axes, "PBE labels", "force MAE against PBE / (meV/Å)", title)
    place = dict(loc="outside upper center", ncols=2, frameon=False)
    figure.legend(*panels[0].get_legend_handles_labels(), **place)
    return Picture(figure, "Force MAE against PBE labels; " + "; ".join(said))


def _draw_untaught(axes: object, table: pd.DataFrame) -> None:
    """Lines for what has seen no PBE label: xTB, and the potential that imitates it."""
    for way, style in (("xtb", "--"), ("pretrained", ":")):
        own = table[table["way"] == way]
        if len(own):
            line = dict(color=COLOURS["xtb"], linestyle=style, linewidth=1.5, label=WAYS[way])
            axes.axhline(own["mean"].iloc[0], **line)
