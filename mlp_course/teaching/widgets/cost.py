"""Sliders for every number that a project costs, with the pictures that follow them."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mlp_course.active_learning.cost.campaign import Costs, LoopPlan, Need
from mlp_course.active_learning.cost.known import Known, assumed, plain_number
from mlp_course.active_learning.cost.risk import QUANTITIES, input_fields, simulate
from mlp_course.active_learning.cost.scenarios import Inputs
from mlp_course.active_learning.cost.totals import compare_projects
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.plots.campaign import plot_campaign
from mlp_course.teaching.plots.cost import (
    axis_of,
    input_axis,
    input_label,
    plot_gantt,
    plot_outcomes,
)
from mlp_course.teaching.plots.cost_decision import plot_break_even, plot_tornado
from mlp_course.teaching.tables import text_table

if TYPE_CHECKING:
    import ipywidgets

    from mlp_course.active_learning.cost.project import Project
    from mlp_course.teaching.figures import Picture

_STEP = {"days": 0.25, "h": 0.5, "$/h": 0.01, "nodes": 0.5, "1": 0.01, "$/day": 10.0, "s": 60.0}
_PICTURES = ("schedule", "schedule after failure", "risk", "what decides", "break-even")
_TITLES = {"shared": "both", "bulk": "A: all at once", "active": "B: active learning"}


def numeric_fields(record: object) -> list[dataclasses.Field]:
    """Fields of a dataclass instance that hold a number or a known value: what needs a slider.

    Example:
        >>> from mlp_course.active_learning.cost import SharedInputs
        >>> len(numeric_fields(SharedInputs())) == len(dataclasses.fields(SharedInputs))
        True
    """
    return [
        field
        for field in dataclasses.fields(record)
        if isinstance(getattr(record, field.name), (int, float, Known))
    ]


def _about(field: dataclasses.Field) -> tuple[str, str]:
    return field.metadata["meaning"], field.metadata["unit"]


def _menu(name: str, options: Sequence, value: str) -> ipywidgets.Dropdown:
    import ipywidgets

    return ipywidgets.Dropdown(options=options, value=value, description=name)


def make_slider(field: dataclasses.Field, value: float | Known) -> ipywidgets.Widget:
    """A slider that stands at the value; a known value has a logarithmic one, in its middle.

    Args:
        field: of the record, with ``unit``, ``most`` and ``meaning`` in its metadata, if any.
        value: where it stands at first.
    """
    import ipywidgets

    wide = dict(style={"description_width": "230px"}, layout=ipywidgets.Layout(width="560px"))
    wide["continuous_update"] = False  # a picture when the slider is let go
    if isinstance(value, Known):
        start = max(1e-4, middle_of(value))
        text = f"{field.name.replace('_', ' ')} / {_unit_of(field.name)}"
        return ipywidgets.FloatLogSlider(
            start, min=-4, max=6, step=0.01, description=text, readout_format=".3g", **wide
        )
    (meaning, unit), most = _about(field), field.metadata["most"]
    text = input_axis(meaning, unit)
    ends = dict(max=max(most, value), description=text, **wide)
    if isinstance(value, int):
        least = 0 if field.metadata.get("least", 0) == 0 else 1
        return ipywidgets.IntSlider(value, min=least, step=max(1, most // 1000), **ends)
    least = 0.5 if unit == "nodes" else 0.0
    return ipywidgets.FloatSlider(value, min=least, step=_STEP.get(unit, 1.0), **ends)


def middle_of(known: Known) -> float:
    """One number for a slider: the geometric middle of two bounds, or the bound that there is.

    Example:
        >>> from mlp_course.active_learning.cost import lower_bound, between
        >>> middle_of(between(4.0, 9.0, "two days")), middle_of(lower_bound(3.0, "stopped"))
        (6.0, 3.0)
    """
    if known.high == float("inf"):
        return known.low
    return (known.low * known.high) ** 0.5 if known.low > 0 else known.high


def _unit_of(name: str) -> str:
    return "labels" if name.endswith("labels") else "s"


class _Explorer(Interactive):
    """Sliders on tabs beside a picture; who reads without a kernel sees the first picture."""

    picture: Picture
    sliders: dict[str, ipywidgets.Widget]

    def _start(
        self, tabs: Mapping[str, list[ipywidgets.Widget]], menus: list[ipywidgets.Widget]
    ) -> None:
        """Draw, and listen to every control."""
        import ipywidgets

        self._image = ipywidgets.Image(format="png")
        self._image.layout = ipywidgets.Layout(width="auto", max_width="760px")
        self._text = ipywidgets.HTML()
        self._redraw()
        for control in [*self.sliders.values(), *menus]:
            control.observe(self._redraw, names="value")
        self._tabs, self._menus = tabs, menus

    def _layout(self) -> ipywidgets.Widget:
        import ipywidgets

        boxes = [ipywidgets.VBox(sliders) for sliders in self._tabs.values()]
        beside = ipywidgets.HBox(self._menus, layout=ipywidgets.Layout(flex_flow="row wrap"))
        tab = ipywidgets.Tab(boxes, titles=tuple(self._tabs))
        return ipywidgets.VBox([tab, beside, self._text, self._image])

    def _draw(self) -> tuple[Picture, str]:
        """The picture and the HTML above it, for where the controls stand."""
        raise NotImplementedError

    def _redraw(self, change: object = None) -> None:
        self.picture, self._text.value = self._draw()
        self._image.value, self._image.alt = self.picture.png(), self.picture.alt

    def __repr__(self) -> str:
        return self.picture.alt

    def _still(self) -> Picture:
        return self.picture


class ProjectExplorer(_Explorer):
    """A slider for every input of the two projects, their totals, and five pictures to choose.

    Args:
        inputs: where the sliders stand at first.
        picture: "schedule", "schedule after failure", "risk", "what decides" or "break-even".
        quantity: for the last three, one of ``QUANTITIES``.
        against: the input on the axis of the break-even.

    Example:
        >>> explorer = ProjectExplorer(Inputs(), picture="break-even")
        >>> explorer.sliders["shared.gpu_price"].value = 10.0  # as if moved by hand
        >>> explorer.picture.alt.split("; ")[-1]
        'the same at 0.0578'
    """

    def __init__(
        self,
        inputs: Inputs,
        *,
        picture: str = "schedule",
        quantity: str = "price",
        against: str = "shared.node_price",
    ) -> None:
        import ipywidgets

        if picture not in _PICTURES:
            raise ValueError(f"picture must be one of {', '.join(_PICTURES)}; got {picture!r}")
        self._inputs = inputs
        found = list(input_fields(inputs))
        self.sliders = {name: make_slider(field, value) for name, field, value in found}
        named = [(input_label(name, *_about(field)), name) for name, field, _ in found]
        quantities = [(axis_of(name), name) for name in QUANTITIES if name != "labels"]
        self.menus = {
            "picture": _menu("picture", _PICTURES, picture),
            "quantity": _menu("quantity", quantities, quantity),
            "against": _menu("against", named, against),
        }
        self.spread = ipywidgets.FloatSlider(0.3, min=0, max=1, step=0.05, description="spread / 1")
        tabs = {
            title: [s for name, s in self.sliders.items() if name.startswith(f"{group}.")]
            for group, title in _TITLES.items()
        }
        self._start(tabs, [*self.menus.values(), self.spread])

    def inputs(self) -> Inputs:
        """The inputs where the sliders stand."""
        parts = {}
        for group in dataclasses.fields(self._inputs):
            part = getattr(self._inputs, group.name)
            fields = numeric_fields(part)
            values = {f.name: self.sliders[f"{group.name}.{f.name}"].value for f in fields}
            parts[group.name] = dataclasses.replace(part, **values)
        return Inputs(**parts)

    def _draw(self) -> tuple[Picture, str]:
        inputs, kind, quantity = self.inputs(), *(
            self.menus[name].value for name in ("picture", "quantity")
        )  # fmt: skip
        projects = inputs.projects()
        if kind.startswith("schedule"):
            drawn = plot_gantt(*projects, failed=kind != "schedule")
        elif kind == "risk":
            draws = {p.name: simulate(p, spread=self.spread.value) for p in projects}
            drawn = plot_outcomes(draws, quantities=(quantity,))
        elif kind == "what decides":
            drawn = plot_tornado(inputs, quantity=quantity)
        else:
            drawn = plot_break_even(inputs, self.menus["against"].value, quantity=quantity)
        return drawn, _totals_table(projects)


def _totals_table(projects: tuple[Project, ...]) -> str:
    """Expected totals as HTML: one row a project."""
    table = compare_projects(*projects).T
    head = ["expected", *(axis_of(name) for name in QUANTITIES), "success / 1"]
    columns = [*QUANTITIES, "success_probability"]
    rows = [
        [name, *(plain_number(value, 4) for value in row)]
        for name, row in zip(table.index, table[columns].to_numpy(), strict=True)
    ]
    return text_table([head, *rows])


class CampaignExplorer(_Explorer):
    """A slider for every number that decides when active learning pays for your own system.

    A measured value or bound stays what it is until its slider is moved; then it is assumed.

    Args:
        costs: what one of each takes.
        need: labels that both ways need.
        loop: how the loop is run.
        marks: times of other labels in s, by name, for the picture.

    Example:
        >>> from mlp_course.active_learning.cost import measured
        >>> costs = Costs(*(measured(s, "stopwatch") for s in (10, 60, 180, 0.01)))
        >>> need = Need(measured(1000, "curve"), measured(300, "curve"))
        >>> explorer = CampaignExplorer(costs, need, LoopPlan())
        >>> explorer.sliders["costs.label"].value = 1.0  # as if moved by hand
        >>> explorer.picture.alt.split(". ")[0]
        'computing time: break-even 3.6 s a label; a label takes 1 s: does not pay, under ...'
    """

    def __init__(
        self,
        costs: Costs,
        need: Need,
        loop: LoopPlan,
        *,
        marks: Mapping[str, float] | None = None,
    ) -> None:
        self._records = {"costs": costs, "need": need, "loop": loop}
        self._marks = marks
        self.sliders = {
            f"{group}.{field.name}": make_slider(field, getattr(record, field.name))
            for group, record in self._records.items()
            for field in numeric_fields(record)
        }
        self._first = {name: slider.value for name, slider in self.sliders.items()}
        tabs = {
            group: [s for name, s in self.sliders.items() if name.startswith(f"{group}.")]
            for group in self._records
        }
        self._start(tabs, [])

    def records(self) -> tuple[Costs, Need, LoopPlan]:
        """Costs, need and loop where the sliders stand."""
        changed = []
        for group, record in self._records.items():
            values = {}
            for field in numeric_fields(record):
                own = f"{group}.{field.name}"
                if self.sliders[own].value != self._first[own]:
                    value = self.sliders[own].value
                    known = isinstance(getattr(record, field.name), Known)
                    values[field.name] = assumed(value, f"slider of {own}") if known else value
            changed.append(dataclasses.replace(record, **values))
        return tuple(changed)

    def _draw(self) -> tuple[Picture, str]:
        picture = plot_campaign(*self.records(), marks=self._marks)
        lines = [f"<li>{html.escape(line)}</li>" for line in picture.alt.split(". ")]
        return picture, f"<ul>{''.join(lines)}</ul>"
