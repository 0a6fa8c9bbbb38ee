"""The composition planner: how many configurations of which type, by sliders."""

import dataclasses
import textwrap

from mlp_course.sampling import Composition
from mlp_course.teaching.figures import Picture, edge_of, label_axes, new_figure
from mlp_course.teaching.plots.data_maps import sign_of


def plot_plan(plan: Composition, *, n_nodes: int = 10) -> Picture:
    """Show a plan as bars with counts and percentages, its cost above, its warnings below.

    Args:
        plan: from :mod:`mlp_course.sampling`.
        n_nodes: that label at the same time.

    Example:
        >>> from mlp_course.sampling import CU_CO2
        >>> plot_plan(CU_CO2, n_nodes=50)  # 5,000 h on 50 nodes
        Cu catalyst, CO2 reduction: 5000 configurations, 5000 node-hours, 4.2 days on 50 nodes; ...
    """
    table = plan.table()
    warnings = [line for text in plan.warnings() for line in _wrapped(text)]
    bars = 0.36 * len(table)
    figure, (axes,) = new_figure(width=8.2, height=1.3 + bars + 0.2 * max(1, len(warnings)))
    for number, row in table.iterrows():
        colour, _ = sign_of(row.data_type, number)
        style = dict(color=colour, edgecolor=edge_of(colour), height=0.7)
        axes.barh(number, row.n_frames, **style)
        at = f" at {row.temperatures_K} K" if row.temperatures_K else ""
        text = f" {row.n_frames:,.0f} ({row.percent:.0f} %), {row.node_hours:,.0f} node-h{at}"
        axes.text(row.n_frames, number, text, va="center", fontsize=9)
    axes.set_yticks(range(len(table)), list(table.data_type))
    axes.set_xlim(0, 1.55 * table.n_frames.max())
    axes.invert_yaxis()
    total = (
        f"{plan.name}: {plan.n_frames} configurations, {plan.node_hours:.0f} node-hours, "
        f"{plan.days(n_nodes):.1f} days on {n_nodes} nodes"
    )
    label_axes(axes, "configurations", "", total)
    verdict = "\n".join(warnings) if warnings else "no warning"
    figure.supxlabel(verdict, fontsize=9, ha="left", x=0.02)
    return Picture(figure, f"{total}; {' '.join(plan.warnings()) or 'no warning'}")


def plan_composition(start: Composition, *, n_nodes: int = 50) -> None:
    """Change the parts of a plan by sliders and see what it costs and what it forgets.

    A slider at 0 leaves its part out.

    Args:
        start: where the sliders stand at first.
        n_nodes: at first.
    """
    import ipywidgets
    from IPython.display import display

    wide = dict(style={"description_width": "150px"}, layout=ipywidgets.Layout(width="460px"))
    most = 2 * max(part.n_frames for part in start.parts)
    sliders = {
        f"part_{number}": ipywidgets.IntSlider(
            part.n_frames, min=0, max=most, step=100, description=part.data_type, **wide
        )
        for number, part in enumerate(start.parts)
    }
    hours = start.seconds_per_label / 3600
    sliders["hours"] = ipywidgets.FloatSlider(
        hours, min=0.1, max=5, step=0.1, description="node-hours a label", **wide
    )
    sliders["nodes"] = ipywidgets.IntSlider(n_nodes, min=1, max=200, description="nodes", **wide)
    sliders["hottest"] = ipywidgets.IntSlider(
        0, min=0, max=1500, step=100, description="one more temperature / K", **wide
    )

    def show(hours: float, nodes: int, hottest: int, **parts: int) -> None:
        counts = [parts[f"part_{number}"] for number in range(len(start.parts))]
        if not any(counts):
            print("no configurations: move a slider")
            return
        plan = changed_plan(start, counts, hours=hours, hottest=hottest)
        display(plot_plan(plan, n_nodes=nodes))

    ipywidgets.interact(show, **sliders)


def changed_plan(
    start: Composition, counts: list[int], *, hours: float, hottest: float = 0
) -> Composition:
    """A plan with other numbers.

    Args:
        start: the plan before.
        counts: configurations of each of its parts; 0 leaves a part out.
        hours: of one node for each label.
        hottest: one more temperature of the dynamics, in K; 0: none.

    Example:
        >>> from mlp_course.sampling import CU_CO2
        >>> plan = changed_plan(CU_CO2, [500, 3000, 0, 500, 500], hours=2.0)
        >>> plan.n_frames, plan.node_hours
        (4500, 9000.0)
    """
    parts = []
    for part, n_frames in zip(start.parts, counts, strict=True):
        warm = part.temperatures
        if part.data_type == "dynamics" and hottest:
            warm = tuple(sorted({*warm, float(hottest)}))
        if n_frames:
            parts.append(dataclasses.replace(part, n_frames=n_frames, temperatures=warm))
    return dataclasses.replace(start, parts=tuple(parts), seconds_per_label=3600 * hours)


def _wrapped(text: str) -> list[str]:
    """A warning in lines that fit below the bars."""
    return textwrap.wrap(f"! {text}", width=110, subsequent_indent="   ")
