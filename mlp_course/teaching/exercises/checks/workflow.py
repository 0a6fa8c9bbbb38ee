"""Exercises 05: errors by hand, demands on them, and the price of a long run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.validation.metrics import coefficient_of_determination

Array = NDArray[np.float64]
_SECONDS_A_DAY = 86400.0


@question(
    "q05_1",
    "Three errors by hand",
    answers=("energy_mae", "force_rmse", "r_squared"),
    points={"energy MAE": 1, "force RMSE": 1, "R²": 1},
    stronger={
        "energy MAE": "Order: difference in eV, per atom of its own frame, without its sign, mean, "
        "and then from eV to meV.",
        "force RMSE": "Square every component, take the mean over all of them, then the root.",
        "R²": "1 minus a quotient: squared errors over squared distances from the mean *label*.",
    },
    section="05_workflow.ipynb#Step-4-·-Validate",
)
def check_errors(
    energy_mae: Callable[[Array, Array, Array], float],
    force_rmse: Callable[[Array, Array], float],
    r_squared: Callable[[Array, Array], float],
) -> Iterator[Part]:
    """Mark three measures of error on random labels.

    Args:
        energy_mae: function of labels and predictions in eV, shape (n_frames,), and the atoms of
            each frame, shape (n_frames,); it returns meV/atom.
        force_rmse: function of labels and predictions in eV/Å, shape (n_atoms, 3); it returns
            meV/Å, per component.
        r_squared: function of labels and predictions, shape (n,), any unit.

    Yields:
        The parts of question ``q05_1``.

    Example:
        >>> nothing = lambda *arrays: 0.0
        >>> check_errors(nothing, nothing, nothing).points
        0
    """
    rng = np.random.default_rng(51)
    n_atoms = np.array([3, 9, 9, 30])
    energies = -100.0 * n_atoms
    errors = np.array([0.03, -0.09, 0.18, -0.6])  # eV: 10, -10, 20, -20 meV/atom
    yield _judge_energy(float(energy_mae(energies, energies + errors, n_atoms)), errors, n_atoms)
    forces, wrong = rng.normal(size=(20, 3)), 0.1 * rng.normal(size=(20, 3))
    yield _judge_forces(float(force_rmse(forces, forces + wrong)), wrong)
    labels = rng.normal(5.0, 1.0, 50)
    predicted = 0.5 * labels + 3.0 + 0.1 * rng.normal(size=50)
    value = float(r_squared(labels, predicted))
    expected = coefficient_of_determination(labels, predicted)
    hint = "For predictions that all equal the mean label R² is 0, for perfect ones it is 1."
    if np.isclose(value, np.corrcoef(labels, predicted)[0, 1] ** 2):
        hint = "A correlation does not mind an offset or a wrong slope. R² must."
    elif np.isclose(value, coefficient_of_determination(predicted, labels)):
        hint = "Labels and predictions have changed places: whose spread is in the denominator?"
    yield Part("R²", np.isclose(value, expected), hint)


def _judge_energy(value: float, errors: Array, n_atoms: Array) -> Part:
    """Compare with 15 meV/atom; recognise units, signs and atoms."""
    expected = 1000 * np.mean(np.abs(errors / n_atoms))
    hint = "Four frames are off by 10, -10, 20 and -20 meV/atom; what is their MAE?"
    if np.isclose(value, expected / 1000):
        hint = "That is in eV/atom; meV/atom is asked for."
    elif np.isclose(value, 1000 * np.mean(np.abs(errors))):
        hint = "That is per frame: a frame of 30 atoms may be off by more than one of 3."
    elif np.isclose(value, 1000 * np.abs(errors).sum() / n_atoms.sum()) or np.isclose(
        value, 1000 * np.mean(np.abs(errors)) / n_atoms.mean()
    ):
        hint = "Divide each frame by its own number of atoms before you take the mean."
    elif np.isclose(value, 0.0, atol=1e-6):
        hint = "Errors of opposite sign have cancelled."
    return Part("energy MAE", np.isclose(value, expected), hint)


def _judge_forces(value: float, errors: Array) -> Part:
    """Compare with the root mean square of all components; recognise the usual others."""
    hint = "Take the root of the mean square of all components, in meV/Å."
    if np.isclose(value, 1000 * np.sqrt((errors**2).sum(axis=1).mean())):
        hint = "That is of the length of the force vectors, √3 times larger; per component, please."
    elif np.isclose(value, 1000 * np.abs(errors).mean()):
        hint = "That is the MAE: it forgives large errors, the RMSE does not."
    elif np.isclose(value, np.sqrt((errors**2).mean())):
        hint = "That is in eV/Å; meV/Å is asked for."
    return Part("force RMSE", np.isclose(value, 1000 * np.sqrt((errors**2).mean())), hint)


@question(
    "q05_2",
    "What was demanded",
    answers=("missed", "good_sets", "repair"),
    points={"demands": 2, "missing numbers": 1, "sets that meet them": 1, "repair": 1},
    stronger={
        "demands": "Write one comparison for each of the three demands, and look at the direction: "
        "R² must be large, errors small.",
        "missing numbers": "NaN is neither smaller nor larger than anything: ask `not (x < limit)`"
        " in place of `x >= limit`.",
        "sets that meet them": "Apply your own function to each report of the dictionary.",
        "repair": "Same kind good, another kind bad: find this pattern in the table of the lesson.",
    },
    section="05_workflow.ipynb#What-if-it-fails",
)
def check_demands(
    missed: Callable[[object], Iterable[str]], good_sets: Iterable[str], repair: str
) -> Iterator[Part]:
    """Mark a judge of error reports, and the decision that follows.

    Args:
        missed: function of a report with ``energy_mae`` in meV/atom, ``force_mae`` in meV/Å and
            ``force_r2``; it returns the names of the demands that are not met.
        good_sets: names of the sets of the exercise that meet all of them.
        repair: what to change, from the menu of the exercise.

    Yields:
        The parts of question ``q05_2``.

    Example:
        >>> check_demands(lambda report: [], [], "").points
        0
    """

    def given(energy: float, force: float, r2: float) -> set[str]:
        return set(missed(SimpleNamespace(energy_mae=energy, force_mae=force, force_r2=r2)))

    yield _judges_errors(given)
    yield _tells_holes(given)
    right = set(good_sets) == {"300 K", "500 K", "1000 K"}
    hint = "Of the four sets some meet all three demands; judge every set by all of them."
    yield Part("sets that meet them", right, hint)
    reasons = {
        "more frames at 500 K": "More of the kind that is good already brings nothing new.",
        "train longer": "The frames of its own kind are learnt well; longer training is not it.",
        "mend the code": "A fault in the code would spoil every set.",
    }
    hint = reasons.get(str(repair), "Choose one entry of the menu.")
    yield Part("repair", repair == "frames of the bad kind", hint)


def _judges_errors(given: Callable[[float, float, float], set[str]]) -> Part:
    """Errors just inside and just outside each limit."""
    cases = {
        (4.9, 99.0, 0.995): set(),
        (5.1, 99.0, 0.995): {"energy MAE"},
        (0.5, 101.0, 0.995): {"force MAE"},
        (0.5, 20.0, 0.98): {"force R²"},
        (9.0, 300.0, 0.5): {"energy MAE", "force MAE", "force R²"},
    }
    wrong = [case for case, expected in cases.items() if given(*case) != expected]
    hint = "Energy MAE below 5 meV/atom, force MAE below 100 meV/Å, force R² above 0.99."
    if not given(0.004, 0.09, 0.995) and given(4.9, 99.0, 0.995):
        hint = "Your limits seem to be in eV; the report is in meV."
    elif not given(0.5, 20.0, 0.98):
        hint = "A force R² of 0.98 is let through."
    elif len(given(9.0, 300.0, 0.5)) == 1:
        hint = "Where several demands are missed, all of them are to be named."
    return Part("demands", not wrong, hint)


def _tells_holes(given: Callable[[float, float, float], set[str]]) -> Part:
    """An error that is no number meets no demand."""
    nan = float("nan")
    names = ("energy MAE", "force MAE", "force R²")
    holes = [(nan, 20.0, 0.995), (0.5, nan, 0.995), (0.5, 20.0, nan)]
    told = all(name in given(*case) for name, case in zip(names, holes, strict=True))
    hint = "An error that could not be measured (NaN) passes as if it were good."
    return Part("missing numbers", told, hint)


@question(
    "q05_5",
    "What a nanosecond costs",
    answers=("wall_days", "seconds_allowed", "apart"),
    points={"days of a run": 2, "seconds a step": 1, "two claims": 1},
    stronger={
        "days of a run": "Steps = simulated time / time step, both in fs: a nanosecond has 10⁶ fs.",
        "seconds a step": "A microsecond has 10⁹ fs. How many steps are that, in how many seconds?",
        "two claims": "Bring both to nanoseconds a day; the second has one number, the first two.",
    },
    section="05_workflow.ipynb#Weeks-of-it",
)
def check_price(
    wall_days: Callable[[float, float, float], float],
    seconds_allowed: float,
    apart: tuple[float, float],
) -> Iterator[Part]:
    """Mark the time that a simulation takes, and a contradiction found with it.

    Args:
        wall_days: function of the simulated time in ns, the time step in fs and the seconds a
            step; it returns days.
        seconds_allowed: seconds a step that a microsecond in 3 days allows, with steps of 1 fs.
        apart: smallest and largest factor between two claims of the chapter.

    Yields:
        The parts of question ``q05_5``.

    Example:
        >>> check_price(lambda ns, fs, seconds: 0.0, 0.0, (1.0, 1.0)).points
        0
    """
    value, expected = float(wall_days(2.0, 0.5, 0.01)), 4e6 * 0.01 / _SECONDS_A_DAY
    hint = "2 ns in steps of 0.5 fs are 4 million steps."
    if np.isclose(value, expected / 4):
        hint = "A shorter time step makes more steps, not fewer."
    elif np.isclose(value * 1e3, expected) or np.isclose(value, 1e3 * expected):
        hint = "A factor of 1,000: how many fs are a nanosecond?"
    elif np.isclose(value, expected * 24) or np.isclose(value, expected * _SECONDS_A_DAY):
        hint = "These are hours or seconds; days are asked for."
    yield Part("days of a run", np.isclose(value, expected), hint)
    allowed = 3 * _SECONDS_A_DAY / 1e9
    hint = "3 days have 259,200 s; share them among the steps of one microsecond."
    if np.isclose(float(seconds_allowed), 1e3 * allowed):
        hint = "That is what a nanosecond in 3 days allows."
    close = np.isclose(float(seconds_allowed), allowed, rtol=0.02)
    yield Part("seconds a step", close, hint)
    low, high = sorted(float(factor) for factor in apart)
    right = np.isclose(low, 1000 / 3, rtol=0.02) and np.isclose(high, 1000.0, rtol=0.02)
    hint = "Which speed (ns a day) does each claim say? The first gives a range, so does the ratio."
    if np.isclose(low, high):
        hint = "The first claim is a range, 1 to 3 days: the ratio has two ends."
    yield Part("two claims", right, hint)
