"""Hover text: what becomes a link, what never does, and that pages and glossary stay together."""

import re
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from mlp_course.notebooks import build_notebook, find_lessons, read_lesson, read_master
from mlp_course.notebooks.check import check_lesson
from mlp_course.notebooks.hover import HoverText, title_of, with_hover_text
from mlp_course.teaching.glossary import FIFTEEN, Term

ROOT = Path(__file__).parents[2]
LESSONS = find_lessons(ROOT)
MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
LINK = re.compile(r'\[([^\]]*)\]\(02_glossary\.ipynb#([a-z0-9-]+) "((?:\\.|[^"\\])*)"\)')


def links(text, lesson="06_descriptors"):
    """Where the links lead, in order."""
    return [found[2] for found in LINK.finditer(HoverText(lesson).add(text))]


def taken_back(text):
    """A text without its glossary links."""
    return LINK.sub(r"\1", text)


def as_read(text):
    """What a reader reads, piece by piece: kind and content of all that is no glossary link."""
    pieces = []
    for block in MARKDOWN.parse(text):
        pieces += [(block.type, block.content)] if not block.children else []
        for token in block.children or []:
            if not token.type.startswith("link"):
                pieces.append((token.type, token.content))
    return re.sub(r"\s+", " ", "".join(f"<{k}>{c}" for k, c in pieces).replace("<text>", ""))


@pytest.mark.parametrize(
    "text",
    [
        "## Which cutoff?",
        "### Which cutoff?",
        "Which cutoff?\n=============",
        "`cutoff` and ``a `cutoff` b``",
        "```python\ncutoff = 5.0\n```",
        "    cutoff = 5.0",
        r"$d < \mathrm{cutoff}$",
        "$$\n\\text{cutoff}\n$$",
        r"\begin{align} cutoff \end{align}",
        "[cutoff](06_descriptors.ipynb)",
        "![cutoff](picture.png)",
        "[the *cutoff* here][1]",
        "**1. Is the cutoff too small?**",
        "**Predict** and **two\nlines of cutoff**",
        "<details><summary>(a) the cutoff</summary>",
        "<b>cutoff</b>",
        '<img alt="cutoff">',
        "https://example.org/cutoff",
        "<https://example.org/cutoff>",
        "cutoff_function and my.cutoff and frames.xyz",
    ],
)
def test_what_is_no_plain_text_is_left_alone(text):
    """Code, formulas, links, headings, HTML, bold lines and addresses stay letter for letter."""
    assert HoverText("06_descriptors").add(text) == text


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("Two cutoffs.", ["cutoff-radius"]),
        ("A *descriptor* (numbers)", ["descriptor"]),
        ("by active\nlearning", ["active-learning"]),
        ("- by active\n  learning", ["active-learning"]),
        ("A cutoff function.", ["further-words"]),
        ("E(3)-equivariant features", ["e3-equivariance"]),
        ("MAE, then the mean absolute error", ["mean-absolute-error"]),
        ("| MAE | cutoff |\n|---|---|", ["mean-absolute-error", "cutoff-radius"]),
        ("<details><summary>x</summary>\n\nthe cutoff\n</details>", ["cutoff-radius"]),
        ("`cutoff`, then $r$ and the cutoff", ["cutoff-radius"]),
        ("a $2 cutoff", ["cutoff-radius"]),
    ],
)
def test_plurals_short_forms_and_broken_lines_are_found(text, anchors):
    """A term is found as it stands in a text, the longest spelling first."""
    assert links(text) == anchors


def test_the_ensemble_of_physicists_is_another_one():
    """NVE ensembles are no ensembles of models; in lesson 04 a cutoff is one of plane waves."""
    assert links("In the *NVE* ensemble.") == []
    assert links("In an ensemble.") == ["ensemble"]
    assert links("A higher cutoff.", "04_ecosystem") == []


def test_the_first_use_in_each_section_and_no_other():
    """Once a section for the fifteen, also across cells; once a lesson for further words."""
    hover = HoverText("06_descriptors")
    texts = ["cutoff cutoff frame", "cutoff", "### part\ncutoff", "## next\ncutoff frame"]
    counts = [len(LINK.findall(hover.add(text))) for text in texts]
    assert counts == [2, 0, 0, 1]


def test_doing_it_twice_changes_nothing():
    """What is linked counts as the first use."""
    text = "A cutoff, a cutoff and frames.\n\n## Next\n\nMAE, MAE, *ensemble* and a cutoff."
    once = HoverText("06_descriptors").add(text)
    assert once != text
    assert HoverText("06_descriptors").add(once) == once


def test_a_title_is_safe_whatever_the_sentence_says():
    """Quotes, tags, bars and Markdown in a sentence stay text."""
    sentence = 'If a < b & "c" | d_e * f, [see] `g` $h$.'
    term = Term("x", sentence, "00_start_here", "Let it move")
    link = f'[x](02_glossary.ipynb#x "{title_of(term, "x")}")'
    html = MARKDOWN.render(link)
    title = re.search(r'title="([^"]*)"', html)[1]
    for sign, safe in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        title = title.replace(sign, safe)
    assert title == sentence
    assert "<em>" not in html


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_reads_the_same_with_hover_text(lesson):
    """Nothing but links is added: same words, same code, same formulas, same tables."""
    master = read_master(lesson.master)
    built = with_hover_text(master, lesson.name)
    assert [cell.id for cell in built.cells] == [cell.id for cell in master.cells]
    for before, after in zip(master.cells, built.cells, strict=True):
        assert taken_back(after.source) == before.source
        assert as_read(after.source) == as_read(before.source)
        if before.cell_type == "code":
            assert after.source == before.source
    again = with_hover_text(built, lesson.name)
    assert [cell.source for cell in again.cells] == [cell.source for cell in built.cells]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_links_are_links_and_not_too_many(lesson):
    """Every link of ours is one for Markdown too; at most three in a cell of text on average."""
    cells = [c for c in read_lesson(lesson.master).cells if c.cell_type == "markdown"]
    ours = [token for cell in cells for token in found_by_markdown(cell.source)]
    assert len(ours) == sum(len(LINK.findall(cell.source)) for cell in cells)
    assert len(ours) <= 3 * len(cells)


def found_by_markdown(text):
    tokens = [token for block in MARKDOWN.parse(text) for token in block.children or []]
    links = [token for token in tokens if token.type == "link_open"]
    return [link for link in links if link.attrs["href"].startswith("02_glossary.ipynb#")]


GLOSSARY = "# %% [markdown]\n# # Terms\n"
CELL = "# %%\nimport time\nprint(time.time_ns())\n"


def test_a_changed_glossary_is_noticed_and_costs_no_run(course):
    """`notebooks check` complains, a build renews the text and keeps outputs and cell ids."""
    course.write(GLOSSARY, name="02_glossary")
    lesson = course.build("# %% [markdown]\n# A cutoff.\n\n" + CELL)
    before = nbformat.read(lesson.notebook, 4)
    assert "#cutoff-radius" in before.cells[0].source
    assert check_lesson(lesson) == []
    changed = "Something else."
    cutoff = next(term for term in FIFTEEN if term.anchor == "cutoff-radius")
    old = cutoff.sentence
    object.__setattr__(cutoff, "sentence", changed)
    try:
        (problem,) = check_lesson(lesson)
        assert "cell 1: differs from its master" in problem
        assert not build_notebook(lesson), "executed although only the glossary changed"
        after = nbformat.read(lesson.notebook, 4)
        assert check_lesson(lesson) == []
    finally:
        object.__setattr__(cutoff, "sentence", old)
    assert changed in after.cells[0].source
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    assert after.cells[1].outputs == before.cells[1].outputs


def test_a_course_without_a_glossary_has_no_hover_text(course):
    """No link that leads nowhere."""
    lesson = course.build("# %% [markdown]\n# A cutoff.\n\n" + CELL)
    assert nbformat.read(lesson.notebook, 4).cells[0].source == "A cutoff."


def test_the_master_stays_clean(course):
    """The links are in the built page only."""
    course.write(GLOSSARY, name="02_glossary")
    lesson = course.build("# %% [markdown]\n# A cutoff.\n\n" + CELL)
    assert "02_glossary" not in lesson.master.read_text()
    assert read_master(lesson.master).cells[0].source == "A cutoff."
