"""Risk: draws have the mean that was computed, and each input moves what it should."""

import dataclasses
import math

import numpy as np
import pytest

from mlp_course.active_learning.cost import (
    Inputs,
    Project,
    Step,
    advantage,
    break_even,
    changed,
    compare_projects,
    expected_totals,
    sensitivity,
    simulate,
)
from mlp_course.active_learning.cost.risk import QUANTITIES, input_fields

DRAWN = [name for name in QUANTITIES if name != "labels"]


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_the_mean_of_many_draws_is_the_expected_value(number, spread):
    """For steps one after the other; within four standard errors of 20,000 draws."""
    project = Inputs().projects()[number]
    drawn, mean = simulate(project, 20_000, spread=spread, seed=3), expected_totals(project)
    for name in DRAWN:
        error = drawn[name].std() / math.sqrt(len(drawn)) + 1e-9
        assert abs(drawn[name].mean() - getattr(mean, name)) < 4 * error, name


def test_without_spread_only_success_and_failure_come_out():
    """15,000 and 20,000 node-hours; the expected 16,500 never happen."""
    drawn = simulate(Inputs().projects()[0], 2_000, spread=0.0)
    assert sorted(drawn["node_hours"].unique()) == pytest.approx([15_000, 20_000])
    assert drawn["failed"].mean() == pytest.approx(0.3, abs=0.04)
    assert set(drawn.loc[drawn["failed"], "wall_days"].round(9)) == {27.75}


def test_steps_side_by_side_end_later_on_average_than_planned():
    """The mean of the later of two is later than the later of the means: 1 + 0.3/√π for normals."""
    project = Project("two", (Step("a", 1.0), Step("b", 1.0)))
    drawn = simulate(project, 50_000, spread=0.3)
    assert expected_totals(project).wall_days == 1.0
    assert drawn["wall_days"].mean() == pytest.approx(1 + 0.3 / math.sqrt(math.pi), abs=0.02)


def test_spread_is_the_relative_standard_deviation_of_a_step():
    """One step of 10 days with spread 0.3: 3 days."""
    drawn = simulate(Project("one", (Step("a", 10.0),)), 50_000, spread=0.3)
    assert drawn["wall_days"].std() == pytest.approx(3.0, abs=0.1)
    assert drawn["wall_days"].min() > 0


def test_the_same_seed_draws_the_same():
    """And another one draws others."""
    project = Inputs().projects()[0]
    first, again, other = (simulate(project, 50, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_two_projects_have_independent_luck():
    """With one seed, the same: a late plan of A says nothing about the sampling of B."""
    a, b = (simulate(project, 5_000, seed=1) for project in Inputs().projects())
    for name in ("price", "wall_days", "work_days"):
        assert abs(np.corrcoef(a[name], b[name])[0, 1]) < 4 / math.sqrt(5_000)


def test_no_input_is_forgotten():
    """The list of inputs has every field of every part."""
    inputs = Inputs()
    parts = [getattr(inputs, part.name) for part in dataclasses.fields(inputs)]
    count = sum(len(dataclasses.fields(part)) for part in parts)
    names = [name for name, _, _ in input_fields(inputs)]
    assert len(names) == len(set(names)) == count == len(sensitivity(inputs))


def test_every_input_changes_something():
    """Half as much again of each (of what is 0: 10), after B's rescue has been given a size."""
    start = Inputs()
    for name, value in (("rescue_labels", 600), ("rescue_hours", 8.0)):
        start = changed(start, f"active.{name}", value)
    start = changed(start, "shared.work_price", 100.0)
    for name, _, value in input_fields(start):
        moved = changed(start, name, 1.5 * value or 10.0)
        before, after = (compare_projects(*i.projects()).to_numpy() for i in (start, moved))
        assert not np.allclose(before, after, rtol=1e-9, atol=1e-9), name


def test_a_rescue_of_b_costs_a_twentieth_of_itself():
    """600 labels and 8 hours of training with a probability of 5 %: 2,072 + 30.40 dollars."""
    inputs = changed(changed(Inputs(), "active.rescue_labels", 600), "active.rescue_hours", 8.0)
    assert expected_totals(inputs.projects()[1]).price == pytest.approx(2_102.40)


def test_what_both_projects_share_saves_nothing():
    """The production run is the same in both."""
    longer = changed(Inputs(), "shared.production_hours", 720.0)
    assert advantage(longer) == pytest.approx(advantage(Inputs()))


def test_price_is_linear_in_the_price_of_a_node_hour():
    """14,600 $ of difference at 1 $, as much again at 2 $; 84.4 $ of GPU work against it."""
    saved = [advantage(changed(Inputs(), "shared.node_price", p)) for p in (0.0, 1.0, 2.0)]
    assert saved == pytest.approx([-84.4, 14_515.6, 29_115.6])


def test_break_even_of_the_node_price_by_hand():
    """84.4 GPU-hours more against 14,600 node-hours less: 0.00578 $ where a GPU-hour costs 1 $."""
    assert break_even(Inputs(), "shared.node_price") == pytest.approx(84.4 / 14_600)
    assert break_even(Inputs(), "shared.gpu_price") == pytest.approx(14_600 / 84.4)


@pytest.mark.parametrize("quantity", ["price", "wall_days", "node_hours"])
def test_at_the_break_even_both_need_the_same(quantity):
    """For every input that has one."""
    tips = {name: break_even(Inputs(), name, quantity) for name, _, _ in input_fields(Inputs())}
    tips = {name: value for name, value in tips.items() if value is not None}
    assert len(tips) > 5
    for name, value in tips.items():
        there = advantage(changed(Inputs(), name, value), quantity)
        assert there == pytest.approx(0.0, abs=1e-3), name


def test_break_even_of_wall_time():
    """A is as quick as B if its planning takes 2.17 days instead of 14."""
    assert break_even(Inputs(), "bulk.planning_days", "wall_days") == pytest.approx(13 / 6)


def test_where_nothing_tips_there_is_no_break_even():
    """Even a certain failure of B costs nothing in the chapter; A is dearer, failed or not."""
    assert break_even(Inputs(), "active.failure_probability") is None
    assert break_even(Inputs(), "bulk.failure_probability") is None


def test_the_widest_bars_of_the_tornado():
    """Price: labels at once, ±7,500 $. Wall time: planning, ±7 days."""
    price, wall = (sensitivity(Inputs(), quantity) for quantity in ("price", "wall_days"))
    assert price.iloc[0][["at_low", "at_high"]].tolist() == pytest.approx([7_015.6, 22_015.6])
    assert wall.index[0] == "bulk.planning_days"
    assert wall["swing"].iloc[0] == pytest.approx(14.0)
    assert price["swing"].is_monotonic_decreasing


def test_what_is_zero_is_said_not_to_have_been_moved():
    """Half of nothing is nothing: that is no proof that an input does not matter."""
    table = sensitivity(Inputs())
    assert set(table.index[~table["moved"]]) == {
        "shared.work_price", "active.rescue_labels", "active.rescue_hours",
    }  # fmt: skip


def test_a_probability_ends_at_one():
    """0.8 and half as much again is 1, not 1.2."""
    table = sensitivity(changed(Inputs(), "bulk.failure_probability", 0.8))
    assert table.loc["bulk.failure_probability", "high_value"] == 1.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: simulate(Inputs().projects()[0], 0), "n_draws must be at least 1; got 0"),
        (lambda: simulate(Inputs().projects()[0], spread=-1), "spread must be finite and not neg"),
        (lambda: advantage(Inputs(), "weight"), "quantity must be one of price, .*; got 'weight'"),
        (lambda: changed(Inputs(), "bulk.colour", 1), "name must be one of .*; got 'bulk.colour'"),
        (lambda: changed(Inputs(), "bulk.nodes", 0), "nodes must be finite and positive, in nodes"),
        (lambda: changed(Inputs(), "bulk.labels", -1), "labels must be finite and not negative"),
        (
            lambda: changed(Inputs(), "bulk.failure_probability", 1.5),
            "failure_probability must be between 0 and 1; got 1.5",
        ),
        (lambda: break_even(Inputs(), "bulk.colour"), "name must be one of"),
        (lambda: sensitivity(Inputs(), change=1.0), "change must be between 0 and 1"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    """With name, rule, unit and value."""
    with pytest.raises(ValueError, match=message):
        make()
