"""Do the chapter's recommended versions fit together? Their own requirements answer."""

import itertools

import pandas as pd
from packaging.requirements import Requirement
from packaging.version import Version

from mlp_course.reproducibility.environment import tool_records


def version_conflicts() -> pd.DataFrame:
    """Find what two of the chapter's tools want differently, from their own requirements.

    A pair is in conflict over a package if no version that either of their limits names would
    please both. The requirements are those that the releases declare in the package index, and
    those that the chapter adds in its notes.

    Returns:
        Columns package, one (tool and version), wants, other, wants too.

    Example:
        >>> version_conflicts()["package"].unique().tolist()
        ['torch', 'e3nn']
    """
    wishes = [
        (f"{tool['title']} {tool['chapter']}", Requirement(text), origin)
        for tool in tool_records()["tools"].values()
        for origin, texts in (("", tool["needs"]), (" (chapter)", tool["chapter_needs"]))
        for text in texts
    ]
    rows = [
        (a.name, one + by, str(a.specifier), other + too, str(b.specifier))
        for (one, a, by), (other, b, too) in itertools.combinations(wishes, 2)
        if a.name == b.name and not _both_pleased(a, b)
    ]
    rows.sort(key=lambda row: row[0], reverse=True)
    return pd.DataFrame(rows, columns=["package", "one", "wants", "other", "wants too"])


def _both_pleased(a: Requirement, b: Requirement) -> bool:
    """Try every limit that is named, and a version just below each."""
    limits = {Version(s.version) for wish in (a, b) for s in wish.specifier}
    below = {Version(f"{v.major}.{v.minor - 1}.99") for v in limits if v.minor}
    both = a.specifier & b.specifier
    return any(both.contains(version) for version in limits | below)
