"""Slides in a real browser: nothing is asked of the network, everything fits, keys work."""

from pathlib import Path

import pytest

from mlp_course.notebooks import find_lessons
from mlp_course.notebooks.slides import write_deck

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROJECT = Path(__file__).parents[2]
LESSONS = find_lessons(PROJECT)
NOW = "document.querySelector('section.now')"
TOO_HIGH = "box => box.scrollHeight > box.clientHeight + 1"
# A question scrolls, the page does not.
HIDDEN = f"[...{NOW}.querySelectorAll('.question, figure')].some({TOO_HIGH})"


@pytest.fixture
def open_deck(browser, tmp_path):
    """Return a function that opens a lesson's slides; it returns page, requests and console."""
    pages = []

    def open_one(lesson):
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        pages.append(page)
        requests, console = [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: console.append(message.text))
        page.on("pageerror", lambda error: console.append(str(error)))
        path = write_deck(lesson, tmp_path)
        page.goto(path.as_uri())
        page.wait_for_function("[...document.images].every(image => image.complete)")
        return page, [url for url in requests if url != path.as_uri()], console

    yield open_one
    for page in pages:
        page.close()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_slides_fit_and_ask_for_nothing(lesson, open_deck):
    """On 1280×720 no slide has to be scrolled, pictures load, and no request leaves the page."""
    page, requests, console = open_deck(lesson)
    n_slides = page.locator("section").count()
    for number in range(1, n_slides + 1):
        assert page.locator("#place").inner_text() == f"{number} / {n_slides}"
        if page.locator("section.now .later").count():
            assert not page.locator("section.now .later").is_visible()  # the question stands alone
            page.keyboard.press("ArrowRight")
            assert page.locator("section.now .later").is_visible()
        assert not page.evaluate(HIDDEN), f"slide {number} does not fit"
        for image in page.locator("section.now img").all():
            assert image.evaluate("image => image.naturalWidth") > 100
            assert image.bounding_box()["height"] > 100
        page.keyboard.press("ArrowRight")
    assert [url for url in requests if not url.startswith("data:")] == []
    assert console == []


def test_keys_lead_through_a_talk(open_deck):
    """Back shows the slide as it was left, n the meaning, End and Home the last and first slide."""
    page, *_ = open_deck(next(lesson for lesson in LESSONS if lesson.name.startswith("12")))
    assert page.locator("section.now h1").inner_text().startswith("12")
    page.keyboard.press("ArrowRight")
    assert page.locator("section.now h3").inner_text() == "Copper at 2000 K"
    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.locator("section.now .later").is_visible()
    assert not page.locator("section.now aside").is_visible()
    page.keyboard.press("n")
    assert "(d)." in page.locator("section.now aside").inner_text()
    page.keyboard.press("End")
    assert page.locator("section.now h2").inner_text() == "You can now"
    page.keyboard.press("Home")
    assert page.url.endswith("#1")


def test_formulas_are_drawn(open_deck):
    """A fraction is higher than a letter: the browser understood the formula."""
    page, *_ = open_deck(next(lesson for lesson in LESSONS if lesson.name.startswith("08")))
    page.evaluate("location.hash = '#2'")
    page.reload()
    heights = [
        box.bounding_box()["height"] for box in page.locator("section.now .question math").all()
    ]
    assert max(heights) > 1.5 * min(heights) > 0
