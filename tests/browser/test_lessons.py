"""Every lesson as a learner meets it: run, played with, in the dark, on a small screen."""

import re
from pathlib import Path

import numpy as np
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROJECT = Path(__file__).parents[2]
LONG = 90  # s; measured, of the lesson alone on a quiet machine
TIME_LIMIT = 700  # s; for one lesson on a machine that does other things
LEAST_CONTRAST = 3.0  # WCAG 2 asks for 3 in large letters, 4.5 in small ones


def lessons() -> list:
    """All lessons; those that take long, or were never measured, carry the mark ``long``."""
    text = (PROJECT / "notebooks" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\S+ \| (\d+) \|", text, re.MULTILINE)
    seconds = {name: int(measured) for name, measured in rows}
    names = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
    long = {name for name in names if seconds.get(name, LONG + 1) > LONG}
    return [pytest.param(n, marks=[pytest.mark.long] if n in long else []) for n in names]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", lessons())
def test_a_lesson_in_jupyterlab(name, open_notebook, see):
    """Run All ends without a complaint, and everything that it promises can be seen and used.

    All widgets are drawn, the first slider changes a picture, and on 1280×720 nothing is cut off.
    Texts and pictures of the outputs can be read in the light and in the dark theme.
    """
    opened = open_notebook(PROJECT / "notebooks" / f"{name}.ipynb")
    opened.run_all(TIME_LIMIT)
    assert opened.problems() == []
    assert opened.probe("nWidgets()") == opened.n_promised_widgets
    assert opened.probe("empty()") == []
    assert all(see.wait_for_drawing(canvas) >= 30 for canvas in opened.canvases)
    opened.keep_whole("light")
    assert_readable(opened, see)
    opened.page.set_viewport_size({"width": 1280, "height": 720})
    assert_slider_works(opened, see)
    assert opened.probe("cutOff()") == []
    opened.use_theme("JupyterLab Dark")
    opened.keep_whole("dark")
    assert_readable(opened, see)
    assert opened.problems() == []


def assert_readable(opened, see):
    """No text of an output is faint, and every picture has dark and light in it."""
    assert opened.probe(f"faintTexts({LEAST_CONTRAST})") == []
    spans = [see.luminance_span(picture) for picture in opened.pictures]
    assert all(span > 0.4 for span in spans), f"pictures with little contrast: {spans}"


def assert_slider_works(opened, see):
    """The first slider, if there is one, changes what its output shows when it is pulled."""
    if not opened.sliders:
        return
    slider = opened.sliders[0]
    output = slider.locator("xpath=ancestor::div[contains(@class, 'jp-Cell-outputArea')]").first
    slider.scroll_into_view_if_needed()
    before = see.pixels(output)
    opened.drag(slider)
    opened.keep_screenshot("slider")
    after = see.pixels(output)
    if before.shape != after.shape:
        return  # what is shown has another size: changed, no doubt
    row = slider.bounding_box()
    top = max(int(row["y"] - output.bounding_box()["y"]), 0)
    beside = np.ones(len(before), dtype=bool)
    beside[top : top + int(row["height"]) + 1] = False  # without the slider
    changed = (before != after).any(axis=-1)[beside]
    assert changed.mean() > 0.001, "nothing but the slider changed"
