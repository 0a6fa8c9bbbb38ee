"""Exercises 08: Problem 3 of the chapter, the sums of both projects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlp_course.active_learning.cost import Inputs, Totals, expected_totals, totals
from mlp_course.teaching.exercises.checks.comparing import as_number, close, entry, told
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_SECTION = "08_active_learning.ipynb#Does-it-pay?"
_SUMS = {"node_hours": "node-hours", "gpu_days": "GPU-days", "wall_days": "days from start to end"}


def bulk_totals() -> tuple[Totals, Totals, Totals]:
    """Project A: success, failure, expected."""
    bulk, _ = Inputs().projects()
    return totals(bulk.path(failed=False)), totals(bulk.path(failed=True)), expected_totals(bulk)


@question(
    "q08_1",
    "Problem 3: everything at once",
    answers=("a_success", "a_failure", "a_expected"),
    points={"node-hours": 1, "GPU-days": 1, "days from start to end": 2, "expected": 2},
    stronger={
        "node-hours": "Only labelling uses nodes: configurations × 1 node-hour, in the second "
        "branch for both batches.",
        "GPU-days": "Three rows of the table run on the GPU, a fourth one only in the second "
        "branch; 24 hours are a day.",
        "days from start to end": "Write down a duration for each row, also where people work. "
        "15,000 node-hours on 100 nodes are 150 hours.",
        "expected": "Each expected value lies between success and failure, nearer to success: "
        "weights 0.7 and 0.3.",
    },
    section=_SECTION,
)
def check_bulk_project(
    a_success: Mapping[str, float], a_failure: Mapping[str, float], a_expected: Mapping[str, float]
) -> Iterator[Part]:
    """Mark the sums of the project that labels everything at once.

    Args:
        a_success: "node_hours" in h, "gpu_days" and "wall_days" in days, without retraining.
        a_failure: the same with retraining.
        a_expected: the mean over both, weighted by their probabilities.

    Yields:
        The parts of question ``q08_1``.

    Example:
        >>> none = {"node_hours": 15000, "gpu_days": 0, "wall_days": 0}
        >>> check_bulk_project(none, none | {"node_hours": 20000}, none).points
        1
    """
    success, failure, expected = bulk_totals()
    for key, name in _SUMS.items():
        pair = as_number(entry(a_success, key)), as_number(entry(a_failure, key))
        right = getattr(success, key), getattr(failure, key)
        passed = all(close(p, r, within=2e-3) for p, r in zip(pair, right, strict=True))
        yield Part(name, passed, told(entry(a_success, key), _bulk_hint(key, pair, right)))
    own = [as_number(entry(a_expected, key)) for key in _SUMS]
    right = [getattr(expected, key) for key in _SUMS]
    passed = all(close(o, r, within=2e-3) for o, r in zip(own, right, strict=True))
    yield Part("expected", passed, _expected_hint(a_success, a_failure, own))


def _bulk_hint(key: str, pair: tuple[float, float], right: tuple[float, float]) -> str:
    """The hint for a sum of project A."""
    off = right[0] - pair[0]
    if close(pair[0], right[0], within=2e-3):
        return "Success is right. In the other branch more is labelled and trained once more."
    if key == "gpu_days":
        if close(pair[0], 24 * right[0], within=2e-3):
            return "These are GPU-hours; days were asked for."
        return "Add what runs on the GPU: training and the production run, in days."
    if key == "wall_days":
        if close(off, 14.0):
            return "14 days are missing: somebody has to plan before anything is computed."
        if close(off, 0.25):
            return "A quarter of a day is missing: 150 hours are not quite 6 days."
        if close(off, 6.25):
            return "Labelling takes time from start to end as well, on 100 nodes at once."
        return "All steps one after the other; people's days count, and hours are parts of a day."
    return "One node-hour for each configuration that is labelled."


def _expected_hint(success: object, failure: object, own: list[float]) -> str:
    """The hint for expected values that are not."""
    pairs = [(as_number(entry(success, k)), as_number(entry(failure, k))) for k in _SUMS]
    if all(close(o, (s + f) / 2, within=2e-3) for o, (s, f) in zip(own, pairs, strict=True)):
        return "A plain mean takes both branches as equally likely; retraining has 30 %."
    if all(close(o, 0.3 * s + 0.7 * f, within=2e-3) for o, (s, f) in zip(own, pairs, strict=True)):
        return "The weights are the wrong way round: which branch has 30 %?"
    if all(close(o, s + 0.3 * f, within=2e-3) for o, (s, f) in zip(own, pairs, strict=True)):
        return "The failure's total holds the success's already: what comes *on top* has 30 %."
    return "Weigh the two branches with their probabilities, for each of the three sums."


@question(
    "q08_2",
    "Problem 3: learning actively",
    answers=("b",),
    points={"labels": 1, "node-hours": 1, "GPU-days": 2, "days from start to end": 2},
    stronger={
        "labels": "Add the three numbers of configurations in the table.",
        "node-hours": "As before: one for each label.",
        "GPU-days": "Four trainings, three explorations, one production run; add the hours of the "
        "trainings first.",
        "days from start to end": "Every row of the table has a duration, also where somebody "
        "judges or samples. Nothing runs side by side.",
    },
    section=_SECTION,
)
def check_active_project(b: Mapping[str, float]) -> Iterator[Part]:
    """Mark the sums of the project that learns actively.

    Args:
        b: "labels", "node_hours" in h, "gpu_days" and "wall_days" in days.

    Yields:
        The parts of question ``q08_2``.

    Example:
        >>> check_active_project({"labels": 1900, "node_hours": 1900}).points
        2
    """
    right = expected_totals(Inputs().projects()[1])
    for key, name in ({"labels": "labels"} | _SUMS).items():
        given, value = entry(b, key), getattr(right, key)
        passed = close(given, value, within=2e-3)
        yield Part(name, passed, told(given, _active_hint(key, value - as_number(given))))


def _active_hint(key: str, missing: float) -> str:
    """The hint for a sum of project B, by what is missing."""
    if key in ("labels", "node_hours"):
        if close(missing, -100):
            return "The chapter rounds to 2,000 here. How many were labelled?"
        return "Three batches are labelled: one at first, and two in the rounds."
    known = {
        3.0: "The production run is missing, or the exploration of the rounds.",
        10 / 24: "The final training is missing.",
        1.0: "One exploration is missing: the third round explores, too.",
        0.5: "Half a day is missing: preprocessing, or judging in one of the rounds.",
    }
    for days, hint in known.items():
        if close(missing, days, within=0.02):
            return hint
    if key == "gpu_days":
        return "Four trainings, three explorations and the production run; hours are parts of days."
    if close(missing, 14.2 - 7.17, within=0.02):
        return "That is the GPU's time. Labels, samples and judgements take days as well."
    return "Go through the table row by row: each has a duration, none runs beside another."
