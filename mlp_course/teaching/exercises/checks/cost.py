"""Exercises 08: Problem 3 of the chapter, the comparison, and where it tips over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from mlp_course.active_learning.cost import (
    Costs,
    Inputs,
    LoopPlan,
    Need,
    break_even,
    check_problem_3,
    computing_verdict,
    expected_totals,
    measured,
)
from mlp_course.teaching.exercises.checks.active_learning import bulk_totals
from mlp_course.teaching.exercises.checks.comparing import as_number, as_words, close, entry
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_SECTION = "08_active_learning.ipynb#Does-it-pay?"
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
    (success, _, a), b = bulk_totals(), expected_totals(Inputs().projects()[1])
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
        1
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
