"""Exercises 07: one round of messages by hand, and how far news travel in a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from mlp_course.teaching.exercises.checks.comparing import as_number, close
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_LESSON = "07_architectures.ipynb"


@question(
    "q07_1",
    "A round of messages",
    answers=("one_round",),
    points={"sums over all neighbours": 2, "from j to i": 1, "renumbered atoms": 1,
            "leaves its input alone": 1},
    stronger={
        "sums over all neighbours": "Look at an atom with two neighbours: both must arrive. "
        "`np.add.at(total, idx_i, messages)` adds once for each pair.",
        "from j to i": "Whose features are sent: x[idx_i] or x[idx_j]? Who receives them?",
        "renumbered atoms": "No number of an atom may appear in the formula but as an index.",
        "leaves its input alone": "`x += ...` changes the caller's array. Start from a copy.",
    },
    section=f"{_LESSON}#SchNet-(2017):-let-the-network-find-the-description",
)  # fmt: skip
def check_one_round(one_round: Callable[..., np.ndarray]) -> Iterator[Part]:
    """Mark one round of message passing against a plain double loop.

    Args:
        one_round: function of features x, shape (n_atoms, n_features), filters, shape (n_pairs,
            n_features), idx_i and idx_j, shape (n_pairs,); returns new features, shape of x.

    Yields:
        The parts of question ``q07_1``.

    Example:
        >>> check_one_round(lambda x, filters, idx_i, idx_j: x.copy()).points
        2
    """
    rng = np.random.default_rng(6)
    idx_i, idx_j = np.array([0, 0, 0, 1, 2, 3]), np.array([1, 2, 3, 0, 0, 2])  # atom 4 is alone
    x, filters = rng.normal(0, 1, (5, 3)), rng.normal(0, 1, (6, 3))
    kept = x.copy()
    found = _rows(one_round(x, filters, idx_i, idx_j), x)
    untouched = np.array_equal(x, kept)
    yield _sums_messages(found, kept, filters, idx_i, idx_j)
    single = _rows(one_round(kept.copy(), filters[:1], idx_i[:1], idx_j[:1]), x)
    away = np.abs(single - kept).max(axis=1)
    hint = "With one pair (i = 0, j = 1) only atom 0 hears something, and it hears atom 1."
    heard = np.allclose(single[0], kept[0] + kept[1] * filters[0]) or away.max() == 0
    yield Part("from j to i", heard and away[1:].max() == 0 and away.max() > 0, hint)
    order = np.array([3, 0, 4, 1, 2])  # new place of each atom
    moved = np.empty_like(kept)
    moved[order] = kept
    again = _rows(one_round(moved, filters, order[idx_i], order[idx_j]), x)
    hint = "Renumber the atoms, and other features come out."
    yield Part("renumbered atoms", np.allclose(again[order], found), hint)
    hint = "Your function has changed the array x that it was given."
    yield Part("leaves its input alone", untouched and np.isfinite(found).all(), hint)


def _sums_messages(
    found: np.ndarray, kept: np.ndarray, filters: np.ndarray, idx_i: np.ndarray, idx_j: np.ndarray
) -> Part:
    """The round against a double loop, and against loops with one mistake each."""
    right = _by_loops(kept, filters, idx_i, idx_j)
    reversed_ = _by_loops(kept, filters, idx_j, idx_i)
    one = _by_loops(kept, filters, idx_i, idx_j, last_only=True)
    hint = "Atom 0 has three neighbours; compute its new features by hand, then compare."
    if np.allclose(found, one):
        hint = "Only the last neighbour of each atom arrives: `x[idx_i] += ...` adds once an atom."
    elif np.allclose(found - right, -kept):
        hint = "An atom keeps what it had; the messages are added to it."
    elif np.allclose(found, reversed_):
        hint = "Nearly: messages run the wrong way."
    elif np.allclose(found[0] - kept[0], (right[0] - kept[0]) / 3):
        hint = "A mean over neighbours forgets how many there are; sum them."
    either = np.allclose(found, right) or np.allclose(found, reversed_)  # costs points once
    return Part("sums over all neighbours", either, hint)


def _rows(answer: object, like: np.ndarray) -> np.ndarray:
    """The answer as an array of the same shape, or NaN."""
    values = np.asarray(answer, dtype=float)
    return values if values.shape == like.shape else np.full(like.shape, np.nan)


def _by_loops(
    x: np.ndarray, filters: np.ndarray, idx_i: ArrayLike, idx_j: ArrayLike, last_only: bool = False
) -> np.ndarray:
    """The oracle: one message after the other."""
    new = x.copy()
    for i, j, w in zip(idx_i, idx_j, filters, strict=True):
        new[i] = (x[i] if last_only else new[i]) + x[j] * w
    return new


@question(
    "q07_2",
    "How far, how many",
    answers=("reaches", "n_parameters"),
    points={"one layer": 1, "several layers": 2, "counts the parameters": 2},
    stronger={
        "one layer": "After one layer an atom knows itself and whoever is nearer than the cutoff.",
        "several layers": "News travel from atom to atom. Let a table say who knows whom; each "
        "layer: i knows k if i has a neighbour j that knows k.",
        "counts the parameters": "Between a and b numbers: a × b weights and b biases. One such "
        "network for each element.",
    },
    section=f"{_LESSON}#4-·-Who-sees-what?",
)
def check_reach(
    reaches: Callable[[ArrayLike, float, int], ArrayLike],
    n_parameters: Callable[[Sequence[int], int], int],
) -> Iterator[Part]:
    """Mark the receptive field of message passing, and a count of parameters.

    Args:
        reaches: function of positions in Å, shape (n, 3), a cutoff in Å and a number of layers;
            returns booleans, shape (n, n): whether atom i knows of atom k.
        n_parameters: function of the sizes of the layers of a network, such as [30, 16, 1], and the
            number of elements, each with a network of its own.

    Yields:
        The parts of question ``q07_2``.

    Example:
        >>> check_reach(lambda r, cutoff, n: None, lambda sizes, n: 497 * n).points
        0
    """
    x = np.array([0.0, 2.0, 3.9, 5.8, 11.0])  # a chain, and one atom beyond a gap
    chain = np.stack([x, 0 * x, 0 * x], axis=1)
    one, three, four = (_table(reaches(chain, 2.4, n), 5) for n in (1, 3, 4))
    near = np.abs(x[:, None] - x) < 2.4
    hint = "After one layer: oneself, and atoms nearer than the cutoff. Nobody else."
    yield Part("one layer", np.array_equal(one, near), hint)
    right = np.abs(np.arange(5)[:, None] - np.arange(5)) <= 3
    right[4], right[:, 4] = [False] * 4 + [True], [False] * 4 + [True]
    line = np.abs(x[:, None] - x) < 3 * 2.4
    hint = "Who knows of whom after three layers differs for a chain of four atoms."
    if np.array_equal(three, line):
        hint = "Three times the cutoff is only a bound: over a gap nobody passes news on."
    elif np.array_equal(three, near):
        hint = "More layers change nothing in your answer, but a neighbour reports what it heard."
    passed = np.array_equal(three, right) and np.array_equal(four, right)
    yield Part("several layers", passed, hint)
    found = [as_number(n_parameters(*case)) for case in (([30, 16, 16, 1], 3), ([8, 4, 1], 2))]
    right_counts = [3 * (31 * 16 + 17 * 16 + 17), 2 * (9 * 4 + 5)]
    passed = all(close(f, r, within=0) for f, r in zip(found, right_counts, strict=True))
    hint = "Count for [2, 1] and one element by hand: two weights and one bias."
    if close(found[0], 3 * (30 * 16 + 16 * 16 + 16)):
        hint = "Each number after the first layer has a bias as well."
    elif close(found[0], right_counts[0] / 3):
        hint = "Every element has a network of its own."
    yield Part("counts the parameters", passed, hint)


def _table(answer: object, n: int) -> np.ndarray:
    """The answer as booleans of shape (n, n); all False if it is none."""
    values = np.asarray(answer)
    ok = values.shape == (n, n) and values.dtype.kind in "biuf"
    return values.astype(bool) if ok else np.zeros((n, n), dtype=bool)
