"""A claim of the chapter, in our words, with the check that decides about it."""

from collections.abc import Callable
from dataclasses import dataclass

HOLDS = "holds"
CONDITION = "holds with a condition"
WRONG = "wrong"
UNSEEN = "not seen here"
OPEN = "cannot be checked"
VERDICTS = (HOLDS, CONDITION, WRONG, UNSEEN, OPEN)

RECOMPUTED = "recomputed now"
STORED = "stored measurement"
LITERATURE = "literature"
KINDS = (RECOMPUTED, STORED, LITERATURE)


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes:
        found: a sentence with numbers and units.
        verdict: one of ``VERDICTS``.
    """

    found: str
    verdict: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}; got {self.verdict!r}")


@dataclass(frozen=True)
class Claim:
    """A claim and its check.

    Attributes:
        name: short and unique, for links and tests.
        section: of the chapter.
        says: the claim in our words.
        kind: of the check, one of ``KINDS``.
        check: computes the outcome; takes no arguments.
        source: function or file for what is computed or stored, citation for literature.
        lesson: where it is taught, as the number of the lesson; "" if nowhere.

    Raises:
        ValueError: if the kind is unknown or the source is missing.

    Example:
        >>> claim = Claim("sum", "2.3", "1 + 1 = 2", RECOMPUTED, lambda: Outcome("2", HOLDS), "int")
        >>> claim.check().verdict
        'holds'
    """

    name: str
    section: str
    says: str
    kind: str
    check: Callable[[], Outcome]
    source: str
    lesson: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {self.kind!r}")
        if not self.source.strip():
            raise ValueError(f"claim {self.name!r} must say where its check comes from")


def choose(found: str, *, holds: bool, otherwise: str = WRONG) -> Outcome:
    """The outcome of a check with two ends.

    Example:
        >>> choose("2 times", holds=2 >= 10, otherwise=UNSEEN).verdict
        'not seen here'
    """
    return Outcome(found, HOLDS if holds else otherwise)
