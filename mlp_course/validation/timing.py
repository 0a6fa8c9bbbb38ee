"""Timing: how long something takes on this machine, as little disturbed as can be."""

import time
from collections.abc import Callable


def shortest_time(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the shortest processor time of several calls.

    Other programs can only make a call slower, so the shortest of several is the least disturbed.
    Processor time does not count the waiting, but a busy machine still has slower caches: compare
    what was timed together, and trust ratios more than milliseconds.

    Args:
        work: what to time, a function without arguments.
        repeats: how often it is called.

    Returns:
        In seconds.

    Raises:
        ValueError: if ``repeats`` is below 1.

    Example:
        >>> shortest_time(lambda: sum(range(300_000))) > shortest_time(lambda: None)
        True
    """
    if repeats < 1:
        raise ValueError(f"repeats must be at least 1; got {repeats}")
    seconds = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)
