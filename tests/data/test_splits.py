"""Splits that do not overlap, and refusals of sizes that do not fit."""

import numpy as np
import pytest

from mlp_course.data import blocked_split, load_rmd17, random_split

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


def test_random_splits_leak_on_real_data(rmd17_root):
    """A frame of MD17 is nearer to its neighbour in time than to any other: random splits leak."""
    frames = load_rmd17("ethanol", root=rmd17_root)
    frames.sort(key=lambda atoms: atoms.info["md17_index"])
    index = np.array([atoms.info["md17_index"] for atoms in frames])
    distances = np.array([atoms.get_all_distances() for atoms in frames])
    step = np.sqrt(np.mean((distances[1:] - distances[:-1]) ** 2, axis=(1, 2)))
    assert step[np.diff(index) <= 5].mean() < 0.3 * step[np.diff(index) > 300].mean()
