"""Exercises 12, second half: tests that flatter, unknown places, and forces without an energy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from mlp_course.data import leakage, load_embedded
from mlp_course.sampling import fraction_outside
from mlp_course.teaching.exercises.checks.comparing import as_number, as_places, as_words, close
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_LESSON = "12_failure_patterns.ipynb"
_USES = ("300K", "500K", "1000K", "torsion")
ForceField = Callable[[np.ndarray], np.ndarray]


@question(
    "q12_4",
    "An honest split",
    answers=("leaking_part", "split"),
    points={"counts the test frames": 1, "takes nothing twice": 1, "keeps the gap": 2},
    stronger={
        "counts the test frames": "For each *test* frame: the distance to its nearest training "
        "frame. Then which part of these is below the limit?",
        "takes nothing twice": "Choose from `range(n_frames)`; the two lists must be as long as "
        "asked for and share nothing.",
        "keeps the gap": "Blocks, not lots: all training frames on one side, all test frames on "
        "the other, and between them a piece that nobody uses.",
    },
    section=f"{_LESSON}#A-test-set-from-the-same-trajectory",
)
def check_leakage(
    leaking_part: Callable[[ArrayLike, ArrayLike, float], float],
    split: Callable[[int, int, int, int], tuple[Sequence[int], Sequence[int]]],
) -> Iterator[Part]:
    """Mark a meter for leakage and a split of one trajectory.

    Args:
        leaking_part: function of features of training frames, shape (n, k), and test frames, shape
            (m, k), and a distance in their unit; it returns a part, 0 to 1.
        split: function of n_frames, n_train, n_test and gap; it returns places of training and of
            test frames. A training and a test frame are ``gap`` places or more apart.

    Yields:
        The parts of question ``q12_4``.

    Example:
        >>> check_leakage(lambda a, b, d: leakage(a, b, closer_than=d),
        ...               lambda n, a, b, gap: (range(a), range(a, a + b))).points
        2
    """
    rng = np.random.default_rng(5)
    train, test = rng.normal(0, 1, (40, 3)), rng.normal(0.5, 1, (25, 3))
    found = as_number(leaking_part(train, test, 0.6))
    expected = leakage(train, test, closer_than=0.6)
    hint = "The part of test frames with a training frame nearer than the limit is another one."
    if close(found, leakage(test, train, closer_than=0.6)):
        hint = "You count training frames. Whose error is flattered: theirs, or the test frames'?"
    elif close(found, 25 * expected):
        hint = "That is a number of frames; a part of all test frames is asked for."
    elif found <= expected / 3:
        hint = "Too few. Not the mean distance counts: one near training frame is enough."
    yield Part("counts the test frames", close(found, expected), hint)
    a, b = (as_places(places) or [] for places in split(200, 90, 40, 25))
    together = [*a, *b]
    fits = (len(a), len(b)) == (90, 40) and len(set(together)) == 130
    fits = fits and min(together) >= 0 and max(together) < 200
    yield Part("takes nothing twice", fits, "90 and 40 different frames out of 200 were wanted.")
    distance = min((abs(i - j) for i in a for j in b), default=0)
    hint = f"A test frame is only {distance} places from a training frame: it was nearly learnt."
    yield Part("keeps the gap", distance >= 25, hint)


def distances_of(name: str) -> np.ndarray:
    """All distances between atoms, in Å, of up to 150 embedded ethanols; shape (n, 36).

    Args:
        name: "300K", "500K", "1000K", "torsion", "rattled" or "normal_modes".

    Example:
        >>> distances_of("torsion").shape
        (13, 36)
    """
    frames = load_embedded(f"ethanol/{name}")[:150]
    upper = np.triu_indices(len(frames[0]), 1)
    return np.array([atoms.get_all_distances()[upper] for atoms in frames])


@question(
    "q12_5",
    "Where nobody has been",
    answers=("part_outside", "may_go"),
    points={"new frames of the same kind are inside": 1, "the limit is usual and not extreme": 2,
            "where it may go": 1},
    stronger={
        "new frames of the same kind are inside": "For a known frame, the nearest *other* known "
        "frame sets the scale. Set the diagonal of the table of distances to infinity first.",
        "the limit is usual and not extreme": "The distance that 95 % of the known frames keep to "
        "their nearest neighbour: `np.quantile`.",
        "where it may go": "Compute the part outside for all four, with the second half of 300K "
        "for \"300K\", and compare each with 0.1.",
    },
    section=f"{_LESSON}#The-first-hot-run",
)  # fmt: skip
def check_outside(
    part_outside: Callable[[ArrayLike, ArrayLike], float], may_go: Sequence[str]
) -> Iterator[Part]:
    """Mark a measure of extrapolation, and the uses that it lets pass.

    Args:
        part_outside: function of features of known frames, shape (n, k), and visited ones, shape
            (m, k), in the same unit; it returns the part of visited frames that are outside.
        may_go: names of the uses of which at most a tenth is outside.

    Yields:
        The parts of question ``q12_5``.

    Example:
        >>> check_outside(fraction_outside, ["300K"]).points
        3
    """
    rng = np.random.default_rng(2)
    known, again = rng.normal(0, 1, (150, 2)), rng.normal(0, 1, (400, 2))
    same, far = as_number(part_outside(known, again)), as_number(part_outside(known, again + 20.0))
    hint = "A new sample of the same kind must be nearly all inside, one 20 widths away outside."
    if same > 0.9:
        hint = "All is outside, even frames of the same kind: each frame is its own neighbour at 0."
    passed = same < 0.2 and far > 0.99
    yield Part("new frames of the same kind are inside", passed, hint)
    lonely = np.vstack([known, [[60.0, 0.0]]])  # one known frame far away from all others
    wide = np.vstack([again[:200], again[200:] + np.array([20.0, 0.0])])
    found, expected = as_number(part_outside(lonely, wide)), fraction_outside(lonely, wide)
    hint = "The part outside differs from what 95 % of the known frames would allow."
    if found < 0.1:
        hint = "One lonely known frame makes room for everything: the largest distance is no limit."
    yield Part("the limit is usual and not extreme", close(found, expected, within=0.02), hint)
    known = distances_of("300K")
    visited = {name: distances_of(name) for name in _USES} | {"300K": known[75:]}
    inside = {n for n, frames in visited.items() if fraction_outside(known[:75], frames) <= 0.1}
    words = as_words(may_go)
    hint = "A use that you allow has more than a tenth of its frames outside."
    if words < inside:
        hint = "You forbid something that is inside: compare numbers, not names."
    yield Part("where it may go", words == inside, hint)


def force_fields() -> dict[str, ForceField]:
    """Four force fields for one particle in a plane; some have no energy.

    Each takes places in Å, shape (n, 2), and returns forces in eV/Å, shape (n, 2).

    Example:
        >>> force_fields()["A"](np.array([[1.0, 0.0]]))
        array([[-2.,  0.]])
    """

    def turned(r: np.ndarray) -> np.ndarray:
        return np.stack([-r[:, 1], r[:, 0]], axis=1)  # a quarter turn

    def b(r: np.ndarray) -> np.ndarray:
        return -2.0 * r + 0.1 * turned(r)

    def c(r: np.ndarray) -> np.ndarray:
        x, y = r.T
        return np.stack([-4 * x * (x**2 - 1) - y, -2 * y - x], axis=1)

    def d(r: np.ndarray) -> np.ndarray:  # a whirl in one place only
        away = r - np.array([1.5, 0.0])
        near = np.exp(-((away**2).sum(axis=1) / 0.3**2))[:, None]
        return -2.0 * r + 0.5 * near * turned(away)

    return {"A": lambda r: -2.0 * r * np.array([1.0, 2.0]), "B": b, "C": c, "D": d}


@question(
    "q12_6",
    "Around and back",
    answers=("loop_work", "without_energy"),
    points={"zero for the slope of an energy": 1, "Stokes' theorem for a whirl": 2,
            "who has no energy": 1},
    stronger={
        "zero for the slope of an energy": "Force times *way*, with sign: where the way goes "
        "against the force, the work is negative, and it cancels.",
        "Stokes' theorem for a whirl": "n pieces of way, each 2πr/n long, along the tangent "
        "(-sin, cos), for a full turn.",
        "who has no energy": "Try circles around (0, 0), (1, 0), (1.5, 0) ..., not only one: a "
        "single silent loop proves nothing.",
    },
    section=f"{_LESSON}#A-molecule-left-alone",
)  # fmt: skip
def check_loop_work(
    loop_work: Callable[[ForceField, ArrayLike, float], float], without_energy: Sequence[str]
) -> Iterator[Part]:
    """Mark the work around a circle, and the force fields that it convicts.

    Args:
        loop_work: function of a force field as in ``force_fields``, a centre in Å, shape (2,), and
            a radius in Å; it returns the work in eV, counter-clockwise.
        without_energy: names of the force fields that are no slope of an energy.

    Yields:
        The parts of question ``q12_6``.

    Example:
        >>> check_loop_work(lambda force, centre, radius: 0.0, ["B", "D"]).points
        2
    """
    fields = force_fields()
    places = [((0.0, 0.0), 0.5), ((0.7, -0.3), 0.4)]
    works = [as_number(loop_work(fields["C"], np.array(at), radius)) for at, radius in places]
    hint = "Around a closed loop a force with an energy does no work; yours does."
    if all(work > 0.05 for work in works):
        hint = "You add up sizes. On the way back the force does negative work."
    yield Part("zero for the slope of an energy", max(map(abs, works)) < 1e-3, hint)
    found = [as_number(loop_work(fields["B"], np.array(at), radius)) for at, radius in places]
    expected = [2 * 0.1 * np.pi * radius**2 for _, radius in places]
    right = all(close(f, e, within=5e-3) for f, e in zip(found, expected, strict=True))
    yield Part("Stokes' theorem for a whirl", right, _stokes_hint(found, expected))
    words = as_words(without_energy)
    hint = "One of those that you name has an energy: around every circle its work is 0."
    if words == {"B"}:
        hint = "B is found. A whirl can also sit in one place only; have you looked everywhere?"
    yield Part("who has no energy", words == {"B", "D"}, hint)


def _stokes_hint(found: list[float], expected: list[float]) -> str:
    """The hint for a work around a whirl that is not 2 ω π r²."""
    ratios = [f / e for f, e in zip(found, expected, strict=True)]
    if all(close(ratio, -1.0, within=0.01) for ratio in ratios):
        return "The way goes clockwise; counter-clockwise was agreed."
    if all(close(ratio, 1 / (2 * np.pi), within=0.01) for ratio in ratios):
        return "That is a mean over the circle, not yet its length: a factor 2π is missing."
    if all(close(ratio, 1 / (2 * np.pi * r), within=0.01)
           for ratio, r in zip(ratios, (0.5, 0.4), strict=True)):  # fmt: skip
        return "That is the mean force along the way; times which length is it a work?"
    if all(close(ratio, 1 / r, within=0.01) for ratio, r in zip(ratios, (0.5, 0.4), strict=True)):
        return "The work does not grow with the radius as it should: how long is a piece of way?"
    return "For F = ω (-y, x) the work is 2 ω times the area of the circle (Stokes)."
