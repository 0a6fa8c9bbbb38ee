"""Exercises 08: Problem 3 of the chapter, sum by sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from mlp_course.active_learning.cost import (
    Costs,
    Inputs,
    LoopPlan,
    Need,
    Totals,
    break_even,
    check_problem_3,
    computing_verdict,
    expected_totals,
    measured,
    totals,
)
from mlp_course.teaching.exercises.checks.comparing import as_number, as_words, close, entry, told
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_SECTION = "08_active_learning.ipynb#Does-it-pay?"
_SUMS = {"node_hours": "node-hours", "gpu_days": "GPU-days", "wall_days": "days from start to end"}
#: What the chapter says, as asked in q08_3, and the row of ``check_problem_3`` that answers.
CLAIMS = {
    "88 % less node-hours": "less node-hours",
    "A takes about 2 weeks if all goes well": "wall time of A, success",
    "B takes about 2 weeks": "wall time of B",
    "B labels 2,000 configurations": "labels of B",
    "20 % less time from start to end": "less wall time",
    "87 % less cost": "less cost",
    "96 % more GPU time": "more GPU time",
}


def _bulk() -> tuple[Totals, Totals, Totals]:
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
    success, failure, expected = _bulk()
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


@question(
    "q08_3",
    "Problem 3: the comparison",
    answers=("cost", "saved", "does_not_hold"),
    points={"cost": 1, "what is saved": 3, "claims that do not hold": 2},
    stronger={
        "cost": "node_hours × $1 + gpu_days × 24 × $1, for A with the expected values.",
        "what is saved": "100 × (1 - B/A). GPU time grows, so its sign differs from the rest.",
        "claims that do not hold": "Put your own numbers beside each sentence. Two weeks are 14 "
        "days; a percentage that was cut off or rounded may be off by one.",
    },
    section=_SECTION,
)
def check_comparison(
    cost: Mapping[str, float], saved: Mapping[str, float], does_not_hold: Sequence[str]
) -> Iterator[Part]:
    """Mark costs, savings, and the verdict on the chapter's claims.

    Args:
        cost: in $, of "A" (expected) and "B".
        saved: in %, of "node_hours", "gpu_days", "wall_days", "cost" (against expected values of
            A) and "labels" (against 15,000).
        does_not_hold: those of ``CLAIMS`` that the sums contradict.

    Yields:
        The parts of question ``q08_3``.

    Example:
        >>> check_comparison({"A": 16587.6, "B": 2072}, {}, []).points
        1
    """
    (success, _, a), b = _bulk(), expected_totals(Inputs().projects()[1])
    passed = all(close(entry(cost, n), t.price, within=1e-3) for n, t in (("A", a), ("B", b)))
    hint = "Node-hours and GPU-hours at a dollar each, for A the expected ones."
    if close(entry(cost, "A"), a.node_hours + a.gpu_days, within=1e-5):
        hint = "A GPU costs a dollar an hour, and you counted its days."
    elif close(entry(cost, "A"), success.price, within=1e-3):
        hint = "That is A if all goes well; what it costs on average was asked."
    yield Part("cost", passed, hint)
    keys = ("node_hours", "gpu_days", "wall_days", "labels", "cost")
    pairs = {k: (getattr(a, k), getattr(b, k)) for k in keys[:3]}
    pairs |= {"labels": (success.labels, b.labels), "cost": (a.price, b.price)}
    given = {k: as_number(entry(saved, k)) for k in keys}
    passed = all(close(given[k], 100 * (1 - y / x), within=0.01) for k, (x, y) in pairs.items())
    yield Part("what is saved", passed, _saved_hint(given, pairs, success.node_hours))
    table = check_problem_3().set_index("claim")["verdict"]
    wrong = {claim for claim, row in CLAIMS.items() if table[row] == "does not hold"}
    words = as_words(does_not_hold)
    hint = "You reject a claim that your own sums confirm, within rounding."
    if words < wrong:
        hint = "There are more: look at each sentence that speaks of weeks, and count the labels."
    yield Part("claims that do not hold", words == wrong, hint)


def _saved_hint(
    given: dict[str, float], pairs: dict[str, tuple[float, float]], success_hours: float
) -> str:
    """The hint for savings in percent."""
    x, y = pairs["node_hours"]
    if close(given["node_hours"], 100 * (1 - y / success_hours), within=1e-3):
        return "Node-hours: you compare with A if all goes well; the expected value was asked for."
    if close(given["node_hours"], 1 - y / x, within=0.01):
        return "These are parts; percent were asked for."
    if close(given["node_hours"], 100 * y / x, within=0.01):
        return "This is what is still needed, not what is saved."
    x, y = pairs["gpu_days"]
    if close(given["gpu_days"], 100 * (y / x - 1), within=0.01):
        return "GPU time grows: what is saved is negative."
    return "One of the five is off: 100 × (1 - B/A), with the baseline that the text names."


@question(
    "q08_4",
    "Where it tips over",
    answers=("break_even_label_time", "node_price"),
    points={"the formula": 2, "no labels saved": 1, "price of a node-hour": 1},
    stronger={
        "the formula": "Write what each way takes as a + b t, with t the time of a label. Where "
        "are two straight lines equal?",
        "no labels saved": "If the loop needs as many labels or more, no label time helps: test "
        "for that before you divide.",
        "price of a node-hour": "What B pays more for its GPU must equal the price of the "
        "node-hours that it saves.",
    },
    section=_SECTION,
)
def check_break_even(
    break_even_label_time: Callable[..., float | None], node_price: float
) -> Iterator[Part]:
    """Mark the label time, and the price of a node-hour, at which both ways cost the same.

    Args:
        break_even_label_time: function of n_bulk and n_active (labels), n_models, rounds, steps (of
            one exploration), t_train, t_step and t_bulk (in s); returns s, or None if the loop
            saves no labels.
        node_price: in $, at $1 for a GPU-hour.

    Yields:
        The parts of question ``q08_4``.

    Example:
        >>> check_break_even(lambda *inputs: None, 0.00578).points
        2
    """
    cases = [(1000, 300, 5, 3, 10_000, 60.0, 0.01, 180.0), (900, 450, 4, 2, 500, 30.0, 0.1, 10.0)]
    found = [as_number(break_even_label_time(*case)) for case in cases]
    right = [_label_time(*case) for case in cases]
    passed = all(close(f, r, within=1e-4) for f, r in zip(found, right, strict=True))
    yield Part("the formula", passed, _formula_hint(found[0], cases[0]))
    never = break_even_label_time(300, 300, 5, 3, 10_000, 60.0, 0.01, 180.0)
    again = break_even_label_time(300, 400, 5, 3, 10_000, 60.0, 0.01, 180.0)
    hint = "A loop that needs as many labels, or more, never pays through labels: return None."
    passed = never is None and again is None and found[0] == found[0]
    yield Part("no labels saved", passed, hint)
    price = break_even(Inputs(), "shared.node_price")
    hint = "The GPU-hours that B needs more, in $, over the node-hours that it saves."
    if close(node_price, price / 24, within=0.01):
        hint = "GPU time costs a dollar an *hour*; your difference is in days."
    elif close(node_price, 1 / price, within=0.01):
        hint = "Upside down."
    yield Part("price of a node-hour", close(node_price, price, within=0.01), hint)


def _label_time(
    n_bulk: float, n_active: float, n_models: int, rounds: int, steps: int, *times: float
) -> float:
    """Break-even of the package, in s."""
    train, step, bulk = (measured(t, "exercise") for t in times)
    costs = Costs(measured(1.0, "exercise"), train, bulk, step)
    need = Need(measured(n_bulk, "exercise"), measured(n_active, "exercise"))
    plan = LoopPlan(first_labels=50, rounds=rounds, n_models=n_models, steps=steps)
    return float(computing_verdict(costs, need, plan).break_even.low)


def _formula_hint(found: float, case: tuple[float, ...]) -> str:
    """The hint for a label time that is not the right one."""
    n_bulk, n_active, models, rounds, steps, train, step, bulk = case
    saved, explored = n_bulk - n_active, models * rounds * steps * step
    wrong = {
        "The ensemble is trained once more after the last round.": models * rounds * train
        + explored
        - bulk,
        "Exploration is missing: all models look at each step of each round.": models
        * (rounds + 1)
        * train
        - bulk,
        "All models of the ensemble work in each step, not one.": models * (rounds + 1) * train
        + rounds * steps * step
        - bulk,
        "The other way trains as well, once: take that off.": models * (rounds + 1) * train
        + explored,
    }
    for hint, extra in wrong.items():
        if close(found, extra / saved, within=1e-4):
            return hint
    return "What the loop costs beyond labels, less the one training at once, over labels saved."
