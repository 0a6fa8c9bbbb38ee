"""Hover text and quiz as a learner meets them in JupyterLab."""

import nbformat
import pytest

from mlp_course.notebooks import read_lesson

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MASTER = """\
# %% [markdown]
# # Words
#
# Which cutoff, and by active
# learning?

# %%
from mlp_course.teaching.glossary import FlashCards, TermQuiz
from ipywidgets import HTML, VBox
told = HTML()
quiz = TermQuiz(n_questions=2, on_result=lambda *result: setattr(told, "value", str(result)))
VBox([told, quiz.widget])

# %%
FlashCards()

# %%
[question.right for question in quiz.questions]
"""


@pytest.fixture
def opened(open_notebook, tmp_path):
    """A page with hover text, a quiz and cards, after Run All."""
    master = tmp_path / "words.py"
    master.write_text(MASTER, encoding="utf-8")
    (tmp_path / "02_glossary.py").write_text("# %% [markdown]\n# # Terms\n")
    nbformat.write(read_lesson(master), tmp_path / "words.ipynb")
    page = open_notebook(tmp_path / "words.ipynb")
    page.run_all(60)
    return page


def test_a_term_carries_its_sentence_and_the_keyboard_reaches_it(opened):
    """JupyterLab keeps title and address of the link; the link takes the focus."""
    links = opened.page.locator('.jp-MarkdownOutput a[href*="02_glossary.ipynb"]')
    assert [text.split() for text in links.all_inner_texts()] == [
        ["cutoff"],
        ["active", "learning"],
    ]
    assert "one atom does not see another" in links.first.get_attribute("title")
    assert "#cutoff-radius" in links.first.get_attribute("href")
    links.first.focus()
    assert opened.page.evaluate("document.activeElement.textContent") == "cutoff"


def test_quiz_and_cards_answer_to_clicks(opened, tmp_path):
    """A wrong click says why, a right one that it is right, the last one reports the round."""
    page = opened.page
    assert opened.problems() == []
    places = [
        int(n) for n in page.locator(".jp-OutputArea-output pre").last.inner_text()[1:-1].split(",")
    ]
    choices = page.locator("button.mlp-course-choice:visible")
    choices.nth((places[0] + 1) % 4).click()
    page.get_by_text("That is ").wait_for()
    choices.nth(places[1]).click()
    page.get_by_text("1 of 2 right").wait_for()
    page.get_by_text("('02_glossary:2', 1, 2)").wait_for()
    page.get_by_role("button", name="Turn over").click()
    page.get_by_role("button", name="I knew it").click()
    page.get_by_text("14 of 15 cards left").wait_for()
    page.screenshot(path=tmp_path / "quiz.png")
