"""The chapter, checked: every claim with its check and verdict, as a table."""

from collections.abc import Sequence

import pandas as pd

from mlp_course.teaching.chapter.claim import Claim
from mlp_course.teaching.chapter.literature import literature_claims
from mlp_course.teaching.chapter.methods import method_claims
from mlp_course.teaching.chapter.numbers import number_claims
from mlp_course.teaching.chapter.practice import practice_claims

COLUMNS = ("section", "claim", "found", "verdict", "kind", "source", "lesson")


def chapter_claims() -> list[Claim]:
    """All claims in the order of the chapter's sections; the problems last.

    Example:
        >>> names = [claim.name for claim in chapter_claims()]
        >>> len(names) == len(set(names)), names[0]
        (True, 'energy-target')
    """
    claims = [*method_claims(), *number_claims(), *practice_claims(), *literature_claims()]
    return sorted(claims, key=lambda claim: _place(claim.section))


def _place(section: str) -> tuple:
    """2.10.1 after 2.9, and problems after sections."""
    if section.startswith("Problem"):
        return (1, section)
    return (0, *(int(part) for part in section.split(".")))


def check_chapter(names: Sequence[str] | None = None) -> pd.DataFrame:
    """Check what the chapter claims, each claim by its own computation, measurement or source.

    Args:
        names: claims to check; None checks all, which takes some 30 seconds.

    Returns:
        Index: the name of the claim. Columns section, claim (in our words), found, verdict, kind
        ("recomputed now", "stored measurement" or "literature"), source, lesson.

    Raises:
        ValueError: if there is no claim of such a name.

    Example:
        >>> check_chapter(["composition", "qm9-size"])["verdict"].tolist()
        ['holds', 'holds']
    """
    claims = chapter_claims()
    unknown = set(names or ()) - {claim.name for claim in claims}
    if unknown:
        raise ValueError(f"no claims {sorted(unknown)}; see chapter_claims()")
    rows = {}
    for claim in claims:
        if names is None or claim.name in names:
            found = claim.check()
            row = (claim.section, claim.says, found.found, found.verdict)
            rows[claim.name] = (*row, claim.kind, claim.source, claim.lesson)
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS)).rename_axis("name")
