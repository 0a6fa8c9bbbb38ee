"""Slides: a question, then what the code showed, then what it means; one page, nothing outside."""

import base64
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlp_course.cli import main
from mlp_course.notebooks import find_lessons
from mlp_course.notebooks.slides import find_slides, to_html, write_deck

ROOT = Path(__file__).parents[2]
LESSONS = find_lessons(ROOT)
PIXEL = base64.b64encode(b"any picture").decode()
DECK = ROOT / "mlp_course" / "notebooks" / "deck"


def question(text, tagged=True):
    return new_markdown_cell(text, metadata={"tags": ["slide"]} if tagged else {})


def picture(alt):
    return new_output("display_data", {"image/png": PIXEL}, metadata={"image/png": {"alt": alt}})


def printed(text):
    return new_output("stream", text=text)


@pytest.fixture
def notebook():
    """A title, a question, two cells of code with outputs, an answer with the next heading."""
    code = [new_code_cell("a", outputs=[picture("first"), printed("words\n")])]
    code.append(new_code_cell("b", outputs=[picture("the < last"), printed("more\n")]))
    answer = question("Answer (b).\n\n## Next\n\nAnd **here**?", tagged=False)
    return new_notebook(
        cells=[
            question("# 07 · Title\n\n**Why?**\n\n- **You need** a\n  lot.\n- **Time** much."),
            new_code_cell("import numpy", outputs=[printed("ready\n")]),
            question("(a), as seen.\n\n## Section\n\n**Predict:** $x_i$?"),
            *code,
            answer,
        ]
    )


class Page(HTMLParser):
    """Count the tags of a page and collect all addresses that it asks for."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.asks, self.alts, self.words = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        self.asks += [found["src"]] if "src" in found else []
        self.asks += [found["href"]] if tag == "link" else []
        self.alts += [found.get("alt", "")] if tag == "img" else []

    def handle_data(self, data):
        self.words += data if self.tags[-1:] != ["script"] else ""


def test_a_slide_is_question_picture_and_meaning(notebook):
    """It begins at the last heading, shows the last picture, and keeps the answer for the notes."""
    title, slide = find_slides(notebook)
    assert slide.text == "## Section\n\n**Predict:** $x_i$?"
    assert 'alt="the &lt; last"' in slide.shown
    assert slide.notes == "Answer (b)."
    assert title.text == "# 07 · Title\n\n**Why?**"
    assert title.shown == ""


def test_without_a_picture_a_table_or_a_short_text_is_shown(notebook):
    """A table comes before text; text of more than 14 lines is left out."""
    (first, second) = notebook.cells[3:5]
    first.outputs, second.outputs = [], [printed("1 < 2\n")]
    assert find_slides(notebook)[1].shown == "<pre>1 &lt; 2</pre>"
    first.outputs = [new_output("display_data", {"text/html": "<table></table>"})]
    assert find_slides(notebook)[1].shown == "<table></table>"
    second.outputs = [new_output("display_data", {"text/html": "<tr></tr>" * 17})]
    assert find_slides(notebook)[1].shown == "<table></table>"  # the long one is left out
    first.outputs, second.outputs = [], [printed("line\n" * 15)]
    assert find_slides(notebook)[1].shown == ""


def test_formulas_and_links():
    """Formulas are MathML; links lead to the other lesson's slides, to the web, or are none."""
    page = to_html(
        r"$\mathbf R$ and [web](https://a.org), [l](06_x.ipynb#a), [e](../exercises/R.md)"
    )
    assert re.search(r'<math .*display="inline".*mathvariant="bold".*R', page)
    assert "$" not in page
    assert '<a href="https://a.org">web</a>, <a href="06.slides.html">l</a>, e' in page
    term = to_html('a [cutoff](02_glossary.ipynb#cutoff "How far: ...")')
    assert '<abbr title="How far: ...">cutoff</abbr>' in term
    assert 'display="block"' in to_html(r"$$n = \arg\max_m x$$")
    assert "\\arg" not in to_html(r"$$n = \arg\max_m x$$")


def test_a_lesson_without_tags_is_named(course, capsys):
    """No slide is an error that says which line makes one, not an empty page."""
    lesson = course.build()
    with pytest.raises(ValueError, match=r"01_test: no slides; write # %% \[markdown\] tags="):
        write_deck(lesson, course.root / "out")
    assert main(["notebooks", "slides", "--root", str(course.root)]) == 1
    assert "01_test" in capsys.readouterr().err


def test_a_tag_needs_no_execution(course):
    """To tag a text cell changes the notebook's text only: the outputs stay, nothing runs."""
    lesson = course.build()
    before = nbformat.read(lesson.notebook, 4)
    text = course.example.replace("# %% [markdown]", '# %% [markdown] tags=["slide"]')
    lesson = course.build(text)
    after = nbformat.read(lesson.notebook, 4)
    assert after.cells[0].metadata.tags == ["slide"]
    assert [c.get("outputs") for c in after.cells] == [c.get("outputs") for c in before.cells]
    assert write_deck(lesson, course.root / "out").name == "01.slides.html"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_lesson_has_six_to_ten_slides(lesson, tmp_path):
    """From the title to "You can now"; at least three with something that the code showed.

    Every formula is translated, every picture described, and no address is asked for.
    """
    slides = find_slides(nbformat.read(lesson.notebook, 4))
    assert 6 <= len(slides) <= 10, f"tag 6 to 10 text cells of {lesson.name} (see CONTRIBUTING.md)"
    assert slides[0].text.startswith(f"# {lesson.name[:2]}")
    assert slides[-1].text.startswith("## You can now")
    assert sum(bool(slide.shown) for slide in slides) >= 3
    page = Page(text := write_deck(lesson, tmp_path).read_text(encoding="utf-8"))
    assert page.tags.count("section") == len(slides)
    assert all(address.startswith("data:image/png;base64,") for address in page.asks)
    assert all(page.alts)
    assert not re.search(r"\$\\?[a-zA-Z]", page.words)
    assert not re.findall(r"<m[inot]+[^>]*>\\\w+", text), "a formula was not understood"


def test_the_parts_of_the_page_are_in_the_package():
    """The folder of the page's parts travels with the installed package."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"notebooks/deck/*"' in text
    assert {path.name for path in DECK.iterdir()} == {"deck.html", "deck.css", "deck.js"}


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_slides_calls_the_command():
    """`make slides LESSON=09` builds the slides of one lesson."""
    command = ["make", "--no-print-directory", "-n", "slides", "LESSON=09"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1].endswith("-m mlp_course.cli notebooks slides --lesson 09")
