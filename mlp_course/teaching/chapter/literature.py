"""Claims that only the literature can decide: what was printed beside what was published."""

import json
from functools import partial
from pathlib import Path

from mlp_course.teaching.chapter.claim import (
    CONDITION,
    HOLDS,
    LITERATURE,
    OPEN,
    WRONG,
    Claim,
    Outcome,
)

_FILE = Path(__file__).with_name("literature.json")
_NEAR = 0.03  # "5 million" for 4,956,005 is rounding


def literature_facts() -> dict[str, dict]:
    """What the chapter claims and what was published, by name.

    Example:
        >>> literature_facts()["qm9-size"]["published"]
        133885
    """
    return json.loads(_FILE.read_text(encoding="utf-8"))


def compare_with_literature(fact: dict) -> Outcome:
    """Hold a claimed number or word against the published one.

    Numbers within 3 % are the same, words only if they are equal. What is right for something
    else than the chapter says (``same_as``), or a shorthand, holds with a condition. What nobody
    published cannot be checked.

    Example:
        >>> compare_with_literature({"claimed": 100, "published": 101, "unit": "frames"}).verdict
        'holds'
        >>> compare_with_literature({"claimed": "eV", "published": "Hartree"}).verdict
        'wrong'
    """
    claimed, published = fact["claimed"], fact["published"]
    note = f". {fact['note']}" if "note" in fact else ""
    if published is None:
        return Outcome(f"nothing published was found{note}", OPEN)
    if isinstance(claimed, str):
        verdict = HOLDS if claimed == published else WRONG
        return Outcome(
            f"published: {published}{note}", CONDITION if "shorthand" in fact else verdict
        )
    year = fact.get("exact", False)
    found = f"{fact['unit']}: {published}" if year else f"{published:,} {fact['unit']}"
    found += note
    if _same(claimed, published, exact=year):
        return Outcome(found, HOLDS)
    for what, number in fact.get("same_as", {}).items():
        found += f"; {number:,} {what}"
        if _same(claimed, number):
            return Outcome(found, CONDITION)
    return Outcome(found, WRONG)


def _same(a: float, b: float, *, exact: bool = False) -> bool:
    return a == b if exact else abs(a - b) <= _NEAR * abs(b)


def _check(name: str) -> Outcome:
    return compare_with_literature(literature_facts()[name])


LESSONS = {"2.10.1": "10", "2.6": "06", "2.7": "07", "Problem 3": "08"}


def literature_claims() -> list[Claim]:
    """One claim for each fact of the file.

    Example:
        >>> {claim.kind for claim in literature_claims()}
        {'literature'}
    """
    return [
        Claim(name, f["section"], f["says"], LITERATURE, partial(_check, name), f["source"],
              LESSONS[f["section"]])
        for name, f in literature_facts().items()
    ]  # fmt: skip
