"""The chapter's Problem 3: what its own steps add up to, and which of its totals that is."""

import itertools

import pytest

from mlp_course.active_learning.cost import Inputs, check_problem_3, expected_totals, totals


@pytest.fixture(scope="module")
def table():
    return check_problem_3().set_index("claim")


@pytest.fixture(scope="module")
def steps():
    """Steps of A without retraining, and of B."""
    bulk, active = Inputs().projects()
    return bulk.path(failed=False), active.path(failed=False)


def test_totals_that_add_up():
    """16,500 and 1,900 node-hours, 3.65 and 7.17 GPU-days, $16,588 and $2,072."""
    a, b = (expected_totals(project) for project in Inputs().projects())
    assert (a.node_hours, b.node_hours) == (pytest.approx(16_500), pytest.approx(1_900))
    assert (round(a.gpu_days, 2), round(b.gpu_days, 2)) == (3.65, 7.17)
    assert (round(a.price), round(b.price)) == (16_588, 2_072)


def test_gpu_hours_of_b_by_hand():
    """4 + 24 + 6 + 24 + 8 + 24 + 10 + 72 = 172 hours."""
    _, active = Inputs().projects()
    assert expected_totals(active).gpu_days * 24 == pytest.approx(172)


def test_wall_times_do_not_add_up_for_a(steps):
    """14 + 6.25 + 1 + 0.5 + 0.5 + 3 = 25.25 days; 27.75 after failure; 26.0 expected; B 14.17."""
    bulk, _ = Inputs().projects()
    assert totals(steps[0]).wall_days == pytest.approx(25.25)
    assert totals(bulk.path(failed=True)).wall_days == pytest.approx(27.75)
    assert expected_totals(bulk).wall_days == pytest.approx(26.0)
    assert totals(steps[1]).wall_days == pytest.approx(14 + 1 / 6)


def test_no_choice_of_steps_of_a_makes_two_weeks_except_its_planning_alone(steps):
    """Of the 63 sums of steps of A, only the 14 days of planning by themselves are 14 days."""
    days = {step.name: step.days for step in steps[0]}
    sums = [
        chosen
        for n in range(1, len(days) + 1)
        for chosen in itertools.combinations(days, n)
        if sum(days[name] for name in chosen) == pytest.approx(14)
    ]
    assert sums == [("plan",)]
    assert sum(days.values()) - days["plan"] == pytest.approx(11.25)


def test_without_planning_both_take_the_same_time():
    """12.0 expected days of A without its plan, 11.17 of B without its sampling: 0.8 apart."""
    a, b = (expected_totals(project).wall_days for project in Inputs().projects())
    assert (a - 14, b - 3) == (pytest.approx(12.0), pytest.approx(11 + 1 / 6))


@pytest.mark.parametrize(
    ("claim", "recomputed", "verdict"),
    [
        ("node-hours of A, expected", "16,500 node-hours", "holds"),
        ("node-hours of B", "1,900 node-hours", "holds"),
        ("GPU time of A, expected", "3.650 GPU-days", "holds"),
        ("GPU time of B", "7.167 GPU-days", "holds"),
        ("labels of B", "1,900 labels", "does not hold"),
        ("wall time of A, success", "3.61 weeks", "does not hold"),
        ("wall time of A, failure", "3.96 weeks", "does not hold"),
        ("wall time of A, expected", "3.71 weeks", "does not hold"),
        ("wall time of B", "2.02 weeks", "holds"),
        ("less node-hours", "88.5 %", "holds"),
        ("less data", "87.3 %", "holds"),
        ("less cost", "87.5 %", "holds"),
        ("more GPU time", "96.3 %", "holds"),
        ("less wall time", "45.5 %", "does not hold"),
        ("fewer labels by a factor", "7.89 times", "does not hold"),
        ("cost of A", "16,587.6 $", "holds"),
        ("cost of B", "2,072.0 $", "holds"),
        ("cost saved", "14,515.6 $", "holds"),
        ("success of B", "-", "cannot be checked"),
    ],
)
def test_each_row_has_its_verdict(table, claim, recomputed, verdict):
    """The numbers of the chapter's table, one by one."""
    assert table.loc[claim, ["recomputed", "verdict"]].tolist() == [recomputed, verdict]


def test_percentages_name_their_baseline(table):
    """88, 87 and 87 % come out from three different baselines."""
    said = [table.loc[claim, "remark"] for claim in ("less node-hours", "less data", "less cost")]
    assert all("baseline" in remark for remark in said)
    assert len(set(said)) == 3


def test_the_same_percentage_from_another_baseline_is_another_one():
    """Against the 15,000 labels of a success the node-hours fall by 87.3 %, not 88.5 %."""
    assert pytest.approx(87.3, abs=0.05) == 100 * (1 - 1900 / 15_000)
    assert pytest.approx(88.5, abs=0.05) == 100 * (1 - 1900 / 16_500)


def test_nodes_behind_the_stated_durations(steps):
    """Node-hours over hours: 100 nodes for A; 42, 33 and 25 for B."""
    nodes = [s.amount / s.days / 24 for part in steps for s in part if s.resource == "nodes"]
    assert nodes == pytest.approx([100, 41.67, 33.33, 25.0], abs=0.01)
