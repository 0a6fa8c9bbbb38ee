"""Selection: which configurations are worth a label."""

import numpy as np
import pytest

from mlp_course.active_learning import select
from mlp_course.active_learning.selection import BLIND, STRATEGIES

SIGMA = np.array([0.1, 0.5, 0.9, 0.2, 0.8, 0.7])  # eV/Å
PLACES = np.array([[0.0], [9.0], [1.0], [2.0], [1.1], [5.0]])


def test_top_k_takes_the_most_uncertain_first():
    """The largest uncertainties, in falling order, whatever they resemble."""
    assert select(SIGMA, 3, "top_k", threshold=0.3).tolist() == [2, 4, 5]


def test_farthest_does_not_take_the_same_accident_twice():
    """Frames 2 and 4 are neighbours: top_k takes both, farthest takes one of them."""
    chosen = select(SIGMA, 3, "farthest", threshold=0.3, features=PLACES).tolist()
    assert chosen[0] == 2
    assert set(chosen) == {2, 1, 5}


def test_farthest_stays_away_from_what_is_known():
    """With labels at 9 and 5, the frame at 1 tells more than the one at 9."""
    known = np.array([[9.0], [5.0]])
    chosen = select(SIGMA, 1, "farthest", threshold=0.3, features=PLACES, known=known)
    assert chosen.tolist() == [2]


@pytest.mark.parametrize("strategy", [s for s in STRATEGIES if s not in BLIND])
def test_nothing_below_the_threshold_is_taken(strategy):
    """Asked for more than there are, a strategy returns what is worth a label, each once."""
    chosen = select(SIGMA, 6, strategy, threshold=0.6, features=PLACES)
    assert sorted(chosen) == [2, 4, 5]


def test_the_control_does_not_look_at_uncertainties():
    """Random takes frames below the threshold as often as others."""
    taken = np.concatenate([select(SIGMA, 2, "random", threshold=0.6, seed=n) for n in range(600)])
    share = np.bincount(taken, minlength=6) / len(taken)
    assert share == pytest.approx(np.full(6, 1 / 6), abs=0.04)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_same_seed_chooses_the_same(strategy):
    """A choice can be repeated."""
    one, two = (select(SIGMA, 3, strategy, features=PLACES, seed=5) for _ in range(2))
    assert one.tolist() == two.tolist()


def test_refusals():
    """Unknown names and numbers that make no sense are told, with unit and cure."""
    with pytest.raises(ValueError, match="strategy must be one of threshold, top_k"):
        select(SIGMA, 2, "best")
    with pytest.raises(ValueError, match="uncertainties must be finite, in eV/Å"):
        select([0.1, np.nan], 1, "top_k")
    with pytest.raises(ValueError, match="features must be given"):
        select(SIGMA, 2, "farthest")
    with pytest.raises(ValueError, match="n_select"):
        select(SIGMA, 0, "top_k")
    with pytest.raises(ValueError, match="threshold must not be negative, in eV/Å"):
        select(SIGMA, 1, "top_k", threshold=-1)
