"""A criterion: what was measured, what was demanded, and the verdict with its reason in words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "not applicable"


class NotApplicable(Exception):
    """Raised by a measurement that makes no sense here; its message is the reason in the table."""


@dataclass(frozen=True)
class Criterion:
    """One row of the acceptance report.

    Attributes:
        name: what is judged.
        value: what was measured; NaN if nothing was.
        unit: of value and limit, "1" for a plain number.
        limit: what was demanded, in words such as "< 150".
        verdict: "pass", "fail" or "not applicable".
        reason: a sentence.

    Example:
        >>> below("force MAE", 200.0, 150.0, "meV/Å", "on 10 frames")
        Criterion(name='force MAE', value=200.0, unit='meV/Å', limit='< 150', verdict='fail', ...
    """

    name: str
    value: float
    unit: str
    limit: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Findings:
    """What one part of the report found.

    Attributes:
        criteria: rows of the table.
        details: what a picture of it needs, by name.
    """

    criteria: list[Criterion] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)


def below(name: str, value: float, limit: float, unit: str, reason: str) -> Criterion:
    """Pass if the size of ``value`` is below ``limit``; NaN fails."""
    verdict = PASS if abs(value) < limit else FAIL
    return Criterion(name, float(value), unit, f"< {limit:g}", verdict, reason)


def above(name: str, value: float, limit: float, unit: str, reason: str) -> Criterion:
    """Pass if ``value`` is at least ``limit``; NaN fails."""
    verdict = PASS if value >= limit else FAIL
    return Criterion(name, float(value), unit, f"≥ {limit:g}", verdict, reason)


def shown(name: str, value: float, unit: str, reason: str) -> Criterion:
    """Show a number that nothing is demanded of."""
    return Criterion(name, float(value), unit, "–", NOT_APPLICABLE, reason)


def guarded(name: str, measure: Callable[[], Findings]) -> Findings:
    """Run one measurement; one that breaks is a failed criterion, never a crash.

    A calculator may come from any package and raise anything, so every exception is caught. What
    it said becomes the reason.

    Example:
        >>> def measure():
        ...     raise ValueError("the predicted energy is not finite")
        >>> (row,) = guarded("lattice constant", measure).criteria
        >>> row.verdict, row.reason
        ('fail', 'could not be measured: ValueError: the predicted energy is not finite')
    """
    try:
        return measure()
    except NotApplicable as reason:
        row = Criterion(name, np.nan, "1", "–", NOT_APPLICABLE, str(reason))
    except Exception as error:
        said = " ".join(str(error).split())
        text = f"could not be measured: {type(error).__name__}: {said}"
        row = Criterion(name, np.nan, "1", "–", FAIL, text)
    return Findings([row])
