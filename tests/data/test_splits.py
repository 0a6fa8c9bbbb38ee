"""Splits that do not overlap, and refusals of sizes that do not fit."""

import numpy as np
import pytest

from mlp_course.data import (
    blocked_split,
    grouped_split,
    load_rmd17,
    random_split,
    temperature_split,
)

FRAMES = list(range(100))


@pytest.mark.parametrize("split", [lambda f, s: random_split(f, s, seed=1), blocked_split])
@pytest.mark.parametrize("sizes", [[70, 15, 15], [0.7, 0.15, 0.15], [1 / 3, 1 / 3, 1 / 3], [5]])
def test_parts_do_not_overlap(split, sizes):
    """No frame is in two parts; fractions that add up to 1 use every frame."""
    parts = split(FRAMES, sizes)
    joined = [frame for part in parts for frame in part]
    assert len(parts) == len(sizes)
    assert len(set(joined)) == len(joined)
    assert set(joined) <= set(FRAMES)
    if abs(sum(sizes) - 1) < 1e-9 or sum(sizes) == 100:
        assert len(joined) == 100


def test_seed_decides():
    """The same seed gives the same parts, another seed others."""
    one, again, other = (random_split(FRAMES, [50, 50], seed=s) for s in (1, 1, 2))
    assert one == again
    assert one != other


def test_blocks_are_contiguous_with_gaps():
    """Each part is a stretch of the trajectory, and the gap lies between two parts."""
    train, validation, test = blocked_split(FRAMES, [60, 10, 10], gap=5)
    assert train == list(range(60))
    assert validation == list(range(65, 75))
    assert test == list(range(80, 90))


def test_fractions_are_of_what_the_gaps_leave():
    """80/10/10 of 100 frames with two gaps of 10 is 64/8/8."""
    assert [len(part) for part in blocked_split(FRAMES, [0.8, 0.1, 0.1], gap=10)] == [64, 8, 8]


def test_frames_are_not_copied(labelled_frames):
    """Parts hold the same objects."""
    (part,) = random_split(labelled_frames, [2], seed=0)
    assert all(any(atoms is other for other in labelled_frames) for atoms in part)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([90, 20], "110 in all, but only 100 are available"),
        ([0.8, 0.3], "must add up to at most 1; got 1.1"),
        ([50, 0], "must be positive"),
        ([-1, 5], "must be positive"),
        ([], "must be positive"),
        ([0.999, 0.001], "at least one frame for each part"),
        ([float("nan"), 0.5], "must be positive"),
    ],
)
def test_sizes_that_do_not_fit(sizes, message):
    """Sizes that do not fit are refused with the numbers involved."""
    with pytest.raises(ValueError, match=message):
        random_split(FRAMES, sizes, seed=0)


def test_gaps_that_do_not_fit():
    """Gaps count, too, and the message says how much they took."""
    with pytest.raises(ValueError, match=r"only 80 are available \(after 2 gaps of 10 frames\)"):
        blocked_split(FRAMES, [80, 10, 10], gap=10)
    with pytest.raises(ValueError, match="gap must not be negative, in frames; got -1"):
        blocked_split(FRAMES, [5, 5], gap=-1)


def test_counts_and_fractions_do_not_mix():
    """[50, 0.5] is ambiguous."""
    with pytest.raises(TypeError, match="all counts or all fractions"):
        random_split(FRAMES, [50, 0.5], seed=0)


def test_no_group_is_cut():
    """Ten trajectories of different length: whole ones in each part, sizes near the fractions."""
    groups = np.repeat(range(10), [4, 9, 7, 15, 12, 8, 11, 14, 10, 10])
    parts = grouped_split(FRAMES, [0.7, 0.15, 0.15], groups=groups, seed=0)
    members = [set(groups[part]) for part in parts]
    assert sorted(frame for part in parts for frame in part) == FRAMES
    assert not members[0] & members[1]
    assert not members[0] & members[2]
    assert not members[1] & members[2]
    assert [len(part) for part in parts] == pytest.approx([70, 15, 15], abs=6)
    assert all(part == sorted(part) for part in parts)


def test_seeds_deal_groups_differently():
    """Among groups of one size chance decides; the same seed decides the same."""
    groups = np.repeat(range(10), 10)
    deals = [grouped_split(FRAMES, [0.8, 0.2], groups=groups, seed=s)[1] for s in (0, 0, 1, 2)]
    assert deals[0] == deals[1]
    assert deals[0] != deals[2] or deals[0] != deals[3]


def test_no_part_stays_empty():
    """Three groups for three parts: one each, even if one of them holds nearly all frames."""
    groups = [0] * 98 + [1, 2]
    parts = grouped_split(FRAMES, [0.98, 0.01, 0.01], groups=groups, seed=0)
    assert [len(part) for part in parts] == [98, 1, 1]
    parts = grouped_split(FRAMES, [0.4, 0.3, 0.3], groups=groups, seed=0)
    assert sorted(len(part) for part in parts) == [1, 1, 98]


def test_groups_that_do_not_fit():
    """One trajectory cannot be dealt to two parts, and blocked_split is named."""
    with pytest.raises(ValueError, match=r"at least 2 different ones; got 100 with 1 different"):
        grouped_split(FRAMES, [0.5, 0.5], groups=[0] * 100, seed=0)
    with pytest.raises(ValueError, match="one for each of 100 frames"):
        grouped_split(FRAMES, [0.5, 0.5], groups=[0, 1], seed=0)
    with pytest.raises(ValueError, match="must be positive and add up to 1"):
        grouped_split(FRAMES, [0.5, 0.2], groups=range(100), seed=0)


def test_temperatures_are_kept_apart():
    """Cold to train, hot to test; what was asked for by nobody, or has no temperature, is out."""
    temperatures = [300, 500, None, 700, 300]
    cold, hot = temperature_split("abcde", [[300], [700]], temperatures=temperatures)
    assert (cold, hot) == (["a", "e"], ["d"])


def test_temperatures_that_do_not_fit():
    """A temperature in two parts, or of no frame, is a mistake."""
    with pytest.raises(ValueError, match="must name each temperature once"):
        temperature_split("ab", [[300], [300]], temperatures=[300, 500])
    with pytest.raises(ValueError, match=r"no frame is at \[400\]"):
        temperature_split("ab", [[300], [400]], temperatures=[300, 500])
    with pytest.raises(ValueError, match="one for each of 2 frames; got 1"):
        temperature_split("ab", [[300]], temperatures=[300])


def test_random_splits_leak_on_real_data(rmd17_root):
    """A frame of MD17 is nearer to its neighbour in time than to any other: random splits leak."""
    frames = load_rmd17("ethanol", root=rmd17_root)
    frames.sort(key=lambda atoms: atoms.info["md17_index"])
    index = np.array([atoms.info["md17_index"] for atoms in frames])
    distances = np.array([atoms.get_all_distances() for atoms in frames])
    step = np.sqrt(np.mean((distances[1:] - distances[:-1]) ** 2, axis=(1, 2)))
    assert step[np.diff(index) <= 5].mean() < 0.3 * step[np.diff(index) > 300].mean()
