"""Pages that are made from data: the glossary and the chapter, checked."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from mlp_course.teaching.glossary import Term


def glossary_page() -> str:
    """Return the glossary in Markdown, with links as a file in ``docs/`` has them.

    Example:
        >>> "(glossary-cutoff-radius)=" in glossary_page()
        True
    """
    from mlp_course.teaching.glossary import FIFTEEN, FURTHER

    further = sorted(FURTHER, key=lambda term: term.name.lower())
    parts = [
        "# Glossary",
        "Every word of the course that a newcomer cannot guess. The fifteen to begin with have "
        "pictures in [lesson 02](../notebooks/02_glossary.ipynb). In a lesson the first use of a "
        "word in a section leads here or there, and says what it means when you point at it or "
        "reach it with the keyboard.",
        "## Fifteen terms",
        *map(_entry, FIFTEEN),
        "## Further words",
        *map(_entry, further),
    ]
    return "\n\n".join(parts) + "\n"


def _entry(term: Term) -> str:
    """Return one term in Markdown."""
    from mlp_course.teaching.glossary import FIFTEEN

    about = [f"${term.symbol}$"] if term.symbol else []
    about += [term.unit] if term.unit else []
    lines = [f"(glossary-{term.anchor})=", f"### {escaped(term.title)}", ""]
    lines.append(escaped(term.sentence) + (f" ({', '.join(about)})" if about else ""))
    more = f"Used most in [{escaped(term.heading)}](../notebooks/{term.place})"
    more += f" (lesson {term.lesson[:2]})"
    if term in FIFTEEN:
        more += f"; [picture](../notebooks/02_glossary.ipynb#{term.anchor}) in lesson 02"
    if term.related:
        more += f"; not the same as {', '.join(map(_link, term.related))}"
    return "\n".join([*lines, "", f"{more}."])


def _link(name: str) -> str:
    from mlp_course.teaching.glossary import look_up

    term = look_up(name)
    return f"[{escaped(term.name)}](#glossary-{term.anchor})"


def chapter_page(table: pd.DataFrame) -> str:
    """Return the chapter, checked, in Markdown, with links as a file in ``docs/`` has them.

    Args:
        table: from ``check_chapter()``, computed now.
    """
    counts = Counter(table["verdict"])
    verdicts = [f"{number} {verdict}" for verdict, number in counts.most_common()]
    summary = ", ".join(verdicts).replace("holds", "hold")
    parts = [
        "# The chapter, checked",
        f"The course follows the outline of a chapter. What the chapter claims was taken apart "
        f"into {len(table)} claims, in our words, and each was checked: {summary}. This page was "
        "computed when the site was built; [lesson 14](../notebooks/14_the_chapter_checked.ipynb) "
        "shows the checks at work.",
    ]
    for section, rows in table.groupby("section", sort=False):
        parts.append(f"## {section if section.startswith('Problem') else f'Section {section}'}")
        parts += [_claim(name, row) for name, row in rows.iterrows()]
    return "\n\n".join(parts) + "\n"


def _claim(name: str, row: pd.Series) -> str:
    """Return one claim in Markdown."""
    lesson = f" Taught in lesson {row['lesson']}." if row["lesson"] else ""
    return (
        f"(chapter-{name})=\n**{escaped(row['claim'])}**\n\n"
        f"*{row['verdict'].capitalize()}*: {escaped(row['found'])}\n\n"
        f"{row['kind'].capitalize()}: {_with_dois(row['source'])}.{lesson}"
    )


def _with_dois(source: str) -> str:
    """Return a source in Markdown; a DOI in it becomes a link."""
    words = re.split(r"\bdoi:(10\.\S*\w)", source)
    words[::2] = map(escaped, words[::2])
    words[1::2] = [f"[doi:{escaped(doi)}](https://doi.org/{doi})" for doi in words[1::2]]
    return "".join(words)


def escaped(text: str) -> str:
    r"""Return plain text with the signs of Markdown made harmless.

    Example:
        >>> escaped("a_b < $5 * 2")
        'a\\_b \\< \\$5 \\* 2'
    """
    return "".join(f"\\{sign}" if sign in r"\`*_$|[]<>{}~#" else sign for sign in text)
