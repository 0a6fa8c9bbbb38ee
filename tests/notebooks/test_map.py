"""The map of the course: whoever opens it finds every lesson that exists, and only those."""

from pathlib import Path

import pytest

from mlp_course.notebooks import find_lessons

ROOT = Path(__file__).parents[2]
MAPS = {
    "README.md": "(notebooks/{}.ipynb)",
    "lessons/00_start_here.py": "({}.ipynb)",
    "notebooks/README.md": "({}.ipynb)",
}
NAMES = [lesson.name for lesson in find_lessons(ROOT)]


@pytest.mark.parametrize("page", MAPS)
@pytest.mark.parametrize("name", NAMES)
def test_every_lesson_is_on_the_map(name, page):
    """A new lesson gets a row in the README, in lesson 00 and in the table of measurements."""
    if page.startswith("lessons") and name == "00_start_here":
        pytest.skip("lesson 00 does not link to itself")
    assert MAPS[page].format(name) in (ROOT / page).read_text(encoding="utf-8")


def test_every_lesson_is_built():
    """Each master has its executed notebook beside the others."""
    assert sorted(NAMES) == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
