"""What a project costs, in pictures: its schedule and its risk."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mlp_course.active_learning.cost.known import plain_number
from mlp_course.active_learning.cost.project import RESOURCES, Project
from mlp_course.active_learning.cost.risk import (
    QUANTITIES,
)
from mlp_course.active_learning.cost.scenarios import ACTIVE, BULK
from mlp_course.active_learning.cost.schedule import timetable
from mlp_course.teaching.figures import (
    SERIES,
    Picture,
    colour_of,
    label_axes,
    new_figure,
    plain_numbers,
    with_unit,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The two ways keep their colours in all pictures; so do the resources.
WAYS = {BULK: SERIES[1], ACTIVE: SERIES[2]}
_RESOURCES = dict(zip(RESOURCES, (SERIES[3], SERIES[0], SERIES[5]), strict=True))
_OWNERS = {"shared": "A and B", "bulk": "A", "active": "B"}
#: What stands on an axis.
QUANTITY_NAMES = {
    "price": "price", "node_hours": "supercomputer time", "gpu_days": "GPU time",
    "work_days": "work", "wall_days": "wall time", "labels": "data",
}  # fmt: skip


def axis_of(quantity: str) -> str:
    """Quantity with its unit, as an axis says it.

    Example:
        >>> axis_of("wall_days")
        'wall time / days'
    """
    return with_unit(QUANTITY_NAMES[quantity], QUANTITIES[quantity])


def input_axis(meaning: str, unit: str) -> str:
    """What an input means, with its unit as an axis or a slider says it.

    Example:
        >>> input_axis("price of a node-hour", "$/h"), input_axis("made at once", "labels")
        ('price of a node-hour / ($/h)', 'labels made at once')
    """
    if unit in ("labels", "nodes", "rounds", "models", "steps", "cores"):  # counts name themselves
        return meaning if unit in meaning else f"{unit} {meaning}"
    return with_unit(meaning, unit)


def input_label(name: str, meaning: str, unit: str) -> str:
    """Whose input it is, what it means, and its unit.

    Example:
        >>> input_label("bulk.planning_days", "planning the sampling", "days")
        'A: planning the sampling / days'
    """
    return f"{_OWNERS[name.partition('.')[0]]}: {input_axis(meaning, unit)}"


def plot_gantt(
    *projects: Project, failed: bool = False, marks: Mapping[str, float] | None = None
) -> Picture:
    """Show when each step of the projects runs; extra steps after a failure are hatched.

    Args:
        projects: one below the other.
        failed: show the course of events in which the first attempt was not good enough.
        marks: days to mark by a dotted line, by name.

    Example:
        >>> from mlp_course.active_learning.cost import Inputs
        >>> plot_gantt(*Inputs().projects())
        Schedules; A: all labels at once: 25.25 days, longest: plan 14; B: ...: 14.17 days, ...
    """
    tables = {project.name: timetable(project.path(failed=failed)) for project in projects}
    rows = sum(len(table) + 1.4 for table in tables.values())
    figure, (axes,) = new_figure(width=8.2, height=1.0 + 0.235 * rows)
    place, ticks, said = 0.0, [], []
    for project in projects:
        table, extra = tables[project.name], _extra_steps(project)
        table = table[table["finish"] > table["start"]]  # what takes no time is not drawn
        end = table["finish"].max() if len(table) else 0.0
        head = f"{project.name}: {end:.4g} days"
        axes.text(0, place, head, va="center", weight="bold", fontsize=10)
        for row in table.itertuples():
            place += 1
            _draw_step(axes, row, place, hatched=row.name in extra)
            ticks.append((place, row.name))
        place += 1.4
        days = (table["finish"] - table["start"]).set_axis(table["name"])
        said.append(f"{head}, longest: {days.idxmax()} {days.max():.3g}" if len(days) else head)
    for name, day in (marks or {}).items():
        axes.axvline(day, color="black", linestyle=":", linewidth=1.2)
        axes.text(day, -0.9, name, ha="center", va="bottom", fontsize=9)
    axes.set_yticks([at for at, _ in ticks], [name for _, name in ticks], fontsize=9)
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
        >>> from mlp_course.active_learning.cost import Inputs, simulate
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
            texts.append(
                f"{name} mean {plain_number(values.mean(), 4)} "
                f"(5 to 95 %: {plain_number(low)} to {plain_number(high)})"
            )
        if bins[0] > 0 and quantity == "price":
            axes.set_xscale("log")
            plain_numbers(axes.xaxis)
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
    if quantity == "price" and low > 0:
        return np.geomspace(0.95 * low, 1.05 * high, 70)
    return np.linspace(low - 0.5, high + 0.5, 70)
