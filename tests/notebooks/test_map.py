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
