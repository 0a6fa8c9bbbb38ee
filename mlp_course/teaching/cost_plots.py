"""What a project costs, in pictures: its schedule, its risk, what decides it, where it tips."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mlp_course.active_learning.cost import expected_totals
from mlp_course.active_learning.cost_risk import (
    QUANTITIES,
    advantage,
    break_even,
    changed,
    input_fields,
    sensitivity,
)
from mlp_course.active_learning.project import RESOURCES, Project
from mlp_course.active_learning.scenarios import ACTIVE, BULK, Inputs
from mlp_course.active_learning.schedule import timetable
from mlp_course.teaching.figures import SERIES, Picture, colour_of, label_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The two ways keep their colours in all pictures; so do the resources.
WAYS = {BULK: SERIES[1], ACTIVE: SERIES[2]}
_RESOURCES = dict(zip(RESOURCES, (SERIES[3], SERIES[0], SERIES[5]), strict=True))
_NAMES = {
    "price": "price", "node_hours": "supercomputer time", "gpu_days": "GPU time",
    "work_days": "work", "wall_days": "wall time", "labels": "data",
}  # fmt: skip


def axis_of(quantity: str) -> str:
    """Quantity with its unit, as an axis says it.

    Example:
        >>> axis_of("wall_days")
        'wall time / days'
    """
    return f"{_NAMES[quantity]} / {QUANTITIES[quantity]}"


def plot_gantt(
    *projects: Project, failed: bool = False, marks: Mapping[str, float] | None = None
) -> Picture:
    """Show when each step of the projects runs; extra steps after a failure are hatched.

    Args:
        projects: one below the other.
        failed: show the course of events in which the first attempt was not good enough.
        marks: days to mark by a dotted line, by name.

    Example:
        >>> from mlp_course.active_learning import Inputs
        >>> plot_gantt(*Inputs().projects())
        Schedules; A: all labels at once: 25.25 days, longest: plan 14; B: ...: 14.17 days, ...
    """
    tables = {project.name: timetable(project.path(failed=failed)) for project in projects}
    rows = sum(len(table) + 1.4 for table in tables.values())
    figure, (axes,) = new_figure(width=8.2, height=1.0 + 0.235 * rows)
    place, ticks, said = 0.0, [], []
    for project in projects:
        table, extra = tables[project.name], _extra_steps(project)
        end = table["finish"].max()
        head = f"{project.name}: {end:.4g} days"
        axes.text(0, place, head, va="center", weight="bold", fontsize=10)
        for row in table.itertuples():
            place += 1
            _draw_step(axes, row, place, hatched=row.name in extra)
            ticks.append((place, row.name))
        place += 1.4
        longest = (table["finish"] - table["start"]).idxmax()
        days = table.loc[longest, "finish"] - table.loc[longest, "start"]
        said.append(f"{head}, longest: {table.loc[longest, 'name']} {days:.3g}")
    for name, day in (marks or {}).items():
        axes.axvline(day, color="black", linestyle=":", linewidth=1.2)
        axes.text(day, -0.9, name, ha="center", va="bottom", fontsize=9)
    axes.set_yticks(*zip(*ticks, strict=True), fontsize=9)
    axes.set_ylim(place - 0.6, -0.8)
    axes.grid(axis="y", visible=False)
    label_axes(axes, "days from the start", "")
    handles = [_bar(axes, colour) for colour in _RESOURCES.values()]
    names = ["people", "supercomputer", "GPU"]
    figure.legend(handles, names, loc="outside lower center", ncols=3, frameon=False)
    return Picture(figure, f"Schedules; {'; '.join(said)}")


def _extra_steps(project: Project) -> set[str]:
    return {step.name for step in project.steps if step.only_if_failed}


def _bar(axes: "Axes", colour: str) -> object:
    """A rectangle for the legend, outside of the picture."""
    return axes.barh([np.nan], [0], color=colour, edgecolor="#555555", linewidth=0.6)[0]


def _draw_step(axes: "Axes", row: object, place: float, *, hatched: bool) -> None:
    """One bar with its duration beside it."""
    days = row.finish - row.start
    style = dict(color=_RESOURCES[row.resource], edgecolor="#555555", linewidth=0.6, height=0.72)
    axes.barh(place, days, left=row.start, hatch="////" if hatched else "", **style)
    text = f" {days:.3g}" if days >= 1 else f" {24 * days:.3g} h"
    axes.text(row.finish, place, text, va="center", fontsize=8)


def plot_outcomes(
    drawn: Mapping[str, pd.DataFrame], *, quantities: Sequence[str] = ("price", "wall_days")
) -> Picture:
    """Show how likely which outcome is, with the mean of each project as a line.

    Args:
        drawn: from ``simulate``, by the name of the project.
        quantities: one panel each; price has a logarithmic axis.

    Example:
        >>> from mlp_course.active_learning import Inputs, simulate
        >>> projects = Inputs().projects()
        >>> plot_outcomes({project.name: simulate(project, 1000) for project in projects})
        Distribution of outcomes; price / $: A: all labels at once mean 16... (5 to 95 %: ...
    """
    figure, panels = new_figure(len(quantities), width=4.8, height=3.9)
    said = []
    for axes, quantity in zip(panels, quantities, strict=True):
        texts = []
        bins = _bins([table[quantity].to_numpy() for table in drawn.values()], quantity)
        for number, (name, table) in enumerate(drawn.items()):
            values = table[quantity].to_numpy()
            colour = WAYS.get(name) or colour_of(name, number)
            style = dict(weights=np.full(len(values), 100 / len(values)), color=colour)
            hatch = "" if number else "//"
            axes.hist(values, bins, **style, alpha=0.55, hatch=hatch, edgecolor=colour, label=name)
            axes.axvline(
                values.mean(), color=colour, linewidth=1.8, linestyle=("--", "-")[number % 2]
            )
            low, high = np.quantile(values, (0.05, 0.95))
            texts.append(f"{name} mean {values.mean():,.4g} (5 to 95 %: {low:,.3g} to {high:,.3g})")
        if quantity == "price":
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:,.0f}")
        label_axes(axes, f"{axis_of(quantity)}, lines: means", "outcomes in a bin / %")
        said.append(f"{axis_of(quantity)}: {', '.join(texts)}")
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=2, frameon=False)
    return Picture(figure, f"Distribution of outcomes; {'; '.join(said)}")


def _bins(samples: list[np.ndarray], quantity: str) -> np.ndarray:
    """The same for all projects, even on the axis that the quantity has."""
    everything = np.concatenate(samples)
    low, high = everything.min(), everything.max()
    if quantity == "price":
        return np.geomspace(0.95 * low, 1.05 * high, 70)
    return np.linspace(low - 0.5, high + 0.5, 70)


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
        >>> from mlp_course.active_learning import Inputs
        >>> plot_tornado(Inputs(), quantity="wall_days")
        Saved wall time is 11.8 days; ... ± 50 %: initial sampling plan 4.83 to 18.8, nodes ...
    """
    table = sensitivity(inputs, quantity, change=change)
    shown = table[table["swing"] > 1e-9].head(most)
    now = advantage(inputs, quantity)
    figure, (axes,) = new_figure(width=8.2, height=1.4 + 0.34 * len(shown))
    for place, row in enumerate(shown.itertuples()):
        for end, value, colour in (
            (row.at_low, row.low_value, SERIES[4]),
            (row.at_high, row.high_value, SERIES[1]),
        ):
            axes.barh(place, end - now, left=now, color=colour, edgecolor="#555555", height=0.7)
            side = "left" if end > now else "right"
            axes.annotate(
                f"{value:,.3g}", (end, place), xytext=(3 if side == "left" else -3, 0),
                textcoords="offset points", va="center", ha=side, fontsize=8,
            )  # fmt: skip
    names = [
        f"{row.meaning} ({row.Index.partition('.')[0]}) / {row.unit}" for row in shown.itertuples()
    ]
    axes.set_yticks(range(len(shown)), names, fontsize=9)
    axes.axvline(now, color="black", linewidth=1)
    axes.axvline(0, color="black", linewidth=1, linestyle=":")
    axes.invert_yaxis()
    axes.margins(x=0.12)
    label_axes(axes, f"saved by active learning: {axis_of(quantity)}", "")
    zero, rest = int((~table["moved"]).sum()), int(table["moved"].sum()) - len(shown)
    note = (
        f"pale: input {change:.0%} lower, dark: {change:.0%} higher; {rest} more move less or "
        f"nothing, {zero} are 0 and cannot be moved by a part of themselves"
    )
    figure.supxlabel(note, fontsize=8.5)
    listed = ", ".join(f"{r.meaning} {r.at_low:.3g} to {r.at_high:.3g}" for r in shown.itertuples())
    saved = f"Saved {_NAMES[quantity]} is {now:,.3g} {QUANTITIES[quantity]}"
    return Picture(figure, f"{saved}; each input ± {change:.0%}: {listed}")


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
        >>> from mlp_course.active_learning import Inputs
        >>> plot_break_even(Inputs())
        price / $ against price of a node-hour / $/h; now 1; the same at 0.00578
    """
    tips = break_even(inputs, name, quantity)
    ((field, now),) = ((field, value) for own, field, value in input_fields(inputs) if own == name)
    log = now > 0 and (tips or now) > 0 and field.metadata["unit"] != "1"
    ends = [end for end in (now, tips) if end is not None]
    if log:
        xs = np.geomspace(min(ends) / 4, 4 * max(ends), 120)
    else:
        least, most = 0.0, max(field.metadata["most"], *ends)
        xs = np.linspace(least, 1.0 if field.metadata["unit"] == "1" else most, 120)
    plans = [[expected_totals(p) for p in changed(inputs, name, x).projects()] for x in xs]
    figure, (axes,) = new_figure(width=6.6, height=3.8)
    for number, own in enumerate((BULK, ACTIVE)):
        heights = [getattr(pair[number], quantity) for pair in plans]
        axes.plot(
            xs, heights, color=WAYS[own], linewidth=2, linestyle=("--", "-")[number], label=own
        )
    axes.axvline(now, color="black", linewidth=1, linestyle=":", label=f"the input now: {now:.4g}")
    text = "never the same"
    if tips is not None:
        text = f"the same at {tips:.3g}"
        axes.axvline(tips, color="0.5", linewidth=1.2, label=text)
    if log:
        axes.set(xscale="log", yscale="log")
    axes.legend(framealpha=0.85, edgecolor="none", fontsize=9)
    x = f"{field.metadata['meaning']} / {field.metadata['unit'].replace('$/h', '($/h)')}"
    label_axes(axes, x, axis_of(quantity))
    what = f"{axis_of(quantity)} against {field.metadata['meaning']} / {field.metadata['unit']}"
    return Picture(figure, f"{what}; now {now:.4g}; {text}")
