"""Exercises 02: invariant, equivariant or neither; what an ensemble knows of its own error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Array = NDArray[np.float64]
Quantity = Callable[[Array], Array]


def quantities() -> dict[str, Quantity]:
    """Return six quantities of positions in Å, shape (n_atoms, 3), to be classified.

    Example:
        >>> sorted(quantities())[:2]
        ['arms', 'box']
    """
    return {
        "radius of gyration": lambda r: np.sqrt(((r - r.mean(0)) ** 2).sum(1).mean()),
        "arms": lambda r: r - r.mean(axis=0),
        "height": lambda r: r[:, 2] - r[:, 2].mean(),
        "springs": lambda r: (r.mean(axis=0) - r) * np.linalg.norm(r - r.mean(0), axis=1)[:, None],
        "box": lambda r: np.ptp(r, axis=0).prod(),
        "distances": lambda r: np.linalg.norm(r[None] - r[:, None], axis=2),
    }


_KINDS = {
    "radius of gyration": "invariant",
    "arms": "equivariant",
    "height": "neither",
    "springs": "equivariant",
    "box": "neither",
    "distances": "invariant",
}


@question(
    "q02_4",
    "Invariant, equivariant, neither",
    answers=("kind", "kinds"),
    points={"invariant": 1, "equivariant": 1, "neither": 2, "the list": 1},
    stronger={
        "invariant": "Turn the positions: an invariant gives the same numbers as before.",
        "equivariant": "Turn the positions, or turn the result: the same for an equivariant one.",
        "neither": "A turn about z leaves heights alone. Take an axis that is none of x, y, z, and "
        "no angle of 180° or 360°.",
        "the list": "Run your own function on each of the six.",
    },
    section="02_glossary.ipynb#Turn-the-molecule",
)
def check_kinds(kind: Callable[[Quantity, Array], str], kinds: Mapping[str, str]) -> Iterator[Part]:
    """Mark a test that tells invariant from equivariant quantities.

    Args:
        kind: function of a quantity (positions in Å, shape (n_atoms, 3) -> numbers, vectors as
            rows of three) and of positions; it returns ``"invariant"``, ``"equivariant"`` or
            ``"neither"``.
        kinds: the answer for each of the six quantities of the exercise.

    Yields:
        The parts of question ``q02_4``.

    Example:
        >>> check_kinds(lambda quantity, r: "invariant", {}).points
        1
    """
    r = np.random.default_rng(24).normal(size=(5, 3))

    def said(*hidden: Quantity) -> list[str]:
        return [kind(quantity, r.copy()) for quantity in hidden]

    scalars = said(lambda q: float((q[0] - q[1]) @ (q[2] - q[1])), lambda q: np.sort(_arms(q)))
    hint = "A dot product of two bonds is the same after a turn, within rounding."
    yield Part("invariant", scalars == ["invariant"] * 2, hint)
    vectors = said(lambda q: q[0] - q[1], lambda q: np.cross(q[1] - q[0], q[2] - q[0]), _whirl)
    hint = "A bond vector turns with the molecule: neither unchanged nor without a rule."
    yield Part("equivariant", vectors == ["equivariant"] * 3, hint)
    others = said(
        lambda q: q[:, 2].copy(),
        lambda q: q[:, 0] ** 2,
        lambda q: np.abs(q),
        lambda q: (q - q.mean(0)) * [1, 1, 2],
    )
    hint = "A quantity that follows no rule is let through."
    if others[0] == "invariant":
        hint = "The height of an atom counts as invariant: about which axis did you turn?"
    elif others[1] == "invariant":
        hint = "A square of x counts as invariant: a half turn changes only signs."
    elif others[3] == "equivariant":
        hint = "Vectors with a stretched z count as equivariant: about which axis did you turn?"
    yield Part("neither", others == ["neither"] * 4, hint)
    wrong = [name for name, right in _KINDS.items() if kinds.get(name) != right]
    yield Part("the list", not wrong, f"Look again at {wrong[0]!r}." if wrong else "")


def _arms(r: Array) -> Array:
    """Distances from the centre."""
    return np.linalg.norm(r - r.mean(axis=0), axis=1)


def _whirl(r: Array) -> Array:
    """Vectors of all atoms that turn along."""
    return (r - r.mean(axis=0)) * _arms(r)[:, None] ** 2


@question(
    "q02_5",
    "Five opinions",
    answers=("mean_and_spread", "to_label"),
    points={"mean": 1, "spread": 1, "where to label": 2},
    stronger={
        "mean": "The models stand in the rows: average over rows, keep the columns.",
        "spread": "Standard deviation over the models (NumPy: `std`), for every point by itself.",
        "where to label": "Compare each spread with the threshold, then order the places by "
        "spread, the largest first.",
    },
    section="02_glossary.ipynb#Asking-for-more",
)
def check_ensemble(
    mean_and_spread: Callable[[Array], tuple[Array, Array]],
    to_label: Callable[[Array, float], Iterable[int]],
) -> Iterator[Part]:
    """Mark what an ensemble says, and which configurations it wants to have labelled.

    Args:
        mean_and_spread: function of predictions in eV, shape (n_models, n_points); it returns
            means and standard deviations over the models, in eV, shape (n_points,).
        to_label: function of predictions and of a threshold in eV; it returns the places with a
            spread above it, the most uncertain first.

    Yields:
        The parts of question ``q02_5``.

    Example:
        >>> check_ensemble(lambda p: (p.mean(), p.std()), lambda p, threshold: []).points
        0
    """
    rng = np.random.default_rng(25)
    width = np.array([0.01, 0.3, 0.02, 0.5, 0.1, 0.01, 0.2])
    predictions = rng.normal(size=(5, 7)) * width + np.arange(7.0)
    mean, spread = (np.asarray(part, dtype=float) for part in mean_and_spread(predictions))
    hint = "Seven points have seven means: over the models, not over the points."
    yield Part("mean", _close(mean, predictions.mean(axis=0)), hint)
    hint = "How far do the five predictions for one point lie apart?"
    if spread.shape != (7,):
        hint = "Over the models, for each point by itself."
    elif any(_close(spread, predictions.var(axis=0, ddof=n)) for n in (0, 1)):
        hint = "That is the variance, in eV²."
    elif _close(spread, np.ptp(predictions, axis=0)):
        hint = "The distance of the extremes grows with the number of models; asked for is σ."
    sigma = predictions.std(axis=0)
    either = any(_close(spread, predictions.std(axis=0, ddof=n)) for n in (0, 1))
    yield Part("spread", either, hint)
    threshold = 1.06 * float(np.sqrt(np.prod(np.sort(sigma)[3:5])))  # three are above it
    given = [int(n) for n in to_label(predictions, threshold)]
    above = np.flatnonzero(sigma > threshold)
    right = above[np.argsort(-sigma[above])].tolist()
    hint = "Which points have a spread above the threshold, and which of them comes first?"
    if given == above.tolist():
        hint = "These are the right points; the most uncertain one should come first."
    elif given == np.flatnonzero(sigma <= threshold).tolist():
        hint = "These are the points on which the models agree: a label there teaches little."
    yield Part("where to label", given == right, hint)


def _close(given: Array, expected: Array) -> bool:
    """Whether two arrays have one shape and the same numbers."""
    return given.shape == expected.shape and np.allclose(given, expected)
