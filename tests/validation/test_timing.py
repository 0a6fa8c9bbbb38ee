"""A time is the shortest of several, and waiting does not count."""

import time

import pytest

from mlp_course.validation import shortest_time


def test_the_shortest_of_several_calls_counts():
    """Only the third of five calls is quick; its time is returned."""
    calls = []

    def work():
        calls.append(None)
        sum(range(1_000 if len(calls) == 3 else 1_000_000))

    quick = shortest_time(work)
    assert len(calls) == 5
    calls[:] = [None] * 3  # all calls from here on are slow
    assert quick < shortest_time(work) / 10


def test_waiting_is_not_work():
    """A call that sleeps for 50 ms takes hardly any processor time."""
    assert shortest_time(lambda: time.sleep(0.05), repeats=1) < 0.02


def test_nothing_to_time_is_refused():
    """There is no shortest of no calls."""
    with pytest.raises(ValueError, match="repeats must be at least 1; got 0"):
        shortest_time(lambda: None, repeats=0)
