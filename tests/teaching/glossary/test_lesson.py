"""Lesson 02 and the glossary say the same, and no lesson uses a term before it is explained."""

import ast
import re
from pathlib import Path

import pytest

from mlp_course.notebooks import find_lessons, read_lesson, read_master
from mlp_course.notebooks.hover import GLOSSARY_LESSON, with_hover_text
from mlp_course.teaching.glossary import FIFTEEN, FURTHER

ROOT = Path(__file__).parents[3]
UP_TO_05 = [lesson for lesson in find_lessons(ROOT) if lesson.name[:2] <= "05"]


def text_of(notebook):
    """All Markdown of a notebook."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return "\n\n".join(cells)


def sections(text):
    """The parts of a text from one heading of level 1 or 2 to the next."""
    return re.split(r"^(?=#{1,2} )", text, flags=re.MULTILINE)


def without_code(text):
    """A text without code, formulas, names of lessons ("[06 Descriptors](...)") and addresses."""
    text = re.sub(r"\[\d\d [^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$", " ", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", text)


def uses(term, lesson, text):
    """Whether a text uses a term, in the term's own meaning."""
    if lesson in term.not_in:
        return False
    words = " ".join(without_code(text).split())
    forms = "|".join(re.escape(form) for form in sorted(term.forms, key=len, reverse=True))
    for found in re.finditer(rf"(?i)(?<![\w-])({forms})(?![\w-])", words):
        before = words[: found.start()].rstrip(" *")
        if not before.lower().endswith(tuple(w.lower() for w in term.not_after) or ("\0",)):
            return True
    return False


def explains(term, text):
    """Whether a text has the term's anchor, and its sentence behind it."""
    _, anchor, rest = text.partition(f'<a id="{term.anchor}"></a>')
    return bool(anchor) and term.sentence in " ".join(rest[:600].split())


def unexplained(pages):
    """Uses of a term in a section, before any page explains it and without hover text there."""
    explained, found = set(), []
    for name, master, built in pages:
        explained |= {term.name for term in FIFTEEN if explains(term, master)}
        pairs = zip(sections(master), sections(built), strict=True)
        for number, (plain, shown) in enumerate(pairs):
            for term in FIFTEEN:
                linked = f"({GLOSSARY_LESSON}.ipynb#{term.anchor} " in shown
                if term.name not in explained and not linked and uses(term, name, plain):
                    found.append(f"{name}, section {number}: {term.name}")
    return found


def page(lesson):
    return lesson.name, text_of(read_master(lesson.master)), text_of(read_lesson(lesson.master))


def test_every_term_is_explained_before_lesson_05_uses_it():
    """In the order of lessons 00 to 05: a definition before, or hover text where it is used."""
    pages = [page(lesson) for lesson in UP_TO_05]
    assert unexplained(pages) == []
    before_05 = [master for name, master, _ in pages if name[:2] in ("01", "02", "03", "04")]
    missing = [t.name for t in FIFTEEN if not any(explains(t, text) for text in before_05)]
    assert missing == []


def test_the_lessons_before_02_do_use_terms():
    """The test above has something to find: lesson 00 says MAE, lesson 05 says cutoff."""
    used = {(name[:2], t.name) for name, text, _ in map(page, UP_TO_05) for t in FIFTEEN
            if uses(t, name, text)}  # fmt: skip
    assert ("00", "mean absolute error") in used
    assert ("05", "cutoff radius") in used
    assert ("04", "cutoff radius") not in used


def test_a_use_without_definition_is_found():
    """A page without hover text and without definitions is caught; with either it passes."""
    plain = "# A\n\nAn ensemble, in the *NVE* ensemble."
    assert unexplained([("00_a", plain, plain)]) == ["00_a, section 1: ensemble"]
    linked = plain.replace("An ensemble", 'An [ensemble](02_glossary.ipynb#ensemble "x")')
    assert unexplained([("00_a", plain, linked)]) == []
    (term,) = [term for term in FIFTEEN if term.name == "ensemble"]
    other = f'# B\n\n<a id="ensemble"></a>**Ensemble**. {term.sentence}'
    assert unexplained([("00_b", other, other), ("00_c", plain, plain)]) == []
    assert unexplained([("00_c", plain, plain), ("00_d", other, other)]) != []


@pytest.mark.parametrize("term", FIFTEEN, ids=lambda term: term.name)
def test_lesson_02_says_what_the_glossary_says(term):
    """One anchor, the name with its star, the sentence, and the link, word for word."""
    (lesson,) = find_lessons(ROOT, GLOSSARY_LESSON)
    text = " ".join(text_of(read_master(lesson.master)).split())
    assert text.count(f'<a id="{term.anchor}"></a>') == 1
    star = " ★" if term.rank else ""
    assert f'<a id="{term.anchor}"></a>**{term.title}{star}**' in text
    assert explains(term, text)
    assert f"[lesson {term.lesson[:2]}, {term.heading}]({term.place})" in text


def test_lesson_02_does_not_link_what_it_explains():
    """Its fifteen are explained on the spot; further words lead to the list at its end."""
    (lesson,) = find_lessons(ROOT, GLOSSARY_LESSON)
    built = with_hover_text(read_master(lesson.master), lesson.name)
    anchors = set(re.findall(rf"\({GLOSSARY_LESSON}\.ipynb#([a-z0-9-]+) ", text_of(built)))
    assert anchors == {"further-words"}
    assert '<a id="further-words"></a>' in text_of(built)
    assert FURTHER


def names_that_change(cells):
    """Names that a function under a slider reads, and that a later cell gives another value."""
    trees = [ast.parse(cell) for cell in cells]
    bound = [assigned(tree) for tree in trees]
    found = []
    for number, tree in enumerate(trees):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
                own = {n.id for n in names if isinstance(n.ctx, ast.Store)}
                read = {n.id for n in names} - own - {arg.arg for arg in node.args.args}
                later = set().union(*bound[number + 1 :])
                found += [f"{node.name}: {name}" for name in sorted(read & later)]
    return found


def assigned(tree):
    """Names that a cell assigns outside functions."""
    nodes = [
        n for part in tree.body if not isinstance(part, ast.FunctionDef) for n in ast.walk(part)
    ]
    inner = {id(x) for n in nodes if isinstance(n, COMPREHENSIONS) for x in ast.walk(n)}
    stored = [n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return {n.id for n in stored if id(n) not in inner}


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@pytest.mark.parametrize("lesson", find_lessons(ROOT), ids=lambda lesson: lesson.name)
def test_a_slider_still_works_at_the_end_of_the_lesson(lesson):
    """Who moves it after Run All calls a function again: what that reads must not have changed."""
    cells = [c.source for c in read_master(lesson.master).cells if c.cell_type == "code"]
    assert names_that_change(cells) == []


def test_a_slider_that_breaks_is_found():
    """A later cell with the same name, as lesson 02 once had it; a loop variable is none."""
    broken = ["@interact(n=3)\ndef f(n):\n    return g(n, **axes)", "axes = 1\nx = [n for n in y]"]
    assert names_that_change(broken) == ["f: axes"]
