"""Costs in pictures: what is drawn is what was computed, and no input lacks its slider."""

import dataclasses

import pytest

from mlp_course.active_learning.cost import (
    Costs,
    Inputs,
    LoopPlan,
    Need,
    lower_bound,
    measured,
    sensitivity,
    simulate,
)
from mlp_course.active_learning.cost.known import Known
from mlp_course.teaching import (
    CampaignExplorer,
    ProjectExplorer,
    plot_break_even,
    plot_campaign,
    plot_gantt,
    plot_outcomes,
    plot_tornado,
)
from mlp_course.teaching.widgets.cost import _PICTURES, middle_of

WIDGET = "application/vnd.jupyter.widget-view+json"
COSTS = Costs(*(measured(s, "stopwatch") for s in (10.0, 60.0, 180.0, 0.01)))
NEED = Need(measured(1000, "curve"), measured(300, "curve"))


def _without_pictures(explorer):
    """What is tested is the record; drawing each time takes a second."""
    for slider in explorer.sliders.values():
        slider.unobserve_all()


def _bars(axes):
    """Horizontal bars that have a length."""
    return [patch for patch in axes.patches if abs(patch.get_width()) > 1e-9]


def test_a_gantt_bar_starts_where_the_step_starts():
    """A: 0, 14, 20.25, 21.25, 21.75 and 22.25 days; the last one ends at 25.25."""
    axes = plot_gantt(Inputs().projects()[0]).figure.axes[0]
    starts = [bar.get_x() for bar in _bars(axes)]
    assert starts == pytest.approx([0, 14, 20.25, 21.25, 21.75, 22.25])
    assert _bars(axes)[-1].get_x() + _bars(axes)[-1].get_width() == pytest.approx(25.25)


def test_after_a_failure_the_extra_steps_are_hatched():
    """Two of eight."""
    axes = plot_gantt(Inputs().projects()[0], failed=True).figure.axes[0]
    assert [bool(bar.get_hatch()) for bar in _bars(axes)].count(True) == 2
    assert "27.75 days" in plot_gantt(Inputs().projects()[0], failed=True).alt


def test_the_bars_of_a_distribution_are_all_outcomes():
    """They add up to 100 % for each project, and the lines stand at the means."""
    drawn = {p.name: simulate(p, 500) for p in Inputs().projects()}
    for axes, name in zip(plot_outcomes(drawn).figure.axes, ("price", "wall_days"), strict=True):
        assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(200)
        lines = [line.get_xdata()[0] for line in axes.lines]
        assert lines == pytest.approx([table[name].mean() for table in drawn.values()])


def test_a_project_for_nothing_can_be_drawn():
    """No price, no logarithm."""
    free = dataclasses.replace(Inputs().shared, node_price=0.0, gpu_price=0.0)
    drawn = {p.name: simulate(p, 100) for p in Inputs(shared=free).projects()}
    assert plot_outcomes(drawn).figure.axes[0].get_xscale() == "linear"


def test_the_tornado_draws_the_table():
    """Each bar ends where ``sensitivity`` says, widest first."""
    axes = plot_tornado(Inputs(), most=5).figure.axes[0]
    ends = sorted(bar.get_x() + bar.get_width() for bar in axes.patches)
    table = sensitivity(Inputs()).head(5)
    assert ends == pytest.approx(sorted([*table["at_low"], *table["at_high"]]))
    assert "3 are 0 and cannot be moved" in plot_tornado(Inputs()).figure.get_supxlabel()


@pytest.mark.parametrize("name", ["shared.node_price", "bulk.planning_days", "active.rescue_hours"])
@pytest.mark.parametrize("quantity", ["price", "wall_days"])
def test_the_curves_cross_at_the_break_even(name, quantity):
    """On the sides of the line the other project needs less; or no line is drawn."""
    picture = plot_break_even(Inputs(), name, quantity=quantity)
    a, b, *lines = picture.figure.axes[0].lines
    less = a.get_ydata() < b.get_ydata()
    if "never the same" in picture.alt:
        assert len(lines) == 1
        assert less.all() or not less.any()
    else:
        tips = lines[1].get_xdata()[0]
        before = a.get_xdata() < tips
        assert len({*less[before]}) == len({*less[~before]}) == 1
        assert less[0] != less[-1]


@pytest.mark.parametrize("need", [NEED, Need(lower_bound(1000, "not reached"), NEED.active_labels)])
def test_the_campaign_shows_both_verdicts(need):
    """Computing time left, wall time right, an open end as a band up to the top."""
    picture = plot_campaign(COSTS, need, LoopPlan(workers=8), marks={"GFN2-xTB": 0.003})
    left, right = picture.figure.axes
    assert left.get_title().startswith("computing time: ")
    assert right.get_title().startswith("wall time: ")
    bands = 0 if need is NEED else 1
    assert len(left.collections) == bands
    assert ("at most" in left.get_title()) == bool(bands)


def test_every_number_of_both_projects_has_a_slider():
    """One for each field of each part of the inputs, standing at its value."""
    inputs = Inputs()
    wanted = {
        f"{part.name}.{field.name}": getattr(getattr(inputs, part.name), field.name)
        for part in dataclasses.fields(inputs)
        for field in dataclasses.fields(getattr(inputs, part.name))
    }
    explorer = ProjectExplorer(inputs)
    assert {name: slider.value for name, slider in explorer.sliders.items()} == wanted
    assert explorer.inputs() == inputs


def test_every_slider_of_the_projects_moves_its_own_input_and_no_other():
    """To either end; the inputs follow."""
    explorer = ProjectExplorer(Inputs())
    _without_pictures(explorer)
    for name, slider in explorer.sliders.items():
        group, _, field = name.partition(".")
        start = slider.value
        for end in (slider.min, slider.max):
            slider.value = end
            part = dataclasses.replace(getattr(Inputs(), group), **{field: end})
            assert explorer.inputs() == dataclasses.replace(Inputs(), **{group: part}), name
        slider.value = start


def test_every_number_of_a_campaign_has_a_slider():
    """Each field of costs, need and plan; moved, it is an assumption and the others are not."""
    explorer = CampaignExplorer(COSTS, NEED, LoopPlan())
    _without_pictures(explorer)
    records = {"costs": COSTS, "need": NEED, "loop": LoopPlan()}
    fields = {f"{g}.{f.name}" for g, r in records.items() for f in dataclasses.fields(r)}
    assert set(explorer.sliders) == fields
    assert explorer.records() == (COSTS, NEED, LoopPlan())
    for name, slider in explorer.sliders.items():
        start, slider.value = slider.value, slider.max
        now = dict(zip(records, explorer.records(), strict=True))
        for other, record in records.items():
            for own in dataclasses.fields(record):
                value, before = getattr(now[other], own.name), getattr(record, own.name)
                moved = f"{other}.{own.name}" == name
                assert (value == before) != moved, name
                if moved and isinstance(value, Known):
                    assert value.assumed
        slider.value = start


@pytest.mark.parametrize("picture", _PICTURES)
def test_the_picture_follows_the_sliders(picture):
    """At once, with the totals above it; and it is there for who has no kernel."""
    explorer = ProjectExplorer(Inputs(), picture=picture)
    before, text = explorer._image.value, explorer._text.value
    explorer.sliders["bulk.labels"].value = 3_000
    explorer.sliders["bulk.planning_days"].value = 2.0
    assert explorer._image.value != before
    assert explorer._text.value != text
    data, about = explorer._repr_mimebundle_()
    assert {WIDGET, "image/png", "text/plain"} <= set(data)
    assert about["image/png"]["alt"] == explorer.picture.alt


@pytest.mark.parametrize("end", ["min", "max"])
@pytest.mark.parametrize("picture", _PICTURES)
def test_all_sliders_at_one_end_can_be_drawn(picture, end):
    """Nothing at all, and everything at once, are pictures too."""
    explorer = ProjectExplorer(Inputs(), picture=picture)
    _without_pictures(explorer)
    for slider in explorer.sliders.values():
        slider.value = getattr(slider, end)
    assert explorer._draw()[0].png()[1:4] == b"PNG"


def test_an_unknown_picture_is_refused():
    """The names are listed."""
    with pytest.raises(ValueError, match=r"picture must be one of schedule, .*; got 'pie'"):
        ProjectExplorer(Inputs(), picture="pie")


def test_a_bound_puts_the_slider_on_the_bound():
    """There is no middle of an open interval."""
    assert middle_of(lower_bound(950, "x")) == 950
