"""Leakage: seen in random splits of a trajectory, absent from honest ones."""

import numpy as np
import pytest
from scipy.signal import lfilter

from mlp_course.data import (
    blocked_split,
    grouped_split,
    leakage,
    load_embedded,
    random_split,
    unrelated_distance,
)


def wandering(n_frames, keep, seed, n_features=6):
    """A trajectory of AR(1) coordinates: correlation keep^lag, variance 1."""
    noise = np.random.default_rng(seed).normal(size=(n_frames, n_features))
    noise[1:] *= np.sqrt(1 - keep**2)
    return lfilter([1.0], [1.0, -keep], noise, axis=0)


def test_random_splits_leak_and_blocked_ones_do_not():
    """With a memory of 50 frames: random over 90 %, blocked at the border only, with a gap none."""
    x = wandering(2500, keep=0.98, seed=0)
    near = unrelated_distance(x, gap=300)
    found = {
        "random": random_split(x, [0.8, 0.2], seed=0),
        "blocked": blocked_split(x, [0.8, 0.2]),
        "gap": blocked_split(x, [0.75, 0.2], gap=200),
    }
    measured = {name: leakage(*parts, closer_than=near) for name, parts in found.items()}
    assert measured["random"] > 0.9
    assert measured["gap"] <= measured["blocked"] < 0.15
    assert measured["gap"] < 0.1


def test_independent_frames_do_not_leak_however_they_are_split():
    """The meter is not fooled by a random split where there is no memory: 5 %, to 3 %."""
    x = wandering(2000, keep=0.0, seed=1)
    near = unrelated_distance(x, gap=10)
    parts = random_split(x, [0.8, 0.2], seed=0)
    assert leakage(*parts, closer_than=near) == pytest.approx(0.05, abs=0.03)


def test_whole_trajectories_do_not_leak():
    """Five runs, one of them for the test, leak as little as independent frames."""
    runs = [wandering(500, keep=0.98, seed=s) for s in range(5)]
    x, groups = np.concatenate(runs), np.repeat(range(5), 500)
    near = unrelated_distance(x, gap=300)
    grouped = grouped_split(x, [0.8, 0.2], groups=groups, seed=0)
    mixed = random_split(x, [0.8, 0.2], seed=0)
    assert leakage(*grouped, closer_than=near) < 0.1
    assert leakage(*mixed, closer_than=near) > 0.9


def test_the_meter_on_real_dynamics():
    """Ethanol at 500 K, distances as features: after 50 fs a frame has nearly forgotten the last.

    So a random split leaks little more than the 5 % of chance, and a blocked one no more.
    """
    frames = load_embedded("ethanol/500K")
    pairs = np.triu_indices(9, k=1)
    x = np.array([atoms.get_all_distances()[pairs] for atoms in frames])
    near = unrelated_distance(x, gap=50)
    blocked = leakage(*blocked_split(x, [0.75, 0.2], gap=40), closer_than=near)
    mixed = leakage(*random_split(x, [0.75, 0.2], seed=0), closer_than=near)
    assert blocked < 0.08
    assert 0.05 <= mixed < 0.15


def test_a_finer_trajectory_leaks_more():
    """The same motion, recorded more often, leaks more at random."""
    x = wandering(3000, keep=0.98, seed=2)
    near = unrelated_distance(x, gap=300)
    fine = leakage(*random_split(x, [0.8, 0.2], seed=0), closer_than=near)
    coarse = leakage(*random_split(x[::50], [0.8, 0.2], seed=0), closer_than=near)
    assert fine > 0.8
    assert coarse < 0.2


def test_counting_by_hand():
    """Of two test frames one is within 1 of a training frame; exactly 1 away is not nearer."""
    assert leakage([[0.0], [10.0]], [[0.1], [5.0]], closer_than=1.0) == 0.5
    assert leakage([[0.0]], [[1.0]], closer_than=1.0) == 0.0
    x = [[0.0], [0.1], [5.0], [5.1], [1.0], [1.1]]
    assert unrelated_distance(x, gap=2, quantile=1.0) == pytest.approx(4.0)


def test_what_makes_no_sense_is_refused():
    """Too short a trajectory, no yardstick, features of two kinds."""
    with pytest.raises(ValueError, match="n above two gaps of 5 frames"):
        unrelated_distance(np.zeros((10, 2)), gap=5)
    with pytest.raises(ValueError, match="gap must be at least 1"):
        unrelated_distance(np.zeros((10, 2)), gap=0)
    with pytest.raises(ValueError, match="closer_than must be positive"):
        leakage([[0.0]], [[1.0]], closer_than=0.0)
    with pytest.raises(ValueError, match=r"got \(1, 1\) and \(1, 2\)"):
        leakage([[0.0]], [[1.0, 2.0]], closer_than=1.0)
