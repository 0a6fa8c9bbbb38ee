"""The course as a whole: every lesson is on every map, and every lesson has its skeleton."""

import re
from pathlib import Path

import pytest

from mlp_course.notebooks import find_lessons

ROOT = Path(__file__).parents[2]
LESSONS = find_lessons(ROOT)
NAMES = {lesson.name for lesson in LESSONS}
MAPS = ["README.md", "lessons/00_start_here.py", "notebooks/README.md"]
SKELETON = [
    "this lesson you can",
    "You need",
    "Time",
    "Memory",
    "Predict",
    "You can now",
    "not prove",
]


def rows(page):
    """Names of the lessons that have a row in a table of a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"(# )?\| ", line)]
    return {name for line in lines for name in re.findall(r"\((?:notebooks/)?(\w+)\.ipynb\)", line)}


@pytest.mark.parametrize("page", MAPS)
def test_every_lesson_has_a_row_and_every_row_a_lesson(page):
    """The README, lesson 00 and the table of measurements list what there is."""
    there = rows(page) | ({"00_start_here"} if page.startswith("lessons") else set())
    assert not NAMES - there, f"{page}: give {sorted(NAMES - there)} a row (see CONTRIBUTING.md)"
    assert not there - NAMES, f"{page}: there is no lesson {sorted(there - NAMES)}; remove its row"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_lesson_has_its_skeleton(lesson):
    """It says what for, what is needed and how long; it asks before it shows; it ends honestly."""
    text = lesson.master.read_text(encoding="utf-8").replace("\n# ", " ")
    missing = [phrase for phrase in SKELETON if phrase not in text]
    assert not missing, f"{lesson.name}: say {missing} (see CONTRIBUTING.md, Lessons)"


def test_every_lesson_is_built():
    """Each master has its executed notebook beside the others."""
    assert sorted(NAMES) == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("number", range(len(LESSONS)), ids=[lesson.name for lesson in LESSONS])
def test_every_lesson_leads_on(number):
    """The last line of a lesson leads to the one before and the next, whose titles it knows."""
    last = LESSONS[number].master.read_text(encoding="utf-8").rstrip().splitlines()[-1]
    if number:
        assert f"Before: [{_title(LESSONS[number - 1])}]({LESSONS[number - 1].name}.ipynb)." in last
    if number + 1 < len(LESSONS):
        assert f"Next: [{_title(LESSONS[number + 1])}]({LESSONS[number + 1].name}.ipynb)." in last


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_lesson_leads_to_practice(lesson):
    """Lessons 01 to 12 link their own exercise book, the others all of them; the file is there."""
    book = ROOT / "exercises" / f"{lesson.name}.ipynb"
    target = book.name if "01" <= lesson.name[:2] <= "12" else "README.md"
    assert f"(../exercises/{target})" in lesson.master.read_text(encoding="utf-8")
    assert (ROOT / "exercises" / target).exists()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_lesson_asks_three_questions(lesson):
    """A quiz at the end: three numbered questions with an answer to unfold."""
    quiz = lesson.master.read_text(encoding="utf-8").rpartition("hree questions")[2]
    assert all(f"**{number}." in quiz for number in (1, 2, 3))
    assert quiz.count("<details>") >= 3


def _title(lesson):
    """Number and title of a lesson, without a question mark."""
    heading = re.search(r"^# # (\d\d) · (.+)$", lesson.master.read_text(encoding="utf-8"), re.M)
    return f"{heading[1]} {heading[2].rstrip('?')}"
