"""Comparing an answer of unknown type with what it should be, without ever raising."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_ZERO = 1e-12  # a deviation that nobody means, in any unit


def as_number(answer: object) -> float:
    """One number, or NaN for whatever is none.

    Example:
        >>> as_number("3"), as_number([2.0]), as_number("three"), as_number(True)
        (3.0, 2.0, nan, nan)
    """
    if isinstance(answer, bool):
        return float("nan")
    try:
        values = np.asarray(answer, dtype=float).ravel()
    except (TypeError, ValueError):
        return float("nan")
    return float(values[0]) if len(values) == 1 else float("nan")


def close(answer: object, expected: float, *, within: float = 1e-3) -> bool:
    """Whether a number is the expected one, to a relative deviation ``within``.

    Args:
        answer: anything.
        expected: in the unit that the answer should have.
        within: largest relative deviation, dimensionless.

    Example:
        >>> close(27.21, 27.2114), close("?", 1.0), close(1e-15, 0.0)
        (True, False, True)
    """
    return bool(abs(as_number(answer) - expected) <= within * abs(expected) + _ZERO)


def entry(answer: object, key: str) -> object:
    """One entry of a dictionary, or None if there is no dictionary or no such entry.

    Example:
        >>> entry({"A": 1}, "A"), entry("A", "A")
        (1, None)
    """
    return answer.get(key) if isinstance(answer, Mapping) else None


def told(answer: object, hint: str) -> str:
    """The hint for an answer, or that there is none yet.

    Example:
        >>> told(3, "Too small."), told(..., "Too small.")
        ('Too small.', 'Not answered yet.')
    """
    return "Not answered yet." if answer is None or answer is ... else hint


def as_words(answer: object) -> set[str]:
    """A set of words from a word, a list or a set of them; without blanks at the ends.

    Example:
        >>> sorted(as_words(["work ", "pull"])), as_words("work"), as_words(3)
        (['pull', 'work'], {'work'}, set())
    """
    if isinstance(answer, str):
        return {answer.strip()} if answer.strip() else set()
    if isinstance(answer, list | tuple | set | frozenset):
        return {word.strip() for word in answer if isinstance(word, str)}
    return set()


def as_places(answer: object) -> list[int] | None:
    """Places of frames as whole numbers, or None for whatever is no list of them.

    Example:
        >>> as_places(np.array([2, 5])), as_places([0.5]), as_places([True, False])
        ([2, 5], None, None)
    """
    try:
        values = np.asarray(list(answer))
    except (TypeError, ValueError):
        return None
    if values.size == 0:
        return []
    if values.ndim != 1 or values.dtype.kind not in "iuf" or (values != values.round()).any():
        return None
    return [int(value) for value in values]
