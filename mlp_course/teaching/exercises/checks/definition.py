"""Exercises 01: what is learnt, forces as slopes, and when the speed pays."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Array = NDArray[np.float64]


@question(
    "q01_1",
    "How many numbers",
    answers=("n_coordinates", "n_shape", "n_labels", "n_independent"),
    points={"coordinates": 1, "shape": 1, "labels": 1, "independent forces": 1},
    stronger={
        "coordinates": "Every atom has three. The chapter's example: 100 atoms, 300 dimensions.",
        "shape": "In how many ways can a rigid body move and turn without changing its energy?",
        "labels": "A frame has one energy and, for every atom, a vector.",
        "independent forces": "The forces on a free molecule cannot push or turn it as a whole: "
        "how many equations are that?",
    },
    section="01_what_is_an_mlp.ipynb#The-definition",
)
def check_counting(
    n_coordinates: Callable[[int], int],
    n_shape: Callable[[int], int],
    n_labels: Callable[[int, int], int],
    n_independent: int,
) -> Iterator[Part]:
    """Mark the dimension of an energy surface, and the labels on it.

    Args:
        n_coordinates: of the number of atoms: numbers that say where they are.
        n_shape: of the number of atoms (three or more, not on a line): numbers on which the energy
            of a free molecule depends.
        n_labels: of the numbers of frames and of atoms: numbers that a data set of energies and
            forces holds.
        n_independent: numbers among the 27 force components of ethanol that tell something new.

    Yields:
        The parts of question ``q01_1``.

    Example:
        >>> check_counting(lambda n: 3 * n, lambda n: 3 * n, lambda f, n: f, 27).points
        1
    """
    values = [n_coordinates(100), n_coordinates(9)]
    yield Part("coordinates", values == [300, 27], "Count x, y and z of each atom.")
    values = [n_shape(3), n_shape(9)]
    hint = "Of water, the two bond lengths and the angle fix the energy."
    if values == [6, 24]:
        hint = "You took off the three shifts. What else moves a molecule without cost?"
    yield Part("shape", values == [3, 21], hint)
    values = [n_labels(1000, 9), n_labels(10, 100)]
    hint = "A frame of ethanol brings 1 energy and 27 force components."
    if values == [10_000, 1010]:
        hint = "A force is a vector: three numbers, not one."
    elif values == [27_000, 3000]:
        hint = "The energies are labels, too."
    yield Part("labels", values == [28_000, 3010], hint)
    hint = "Forces on a free molecule add up to zero, and do not turn it."
    if n_independent == 24:
        hint = "The sum is zero: three equations. The torque is zero, too."
    yield Part("independent forces", n_independent == 21, hint)


@question(
    "q01_2",
    "Forces are slopes",
    answers=("numerical_forces",),
    points={"downhill": 1, "each atom its own": 1, "error falls with h²": 1, "leaves no trace": 1},
    stronger={
        "downhill": "A ball rolls to lower energy: F = -dE/dR.",
        "each atom its own": "Move one coordinate of one atom at a time, and put it back.",
        "error falls with h²": "Step to both sides: E(R + h) and E(R - h) are 2h apart.",
        "leaves no trace": "Work on a copy of the positions.",
    },
    section="01_what_is_an_mlp.ipynb#Constraints",
)
def check_numerical_forces(
    numerical_forces: Callable[[Callable[[Array], float], Array, float], Array],
) -> Iterator[Part]:
    """Mark forces from finite differences of any energy.

    Args:
        numerical_forces: function of an energy (positions in Å, shape (n_atoms, 3) -> eV), of
            positions, and of a step in Å; it returns forces in eV/Å, shape (n_atoms, 3).

    Yields:
        The parts of question ``q01_2``.

    Example:
        >>> check_numerical_forces(lambda energy, positions, step: 0 * positions).points
        1
    """
    start = np.random.default_rng(1).normal(size=(4, 3))
    stiffness = np.arange(1.0, 13.0).reshape(4, 3)

    def energy(positions: Array) -> float:
        return float((stiffness * np.asarray(positions) ** 3).sum())

    exact = -3 * stiffness * start**2
    given = start.copy()
    fine = np.asarray(numerical_forces(energy, given, 1e-4), dtype=float)
    coarse = np.asarray(numerical_forces(energy, start.copy(), 1e-2), dtype=float)
    hint = "On the slope of a parabola the force must point to the minimum; check the sign."
    yield Part("downhill", fine.shape == exact.shape and (fine * exact).sum() > 0, hint)
    right = fine.shape == exact.shape and np.allclose(np.abs(fine), np.abs(exact), atol=0.02)
    hint = "Compare one component with the energy by hand."
    if np.allclose(np.abs(fine), 2 * np.abs(exact), atol=0.02):
        hint = "Twice the slope: by how much do your two positions differ?"
    elif np.allclose(np.abs(fine), 0.5 * np.abs(exact), atol=0.02):
        hint = "Half of the slope: by how much do your two positions differ?"
    yield Part("each atom its own", right, hint)
    error = np.abs(np.abs(coarse) - np.abs(exact)).max()
    exact_error = (stiffness * 1e-4).max()  # h² times a sixth of the third derivative
    hint = "With a step of 0.01 Å the error is larger than it has to be: a one-sided difference?"
    yield Part("error falls with h²", right and error < 1.5 * exact_error, hint)
    hint = "After the call the caller's positions are not what they were."
    touched = not np.array_equal(given, start)
    yield Part("leaves no trace", fine.shape == exact.shape and not touched, hint)


@question(
    "q01_4",
    "Does the speed pay?",
    answers=("seconds_a_call", "speed_up", "break_even"),
    points={"time a call": 2, "speed-up": 1, "break-even": 2},
    stronger={
        "time a call": "Call once before you look at the clock, then time each call by itself and "
        "take the middle (or the smallest) value.",
        "speed-up": "Bring both times to the same unit, and divide the slow one by the fast one.",
        "break-even": "Write both totals as straight lines in the number of calls, and set them "
        "equal. One line begins at 0, the other at labels and training.",
    },
    section="01_what_is_an_mlp.ipynb#The-definition",
)
def check_speed(
    seconds_a_call: Callable[..., float],
    speed_up: float,
    break_even: Callable[[float, float, int, float], float],
) -> Iterator[Part]:
    """Mark a stop-watch, a speed-up and the number of calls from which a potential pays.

    Args:
        seconds_a_call: function of a function without arguments, the number of repeats, and a
            clock (a function that returns seconds); it returns seconds a call.
        speed_up: of 1.3 ms a call against 4.7 s, dimensionless.
        break_even: function of the seconds of a reference call and of a model call, the number of
            labels and the seconds of training; it returns the number of calls from which on the
            model, labels and training included, is the cheaper way.

    Yields:
        The parts of question ``q01_4``.

    Example:
        >>> check_speed(lambda function, repeats, clock: 0.0, 1.0, lambda a, b, n, t: 0.0).points
        0
    """
    time = {"now": 100.0, "calls": 0}

    def work() -> None:
        time["calls"] += 1
        slow = {1: 5.0, 6: 2.0}.get(time["calls"], 0.0)  # a cold start, and another process
        time["now"] += 0.010 + slow

    value = float(seconds_a_call(work, 9, lambda: time["now"]))
    hint = "Nine calls of 10 ms each: the first takes 5 s longer, the sixth 2 s. What is one worth?"
    if value > 0.5:
        hint = "The first call, slow because everything is cold, is in your number."
    elif value > 0.02:
        hint = "Another process disturbed one call, and a mean hands that on."
    yield Part("time a call", np.isclose(value, 0.010, rtol=0.05), hint)
    hint = "How many calls of 1.3 ms fit into 4.7 s?"
    if np.isclose(float(speed_up), 4.7 / 1.3, rtol=0.01):
        hint = "One of the two times is in milliseconds."
    yield Part("speed-up", np.isclose(float(speed_up), 4700 / 1.3, rtol=0.01), hint)
    value, expected = float(break_even(5.0, 0.5, 900, 4500.0)), 2000.0
    hint = "5 s against 0.5 s a call, 900 labels and 4,500 s of training: where do both lines meet?"
    if np.isclose(value, (900 * 5.0 + 4500.0) / 5.0):
        hint = "The calls of the model are not free."
    elif np.isclose(value, 4500.0 / 4.5):
        hint = "The labels were reference calculations: they belong to the price."
    elif np.isclose(value, 900 * 5.0 / 4.5):
        hint = "The training takes time, too."
    yield Part("break-even", np.isclose(value, expected, rtol=1e-3), hint)
