"""Projects and their schedule: amounts add up, time runs along the longest chain."""

import dataclasses
import itertools

import numpy as np
import pytest

from mlp_course.active_learning.cost import (
    Project,
    Step,
    compare_projects,
    expected_totals,
    timetable,
    totals,
    wall_days,
)
from mlp_course.active_learning.cost.project import order_of_steps

AGAIN = Step("again", 2, "nodes", 5_000, 1.0, ("check",), 5_000, only_if_failed=True)
STEPS = (
    Step("use", 3, "gpus", 72, 1.0, ("again",)),
    Step("label", 6, "nodes", 15_000, 1.0, (), 15_000),
    Step("check", 0.5, "people", 0.5, 100.0, ("label",)),
    AGAIN,
)


def _random_steps(seed, n=12):
    """Steps that wait for some of those before them."""
    rng = np.random.default_rng(seed)
    return tuple(
        Step(str(i), float(rng.uniform(0, 5)), "people", 1.0, 1.0,
             tuple(str(j) for j in range(i) if rng.random() < 0.3))
        for i in range(n)
    )  # fmt: skip


def _longest_chain(steps):
    """Longest path by going through all chains: slow and plain."""
    by_name = {step.name: step for step in steps}

    def end(step):
        return step.days + max((end(by_name[name]) for name in step.waits_for), default=0.0)

    return max(end(step) for step in steps)


@pytest.mark.parametrize("seed", range(8))
def test_a_project_ends_with_its_longest_chain(seed):
    """The schedule agrees with a walk through all chains, and is not shorter than any step."""
    steps = _random_steps(seed)
    end = float(wall_days(steps))
    assert end == pytest.approx(_longest_chain(steps), abs=1e-12)
    assert max(step.days for step in steps) <= end <= sum(step.days for step in steps)


@pytest.mark.parametrize("seed", range(4))
def test_slack_is_how_late_a_step_may_be(seed):
    """Longer by its slack, a step delays nothing; by a day more, it delays the end by a day."""
    steps = _random_steps(seed)
    end, table = float(wall_days(steps)), timetable(steps).set_index("name")
    for number, step in enumerate(steps):
        for more, later in ((0.0, 0.0), (1.0, 1.0)):
            longer = dataclasses.replace(
                step, days=step.days + table.loc[step.name, "slack"] + more
            )
            changed = (*steps[:number], longer, *steps[number + 1 :])
            assert float(wall_days(changed)) == pytest.approx(end + later, abs=1e-9)
    assert table["critical"].any()


def test_nobody_starts_before_what_he_waits_for_has_ended():
    """Starts and finishes of the timetable keep the order."""
    steps = _random_steps(1)
    table = timetable(steps).set_index("name")
    for step in steps:
        start = table.loc[step.name, "start"] + 1e-9  # days
        assert all(start >= table.loc[name, "finish"] for name in step.waits_for)


def test_without_failure_the_extra_steps_vanish_and_nobody_waits_for_them():
    """9.5 days and 15,000 node-hours without, 11.5 days and 20,000 with the extra step."""
    project = Project("A", STEPS, 0.3)
    success, failure = (totals(project.path(failed=failed)) for failed in (False, True))
    assert (success.wall_days, failure.wall_days) == (9.5, 11.5)
    assert (success.node_hours, failure.node_hours) == (15_000, 20_000)
    use = next(step for step in project.path(failed=False) if step.name == "use")
    assert use.waits_for == ("check",)  # what the missing step would have waited for


def test_the_mean_is_between_success_and_failure_as_the_probability_says():
    """0.7 · 15,000 + 0.3 · 20,000 = 16,500; the price has 72 $ of GPU and 50 $ of work more."""
    mean = expected_totals(Project("A", STEPS, 0.3))
    assert mean.node_hours == pytest.approx(16_500)
    assert mean.price == pytest.approx(16_500 + 72 + 50)
    assert mean.labels == pytest.approx(16_500)
    assert (mean.gpu_days, mean.work_days) == (pytest.approx(3.0), pytest.approx(0.5))
    assert mean.wall_weeks == pytest.approx((9.5 + 0.3 * 2) / 7)


@pytest.mark.parametrize("factor", [0.0, 0.5, 3.0])
def test_cost_is_linear_in_the_price(factor):
    """All prices times a factor: the cost times the factor, everything else as before."""
    steps = tuple(dataclasses.replace(s, price=factor * s.price) for s in STEPS)
    before, after = (expected_totals(Project("A", own, 0.3)) for own in (STEPS, steps))
    assert after.price == pytest.approx(factor * before.price)
    assert dataclasses.replace(after, price=before.price) == before


def test_the_order_in_which_steps_are_written_does_not_matter():
    """All 24 orders of four steps have the same totals."""
    found = {expected_totals(Project("A", o, 0.3)) for o in itertools.permutations(STEPS)}
    assert len(found) == 1


def test_the_table_has_the_certainty_that_goes_with_the_probability():
    """1 - 0.3 and 1 - 0."""
    table = compare_projects(Project("A", STEPS, 0.3), Project("B", STEPS[1:2]))
    assert table.loc["success_probability"].tolist() == [0.7, 1.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Step("a", -1), "days of 'a' must be finite and not negative, in days; got -1"),
        (lambda: Step("a", float("nan")), "days of 'a' must be finite"),
        (lambda: Step("a", 1, "nodes", -2), "amount of 'a' .* in node-hours; got -2"),
        (lambda: Step("a", 1, "gpu"), "resource of 'a' must be one of people, nodes, gpus"),
        (lambda: Project("A", ()), "must hold at least one; got none"),
        (lambda: Project("A", (Step("a", 1), Step("a", 2))), "unique; twice: a"),
        (lambda: Project("A", (Step("a", 1),), 1.2), "between 0 and 1, dimensionless; got 1.2"),
        (lambda: Project("A", (Step("a", 1, waits_for=("b",)),)), "waits for 'b', which is no"),
        (
            lambda: order_of_steps(
                [Step("a", 1, waits_for=("b",)), Step("b", 1, waits_for=("a",))]
            ),
            "must not wait for each other in a circle; got .* → ",
        ),
        (
            lambda: compare_projects(Project("A", STEPS), Project("A", STEPS)),
            "must have different names; got A, A",
        ),
    ],
)
def test_what_cannot_be_a_project_is_refused(make, message):
    """With name, rule, unit and value."""
    with pytest.raises(ValueError, match=message):
        make()


def test_a_name_alone_is_no_list_of_names():
    """("plan") is a text: each of its letters would be waited for."""
    with pytest.raises(TypeError, match=r"write \('plan',\)"):
        Step("a", 1, waits_for="plan")
