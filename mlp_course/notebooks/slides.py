"""Slides: the text cells tagged ``slide``, each with the picture that follows, on one HTML page.

A slide shows the question first. The next key press shows what the lesson's code drew; the key
``n`` shows what the lesson says about it. The page needs nothing else: no network, no Jupyter.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_course.notebooks.masters import Lesson

if TYPE_CHECKING:
    from mistune import Markdown
    from nbformat import NotebookNode

TAG = "slide"
PRINTED_LINES = 14  # of an output that is text; more do not fit under a question
TABLE_ROWS = 16  # larger tables are for searching, not for a wall
_HEADING = re.compile(r"^#{1,4} ", re.MULTILINE)
_ABOUT = re.compile(r"\n- \*\*You need\*\*.*", re.DOTALL)  # the list at the top of a lesson
_LINK = re.compile(
    r'<a href="(?!https?:)(?P<lesson>\d\d)?[^"]*"(?: title="(?P<meaning>[^"]*)")?>'
    r"(?P<label>.*?)</a>",
    re.DOTALL,
)


@dataclass(frozen=True)
class Slide:
    """One slide: the question in Markdown, what the code showed in HTML, notes in Markdown."""

    text: str
    shown: str
    notes: str


def find_slides(notebook: NotebookNode) -> list[Slide]:
    """Return the slides of an executed notebook, in order.

    The text of a tagged cell counts from its last heading on, because what stands before belongs
    to the slide before. What is shown is the last picture before the next text; without a
    picture, the last table that is not too long, or a short printed text. The notes are the text
    after it, up to its first heading.

    Args:
        notebook: a built lesson, with stored outputs.
    """
    slides = []
    for index, cell in enumerate(notebook.cells):
        if TAG not in cell.metadata.get("tags", []) or cell.cell_type != "markdown":
            continue
        after = notebook.cells[index + 1 :]
        code = list(takewhile(lambda other: other.cell_type == "code", after))
        notes = after[len(code)].source if code and len(after) > len(code) else ""
        shown = _shown(code) if index else ""  # under the title there is only preparation
        slides.append(
            Slide(_from_last_heading(cell.source), shown, _HEADING.split(notes)[0].strip())
        )
    return slides


def write_deck(lesson: Lesson, folder: Path) -> Path:
    """Write the slides of one lesson as one HTML file and return its path.

    Args:
        lesson: a lesson whose notebook is built.
        folder: where ``NN.slides.html`` goes; it is made if it does not exist.

    Raises:
        ValueError: if no cell of the lesson is tagged ``slide``.
    """
    import nbformat

    slides = find_slides(nbformat.read(lesson.notebook, as_version=4))
    if not slides:
        raise ValueError(
            f'{lesson.name}: no slides; write # %% [markdown] tags=["{TAG}"] over the cells '
            f"of lessons/{lesson.master.name} that shall be some"
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{lesson.name[:2]}.slides.html"
    path.write_text(_page(slides), encoding="utf-8", newline="\n")
    return path


def to_html(text: str) -> str:
    r"""Return Markdown as HTML; formulas become MathML, links to other lessons their slides.

    Example:
        >>> to_html("*See* [lesson 05](05_workflow.ipynb), [list](README.md).")
        '<p><em>See</em> <a href="05.slides.html">lesson 05</a>, list.</p>\n'
    """
    return _LINK.sub(_as_slides, _markdown()(text))


def _as_slides(link: re.Match[str]) -> str:
    """Lead a link to another lesson to its slides; a term keeps its hover text, a file no link."""
    if link["meaning"]:
        return f'<abbr title="{link["meaning"]}">{link["label"]}</abbr>'
    if link["lesson"]:
        return f'<a href="{link["lesson"]}.slides.html">{link["label"]}</a>'
    return link["label"]


@cache
def _markdown() -> Markdown:
    """Return nbconvert's reader of Markdown, with formulas as MathML instead of MathJax."""
    from latex2mathml.converter import convert
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def inline_math(self, body: str) -> str:
            return convert(_known(body), display="inline")

        def block_math(self, body: str) -> str:
            return convert(_known(body), display="block")

    return MarkdownWithMath(Renderer(escape=False, exclude_anchor_links=True))


def _known(formula: str) -> str:
    r"""Write ``\arg``, which latex2mathml does not know, in a way that it knows."""
    return formula.replace(r"\arg", r"\operatorname{arg}\,")


def _from_last_heading(text: str) -> str:
    """Return a text from its last heading on, without a lesson's list of needs and times."""
    starts = [match.start() for match in _HEADING.finditer(text)]
    return _ABOUT.sub("", text[starts[-1] if starts else 0 :]).strip()


def _shown(code: Iterable[NotebookNode]) -> str:
    """Return the last picture, table or short text that cells show, in this order, as HTML."""
    outputs = [output for cell in code for output in cell.outputs]
    for output in reversed(outputs):
        if "image/png" in output.get("data", {}):
            alt = output.metadata.get("image/png", {}).get("alt", "")
            data = output.data["image/png"].replace("\n", "")
            return f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{data}">'
    for output in reversed(outputs):
        table = output.get("data", {}).get("text/html", "")
        if table and table.count("<tr") <= TABLE_ROWS:
            return table
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    short = 0 < printed.count("\n") <= PRINTED_LINES
    return f"<pre>{html.escape(printed.strip())}</pre>" if short else ""


def _page(slides: list[Slide]) -> str:
    """Return the whole page, made of the parts in the folder ``deck``."""
    deck = Path(__file__).parent / "deck"
    parts = {name: (deck / name).read_text(encoding="utf-8") for name in ("deck.css", "deck.js")}
    parts["title"] = html.escape(slides[0].text.splitlines()[0].lstrip("# "))
    parts["slides"] = "\n".join(map(_section, slides))
    page = (deck / "deck.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{ (\S+) \}\}", lambda mark: parts[mark[1]], page)


def _section(slide: Slide) -> str:
    """Return one slide as HTML."""
    shown = f'<figure class="later">{slide.shown}</figure>' if slide.shown else ""
    notes = f"<aside>{to_html(slide.notes)}</aside>" if slide.notes else ""
    return f'<section><div class="question">{to_html(slide.text)}</div>{shown}{notes}</section>'
