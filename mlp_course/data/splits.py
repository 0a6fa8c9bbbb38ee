"""Splits: which frames a model learns from, and which it is judged on.

A random split of one trajectory leaks: a test frame sits a few femtoseconds from a training frame,
so the test measures interpolation between neighbours in time. A blocked split keeps stretches of
the trajectory together and drops a gap between them. Several trajectories are kept apart whole; and
a split by temperature asks what a potential does where it was never trained. How much a split leaks
can be measured: :mod:`mlp_course.data.leakage`.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import accumulate, pairwise
from typing import TypeVar

import numpy as np

__all__ = ["blocked_split", "grouped_split", "random_split", "temperature_split"]

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


def grouped_split(
    frames: Sequence[Frame],
    fractions: Sequence[float],
    *,
    groups: Sequence[Hashable],
    seed: int,
) -> tuple[list[Frame], ...]:
    """Deal whole groups into parts: no trajectory, path or parent is in two of them.

    Large groups are dealt first, each to the part that lacks most; groups of equal size in random
    order. Sizes come out as near to the fractions as the groups allow.

    Args:
        frames: the structures.
        fractions: of all frames for each part; they add up to 1.
        groups: what each frame belongs to, one for each frame (the number of its trajectory, or
            ``mlp_course.sampling.trajectory_labels(frames)``).
        seed: of the order.

    Returns:
        One list for each fraction, frames in the order given.

    Raises:
        ValueError: if fractions do not add up to 1, there is not one group for each frame, or
            fewer groups than parts.

    Example:
        >>> grouped_split("aabbbbcc", [0.5, 0.5], groups="aabbbbcc", seed=0)
        (['b', 'b', 'b', 'b'], ['a', 'a', 'c', 'c'])
    """
    sizes = Counter(groups)
    if not len(fractions) or min(fractions) <= 0 or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError(f"fractions must be positive and add up to 1; got {list(fractions)}")
    if len(groups) != len(frames) or len(sizes) < len(fractions):
        raise ValueError(
            f"groups must be one for each of {len(frames)} frames, and at least {len(fractions)} "
            f"different ones; got {len(groups)} with {len(sizes)} different. A single trajectory "
            "is for blocked_split"
        )
    lacking = np.array(fractions, dtype=float) * len(frames)
    names = list(sizes)
    shuffled = [names[n] for n in np.random.default_rng(seed).permutation(len(names))]
    part_of = {}
    for dealt, name in enumerate(sorted(shuffled, key=lambda name: -sizes[name])):
        empty = [n for n in range(len(lacking)) if n not in part_of.values()]
        must_fill = len(empty) >= len(names) - dealt  # no part may stay empty
        choices = empty if must_fill else range(len(lacking))
        part_of[name] = max(choices, key=lambda n: lacking[n])
        lacking[part_of[name]] -= sizes[name]
    return tuple(
        [frame for frame, name in zip(frames, groups, strict=True) if part_of[name] == number]
        for number in range(len(fractions))
    )


def temperature_split(
    frames: Sequence[Frame],
    parts: Sequence[Sequence[float]],
    *,
    temperatures: Sequence[float | None],
) -> tuple[list[Frame], ...]:
    """Put all frames of a temperature into one part: to train cold and test hot, say.

    Args:
        frames: the structures.
        parts: the temperatures of each part, in K.
        temperatures: at which each frame was sampled, in K; frames with another temperature than
            those asked for, or None, are in no part.

    Returns:
        One list for each part, frames in the order given.

    Raises:
        ValueError: if a temperature is in two parts or no frame has it, or there is not one
            temperature for each frame.

    Example:
        >>> temperature_split("abcd", [[300], [500, 700]], temperatures=[300, 500, 300, 700])
        (['a', 'c'], ['b', 'd'])
    """
    if len(temperatures) != len(frames):
        raise ValueError(
            f"temperatures must be one for each of {len(frames)} frames; got {len(temperatures)}"
        )
    asked = [t for part in parts for t in part]
    unknown = sorted(set(asked) - set(temperatures))
    if len(set(asked)) != len(asked) or unknown:
        raise ValueError(
            f"parts must name each temperature once, and only those of the frames, in K; got "
            f"{[list(part) for part in parts]}, where no frame is at {unknown or 'any other'}"
        )
    return tuple(
        [frame for frame, t in zip(frames, temperatures, strict=True) if t in set(part)]
        for part in parts
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
