"""Exercises 07, second half: equivariance, GAP's variance, and who to take for a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.spatial.transform import Rotation

from mlp_course.teaching.exercises.checks.comparing import (
    as_number,
    as_words,
    close,
    entry,
    told,
)
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.teaching.exercises.rubric import Rubric
from mlp_course.validation import load_race

_LESSON = "07_architectures.ipynb"
_PLANS = {"short": (1e5, 50.0), "long": (1e6, 50.0), "endless": (1e8, 50.0)}  # steps, hours
Arrows = Callable[[np.ndarray], np.ndarray]


def arrow_models() -> dict[str, Arrows]:
    """Four functions that draw an arrow at each atom; some of them do not know how to turn.

    Each takes positions in Å, shape (n, 3), and returns arrows, shape (n, 3).

    Example:
        >>> sorted(arrow_models())
        ['A', 'B', 'C', 'D']
    """

    def pulls(r: np.ndarray) -> np.ndarray:
        r_ij = r[None] - r[:, None]  # (n, n, 3)
        weights = np.exp(-((r_ij**2).sum(axis=2, keepdims=True)) / 4)
        return (weights * r_ij).sum(axis=1)

    def farther(r: np.ndarray) -> np.ndarray:
        r_ij = r[None] - r[:, None]
        return (np.exp(-((r_ij**2).sum(axis=2, keepdims=True)) / 16) * r_ij).sum(axis=1)

    return {
        "A": pulls,
        "B": lambda r: np.tanh(pulls(r)),  # squeezes x, y and z one by one
        "C": lambda r: pulls(r) + np.array([0.0, 0.0, 0.1]),  # a field from outside
        "D": lambda r: np.cross(pulls(r), farther(r)),  # a whirl: mirrors turn it round
    }


@question(
    "q07_3",
    "Does it turn along?",
    answers=("turning_error", "turn_along"),
    points={"zero for arrows that turn": 2, "finds those that do not": 1, "who turns along": 1},
    stronger={
        "zero for arrows that turn": "Turn first, then ask; and ask first, then turn the answer. "
        "Both must agree. Rows are positions, so turning is `r @ turn.T`.",
        "finds those that do not": "The difference of the two ways is the error; its largest "
        "component will do.",
        "who turns along": "Run your test for each of the four with a turn about a skew axis.",
    },
    section=f"{_LESSON}#PaiNN-(2021):-features-that-are-arrows",
)
def check_equivariance(
    turning_error: Callable[[Arrows, np.ndarray, np.ndarray], float], turn_along: Sequence[str]
) -> Iterator[Part]:
    """Mark a test of equivariance, and whom it lets pass.

    Args:
        turning_error: function of a model as in ``arrow_models``, positions in Å, shape (n, 3), and
            a rotation matrix, shape (3, 3); returns the largest deviation, 0 if arrows turn along.
        turn_along: names of the models whose arrows turn along.

    Yields:
        The parts of question ``q07_3``.

    Example:
        >>> check_equivariance(lambda model, r, turn: 0.0, ["A", "D"]).points
        3
    """
    r = np.random.default_rng(8).normal(0, 1.2, (5, 3))
    turn = Rotation.from_euler("xyz", [20, 70, 130], degrees=True).as_matrix()
    models = arrow_models()
    found = {name: as_number(turning_error(model, r, turn)) for name, model in models.items()}
    hint = "Model A sums arrows from atom to atom; they turn along, and your error is not 0."
    if close(found["A"], np.abs(models["A"](r @ turn.T) - models["A"](r)).max(), within=1e-6):
        hint = "You test whether the arrows stay as they are. They shall turn with the molecule."
    passed = abs(found["A"]) < 1e-9 and abs(found["D"]) < 1e-9
    yield Part("zero for arrows that turn", passed, hint)
    caught = found["B"] > 1e-3 and found["C"] > 1e-3
    hint = "B and C do not turn along, and your error is next to nothing."
    yield Part("finds those that do not", caught, hint)
    words = as_words(turn_along)
    hint = "One that you name does not turn along; a field from outside, or a squeezed component?"
    if words < {"A", "D"}:
        hint = "One is missing. A whirl changes its sign in a mirror, but a turn is no mirror."
    yield Part("who turns along", words == {"A", "D"}, hint)


@question(
    "q07_4",
    "What GAP knows about its error",
    answers=("gap_predict", "error_of_sum"),
    points={"mean": 1, "variance": 2, "error of a sum": 2},
    stronger={
        "mean": "Solve (K + σ² 1) α = y once; then k* times α.",
        "variance": "Begin with what is known without data, k**, and take off what the data tell: "
        "k* (K + σ² 1)⁻¹ k*.",
        "error of a sum": "The variance of a + b is var a + var b + 2 cov(a, b). Which entries of "
        "the table are summed, then?",
    },
    section=f"{_LESSON}#Is-GAP's-error-bar-true?",
)
def check_gap_variance(
    gap_predict: Callable[..., tuple[float, float]],
    error_of_sum: Callable[[np.ndarray], float],
) -> Iterator[Part]:
    """Mark a Gaussian process: mean, standard deviation, and the error of a sum of atoms.

    Args:
        gap_predict: function of K, shape (n, n), y, shape (n,), k_star, shape (n,), k_self and
            noise (standard deviation, in the unit of y); returns mean and standard deviation.
        error_of_sum: function of a covariance, shape (m, m), in eV²; returns eV.

    Yields:
        The parts of question ``q07_4``.

    Example:
        >>> nothing = lambda kernel, y, k_star, k_self, noise: (0.0, 0.0)
        >>> check_gap_variance(nothing, lambda covariance: covariance.sum() ** 0.5).points
        2
    """
    rng = np.random.default_rng(9)
    x, y, new, noise = np.sort(rng.uniform(0, 5, 8)), rng.normal(0, 1, 8), 2.2, 0.3
    kernel = np.exp(-((x[:, None] - x) ** 2) / 2)
    near = np.exp(-((x - new) ** 2) / 2)
    inverse = np.linalg.inv(kernel + noise**2 * np.eye(8))
    mean, std = (as_number(v) for v in gap_predict(kernel, y, near, 1.0, noise))
    _, far = (as_number(v) for v in gap_predict(kernel, y, 0 * near, 1.0, noise))
    hint = "The mean is another: weights from (K + σ² 1) α = y, times the resemblance k*."
    if close(mean, near @ np.linalg.solve(kernel, y), within=1e-4):
        hint = "Without the noise on the diagonal GAP believes every label to the last digit."
    yield Part("mean", close(mean, near @ inverse @ y, within=1e-6), hint)
    variance = 1.0 - near @ inverse @ near
    hint = "Far from all data (k* = 0) the variance must be k**, and near data smaller."
    if close(std, variance, within=1e-6):
        hint = "This is the variance; an error bar is its root."
    elif close(far, 1.0):
        hint = "Far from the data it is right. What the data take off is not."
    passed = close(std, np.sqrt(variance), within=1e-6) and close(far, 1.0)
    yield Part("variance", passed, hint)
    half = np.array([[0.04, -0.03], [-0.03, 0.04]])  # what one has too much, the other lacks
    found = as_number(error_of_sum(half))
    hint = "For variances 0.04 and 0.04 and covariance -0.03 the sum is known better than that."
    if close(found, np.sqrt(0.08)):
        hint = "You added as if atoms were independent; here one has what the other lacks."
    elif close(found, 0.02):
        hint = "This is in eV², the variance; eV were asked for."
    elif close(found, 0.4):
        hint = "Standard deviations do not add; (co)variances do."
    yield Part("error of a sum", close(found, np.sqrt(0.02), within=1e-6), hint)


def race_table() -> pd.DataFrame:
    """The stored race on ethanol with 950 frames: error, and time of one call for 999 atoms.

    Returns:
        One row a method; columns force_mae in meV/Å and ms, milliseconds on one core.

    Example:
        >>> race_table().columns.tolist()
        ['force_mae', 'ms']
    """
    race = load_race().query("molecule == 'ethanol' and n_train == 950").set_index("method")
    milliseconds = [times[999] for times in race["ms_by_atoms"]]
    return pd.DataFrame({"force_mae": race["force_mae"], "ms": milliseconds}, index=race.index)


@question(
    "q07_5",
    "Who gets the job?",
    answers=("choose", "plans"),
    points={"the most accurate that can": 2, "says when nobody can": 1, "three plans": 1},
    stronger={
        "the most accurate that can": "First throw out who is too slow, then look for the "
        "smallest error among the rest. Hours have 3,600 seconds, seconds 1,000 ms.",
        "says when nobody can": "An empty table has no smallest error: ask for its length first.",
        "three plans": "Call your function with `table` for each of the three.",
    },
    section=f"{_LESSON}#9-·-Which-would-you-take?",
)
def check_choice(
    choose: Callable[[pd.DataFrame, float, float], str | None], plans: Mapping[str, str | None]
) -> Iterator[Part]:
    """Mark the choice of a method for a job, and three plans for the stored race.

    Args:
        choose: function of a table as of ``race_table``, a number of steps and hours of one core;
            returns the name of a method, or None.
        plans: chosen methods for "short", "long" and "endless".

    Yields:
        The parts of question ``q07_5``.

    Example:
        >>> check_choice(lambda table, steps, hours: None, {}).points
        0
    """
    rows = {"slow": (2.0, 500.0), "good": (8.0, 40.0), "fast": (20.0, 3.0), "poor": (30.0, 35.0)}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["force_mae", "ms"])
    jobs = [(1e5, 20.0), (1e5, 2.0), (1e6, 2.0)]
    found = [choose(table.copy(), *job) for job in jobs]
    hint = "With error, speed and hours of a small table your choice is not the best affordable."
    if found[0] == "slow" and found[1] == "slow":
        hint = "The most accurate is too slow for the second job: its hours do not suffice."
    elif found[0] == "fast" and found[1] == "fast":
        hint = "The fastest always can. But a more accurate one could as well: hours were left."
    yield Part("the most accurate that can", found == ["slow", "good", "fast"], hint)
    nobody = choose(table.copy(), 1e9, 1.0)
    hint = "A billion steps in an hour: nobody can, and the answer should be None."
    passed = nobody is None and any(isinstance(name, str) for name in found)
    yield Part("says when nobody can", passed, hint)
    right = {name: _affordable(race_table(), *job) for name, job in _PLANS.items()}
    given = {name: entry(plans, name) for name in right}
    passed = isinstance(plans, Mapping) and set(right) <= set(plans) and given == right
    hint = "At least one of the three plans has another answer in the stored race."
    yield Part("three plans", passed, told(plans, hint))


def _affordable(table: pd.DataFrame, steps: float, hours: float) -> str | None:
    able = table[table["ms"] * steps / 3.6e6 <= hours]
    return able["force_mae"].idxmin() if len(able) else None


Rubric(
    "r07_1",
    "An architecture, with reasons",
    "07_architectures",
    rows={
        "It names the job in numbers: labels, atoms, steps, hours.": 1,
        "It says what the method must see (angles, torsions, which bodies) and with which "
        "cutoff.": 1,
        "It weighs error against time of a call at the size of the job, with numbers.": 2,
        "It names one thing that a race does not show (stability, error bar, production code).": 1,
        "It says what result would change the choice.": 1,
    },
    model_answer=(
        "300 labels of a molecular liquid, 999 atoms, a million steps of 0.5 fs, three days on one "
        "core. It must see angles and torsions within 5 Å: SchNet does so only through distances "
        "of many neighbours, equivariant methods directly. In the stored race the most accurate "
        "need some hundred ms for 999 atoms, that is days for a million steps; I take the most "
        "accurate of those that end within my hours, and not the fastest, as hours are left. The "
        "race knows nothing about stability: I run 10 ps first and look at the drift. If the "
        "fastest kept within 50 meV/Å on my own test frames, I would take it and simulate longer."
    ),
)
