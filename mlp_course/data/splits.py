"""Splits: which frames a model learns from, and which it is judged on.

A random split of one trajectory leaks: a test frame sits a few femtoseconds from a training frame,
so the test measures interpolation between neighbours in time. A blocked split keeps stretches of
the trajectory together and drops a gap between them.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TypeVar

import numpy as np

__all__ = ["blocked_split", "random_split"]

Frame = TypeVar("Frame")


def random_split(
    frames: Sequence[Frame], sizes: Sequence[int] | Sequence[float], *, seed: int
) -> tuple[list[Frame], ...]:
    """Deal frames at random into parts that do not overlap.

    Args:
        frames: the structures, in any order.
        sizes: size of each part: counts of frames (whole numbers), or fractions of all frames
            (0 to 1). What is left over is in no part.
        seed: seed of the shuffle; the same seed gives the same parts.

    Returns:
        One list for each size. The frames are the same objects, not copies.

    Raises:
        ValueError: if a size is not positive, a part would be empty, or the sizes ask for more
            frames than there are.
        TypeError: if counts and fractions are mixed.

    Example:
        >>> train, test = random_split("abcdefghij", [0.8, 0.2], seed=0)
        >>> len(train), len(test), "".join(sorted(train + test))
        (8, 2, 'abcdefghij')
    """
    counts = _counts(sizes, len(frames))
    order = np.random.default_rng(seed).permutation(len(frames))
    stops = list(accumulate(counts))
    return tuple(
        [frames[i] for i in order[stop - count : stop]]
        for count, stop in zip(counts, stops, strict=True)
    )


def blocked_split(
    frames: Sequence[Frame], sizes: Sequence[int] | Sequence[float], *, gap: int = 0
) -> tuple[list[Frame], ...]:
    """Cut a trajectory into contiguous stretches, with frames dropped between them.

    The gap should be longer than the memory of the trajectory (the decay of the autocorrelation of
    the energy, say). Frames must be in the order of time. Those of rMD17 are not: sort them first,
    ``sorted(frames, key=lambda atoms: atoms.info["md17_index"])``.

    Args:
        frames: the structures, in the order of time.
        sizes: size of each part, as counts of frames or as fractions (0 to 1) of the frames that
            remain when the gaps are taken out. What is left over at the end is in no part.
        gap: number of frames dropped between two parts.

    Returns:
        One list for each size, in the order of time.

    Raises:
        ValueError: if a size is not positive, a part would be empty, the gap is negative, or parts
            and gaps ask for more frames than there are.
        TypeError: if counts and fractions are mixed.

    Example:
        >>> blocked_split(range(10), [4, 3], gap=2)
        ([0, 1, 2, 3], [6, 7, 8])
    """
    if gap < 0:
        raise ValueError(f"gap must not be negative, in frames; got {gap}")
    counts = _counts(sizes, len(frames) - gap * (len(sizes) - 1), gap=gap)
    stops = list(accumulate(counts, lambda stop, count: stop + gap + count))
    return tuple(
        [frames[i] for i in range(stop - count, stop)]
        for count, stop in zip(counts, stops, strict=True)
    )


def _counts(sizes: Sequence[float], available: int, gap: int = 0) -> list[int]:
    """Turn sizes into numbers of frames, and refuse what does not fit."""
    if not len(sizes) or any(not size > 0 for size in sizes):
        raise ValueError(f"sizes must be positive counts or fractions; got {list(sizes)}")
    whole = [isinstance(size, int | np.integer) for size in sizes]
    if any(whole) and not all(whole):
        raise TypeError(f"sizes must be all counts or all fractions; got {list(sizes)}")
    if not all(whole) and sum(sizes) > 1 + 1e-9:
        raise ValueError(f"fractions in sizes must add up to at most 1; got {sum(sizes):g}")
    counts = [int(size) for size in sizes] if all(whole) else _from_fractions(sizes, available)
    if sum(counts) > available or min(counts) < 1:
        gaps = f" (after {len(sizes) - 1} gaps of {gap} frames)" if gap else ""
        raise ValueError(
            f"sizes {list(sizes)} need at least one frame for each part and {sum(counts)} in all, "
            f"but only {max(available, 0)} are available{gaps}. Use smaller parts or more frames"
        )
    return counts


def _from_fractions(fractions: Sequence[float], available: int) -> list[int]:
    """Round the borders between parts, so that fractions adding up to 1 use every frame."""
    stops = [0, *(round(total * available) for total in accumulate(fractions))]
    return [stop - start for start, stop in pairwise(stops)]
