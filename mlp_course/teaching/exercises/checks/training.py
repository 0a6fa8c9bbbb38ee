"""Exercises 09: references, loss weights, stopping, learning curves and a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mlp_course.teaching.exercises.checks.comparing import as_number, close
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.validation import load_race

_LESSON = "09_training_on_md17.ipynb"
_TARGET = 20.0  # meV/Å


@question(
    "q09_1",
    "References come off first",
    answers=("without_references",),
    points={"counts of atoms cancel": 2, "keeps what is left": 1, "sixteen digits": 1},
    stronger={
        "counts of atoms cancel": "`np.linalg.lstsq(counts, energies)` finds one energy for each "
        "element. Then take off counts @ references.",
        "keeps what is left": "Only what is a sum over atoms may go: no mean, no division.",
        "sixteen digits": "Is there a float32 anywhere before the subtraction?",
    },
    section=f"{_LESSON}#3-·-What-should-the-loss-weigh?",
)
def check_references(
    without_references: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Iterator[Part]:
    """Mark the subtraction of atomic references.

    Args:
        without_references: function of counts of atoms, shape (n, n_elements), and energies in eV,
            shape (n,); returns the energies without references, in eV, shape (n,).

    Yields:
        The parts of question ``q09_1``.

    Example:
        >>> check_references(lambda counts, energies: energies).points
        0
    """
    rng = np.random.default_rng(1)
    counts = rng.integers(1, 9, (40, 3)).astype(float)
    own = np.array([-13.6, -1037.2, -2046.5])
    bonds = rng.normal(0, 0.5, 40)
    energies = counts @ own + bonds
    sums = _array(without_references(counts.copy(), counts @ own), 40)
    found = _array(without_references(counts.copy(), energies.copy()), 40)
    hint = "Energies that are a mere sum over atoms must vanish; something is left of yours."
    if np.allclose(sums, counts @ own - (counts @ own).mean()):
        hint = "One mean for all: a molecule with more atoms still has another total."
    elif np.allclose(sums, counts @ own):
        hint = "Nothing was taken off."
    yield Part("counts of atoms cancel", np.abs(sums).max() < 1e-3, hint)
    best = energies - counts @ np.linalg.lstsq(counts, energies, rcond=None)[0]
    hint = "What bonds add, a few tenths of an eV, must be left as it was."
    per_atom = best / counts.sum(axis=1)
    if np.allclose(found, per_atom, atol=1e-4):
        hint = "Energies of whole molecules were asked for, not those of an atom."
    yield Part("keeps what is left", np.allclose(found, best, atol=1e-2), hint)
    large = counts @ (1e4 * own) + np.where(np.arange(40) % 2, 1e-4, -1e-4)
    left = _array(without_references(counts.copy(), large), 40)
    right = large - counts @ np.linalg.lstsq(counts, large, rcond=None)[0]
    hint = "Of differences of 0.1 meV in totals of 10⁸ eV nothing is left: digits were lost."
    yield Part("sixteen digits", np.allclose(left, right, atol=3e-5), hint)


def _array(answer: object, n: int) -> np.ndarray:
    """An array of n numbers, or NaN where it is none."""
    values = np.asarray(answer, dtype=float)
    return values if values.shape == (n,) else np.full(n, np.nan)


@question(
    "q09_2",
    "Who owns the loss, and when to stop",
    answers=("force_share", "pick_weight", "stop"),
    points={"share of the forces": 1, "the weight": 1, "stops in time": 1, "goes back": 1},
    stronger={
        "share of the forces": "w_F ⟨ΔF²⟩ over the sum of both terms. Means of squares, not "
        "squares of means.",
        "the weight": "Three sets, three jobs: one to learn from, one to choose by, one to report "
        "at the end, once.",
        "stops in time": "Count the epochs since the best one; at `patience` it ends.",
        "goes back": "Keep the number of the best epoch on the way; its weights are used.",
    },
    section=f"{_LESSON}#3-·-What-should-the-loss-weigh?",
)
def check_loss_and_stop(
    force_share: Callable[..., float],
    pick_weight: Callable[[pd.DataFrame], float],
    stop: Callable[[Sequence[float], int], tuple[int, int]],
) -> Iterator[Part]:
    """Mark the share of forces in a loss, a weight chosen by a table, and early stopping.

    Args:
        force_share: function of energy errors in eV, shape (n,), force errors in eV/Å, shape
            (n, n_atoms, 3), and the two weights; returns 0 to 1.
        pick_weight: function of a table of force errors, one row for each energy weight (the
            index), columns training, validation and test; returns one of the weights.
        stop: function of validation errors, one an epoch from 0 on, and patience; returns the
            epoch at which training ends and the epoch whose weights are taken.

    Yields:
        The parts of question ``q09_2``.

    Example:
        >>> check_loss_and_stop(lambda *given: 0.5, lambda table: 0.1, lambda e, p: (0, 0)).points
        0
    """
    yield _share_of_forces(force_share)
    yield _weight_by_validation(pick_weight)
    yield from _early_stop(stop)


def _share_of_forces(force_share: Callable[..., float]) -> Part:
    """The part of a loss that the forces make."""
    rng = np.random.default_rng(3)
    e, f = rng.normal(0.3, 1, 20), rng.normal(0, 0.5, (20, 9, 3))
    found = as_number(force_share(e, f, 0.1, 2.0))
    terms = 0.1 * np.mean(e**2), 2.0 * np.mean(f**2)
    hint = "w_F times the mean squared force error, over the whole loss."
    if close(found, terms[0] / sum(terms)):
        hint = "That is the share of the energies."
    elif close(found, terms[1] / terms[0]):
        hint = "A ratio of the two terms; a share is part of their sum."
    elif close(found, 2 * np.mean(abs(f)) / (0.1 * np.mean(abs(e)) + 2 * np.mean(abs(f)))):
        hint = "Sizes were averaged; the loss takes squares."
    return Part("share of the forces", close(found, terms[1] / sum(terms)), hint)


def _weight_by_validation(pick_weight: Callable[[pd.DataFrame], float]) -> Part:
    """The weight with the smallest validation error, wherever it stands in the table."""
    errors = {"training": [9, 20, 31, 45], "validation": [60, 48, 41, 55], "test": [58, 40, 44, 57]}
    table = pd.DataFrame(errors, index=[0.001, 0.01, 0.1, 1.0])
    again = pd.DataFrame(errors, index=[1.0, 0.001, 0.01, 0.1])
    picked = as_number(pick_weight(table.copy()))
    hint = "With another weight the error on the validation frames is smaller."
    if close(picked, 0.001):
        hint = "Best on frames that it was trained on: it has learnt them by heart."
    elif close(picked, 0.01):
        hint = "You chose by the test frames: then nothing is left to test with."
    return Part("the weight", close(picked, 0.1) and close(pick_weight(again), 0.01), hint)


def _early_stop(stop: Callable[[Sequence[float], int], tuple[int, int]]) -> Iterator[Part]:
    """Where training ends, and whose weights are taken."""
    errors = [50, 40, 30, 32, 29, 31, 33, 30, 28, 10]
    cases = (errors, 3), (errors, 5), ([9, 8, 7], 2)
    ends = [tuple(map(int, stop(list(given), patience))) for given, patience in cases]
    hint = "With patience 3 the run of the example ends at epoch 7: three without a new best."
    if ends[0][0] == 3:
        hint = "It stops at the first bad epoch: errors are noisy, wait for `patience` of them."
    elif ends[0][0] == 9:
        hint = "It looks at all epochs: whoever stops early does not know what comes later."
    yield Part("stops in time", [end for end, _ in ends] == [7, 9, 2], hint)
    hint = "The weights of the best epoch so far are taken, not those of the last."
    if ends[1][1] == 9 and ends[0][1] == 9:
        hint = "The best epoch so far: what would have come after the end is not known."
    yield Part("goes back", [best for _, best in ends] == [4, 9, 2], hint)


@question(
    "q09_3",
    "How many frames?",
    answers=("exponent", "frames_needed", "plan"),
    points={"the exponent": 2, "frames until a target": 2, "the plan": 1},
    stronger={
        "the exponent": "A power law is a straight line if both axes are logarithmic: fit "
        "log(error) against log(n). What is its slope, and which sign has b?",
        "frames until a target": "From error = a n^(-b) solve for n; round up, frames come whole.",
        "the plan": "Give your function the three points of PaiNN and 20 meV/Å.",
    },
    section=f"{_LESSON}#6-·-Would-more-data-help?",
)  # fmt: skip
def check_learning_curve(
    exponent: Callable[[ArrayLike, ArrayLike], float],
    frames_needed: Callable[[ArrayLike, ArrayLike, float], int | None],
    plan: int,
) -> Iterator[Part]:
    """Mark the exponent of a learning curve, and frames until a target.

    Args:
        exponent: function of numbers of frames and errors, shape (n,); returns b of a n^(-b).
        frames_needed: the same and a target in the unit of the errors; returns a whole number, or
            None if the errors do not fall.
        plan: frames until PaiNN has 20 meV/Å on ethanol, by ``race_curve()``.

    Yields:
        The parts of question ``q09_3``.

    Example:
        >>> check_learning_curve(lambda n, e: 0.6, lambda n, e, t: 100, 0).points
        0
    """
    n = np.array([20.0, 80.0, 300.0, 1200.0])
    clean, noisy = 900 * n**-0.7, 900 * n**-0.7 * np.array([1.1, 0.85, 1.2, 0.95])
    found = [as_number(exponent(n, errors)) for errors in (clean, noisy)]
    right = [0.7, -np.polyfit(np.log(n), np.log(noisy), 1)[0]]
    hint = "For errors that fall as n^(-0.7) the exponent must come out as 0.7."
    if close(found[0], -0.7):
        hint = "The size is right. In a n^(-b) the minus stands outside of b."
    elif close(found[0], 0.7) and not close(found[1], right[1], within=1e-3):
        hint = "Right where the law is exact. With noise, fit all points, not the two ends."
    passed = all(close(f, r, within=1e-3) for f, r in zip(found, right, strict=True))
    yield Part("the exponent", passed, hint)
    got = frames_needed(n, clean, 3.0)
    need = (900 / 3.0) ** (1 / 0.7)
    never = frames_needed(n, 50 + 0.001 * n, 3.0)
    hint = "900 n^(-0.7) falls to 3.0 at another number of frames."
    if close(as_number(got), need, within=2e-3):
        hint = "Nearly: frames come whole, so round up; and errors that rise never get there: None."
    passed = as_number(got) in (np.ceil(need), np.ceil(need * (1 - 1e-9))) and never is None
    yield Part("frames until a target", passed, hint)
    counts, errors = race_curve()
    slope, start = np.polyfit(np.log(counts), np.log(errors), 1)
    need = np.exp((np.log(_TARGET) - start) / slope)
    hint = "Not what the fit through PaiNN's three points says for 20 meV/Å."
    if as_number(plan) in (200.0, 950.0):
        hint = "That is a number that was measured; the target lies between two of them."
    yield Part("the plan", close(plan, need, within=0.01), hint)


def race_curve(method: str = "PaiNN") -> tuple[np.ndarray, np.ndarray]:
    """Numbers of frames and force MAE in meV/Å of a method in the stored race on ethanol.

    Example:
        >>> race_curve()[0].tolist()
        [50, 200, 950]
    """
    race = load_race().query("molecule == 'ethanol' and method == @method").sort_values("n_train")
    return race["n_train"].to_numpy(), race["force_mae"].to_numpy()


@question(
    "q09_4",
    "May it be used?",
    answers=("decide", "watch"),
    points={"a failure that matters": 1, "a failure that does not": 1, "what was not looked at": 2,
            "how long to watch": 1},
    stronger={
        "a failure that matters": "Look at the verdict of every row in `must`.",
        "a failure that does not": "Rows that are not in `must` do not count, either way.",
        "what was not looked at": "Three kinds: pass, fail and anything else. A row that is not "
        "there is anything else, too.",
        "how long to watch": "No accident in a time t: with 95 % confidence fewer than 3/t. Which "
        "t gives 1 in each nanosecond?",
    },
    section=f"{_LESSON}#7-·-Physics-first,-then-dynamics",
)  # fmt: skip
def check_decision(
    decide: Callable[[pd.DataFrame, Sequence[str]], str], watch: float
) -> Iterator[Part]:
    """Mark a decision from an acceptance report.

    Args:
        decide: function of the table of an ``AcceptanceReport`` and the names of the criteria that
            a use demands; returns "yes", "no" or "cannot tell".
        watch: time without accident, in ns, that shows fewer than one accident in a ns (95 %).

    Yields:
        The parts of question ``q09_4``.

    Example:
        >>> check_decision(lambda table, must: "cannot tell", 3.0).points
        3
    """
    verdicts = {"force MAE": "pass", "energy drift (NVE)": "pass", "1000 K": "fail",
                "barrier": "not applicable"}  # fmt: skip
    table = pd.DataFrame({"verdict": verdicts}).rename_axis("criterion")

    def asked(*must: str) -> object:
        return decide(table.copy(), list(must))

    failed = asked("force MAE", "1000 K"), asked("barrier", "1000 K")
    hint = "A row that the use demands has failed, and you let it pass."
    if failed[0] == "no":
        hint = "One failure is enough for a no, whatever else is not known."
    yield Part("a failure that matters", failed == ("no", "no"), hint)
    fine = asked("force MAE", "energy drift (NVE)")
    hint = "Nothing that this use demands has failed; 1000 K is not among it."
    yield Part("a failure that does not", fine == "yes", hint)
    unknown = asked("force MAE", "barrier"), asked("force MAE", "melting point")
    hint = "A demanded row that was not measured is neither a pass nor a fail."
    if unknown[0] == "yes":
        hint = "Not applicable is not passed: nobody has looked."
    elif unknown == ("cannot tell", "yes"):
        hint = "A criterion that is not in the table at all was not looked at, either."
    yield Part("what was not looked at", unknown == ("cannot tell", "cannot tell"), hint)
    hint = "Rule of three: fewer than 3/t accidents, if none happened in t."
    if close(watch, 1.0):
        hint = "After 1 ns without accident there may still be three in a nanosecond."
    yield Part("how long to watch", close(watch, 3.0), hint)
