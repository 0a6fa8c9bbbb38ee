"""A finding: what a test measured, what it allows, and whether the alarm rings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One measured number against one limit.

    Attributes:
        what: the quantity, in words.
        value: what was measured.
        limit: where the alarm begins.
        unit: of both.
        rings: whether there is something to repair.
        rule: on which side of the limit all is well, "at most" or "at least".

    Example:
        >>> print(at_most("work around a loop", 12.0, 1.0, "meV"))
        RINGS: work around a loop is 12 meV (at most 1 meV)
        >>> print(at_least("repulsive wall", 30.0, 5.0, "eV"))
        silent: repulsive wall is 30 eV (at least 5 eV)
    """

    what: str
    value: float
    limit: float
    unit: str
    rings: bool
    rule: str = "at most"

    def __str__(self) -> str:
        unit = "" if self.unit == "1" else f" {self.unit}"
        verdict = "RINGS" if self.rings else "silent"
        allowed = f"({self.rule} {self.limit:.3g}{unit})"
        return f"{verdict}: {self.what} is {self.value:.3g}{unit} {allowed}"


def at_most(what: str, value: float, limit: float, unit: str) -> Finding:
    """A finding that rings above its limit, or for a value that is no number."""
    return Finding(what, float(value), float(limit), unit, not value <= limit)


def at_least(what: str, value: float, limit: float, unit: str) -> Finding:
    """A finding that rings below its limit, or for a value that is no number."""
    return Finding(what, float(value), float(limit), unit, not value >= limit, "at least")
