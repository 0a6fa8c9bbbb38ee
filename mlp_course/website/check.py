"""Every page of the built site, read: links that lead nowhere, and what would leave the site."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
_NOT_LOADED = {"canonical", "next", "prev", "index", "search", "author"}  # kinds of <link>


class Page(HTMLParser):
    """The anchors, links and loaded files of one page.

    Attributes:
        anchors: ids.
        links: where ``<a>`` leads.
        loads: what the browser fetches by itself.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one tag says."""
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag in _LOADS and _LOADS[tag] in found and found.get("rel") not in _NOT_LOADED:
            self.loads.append(found[_LOADS[tag]])


def dead_links(site: Path) -> list[str]:
    """Return one line for each link of a built site that leads nowhere, and each foreign file.

    Args:
        site: folder of the built site.
    """
    files = sorted(site.rglob("*.html"))
    pages = {file: Page(file.read_text(encoding="utf-8")) for file in files if _is_page(file, site)}
    problems = []
    for file, page in pages.items():
        name = file.relative_to(site).as_posix()
        for target in sorted(set(page.links + page.loads)):
            foreign = bool(urlsplit(target).netloc)
            if foreign and target in page.loads:
                problems.append(f"{name}: loads {target} from another host")
            elif not foreign and not urlsplit(target).scheme and not _leads(target, file, pages):
                problems.append(f"{name}: {target} leads nowhere")
    return problems


def _is_page(file: Path, site: Path) -> bool:
    return file.relative_to(site).parts[0] != "_static"


def _leads(target: str, file: Path, pages: dict[Path, Page]) -> bool:
    """Whether a link inside the site reaches a file, and the anchor in it."""
    parts = urlsplit(target)
    goal = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    known = {path.resolve(): page for path, page in pages.items()} if goal not in pages else pages
    if goal not in known:
        return goal.is_file()
    anchor = unquote(parts.fragment)
    return not anchor or anchor in known[goal].anchors
