"""When active learning pays, in pictures: both ways against the time of a label."""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mlp_course.active_learning.cost.campaign import (
    Costs,
    LoopPlan,
    Need,
    Verdict,
    computing_verdict,
    wall_verdict,
)
from mlp_course.active_learning.cost.known import Known, measured
from mlp_course.active_learning.cost.scenarios import ACTIVE, BULK
from mlp_course.teaching.figures import Picture, close_numbers, label_axes, new_figure
from mlp_course.teaching.plots.cost import WAYS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIGNS = {"pays": "active learning pays", "does not pay": "active learning does not pay"}


def plot_campaign(
    costs: Costs, need: Need, loop: LoopPlan, *, marks: Mapping[str, float] | None = None
) -> Picture:
    """Show what both ways take against the time of a label; bands where only bounds are known.

    Left all cores together, right from start to end: they may disagree.

    Args:
        costs: what one of each takes.
        need: labels that both ways need.
        loop: how the loop is run.
        marks: times of other labels in s, by name.

    Example:
        >>> from mlp_course.active_learning.cost import measured
        >>> costs = Costs(*(measured(s, "stopwatch") for s in (10, 60, 180, 0.01)))
        >>> need = Need(measured(1000, "curve"), measured(300, "curve"))
        >>> plot_campaign(costs, need, LoopPlan())
        computing time: break-even 3.6 s a label; a label takes 10 s: pays. wall time: ...
    """
    figure, panels = new_figure(2, width=4.9, height=4.3)
    verdicts = [ask(costs, need, loop) for ask in (computing_verdict, wall_verdict)]
    xs = _label_times(costs.label, verdicts, marks or {})
    for axes, ask, verdict in zip(panels, (computing_verdict, wall_verdict), verdicts, strict=True):
        at = [ask(dataclasses.replace(costs, label=measured(x, "axis")), need, loop) for x in xs]
        _draw_way(axes, xs, [v.bulk for v in at], BULK, "--")
        _draw_way(axes, xs, [v.active for v in at], ACTIVE, "-")
        _draw_places(axes, verdict, marks or {})
        tops = [end for v in at for end in (v.bulk.high, v.active.high, v.bulk.low, v.active.low)]
        top = 1.5 * max(end for end in tops if np.isfinite(end)) / 3600
        axes.set(xscale="log", yscale="log", xlim=(xs[0], xs[-1]), ylim=(None, top))
        for axis in (axes.xaxis, axes.yaxis):
            close_numbers(axis)
        label_axes(axes, "time of a label on one core / s", f"{verdict.kind} / h", _title(verdict))
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=4, frameon=False, fontsize=9)
    return Picture(figure, ". ".join(str(verdict) for verdict in verdicts))


def _title(verdict: Verdict) -> str:
    """The answer in two lines."""
    answer = _SIGNS.get(verdict.answer, "the bounds do not tell")
    if verdict.break_even is None:
        return f"{verdict.kind}: {answer}\nno break-even is known"
    return f"{verdict.kind}: {answer}\nbreak-even {verdict.break_even.says(unit='s')} a label"


def _label_times(label: Known, verdicts: list[Verdict], marks: Mapping[str, float]) -> np.ndarray:
    """The label times to draw: all that matter, with room on both sides, in s."""
    ends = [label.low, label.high, *marks.values()]
    for verdict in verdicts:
        if verdict.break_even is not None:
            ends += [verdict.break_even.low, verdict.break_even.high]
    ends = [end for end in ends if np.isfinite(end) and end > 0] or [1.0]
    return np.geomspace(min(ends) / 3, 3 * max(ends), 80)


def _draw_way(axes: "Axes", xs: np.ndarray, known: list[Known], name: str, style: str) -> None:
    """A line, or a band between two bounds; an open band ends at the top."""
    low = np.array([value.low for value in known]) / 3600
    high = np.array([value.high for value in known]) / 3600
    axes.plot(xs, low, style, color=WAYS[name], linewidth=2, label=name)
    if np.any(high > low):
        top = np.where(np.isfinite(high), high, 1e3 * low.max())
        axes.fill_between(xs, low, top, color=WAYS[name], alpha=0.15, linewidth=0)
        if np.all(np.isfinite(high)):
            axes.plot(xs, high, style, color=WAYS[name], linewidth=1)


def _draw_places(axes: "Axes", verdict: Verdict, marks: Mapping[str, float]) -> None:
    """The label of the learner, the break-even and other labels, across the picture."""
    label, tips = verdict.label, verdict.break_even
    style = dict(color="0.75", alpha=0.6, zorder=0, label="your label")
    if label.is_exact:
        axes.axvline(label.low, linewidth=4, **style)
    else:
        axes.axvspan(label.low, min(label.high, 1e12), linewidth=0, **style)
    if tips is not None:
        ends = [end for end in {tips.low, tips.high} if 0 < end < np.inf]
        for number, end in enumerate(ends):
            name = "_" if number else "break-even"
            axes.axvline(end, color="black", linestyle=":", linewidth=1.3, label=name)
    for name, seconds in marks.items():
        axes.axvline(seconds, color="0.5", linewidth=0.8)
        place = dict(transform=axes.get_xaxis_transform(), rotation=90, va="top", ha="right")
        axes.text(seconds, 0.98, name, fontsize=8, **place)
