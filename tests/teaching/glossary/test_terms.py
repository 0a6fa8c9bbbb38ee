"""The terms themselves: the chapter's fifteen, plain sentences, links that lead somewhere."""

import re
from pathlib import Path

import pytest

from mlp_course.notebooks import find_lessons, read_master
from mlp_course.teaching.glossary import DIFFERENCES, FIFTEEN, GLOSSARY, glossary_table, look_up

ROOT = Path(__file__).parents[3]
#: The chapter's own list, section 2.2.
CHAPTER = [
    "Potential Energy Surface", "PES", "Descriptor", "Symmetry Function", "Message Passing",
    "Equivariance", "Invariance", "Cutoff Radius", "MAE", "Active Learning", "Data Efficiency",
    "Generalization", "Ensemble", "Transfer Learning", "Many-Body Interaction",
    "E(3) Equivariance", "Mean Absolute Error",
]  # fmt: skip


def headings(lesson):
    """Every heading of a lesson's master, without its signs."""
    cells = [c.source for c in read_master(lesson.master).cells if c.cell_type == "markdown"]
    return set(re.findall(r"^#{1,6} (.*)$", "\n".join(cells), re.MULTILINE))


def test_the_fifteen_of_the_chapter_are_there_and_no_others():
    """Each name of the chapter's table finds one of the fifteen, and every one of them is found."""
    assert {look_up(name).name for name in CHAPTER} == {term.name for term in FIFTEEN}
    assert len(FIFTEEN) == 15


def test_five_entries_come_first():
    """The chapter's five; it counts invariance and equivariance as one entry."""
    first = glossary_table("five")
    assert [term.rank for term in first.terms] == [1, 2, 3, 3, 4, 5]
    assert first.count == 5


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.name)
def test_a_sentence_is_one_plain_sentence_without_the_word_itself(term):
    """A definition that uses its own word explains nothing, and gives the quiz away."""
    assert term.sentence[0].isupper()
    assert term.sentence.endswith(".")
    assert len(term.sentence) <= 160
    assert term.sentence.count(". ") == 0
    said = term.sentence.lower()
    assert not [form for form in term.forms if re.search(rf"\b{re.escape(form.lower())}\b", said)]


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.name)
def test_each_term_leads_to_a_lesson_and_a_heading_that_exist(term):
    """A link to a heading that was renamed leads nowhere."""
    (lesson,) = find_lessons(ROOT, term.lesson)
    assert term.heading in headings(lesson)


def test_related_terms_know_each_other_and_say_how_they_differ():
    """Whom one takes for another, and why not, is the same from both sides."""
    pairs = {frozenset((term.name, other)) for term in FIFTEEN for other in term.related}
    assert pairs == set(DIFFERENCES)
    for term in FIFTEEN:
        assert all(term.name in look_up(other).related for other in term.related), term.name


def test_related_terms_of_further_words_exist():
    """No further word points at a term that is not there."""
    for term in GLOSSARY:
        for other in term.related:
            assert look_up(other).name == other


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("cutoff", "cutoff radius"),
        ("  Cutoff   Radii ", "cutoff radius"),
        ("PES", "potential energy surface"),
        ("generalization", "generalisation"),
        ("ensembles", "ensemble"),
        ("E(3)", "E(3) equivariance"),
        ("fine-tuning", "transfer learning"),
    ],
)
def test_plurals_short_forms_and_both_spellings_are_found(word, name):
    """A learner types what stands in the text, not what stands in the table."""
    assert look_up(word).name == name


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("equivarience", "equivariance"),
        ("desriptor", "descriptor"),
        ("surface", "potential energy surface"),
        ("learning", "active learning"),
    ],
)
def test_an_unknown_word_is_answered_with_near_ones(word, hint):
    """A slip of the finger is met with the word that was meant."""
    with pytest.raises(ValueError, match=rf"got '{word}'\. Did you mean .*{hint}"):
        look_up(word)


def test_a_word_like_no_other_is_answered_with_the_list():
    """No guess is better than a wild one."""
    with pytest.raises(ValueError, match=r"got 'zzzz'\. glossary_table\(\) lists them all"):
        look_up("zzzz")


def test_the_table_links_every_term(tmp_path):
    """One row a term, with sentence and link."""
    text = glossary_table("all")._repr_html_()
    assert text.count("<tr>") == len(GLOSSARY) + 1
    for term in GLOSSARY:
        assert f"{term.lesson}.ipynb#" in text
    with pytest.raises(ValueError, match="which must be one of five, fifteen, further, all"):
        glossary_table("six")
