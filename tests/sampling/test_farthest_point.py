"""Farthest points: as the definition says, and never far from the best choice there is."""

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from mlp_course.sampling import farthest_points


def by_definition(x, n_points, start):
    """Arg max of min, by loops over everything."""
    picked = [start]
    while len(picked) < n_points:
        nearest = [min(np.linalg.norm(row - x[p]) for p in picked) for row in x]
        picked.append(int(np.argmax(nearest)))
    return picked


def radius(x, picked):
    """Largest distance of a row to its nearest picked one."""
    return cdist(x, x[list(picked)]).min(axis=1).max()


@pytest.mark.parametrize("seed", range(3))
def test_the_picks_are_those_of_the_definition(seed):
    """40 random rows in 5 dimensions, 12 picks: the same rows in the same order."""
    x = np.random.default_rng(seed).normal(size=(40, 5))
    assert farthest_points(x, 12, start=seed).tolist() == by_definition(x, 12, seed)


@pytest.mark.parametrize("seed", range(5))
def test_no_choice_is_twice_as_good(seed):
    """Gonzalez: the covering radius is at most twice that of the best of all choices of 4 of 12."""
    x = np.random.default_rng(seed).normal(size=(12, 2))
    best = min(radius(x, choice) for choice in combinations(range(12), 4))
    assert radius(x, farthest_points(x, 4)) <= 2 * best + 1e-12


def test_it_covers_better_than_chance():
    """Of 500 rows, 95 % of them crowded, 20 picks leave nobody as far as 20 random ones do."""
    rng = np.random.default_rng(0)
    x = np.concatenate([0.1 * rng.normal(size=(475, 3)), 3 * rng.normal(size=(25, 3))])
    chance = [radius(x, rng.choice(500, 20, replace=False)) for _ in range(20)]
    assert radius(x, farthest_points(x, 20)) < 0.6 * min(chance)


def test_the_start_is_the_row_nearest_to_the_mean():
    """Deterministic without a seed; then the ends."""
    assert farthest_points([[0.0], [4.0], [5.0], [10.0]], 3).tolist() == [2, 0, 3]


def test_what_is_known_is_not_picked_again():
    """Next to labelled frames nothing new is learnt: the picks start farthest from them."""
    x = np.array([[0.0], [1.0], [5.0], [9.0]])
    assert farthest_points(x, 2, known=[[9.5], [8.0]]).tolist() == [0, 2]


def test_what_cannot_be_picked_is_refused():
    """More rows than there are, or than differ; NaN."""
    with pytest.raises(ValueError, match=r"with n at least 3; got \(2, 1\)"):
        farthest_points([[0.0], [1.0]], 3)
    with pytest.raises(ValueError, match="at least 3 different rows; found 2"):
        farthest_points([[0.0], [1.0], [0.0]], 3)
    with pytest.raises(ValueError, match="must be finite"):
        farthest_points([[0.0], [np.nan]], 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (dict(known=[[0.0], [1.0]]), r"known must be finite, shape \(n_known, 3\).*got \(2, 1\)"),
        (dict(known=[[0.0, np.nan, 0.0]]), "known must be finite"),
        (dict(start=9), "start must be a row, 0 to 8; got 9"),
        (dict(start=-1), "start must be a row"),
    ],
)
def test_rows_that_do_not_fit_are_refused(options, words):
    """One column less would be compared with every column, without a word."""
    with pytest.raises(ValueError, match=words):
        farthest_points(np.arange(27.0).reshape(9, 3), 3, **options)
