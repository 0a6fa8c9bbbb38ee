"""The list itself: complete, with the chapter's limits, and with links that lead somewhere."""

import re
from collections import Counter
from pathlib import Path

import pytest

from mlp_course.notebooks import find_lessons
from mlp_course.teaching.checklist import (
    CHECKS,
    ITEMS,
    PARTS,
    QUESTIONS,
    band_of,
    find_item,
    items_of,
    judged_by,
)
from mlp_course.teaching.checklist.bands import BANDS

ROOT = Path(__file__).parents[3]
MASTERS = {lesson.name: lesson.master for lesson in find_lessons(ROOT)}
#: Lessons with exercise books; those whose master may come later are linked without a heading.
BOOKS = {
    "01_what_is_an_mlp",
    "02_glossary",
    "03_training_data",
    "04_ecosystem",
    "05_workflow",
    "06_descriptors",
    "07_architectures",
    "08_active_learning",
    "09_training_on_md17",
    "10_reproducibility_and_licences",
    "11_unit_pitfalls",
    "12_failure_patterns",
}
LATER = {"01_what_is_an_mlp", "02_glossary", "10_reproducibility_and_licences"}


def headings(lesson):
    """All headings of a lesson's master."""
    text = MASTERS[lesson].read_text(encoding="utf-8")
    return set(re.findall(r"^# #{2,3} (.+)$", text, flags=re.MULTILINE))


def test_there_are_16_16_and_12_items_with_ids_of_their_own():
    """44 items, counted up within each part, in the order of the chapter."""
    expected = [
        f"{p}{n:02d}" for p, most in (("c", 16), ("p", 16), ("a", 12)) for n in range(1, most + 1)
    ]
    assert [item.id for item in ITEMS] == expected
    assert [len(items_of(part)) for part in PARTS.values()] == [16, 16, 12]
    assert len({item.text for item in ITEMS}) == 44


def test_every_group_of_the_chapter_has_four_items():
    """Four groups of four in concepts and practice, three of four in application; not mixed."""
    groups = Counter((item.part, item.group) for item in ITEMS)
    assert set(groups.values()) == {4}
    assert Counter(part for part, _ in groups) == {"Concepts": 4, "Practice": 4, "Application": 3}


@pytest.mark.parametrize(
    ("part", "limits"),
    [("Concepts", (14, 10)), ("Practice", (14, 10)), ("Application", (10, 7))],
)
def test_the_bands_are_those_of_the_chapter(part, limits):
    """14-16, 10-13, below 10; of the twelve items 10-12, 7-9, below 7; without gap or overlap."""
    n_items = len(items_of(part))
    grades = [band_of(part, n).grade for n in range(n_items + 1)]
    best, good = limits
    expected = (
        ["needs review"] * good + ["good"] * (best - good) + ["excellent"] * (n_items + 1 - best)
    )
    assert grades == expected
    ranges = [(band.fewest, band.most) for band in BANDS[part]]
    assert ranges == [(best, n_items), (good, best - 1), (0, good - 1)]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_every_link_leads_to_a_lesson_and_its_heading(item):
    """The lesson exists, the heading stands in it, and the exercise books are those of lessons."""
    assert item.books
    assert set(item.books) <= BOOKS
    if item.lesson in MASTERS:
        assert not item.heading or item.heading in headings(item.lesson)
    else:
        assert item.lesson in LATER
        assert item.heading == "", "a heading of a lesson that is not there cannot be checked"
    assert item.heading or item.lesson in LATER, "link the section, not only the lesson"


def test_the_chapters_numbers_are_in_the_items():
    """Ten of fifteen terms, the targets of accuracy, 5,000 configurations, the split."""
    for item_id, words in {
        "c05": ("ten", "fifteen"),
        "c08": ("1 to 5 meV/atom", "50 to 150 meV/Å"),
        "p03": ("5,000",),
        "p05": ("5–6 Å", "6–8 Å"),
        "p07": ("80:10:10",),
    }.items():
        assert all(word in find_item(item_id).text for word in words)


def test_an_item_is_judged_by_a_machine_or_by_a_person_not_both():
    """No check is made for an item that only a person can judge."""
    people = {item.id for item in ITEMS if item.person}
    assert judged_by(find_item("a11")) == ("a person",)
    assert not people & set(CHECKS)
    assert not people & set(QUESTIONS)
    assert judged_by(find_item("p16")) == ("a result",)
    assert judged_by(find_item("p07")) == ("a result", "points")


def test_linked_questions_belong_to_the_books_of_their_item():
    """A question q06_2 counts only for an item that names book 06."""
    for item_id, questions in QUESTIONS.items():
        numbers = {book[:2] for book in find_item(item_id).books}
        assert {question[1:3] for question in questions} <= numbers


def test_refusals():
    """Unknown items, parts and counts are refused by name."""
    with pytest.raises(ValueError, match=r"item must be c01 to c16.*got 'p17'"):
        find_item("p17")
    with pytest.raises(ValueError, match="part must be one of Concepts"):
        items_of("Skills")
    with pytest.raises(ValueError, match="n_ticked must be 0 to 12 for Application; got 13"):
        band_of("Application", 13)


@pytest.mark.parametrize(
    "question", sorted({question for asked in QUESTIONS.values() for question in asked})
)
def test_every_linked_question_is_in_its_exercise_book(question):
    """A name that no book has would keep its items open for ever."""
    masters = list((ROOT / "lessons" / "exercises").glob(f"{question[1:3]}_*.py"))
    if not masters:
        pytest.skip(f"the exercise book of lesson {question[1:3]} is not written yet")
    assert f"# name: {question}\n" in masters[0].read_text(encoding="utf-8")
