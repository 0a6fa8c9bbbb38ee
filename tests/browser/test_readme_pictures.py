"""The three pictures of the README, taken as a learner would see them.

``MLP_COURSE_SCREENSHOTS=docs/pictures make browser-test PYTEST_ARGS="-k readme"`` takes them again.
"""

import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]

PROJECT = Path(__file__).parents[2]
PICTURES = [
    "01_what_is_an_mlp-readme-lesson",
    "06_descriptors-readme-exercise",
    "00_start_here-readme-progress",
]
SIZE = {"width": 1280, "height": 800}
RISES_AGAIN = """\
def my_cutoff(d, cutoff):
    return 0.5 * (torch.cos(torch.pi * d / cutoff) + 1)
"""


def show(opened, number):
    """Bring a cell to the upper edge of the screen."""
    opened.page.set_viewport_size(SIZE)
    opened.cell(number).evaluate("cell => cell.scrollIntoView({block: 'start'})")
    opened.page.wait_for_timeout(2000)


@pytest.mark.timeout(900)
def test_readme_lesson(open_notebook, see):
    """Lesson 01 with its molecule to turn and the four curves."""
    opened = open_notebook(PROJECT / "notebooks" / "01_what_is_an_mlp.ipynb")
    opened.run_all(600)
    show(opened, opened.find_cell("SurfaceExplorer("))
    assert all(see.wait_for_drawing(canvas) >= 30 for canvas in opened.canvases[:1])
    assert opened.keep_screenshot("readme-lesson").exists()


@pytest.mark.timeout(900)
def test_readme_exercise_and_progress(open_notebook, lab):
    """A wrong answer to 6.1 with its hint, and the panel of lesson 00 with the points."""
    (lab.folder / "progress.json").unlink(missing_ok=True)
    book = open_notebook(PROJECT / "exercises" / "06_descriptors.ipynb")
    book.run_cell(book.find_cell("start_exercises"), seconds=120)
    number = book.find_cell("def my_cutoff")
    book.type_into(number, RISES_AGAIN)
    book.run_cell(number)
    assert "rises again" in book.run_cell(book.find_cell('check("q06_1")'))
    show(book, number)
    assert book.keep_screenshot("readme-exercise").exists()
    start = open_notebook(PROJECT / "notebooks" / "00_start_here.ipynb")
    panel = start.find_cell("show_progress")
    start.run_cell(panel, seconds=120)
    show(start, panel)
    assert start.keep_screenshot("readme-progress").exists()


def test_the_readme_shows_them():
    """Three pictures with a description each, all of them there and small."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]{30,})\]\((docs/pictures/[\w-]+\.jpeg)\)", text)
    assert [Path(file).stem for _, file in shown] == PICTURES
    assert all((PROJECT / file).stat().st_size < 300_000 for _, file in shown)
