"""Exercises 12: which test for which symptom, drift by a slope, atoms that are too close."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from ase import Atoms
from numpy.typing import ArrayLike

from mlp_course.data import load_embedded
from mlp_course.teaching.exercises.checks.comparing import as_number, close, entry, told
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.units import convert

_LESSON = "12_failure_patterns.ipynb"
_PRESSED = 41  # place of the pressed frame
_TESTS = {
    "flattering": "shared_runs",
    "stuck": "energy_bands",
    "crash": "repulsive_wall",
    "heat": "closed_loop_work",
    "friction": "energy_drift",
}
_EXCLUDED = {  # what speaks against a test that is often taken instead
    ("flattering", "repulsive_wall"): "Nothing crashed: the error is large from the first frame.",
    ("flattering", "energy_bands"): "Both sets come from one program at one level of theory.",
    ("stuck", "shared_runs"): "The error is bad on the test set already; nothing flatters here.",
    ("stuck", "loss_shares"): "Weights were tried: energies stay stuck whatever the loss weighs.",
    ("crash", "energy_drift"): "A slope over a run that ends after 0.2 ps says little; which "
    "test asks what happens when two atoms meet?",
    ("heat", "energy_drift"): "It would ring, but it only confirms what you saw. Which test "
    "asks whether forces are the slope of anything?",
    ("heat", "repulsive_wall"): "No two atoms come close; the heat comes from everywhere.",
    ("friction", "closed_loop_work"): "These forces are derivatives of an energy: a loop gives 0.",
}


@question(
    "q12_1",
    "Which test first?",
    answers=("first_test",),
    points=dict.fromkeys(_TESTS, 1),
    stronger={
        "flattering": "Where do the test frames come from, and where do hers?",
        "stuck": "What do two projects with the same program still choose for themselves? It "
        "shifts energies and leaves forces alone.",
        "crash": "Read the last frame: what did two hydrogens do that no training frame shows?",
        "heat": "Carry an atom around and back. What should the work be, and for which forces?",
        "friction": "Take the thermostat off. What do you plot then?",
    },
    section=f"{_LESSON}#6-·-All-of-them,-before-and-after",
)
def check_first_test(first_test: Mapping[str, str]) -> Iterator[Part]:
    """Mark the test chosen first for each of five projects in trouble.

    Args:
        first_test: name of a test for "flattering", "stuck", "crash", "heat" and "friction".

    Yields:
        The parts of question ``q12_1``.

    Example:
        >>> check_first_test({"crash": "repulsive_wall"}).points
        1
    """
    for case, test in _TESTS.items():
        given = entry(first_test, case)
        hint = "This test would stay silent, or tell what you know already. What is new here?"
        if isinstance(given, str):
            hint = _EXCLUDED.get((case, given), hint)
        yield Part(case, given == test, told(given, hint))


@question(
    "q12_2",
    "Drift, by a slope",
    answers=("drift", "allowed"),
    points={"meV per atom and ps": 1, "not two end points": 2, "what may be allowed": 1},
    stronger={
        "meV per atom and ps": "Take 10 atoms that gain 1 eV in 1 ps: 100 meV/atom/ps. What does "
        "your function say?",
        "not two end points": "`np.polyfit(x, y, 1)` fits a line to *all* points. Its first "
        "number is the slope.",
        "what may be allowed": "Kinetic and potential energy of a classical solid are 3 k_B T an "
        "atom together. Which energy are 10 K, and in how many ps may it come?",
    },
    section=f"{_LESSON}#4-·-Simulation:-what-a-thermostat-hides",
)
def check_drift(
    drift: Callable[[ArrayLike, ArrayLike, int], float], allowed: float
) -> Iterator[Part]:
    """Mark a drift of the total energy and the limit for it.

    Args:
        drift: function of times in fs, shape (n,), total energies in eV, shape (n,), and the
            number of atoms; it returns meV/atom/ps.
        allowed: drift that heats by 10 K in 1 ns, in meV/atom/ps.

    Yields:
        The parts of question ``q12_2``.

    Example:
        >>> check_drift(lambda time, energy, n: 0.0, 0.00259).points
        1
    """
    time = np.arange(0.0, 4000.0, 10.0)  # fs
    line = as_number(drift(time, -50.0 + 2e-4 * time, 32))  # 0.2 eV/ps for 32 atoms
    yield Part("meV per atom and ps", close(line, 200 / 32, within=1e-6), _unit_hint(line))
    rng = np.random.default_rng(7)
    energy = -50.0 + 2e-5 * time + rng.normal(0, 0.05, len(time))
    energy[[0, -1]] += (0.2, -0.2)  # two unlucky ends
    slope = np.polyfit(time / 1000, 1000 * energy / 32, 1)[0]
    found = as_number(drift(time, energy, 32))
    scale = line / (200 / 32) if np.isfinite(line) and line else 1.0  # a unit costs points once
    two = 1000 * (energy[-1] - energy[0]) / 32 / (time[-1] - time[0]) * 1000
    hint = "A noisy series: the slope is not that of the best line through all points."
    if close(found, two * scale, within=1e-3):
        hint = "This is the slope between two end points: it measures noise, not drift."
    yield Part("not two end points", close(found, slope * scale, within=1e-4), hint)
    limit = 3 * float(convert(10.0, "K", "meV")) / 1000.0
    yield Part("what may be allowed", close(allowed, limit, within=0.02), _limit_hint(allowed))


def _unit_hint(found: float) -> str:
    """The hint for the slope of a line that gains 200 meV/ps over 32 atoms."""
    wrong = {
        "The whole system's drift grows with its size: divide by the number of atoms.": 200.0,
        "A factor of 1000 is missing: eV or meV, fs or ps?": 200 / 32 / 1000,
        "This is in eV/atom/fs: neither meV nor ps.": 0.2 / 32 / 1000,
        "This is the change in a step, not in a ps: it depends on how often you look.": 2 / 32,
    }
    for hint, value in wrong.items():
        if close(found, value, within=0.01):
            return hint
    return "A straight line that gains 200 meV in each ps, 32 atoms: check the units one by one."


def _limit_hint(allowed: object) -> str:
    """The hint for a limit that does not heat by 10 K in 1 ns."""
    kelvin = float(convert(10.0, "K", "meV"))
    if close(allowed, 3 * kelvin, within=0.02):
        return "That is the energy of 10 K. In how many ps may it come?"
    if close(allowed, 1.5 * kelvin / 1000, within=0.02):
        return "Half of it: heat goes into the potential energy of the vibrations, too."
    if close(allowed, kelvin / 1000, within=0.02):
        return "k_B T is not yet the energy of an atom that can move in three directions."
    return "An atom of a solid that warms by ΔT takes up 3 k_B ΔT; 1 ns has 1000 ps."


@functools.cache
def _pressed() -> tuple[Atoms, ...]:
    frames = [atoms.copy() for atoms in load_embedded("malonaldehyde/1000K")[:100]]
    frames[_PRESSED].set_distance(0, 1, 1.0, fix=0.5)  # two carbons, in Å
    return tuple(frames)


def pressed_run() -> list[Atoms]:
    """A hundred hot malonaldehydes; in one of them two carbons were pressed together.

    Example:
        >>> len(pressed_run())
        100
    """
    return [atoms.copy() for atoms in _pressed()]


@question(
    "q12_3",
    "Too close",
    answers=("closeness", "bad_frame"),
    points={"by the size of the atoms": 1, "across the border": 1, "the frame": 1},
    stronger={
        "by the size of the atoms": "1.0 Å is a fine distance for O and H and none for C and C. "
        "Divide each distance by r_i + r_j before you look for the smallest.",
        "across the border": "`atoms.get_all_distances` has an option for periodic cells.",
        "the frame": "Compute closeness for each frame; `np.argmin` gives the place.",
    },
    section=f"{_LESSON}#Copper-at-2000-K",
)
def check_closeness(closeness: Callable[[Atoms], float], bad_frame: int) -> Iterator[Part]:
    """Mark a measure of how near two atoms are, and the frame that it finds.

    Args:
        closeness: function of atoms that returns the smallest distance over the sum of covalent
            radii, dimensionless.
        bad_frame: place of the frame in ``pressed_run()``.

    Yields:
        The parts of question ``q12_3``.

    Example:
        >>> check_closeness(lambda atoms: 1.0, 41).points
        1
    """
    pair = Atoms("OHCl2", [[0, 0, 0], [0.96, 0, 0], [6, 0, 0], [6, 1.6, 0]])
    found = as_number(closeness(pair))
    hint = "O-H at 0.96 Å is usual, Cl-Cl at 1.6 Å is not; your function finds something else."
    if found == 0:
        hint = "An atom has the distance 0 to itself. It must not count."
    elif close(found, 0.96):
        hint = "The shortest distance in Å is nearly always that of a hydrogen."
    elif close(found, 0.96 / (2 * 1.02), within=0.1) or close(found, 0.96 / 0.97, within=0.02):
        hint = "You divide by one sum of radii; each pair has its own."
    yield Part("by the size of the atoms", close(found, 1.6 / 2.04, within=0.01), hint)
    near = Atoms("Cu2", [[0.2, 5, 5], [9.8, 5, 5]], cell=[10, 10, 10], pbc=True)
    found = as_number(closeness(near))
    hint = "Two copper atoms 0.2 Å from opposite faces of a periodic cell are 0.4 Å apart."
    passed = close(found, 0.4 / 2.64, within=0.01) or close(found, 0.4)  # costs points once
    yield Part("across the border", passed, hint)
    hint = "Another frame is worse. Is yours the one with the shortest O-H bond?"
    yield Part("the frame", close(bad_frame, _PRESSED), hint)
