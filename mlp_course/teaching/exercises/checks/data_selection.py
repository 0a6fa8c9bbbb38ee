"""Exercises 03: farthest-point selection, written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from mlp_course.sampling import farthest_points
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Rows = NDArray[np.float64]


@question(
    "q03_4",
    "Farthest points by hand",
    answers=("my_farthest", "covering_radius"),
    points={"picks no row twice": 1, "far from all picks": 2, "covering radius": 1},
    stronger={
        "picks no row twice": "A picked row is at distance 0 from the picked ones: it can never be "
        "the farthest, as long as you compare with all picks.",
        "far from all picks": "For each row keep one number: the distance to its nearest pick. "
        "The next pick is the row where this number is largest.",
        "covering radius": "First the nearest pick of each row, then the worst row.",
    },
    section="03_training_data.ipynb#Which-frames-first?",
)
def check_selection(
    my_farthest: Callable[[Rows, int, int], Sequence[int]],
    covering_radius: Callable[[Rows, Sequence[int]], float],
) -> Iterator[Part]:
    """Mark a farthest-point selection, and the radius within which every row has a pick.

    Args:
        my_farthest: function of features, shape (n, n_features), the number of picks, and the
            first pick; it returns places in the order of picking.
        covering_radius: function of features and places picked: the largest distance of a row
            from its nearest pick, in the unit of the features.

    Yields:
        The parts of question ``q03_4``.

    Example:
        >>> def in_order(x, n, start):
        ...     return range(start, start + n)
        >>> check_selection(in_order, lambda x, picked: 0.0).points
        1
    """
    rng = np.random.default_rng(34)
    pools = [rng.normal(size=(60, 2)), rng.uniform(size=(40, 12)), np.arange(9.0)[:, None] ** 2]
    picks = [[int(n) for n in my_farthest(x.copy(), 6, 3)] for x in pools]
    different = all(len(set(rows)) == len(rows) == 6 and rows[0] == 3 for rows in picks)
    hint = "Six different rows are asked for, the first of them `start`."
    yield Part("picks no row twice", different, hint)
    right = [farthest_points(x, 6, start=3).tolist() for x in pools]
    yield Part("far from all picks", picks == right, _reason(picks, pools))
    ours = [float(covering_radius(x, rows)) for x, rows in zip(pools, right, strict=True)]
    tables = [cdist(x, x[rows]) for x, rows in zip(pools, right, strict=True)]
    expected = [table.min(axis=1).max() for table in tables]
    hint = "How far is the worst row from the pick that is nearest to it?"
    if np.allclose(ours, [table.max() for table in tables]):
        hint = "That is the largest distance to any pick; only the nearest pick stands for a row."
    elif np.allclose(ours, [table.min(axis=1).mean() for table in tables]):
        hint = "That is the mean of the distances; a radius that covers must reach the worst row."
    yield Part("covering radius", np.allclose(ours, expected), hint)


def _reason(picks: list[list[int]], pools: list[Rows]) -> str:
    """Recognise what was maximised instead."""
    by = {
        "You measure from the last pick only: the next one may lie beside an earlier one.": (
            lambda table: table[:, -1]
        ),
        "The sum (or mean) over picks is large for a row that sits beside one pick and far from "
        "the rest.": lambda table: table.sum(axis=1),
        "You measure from the first pick only.": lambda table: table[:, 0],
        "You take the farthest pick of each row; a row needs *one* near pick to be covered.": (
            lambda table: table.max(axis=1)
        ),
    }
    for reason, score in by.items():
        for again in (True, False):  # whether a picked row may be picked again
            guesses = [_greedy(x, score, again=again) for x in pools]
            if guesses == picks:
                return reason
    return "On three small pools the picks differ from those of the formula."


def _greedy(x: Rows, score: Callable[[Rows], NDArray[np.float64]], *, again: bool) -> list[int]:
    """Pick six rows, each the one with the highest score, beginning with row 3."""
    picked = [3]
    while len(picked) < 6:
        values = score(cdist(x, x[picked]))
        if not again:
            values[picked] = -np.inf
        picked.append(int(values.argmax()))
    return picked
