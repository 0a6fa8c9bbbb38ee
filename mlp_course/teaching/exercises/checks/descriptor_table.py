"""Exercises 06: the chapter's problem 1, the comparison of descriptors, checked row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlp_course.descriptors import SOAP, SymmetryFunctions
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.teaching.exercises.rubric import Rubric

Row = Mapping[str, object]
_SHAPES = {"eta", "r_s", "zeta", "lambda_"}


@dataclass(frozen=True)
class _Expected:
    """What a row of the table may say.

    Attributes:
        by_hand, data_efficiency, interpretability: levels that count as right.
        must_choose, must_not: settings that are, or are not, chosen by hand.
        labels: fewest and most labels that are typical.
        why: hints for a wrong level, by column.
    """

    by_hand: set[str]
    data_efficiency: set[str]
    interpretability: set[str]
    must_choose: set[str]
    must_not: set[str]
    labels: tuple[float, float]
    why: Mapping[str, str]


_ROWS = {
    "symmetry functions": _Expected(
        by_hand={"high"},
        data_efficiency={"low"},
        interpretability={"high"},
        must_choose=_SHAPES,
        must_not={"n_max", "l_max", "n_features", "n_layers"},
        labels=(10_000, 100_000),
        why={
            "by_hand": "Who decides where each shell lies, and how many there are?",
            "data_efficiency": "Compare with the labels that this family usually needs.",
            "interpretability": "One number is a soft count of neighbours at a distance. Can a "
            "person read that?",
        },
    ),
    "SOAP": _Expected(
        by_hand={"medium"},
        data_efficiency={"medium"},
        interpretability={"medium"},
        must_choose={"n_max", "l_max", "sigma"},
        must_not=_SHAPES | {"n_features", "n_layers"},
        labels=(1_000, 10_000),
        why={
            "by_hand": "The formula is given, a few settings are not: neither all nor nothing.",
            "data_efficiency": "It lies between the shells made by hand and equivariant networks.",
            "interpretability": "An overlap of clouds has a meaning, though an abstract one.",
        },
    ),
    "GNN": _Expected(
        by_hand={"low"},
        data_efficiency={"medium", "medium-high"},
        interpretability={"low"},
        must_choose={"n_features", "n_layers"},
        must_not=_SHAPES | {"n_max", "l_max"},
        labels=(5_000, 10_000),
        why={
            "by_hand": "What a feature means is learnt; only the size of the network is chosen.",
            "data_efficiency": "Invariant networks need fewer labels than shells made by hand, and "
            "more than equivariant ones.",
            "interpretability": "Try to say what feature 17 of atom 3 means.",
        },
    ),
    "equivariant GNN": _Expected(
        by_hand={"low"},
        data_efficiency={"high"},
        interpretability={"low"},
        must_choose={"n_features", "n_layers", "l_max"},
        must_not=_SHAPES | {"n_max"},
        labels=(1_000, 9_999),
        why={
            "by_hand": "Features are learnt; the physics (how they turn) is built in.",
            "data_efficiency": "What turns along need not be learnt from turned copies.",
            "interpretability": "Arrows and tensors on an edge have a direction, not a name.",
        },
    ),
}
_ADVICE = {
    "every number must be explained": "symmetry functions",
    "a crystal, with a kernel method": "SOAP",
    "an organic molecule, many labels, an easy start": "GNN",
    "few labels, highest accuracy": "equivariant GNN",
}


@question(
    "q06_5",
    "Problem 1: the descriptors compared",
    answers=("comparison", "lengths", "advice"),
    points={**{f"row: {family}": 1 for family in _ROWS}, "lengths": 1, "advice": 1},
    stronger={
        "row: symmetry functions": "Lesson 06 writes a shell from η and R_s, an angle from ζ and λ."
        " Its table of costs and the chapter's table of methods name the labels (tens of ...).",
        "row: SOAP": "Ask what you pass to `SOAP(...)` besides elements and cutoff.",
        "row: GNN": "SchNet: what do you set when you build it, and what does training set?",
        "row: equivariant GNN": "How far up do its tensors go? One setting is shared with SOAP.",
        "lengths": "Build both for H, C and O and ask for `n_components`.",
        "advice": "Look at the last column of your own table for the first need, at the column of "
        "data for the last one.",
    },
    section="06_descriptors.ipynb#The-chapter's-table,-measured",
)
def check_comparison(
    comparison: Mapping[str, Row], lengths: Mapping[str, int], advice: Mapping[str, str]
) -> Iterator[Part]:
    """Mark the table of problem 1 row by row, the lengths beside it, and the conclusion.

    Args:
        comparison: for each family a row with the levels ``by_hand``, ``data_efficiency`` and
            ``interpretability``, the settings ``chosen`` by hand, and the ``labels`` it needs.
        lengths: numbers an atom for H, C and O, of ``"symmetry functions"`` and ``"SOAP"`` as the
            package makes them by default.
        advice: the family for each need.

    Yields:
        The parts of question ``q06_5``.

    Example:
        >>> check_comparison({}, {}, {}).points
        0
    """
    for family, expected in _ROWS.items():
        hint = _row_fault(comparison.get(family), expected)
        yield Part(f"row: {family}", not hint, hint)
    yield _judge_lengths(lengths)
    wrong = [need for need, family in _ADVICE.items() if advice.get(need) != family]
    hint = f"Think again about: {wrong[0]}." if wrong else ""
    yield Part("advice", not wrong, hint)


def _row_fault(row: Row | None, expected: _Expected) -> str:
    """Say what is wrong with a row of the table; empty if nothing is."""
    if not isinstance(row, Mapping):
        return "This row is missing, or is not a dictionary."
    for column in ("by_hand", "data_efficiency", "interpretability"):
        level = str(row.get(column, "")).strip().lower()
        if level not in getattr(expected, column):
            return f"{column}: {expected.why[column]}"
    chosen = set(row.get("chosen", ()))
    if surplus := chosen & expected.must_not:
        return f"chosen: {', '.join(sorted(surplus))} belongs to another family."
    if not expected.must_choose <= chosen:
        n_missing = len(expected.must_choose - chosen)
        return f"chosen: {n_missing} setting(s) of the menu are missing."
    low, high = expected.labels
    labels = float(row.get("labels", 0))
    if not low <= labels <= high:
        amount = "few" if labels < low else "many"
        return f"labels: too {amount}; the chapter's go from 3,000 to 30,000."
    return ""


def _judge_lengths(lengths: Mapping[str, int]) -> Part:
    """Whether the lengths were counted and not copied."""
    right = {
        "symmetry functions": SymmetryFunctions([1, 6, 8], cutoff=5.0).n_components,
        "SOAP": SOAP([1, 6, 8], cutoff=5.0).n_components,
    }
    given = {family: lengths.get(family) for family in right}
    of_one = SOAP([6], cutoff=5.0).n_components
    hint = "Count them: the lengths of a description of one atom among H, C and O."
    if given["SOAP"] in (of_one, *range(30, 51)):
        hint = "That is about SOAP for one element; with three there are many more pairs of them."
    return Part("lengths", given == right, hint)


Rubric(
    "r06_1",
    "Defend your choice",
    "06_descriptors",
    rows={
        "Names one family for the catalyst, and not two": 1,
        "Gives a reason from the number of labels or the price of a label": 1,
        "Names what the choice gives up (time a step, reading the numbers, ease of use)": 1,
        "Names a measurement that could prove the choice wrong": 2,
    },
    model_answer="""\
With 3,000 labels of an hour each I take an **equivariant network** (MACE or NequIP): labels are
what costs, and features that turn along need the fewest. I give up speed, as a step of such a
network costs several times one of symmetry functions, and I cannot read its features. Before I
commit myself I train it and SchNet on the same 500, 1,000 and 2,000 labels and compare the force
errors on a separate path with the transition state. If the two curves lie within their error bars,
I was wrong, and take the faster one. The cutoff I choose for either from the measured influence of
a neighbour, not from a table.""",
)
