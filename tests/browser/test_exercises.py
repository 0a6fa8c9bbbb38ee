"""An exercise as a learner does it: wrong, hint, right, points; and after a restart still there."""

import json
import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROJECT = Path(__file__).parents[2]
BOOK = "11_unit_pitfalls"
QUESTION = "q11_1"
LEAST_CONTRAST = 3.0
PANEL = """\
# %%
from mlp_course.teaching.exercises import all_questions
from mlp_course.teaching.progress import ProgressPanel
ProgressPanel(all_questions())
"""
RIGHT = """\
in_ev_per_angstrom = {
    "kcal/(mol·Å)": 1000 * CALORIE * JOULE / MOL,
    "Hartree/Bohr": HARTREE / BOHR,
    "kJ/(mol·nm)": 1000 * JOULE / MOL / 10,
}
wrong_entry = ("eV/Å", "Hartree/Bohr")
"""


def first_wrong_answer():
    """Words of the hint and source of the first wrong answer that is stored for the question."""
    folder = PROJECT / "lessons" / "exercises" / "wrong_answers"
    text = (folder / f"{BOOK}.py").read_text(encoding="utf-8")
    answer = text.partition(f"# %% {QUESTION}:")[2].partition("\n# %%")[0]
    words, _, source = answer.partition("# hint: ")[2].partition("\n")
    return words, source.strip()


@pytest.fixture
def book(open_notebook, lab):
    """The exercise book, its first cells run, and no progress yet."""
    (lab.folder / "progress.json").unlink(missing_ok=True)
    opened = open_notebook(PROJECT / "exercises" / f"{BOOK}.ipynb")
    for start in ("start_exercises", "HARTREE ="):
        opened.run_cell(opened.find_cell(start), seconds=120)
    return opened


def answer(book, text):
    """Type an answer, run it, and return what the grader says."""
    number = book.find_cell("in_ev_per_angstrom")
    book.type_into(number, text)
    assert book.run_cell(number) == ""
    return book.run_cell(book.find_cell(f'check("{QUESTION}")'))


def points(said):
    """Points and possible points, as the grader names them."""
    found = re.search(r"([\d.]+) of ([\d.]+) points", said)
    assert found, said
    return float(found[1]), float(found[2])


def total_points(said):
    """Points of all lessons together, the last row of the panel."""
    found = re.search(r"^all\s+([\d.]+) of", said, re.MULTILINE)
    assert found, said
    return float(found[1])


@pytest.mark.parametrize(
    ("theme", "height"), [("JupyterLab Light", 1600), ("JupyterLab Dark", 720)]
)
def test_a_wrong_answer_a_hint_and_the_points(book, open_notebook, write_notebook, theme, height):
    """The hint is the one for this mistake; the right answer brings all points, seen everywhere.

    The panel of another notebook shows them, and so it does after its kernel was restarted; the
    book itself, restarted, keeps the best points although the answer is blank again.
    """
    book.use_theme(theme)
    book.page.set_viewport_size({"width": 1280, "height": height})
    words, wrong = first_wrong_answer()
    said = answer(book, wrong)
    assert words in said
    few, possible = points(said)
    assert few < possible
    book.keep_screenshot(f"wrong-{height}")
    assert points(answer(book, RIGHT)) == (possible, possible)
    book.keep_screenshot(f"right-{height}")
    assert book.probe(f"faintTexts({LEAST_CONTRAST})") == []
    assert book.probe("cutOff()") == []

    panel = open_notebook(write_notebook(PANEL))
    assert total_points(panel.run_cell(0, seconds=120)) == possible
    panel.use_theme(theme)
    panel.keep_screenshot(f"{BOOK}-panel-{height}")
    assert panel.probe(f"faintTexts({LEAST_CONTRAST})") == []
    panel.restart_kernel()
    assert total_points(panel.run_cell(0, seconds=120)) == possible


def test_a_restarted_book_keeps_the_best_points(book, lab):
    """After a restart the answer is gone and checks as blank; the file still has all points."""
    _, possible = points(answer(book, RIGHT))
    book.restart_kernel()
    book.run_cell(book.find_cell("start_exercises"), seconds=120)
    assert points(book.run_cell(book.find_cell(f'check("{QUESTION}")')))[0] == 0
    stored = json.loads((lab.folder / "progress.json").read_text(encoding="utf-8"))
    assert best_points(stored) == possible


def best_points(stored):
    """The largest number that the progress file keeps as points of the question."""
    text = json.dumps(stored)
    assert QUESTION in text
    kept = text.partition(f'"{QUESTION}"')[2]
    return max(float(value) for value in re.findall(r'"points": ([\d.]+)', kept))
