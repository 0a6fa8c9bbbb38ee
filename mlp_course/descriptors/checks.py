"""Refuse parameters of descriptors and models that make no sense, by name, rule, unit and value."""

import math
from collections.abc import Iterable, Sequence
from numbers import Integral, Real


def check_cutoff(cutoff: float) -> None:
    """Raise ValueError unless the cutoff is a positive number.

    Example:
        >>> check_cutoff(-1.0)
        Traceback (most recent call last):
        ValueError: cutoff must be positive, in Å; got -1.0
    """
    check_positive("in Å", cutoff=cutoff)


def check_positive(unit: str, **values: float) -> None:
    """Raise ValueError unless each value is a positive finite number.

    Example:
        >>> check_positive("in Å⁻²", eta=4.0)
    """
    for name, value in values.items():
        if not (isinstance(value, Real) and 0 < value < math.inf):
            raise ValueError(f"{name} must be positive, {unit}; got {value}")


def check_count(at_least: int, **values: int) -> None:
    """Raise ValueError unless each value is a whole number and large enough.

    Example:
        >>> check_count(1, n_max=0)
        Traceback (most recent call last):
        ValueError: n_max must be a whole number and at least 1, dimensionless; got 0
    """
    for name, value in values.items():
        if not isinstance(value, Integral) or isinstance(value, bool) or value < at_least:
            raise ValueError(
                f"{name} must be a whole number and at least {at_least}, dimensionless; got {value}"
            )


def check_widths(hidden: Sequence[int]) -> None:
    """Raise TypeError unless it is a list, ValueError unless it holds widths of layers.

    An empty list is one: a network without hidden layers is linear.

    Example:
        >>> check_widths([64, 64])
        >>> check_widths(64)
        Traceback (most recent call last):
        TypeError: hidden must be a list of widths, such as [64, 64]; got 64
    """
    if isinstance(hidden, str) or not isinstance(hidden, Iterable):
        raise TypeError(f"hidden must be a list of widths, such as [64, 64]; got {hidden!r}")
    for width in hidden:
        check_count(1, hidden=width)
