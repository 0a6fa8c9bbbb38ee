"""Docstrings on the site: citations in ``Source:`` become links by DOI."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

_DOI = re.compile(r"(?<![\w/<])doi:\s*(10\.\d{4,}/[^\s,;)]*[^\s,;).])")
_ARXIV = re.compile(r"(?<![\w/<])arXiv:(\d{4}\.\d{4,5})(?![\w>])")
_CITATION = re.compile(
    r"(?P<journal>(?:[A-Z][A-Za-z]*\.?:?\s+)+)(?P<volume>\d+),\s+(?P<page>[A-Z]?\d+)\s+\(\d{4}\)"
)
_APS = re.compile(r"(?:Phys\. Rev\.(?: (?:Lett\.|Mater\.|[A-EX]))?|Rev\. Mod\. Phys\.)$")


def link_sources(
    app: object, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Link the citations of one docstring; Sphinx calls it for ``autodoc-process-docstring``.

    Args:
        app: Sphinx.
        what: kind of the object.
        name: of the object.
        obj: the object.
        options: of the directive.
        lines: of the docstring, changed in place.
    """
    lines[:] = with_links("\n".join(lines)).split("\n")


def with_links(text: str) -> str:
    """Return reStructuredText whose citations are links.

    Example:
        >>> with_links("Phys. Rev. B 87, 184115 (2013)")
        '`Phys. Rev. B 87, 184115 (2013) <https://doi.org/10.1103/PhysRevB.87.184115>`__'
        >>> with_links("A citation that nobody knows 1, 2 (1999)")
        'A citation that nobody knows 1, 2 (1999)'
    """
    text = _DOI.sub(r"`doi:\1 <https://doi.org/\1>`__", text)
    text = _ARXIV.sub(r"`arXiv:\1 <https://arxiv.org/abs/\1>`__", text)
    return _CITATION.sub(_with_link, text)


def doi(journal: str, volume: str, page: str) -> str | None:
    """Return the DOI of an article; None if it is not known.

    Those of the American Physical Society say journal, volume and page; others are listed in
    ``dois.json``.

    Args:
        journal: short, as "Phys. Rev. Lett.".
        volume: of the journal.
        page: first one, or number of the article.

    Example:
        >>> doi("Phys. Rev. Lett.", "98", "146401")
        '10.1103/PhysRevLett.98.146401'
    """
    if _APS.fullmatch(journal):
        short = journal.replace("Mater.", "Materials").replace(".", "").replace(" ", "")
        return f"10.1103/{short}.{volume}.{page}"
    return _listed().get(f"{journal} {volume}, {page}")


def _with_link(match: re.Match) -> str:
    """Return one citation as a link if its DOI is known; what stands before it stays outside."""
    words = match["journal"].split()
    for start in range(len(words)):
        journal = " ".join(words[start:])
        if found := doi(journal, match["volume"], match["page"]):
            pattern = r"\s+".join(map(re.escape, words[start:]))
            at = re.search(rf"{pattern}\s+(?=\d)", match.group()).start()
            before, cited = match.group()[:at], match.group()[at:]
            return f"{before}`{cited} <https://doi.org/{found}>`__"
    return match.group()


@cache
def _listed() -> dict[str, str]:
    return json.loads(Path(__file__).with_name("dois.json").read_text(encoding="utf-8"))
