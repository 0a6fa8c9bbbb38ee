"""The checklist in a real browser: boxes, grades, links, dark theme, and a restarted kernel."""

from pathlib import Path

import pytest

from mlp_course.teaching.progress import Progress

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LISTED = """\
# %%
import os
os.environ["MLP_COURSE_PROGRESS"] = "checklist_progress.json"
from mlp_course.teaching.checklist import Checklist
Checklist()
"""


def write_notebook(folder: Path) -> Path:
    """A notebook with nothing but the list."""
    import nbformat

    from mlp_course.notebooks import read_master

    master = folder / "the_list.py"
    master.write_text(LISTED, encoding="utf-8")
    nbformat.write(read_master(master), master.with_suffix(".ipynb"))
    return master.with_suffix(".ipynb")


def box(page, name):
    """The box of one item."""
    return page.locator(".widget-checkbox", has_text=name).locator("input")


def test_ticks_grades_and_links_on_the_screen(open_notebook, lab, tmp_path):
    """Ticks change the grade, are in the file at once, and come back after a kernel restart."""
    opened = open_notebook(write_notebook(tmp_path))
    opened.run_all(120)
    assert opened.problems() == []
    page = opened.page
    for number in range(1, 11):
        box(page, f"c{number:02d}").check()
    page.wait_for_function("document.body.innerText.includes('10 of 16')", timeout=10_000)
    saved = lab.folder / "checklist_progress.json"
    assert Progress.open(saved).ticked("c10")
    page.screenshot(path=tmp_path / "ticked.png")
    with page.context.expect_page() as beside:
        page.locator("a", has_text="lesson 05").first.click()
    assert "/tree/05_workflow.ipynb#" in beside.value.url
    beside.value.close()
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    opened.run_all(120)
    assert box(page, "c10").is_checked()
    assert not box(page, "c11").is_checked()


def use_theme(page, name):
    """Switch JupyterLab to a theme and wait for it."""
    command = f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{name}'}})"
    page.evaluate(command)
    light = str("Light" in name).lower()
    page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")


INK = """elements => elements.filter(e => e.innerText.trim()).map(
    e => getComputedStyle(e).color.match(/[0-9.]+/g).slice(0, 3).map(Number))"""


def test_the_list_is_readable_in_the_dark(open_notebook, tmp_path):
    """In JupyterLab's dark theme all words of the list, links included, are bright."""
    opened = open_notebook(write_notebook(tmp_path))
    use_theme(opened.page, "JupyterLab Dark")
    try:
        opened.run_all(120)
        assert opened.problems() == []
        opened.page.screenshot(path=tmp_path / "dark.png")
        words = ".jp-OutputArea-output :is(td, th, a, b, small, .widget-html-content, label)"
        inks = opened.page.locator(words).evaluate_all(INK)
        assert len(inks) > 100
        assert min(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in inks) > 100
    finally:
        use_theme(opened.page, "JupyterLab Light")
