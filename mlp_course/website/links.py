"""Links: what leads from file to file in the repository leads from page to page on the site."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from mlp_course.notebooks.launch import BRANCH

_PICTURES = (".png", ".jpeg", ".jpg", ".gif", ".svg", ".webp")
_MARKDOWN = re.compile(
    r"""(?P<code>^[ ]{0,3}(?P<fence>```+|~~~+).*?(?:^[ ]{0,3}(?P=fence)[^\n]*$|\Z)
    | (?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))
    | (?P<picture>!?)\[(?P<label>(?:[^\[\]]|\[[^\]]*\])*)\]
      \((?P<target>[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)(?P<title>\s+"(?:[^"\\]|\\.)*")?\)
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_HREF = re.compile(r'<a href="(?P<target>[^"]+)"(?P<more>[^>]*)>(?P<label>.*?)</a>', re.DOTALL)
_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)")


@dataclass
class SiteMap:
    """Which page of the site shows which file of the repository.

    Attributes:
        pages: path in the repository -> source file of the page, both with ``/``.
        repository: web address for files that are no page; None if it is not known.
        branch: of the repository.
        pictures: files that pages show, path in the repository; filled while links are rewritten.

    Example:
        >>> site = SiteMap({"notebooks/a.ipynb": "lessons/a.ipynb", "docs/b.md": "guide/b.md"})
        >>> site.markdown("[A](../notebooks/a.ipynb#My-part), [C](c.txt)", "docs/b.md")
        '[A](../lessons/a.ipynb#my-part), C'
    """

    pages: dict[str, str]
    repository: str | None = None
    branch: str = BRANCH
    pictures: set[str] = field(default_factory=set)

    def markdown(self, text: str, path: str) -> str:
        """Return Markdown with its links rewritten; code stays as it is.

        Args:
            text: Markdown.
            path: of the file in the repository that holds it; it must be a page.

        Raises:
            ValueError: if it shows a file that is no picture.
        """

        def replace(match: re.Match) -> str:
            if match["code"]:
                return match.group()
            target = self._target(match["target"], path, slug)
            shown = self._further_word(match, path) or target
            label, title = match["label"], match["title"] or ""
            if match["picture"] and not shown:
                raise ValueError(
                    f"{path} must show pictures of {', '.join(_PICTURES)}; got {match['target']}"
                )
            return f"{match['picture']}[{label}]({shown}{title})" if shown else label

        return _MARKDOWN.sub(replace, text)

    def html(self, text: str, path: str) -> str:
        """Return HTML, the output of a notebook at ``path``, with its links rewritten."""

        def replace(match: re.Match) -> str:
            target = self._target(html.unescape(match["target"]), path, _identifier)
            if target is None:
                return match["label"]
            page, hash_, anchor = target.partition("#")
            page = re.sub(r"\.(ipynb|md|rst)$", ".html", page)
            return f'<a href="{page}{hash_}{anchor}"{match["more"]}>{match["label"]}</a>'

        return _HREF.sub(replace, text)

    def _target(self, target: str, path: str, anchored: Callable[[str], str]) -> str | None:
        """Return where a link of the file ``path`` leads on the site; None if nowhere."""
        if _ELSEWHERE.match(target):
            return target
        file, hash_, anchor = target.partition("#")
        anchor = hash_ + anchored(unquote(anchor)) if anchor else ""
        if not file:
            return anchor or None
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file)))
        here = posixpath.dirname(self.pages[path])
        if wanted in self.pages:
            return posixpath.relpath(self.pages[wanted], here or ".") + anchor
        if wanted.endswith(_PICTURES):
            self.pictures.add(wanted)
            return posixpath.relpath(f"pictures/{posixpath.basename(wanted)}", here or ".")
        if self.repository and not wanted.startswith(".."):
            return f"{self.repository}/blob/{self.branch}/{quote(wanted)}"
        return None

    def _further_word(self, link: re.Match, path: str) -> str | None:
        """Lead the hover text of a further word to its own place in the glossary of the site."""
        from mlp_course.teaching.glossary.look_up import by_form

        if not link["target"].endswith("02_glossary.ipynb#further-words"):
            return None
        term = by_form().get(" ".join(link["label"].lower().split()))
        glossary = self.pages.get("docs/glossary")
        if term is None or glossary is None:
            return None
        page = posixpath.relpath(glossary, posixpath.dirname(self.pages[path]) or ".")
        return f"{page}#glossary-{term.anchor}"


def slug(heading: str) -> str:
    """Return the anchor of a heading as MyST, and GitHub, write it.

    Example:
        >>> slug("Type-1-·-A-minimum: which?")
        'type-1--a-minimum-which'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _identifier(heading: str) -> str:
    """Return the anchor of a heading as the built page has it."""
    from docutils.nodes import make_id

    return make_id(heading)
