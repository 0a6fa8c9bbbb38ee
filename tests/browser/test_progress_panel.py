"""The progress panel as a learner sees it: points appear, survive a new kernel, can be carried."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mlp_course.teaching.progress import Progress

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PANEL = """\
from mlp_course.teaching.progress import Entry, Progress, ProgressPanel
catalogue = [Entry("q06_1", "A cutoff", "06_descriptors", 3)]
ProgressPanel(catalogue, Progress.open({path!r}))
"""
ROW = ".jp-OutputArea-output tr:has-text('06 descriptors')"


@pytest.fixture
def progress(tmp_path):
    return Progress.open(tmp_path / "progress.json")


@pytest.fixture
def opened(progress, open_notebook, tmp_path):
    """A notebook with the panel, run once."""
    notebook = new_notebook(cells=[new_code_cell(PANEL.format(path=str(progress.path)))])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "panel.ipynb")
    opened = open_notebook(tmp_path / "panel.ipynb")
    opened.run_all(120)
    assert opened.problems() == []
    return opened


def row_of(opened, words):
    """Wait until the row of lesson 06 says this."""
    opened.page.locator(ROW, has_text=words).wait_for(timeout=10_000)


def test_points_appear_are_carried_and_survive(progress, opened, tmp_path):
    """Recorded elsewhere, read again; lost with the disk, taken in; a new kernel has it, too."""
    page = opened.page
    row_of(opened, "0 of 3")
    progress.record_attempt("q06_1", 2, 3)
    page.get_by_role("button", name="Read again").click()
    row_of(opened, "2 of 3")
    with page.expect_download(timeout=10_000) as download:
        page.get_by_text("Download your progress").click()
    download.value.save_as(tmp_path / "carried.json")
    assert json.loads((tmp_path / "carried.json").read_text())["questions"]["q06_1"]["points"] == 2
    progress.path.unlink()
    page.get_by_role("button", name="Read again").click()
    row_of(opened, "0 of 3")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Take in a file").click()
    chooser.value.set_files(tmp_path / "carried.json")
    row_of(opened, "2 of 3")
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    opened.run_all(120)
    row_of(opened, "2 of 3")
    assert opened.problems() == []
