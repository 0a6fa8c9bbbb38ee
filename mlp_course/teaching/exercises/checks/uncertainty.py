"""Exercises 08, second half: the spread of an ensemble, its calibration and a threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.spatial.transform import Rotation

from mlp_course.active_learning import Uncertainty, find_threshold, scale_factor
from mlp_course.teaching.exercises.checks.comparing import as_number, close
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.teaching.exercises.rubric import Rubric

_LESSON = "08_active_learning.ipynb"


@question(
    "q08_5",
    "Spread and its size",
    answers=("spread", "calibration_factor"),
    points={"zero where all agree": 1, "does not turn with the molecule": 1,
            "the formula of the lesson": 1, "calibration factor": 2},
    stronger={
        "zero where all agree": "Subtract the mean *over the models*: which axis is that?",
        "does not turn with the molecule": "Take the length of each deviation, which knows no x, "
        "y, z, before you take the mean over the models.",
        "the formula of the lesson": "Deviation from the mean, squared, summed over x, y, z, mean "
        "over the models, square root: in this order.",
        "calibration factor": "Errors over spreads should have a root mean square of 1. By what "
        "must the spreads be multiplied to get there?",
    },
    section=f"{_LESSON}#Five-opinions",
)  # fmt: skip
def check_spread(
    spread: Callable[[np.ndarray], np.ndarray],
    calibration_factor: Callable[[np.ndarray, np.ndarray], float],
) -> Iterator[Part]:
    """Mark the spread of an ensemble's forces, and the factor that calibrates it.

    Args:
        spread: function of forces in eV/Å, shape (n_models, n_atoms, 3); returns eV/Å, (n_atoms,).
        calibration_factor: function of errors and spreads, shape (n,), in the same unit; returns
            the factor for the spreads, dimensionless.

    Yields:
        The parts of question ``q08_5``.

    Example:
        >>> check_spread(lambda f: np.zeros(f.shape[1]), lambda e, s: 1.0).points
        2
    """
    rng = np.random.default_rng(11)
    forces = rng.normal(0, 1, (5, 4, 3)) * np.arange(1, 5)[:, None]
    same = _values(spread(np.repeat(forces[:1], 5, axis=0)), 4)
    hint = "Five models that agree have no spread; subtract their mean, atom by atom."
    yield Part("zero where all agree", np.abs(same).max() < 1e-9, hint)
    turn = Rotation.from_euler("xyz", [30, 50, 70], degrees=True).as_matrix()
    found, turned = _values(spread(forces), 4), _values(spread(forces @ turn.T), 4)
    hint = "Turn the molecule, and your spread changes: components were treated one by one."
    yield Part("does not turn with the molecule", np.allclose(found, turned, rtol=1e-6), hint)
    right = np.sqrt(((forces - forces.mean(0)) ** 2).sum(2).mean(0))
    hint = "The root mean square deviation over the models is another one."
    if np.allclose(found, right * np.sqrt(5 / 4)):
        hint = "You divide by M - 1; the formula divides by the number of models M."
    elif np.allclose(found, right / np.sqrt(3)):
        hint = "x, y and z were averaged; they must be summed, as the square of a length is."
    elif np.allclose(found, right**2):
        hint = "The square root is missing."
    yield Part("the formula of the lesson", np.allclose(found, right, rtol=1e-6), hint)
    spreads = rng.uniform(0.1, 1.0, 400)
    errors = rng.normal(0, 2.5, 400) * spreads
    factor = as_number(calibration_factor(errors, spreads))
    expected = scale_factor(Uncertainty(errors, spreads, "eV/Å"))
    yield Part("calibration factor", close(factor, expected), _factor_hint(factor, errors, spreads))


def _values(answer: object, n: int) -> np.ndarray:
    """An array of n numbers, or NaN where it is none."""
    values = np.asarray(answer, dtype=float)
    return values if values.shape == (n,) else np.full(n, np.nan)


def _factor_hint(factor: float, errors: np.ndarray, spreads: np.ndarray) -> str:
    """The hint for a factor that does not calibrate."""
    ratios = errors / spreads
    size = np.sqrt(np.mean(ratios**2))
    wrong = {
        "This is the square of it.": size**2,
        "Upside down: bars that are too short must be made longer.": 1 / size,
        "A mean of sizes, not a root mean square: for normal errors it is too small by a fifth.":
            np.mean(abs(ratios)),
        "Errors have both signs; their mean says nothing about their size.": np.mean(ratios),
    }  # fmt: skip
    for hint, value in wrong.items():
        if close(factor, value, within=1e-4):
            return hint
    pooled = np.sqrt(np.mean(errors**2) / np.mean(spreads**2))
    if close(factor, pooled, within=1e-4):
        return "Divide each error by its own spread first, then take the root mean square."
    return "After scaling, errors over spreads must have a root mean square of 1."


@question(
    "q08_6",
    "A threshold by a rule",
    answers=("threshold",),
    points={"keeps the promise": 1, "trusts as much as it may": 2, "follows the limit": 1},
    stronger={
        "keeps the promise": "Count among the *trusted* frames only: how many of those with a "
        "spread up to t have an error within the limit?",
        "trusts as much as it may": "Sort by spread, go on even after a first bad frame, and keep "
        "the last place at which the share is still high enough.",
        "follows the limit": "`limit` and `wanted` are arguments; is there a number typed in?",
    },
    section=f"{_LESSON}#From-spread-to-threshold",
)
def check_threshold(threshold: Callable[..., float]) -> Iterator[Part]:
    """Mark the rule for a threshold on the spread.

    Args:
        threshold: function of spreads and errors (not negative), shape (n,), a limit, all in eV/Å,
            and the wanted part; returns the largest spread that may be trusted, in eV/Å.

    Yields:
        The parts of question ``q08_6``.

    Example:
        >>> check_threshold(lambda spreads, errors, limit, wanted: min(spreads)).points
        1
    """
    rng = np.random.default_rng(5)
    spreads = rng.uniform(0.05, 0.6, 120)
    errors = np.abs(rng.normal(0, 2.0, 120)) * spreads
    record = Uncertainty(errors, spreads, "eV/Å")
    found = as_number(threshold(spreads, errors, 0.5, 0.9))
    trusted = spreads <= found + 1e-12
    kept = np.mean(errors[trusted] <= 0.5) if trusted.any() else 0.0
    hint = f"Of the frames that you trust only {kept:.0%} keep the limit; 90 % were promised."
    if close(found, 0.5):
        hint = "The limit is for errors; a spread is a different number, even in the same unit."
    elif not trusted.any():
        hint = "You trust no frame at all."
    yield Part("keeps the promise", kept >= 0.9, hint)
    best = find_threshold(record, 0.5, wanted=0.9).value
    hint = "A larger spread would keep the promise as well: this trusts fewer frames than it may."
    if found > best + 1e-9:
        hint = "This trusts frames that break the promise."
    yield Part("trusts as much as it may", close(found, best, within=1e-6), hint)
    pairs = [(limit, wanted) for limit in (0.3, 0.8) for wanted in (0.8, 0.95)]
    others = [as_number(threshold(spreads, errors, *pair)) for pair in pairs]
    moves = others[0] < others[2] and others[1] < others[3] and others[1] < others[0]
    hint = "With another limit, or another promise, your threshold does not move as it should."
    yield Part("follows the limit", moves, hint)


Rubric(
    "r08_1",
    "What would you recommend?",
    "08_active_learning",
    rows={
        "It names what the saving is compared with (which rival, expected or without failure).": 1,
        "It gives numbers with units for money, GPU time and time from start to end.": 1,
        "It says which input carries the result: that 1,900 labels teach as much as 15,000.": 2,
        "It says when the other way is better (cheap labels, dear training, many nodes).": 1,
        "It names a measurement that would change your mind.": 1,
    },
    model_answer=(
        "For labels of an hour of a node each I would learn actively: on average $2,072 against "
        "$16,588, 14.2 days against 26, at the price of 3.5 more GPU-days. The comparison is with "
        "labelling 15,000 configurations at once and, with 30 %, 5,000 more. All of it rests on "
        "one input: that 1,900 chosen labels teach as much as 15,000. What this course measured "
        "against a well-planned rival was a factor of 1.2 to 1.3, not 8. So I would first draw two "
        "short learning curves, random and active, up to 500 labels. If they lie on each other, "
        "I would label in one go. For labels of milliseconds (xTB) the loop never pays; with "
        "thousands of nodes the rounds cost more time than they save."
    ),
)
