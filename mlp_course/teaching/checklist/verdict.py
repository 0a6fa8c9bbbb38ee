"""What a machine says of an item: shown, not shown, or no word; always with the reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """One judgement.

    Attributes:
        ticked: True if a result shows it, False if a result speaks against it.
        reason: what was measured and what was demanded, with units.
    """

    ticked: bool
    reason: str


def shown(reason: str) -> Verdict:
    """The result meets its limit."""
    return Verdict(True, reason)


def not_shown(reason: str) -> Verdict:
    """The result misses its limit, or is no result."""
    return Verdict(False, reason)


def demand(value: float, limit: float, what: str, unit: str, *, below: bool = True) -> Verdict:
    """Hold a number against its limit; one that is no number misses it.

    Example:
        >>> demand(2308.0, 150.0, "force MAE, rattled", "meV/Å").reason
        'force MAE, rattled is 2308 meV/Å (below 150 demanded)'
        >>> demand(0.998, 0.99, "energy R²", "1", below=False).ticked
        True
    """
    met = value < limit if below else value >= limit
    digits = f"{value:.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.4g}"
    with_unit = "" if unit == "1" else f" {unit}"
    side = "below" if below else "at least"
    return Verdict(bool(met), f"{what} is {digits}{with_unit} ({side} {limit:g} demanded)")


def every(verdicts: list[Verdict]) -> Verdict:
    """Ticked if all are; the reason names what failed, or everything.

    Example:
        >>> every([shown("A holds"), not_shown("B fails")])
        Verdict(ticked=False, reason='B fails')
    """
    failed = [verdict for verdict in verdicts if not verdict.ticked]
    told = failed or verdicts
    return Verdict(not failed, "; ".join(verdict.reason for verdict in told))
