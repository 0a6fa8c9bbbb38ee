"""What a learner sees when a lesson runs in JupyterLab, and in the stored page."""

import re
from pathlib import Path

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROJECT = Path(__file__).parents[2]

MOLECULE = """\
# %%
from ase.build import molecule
from mlp_course.teaching import show_molecule
frames = []
for angle in range(0, 180, 10):
    ethanol = molecule("CH3CH2OH")
    ethanol.rotate(angle, "x")
    frames.append(ethanol)
show_molecule(frames)

# %%
from ipywidgets import IntSlider
IntSlider(description="steps")
"""

# The browser part has another version than the Python part, as nglview 4.0.1 comes.
MISMATCH = """\
# %%
import ipywidgets
from traitlets import Unicode

class Viewer(ipywidgets.DOMWidget):
    _model_name = Unicode("NGLModel").tag(sync=True)
    _view_name = Unicode("NGLView").tag(sync=True)
    _model_module = _view_module = Unicode("nglview-js-widgets").tag(sync=True)
    _model_module_version = _view_module_version = Unicode("4.0").tag(sync=True)

Viewer()
"""


def assert_drawn(see, opened) -> None:
    """Each 3D view shows more than a background, each slider has a size."""
    assert opened.canvases, "no 3D view on the page"
    for canvas in opened.canvases:
        assert see.wait_for_drawing(canvas) >= 30
    assert opened.sliders, "no slider on the page"
    for slider in opened.sliders:
        box = slider.bounding_box()
        assert box["width"] > 50
        assert box["height"] > 5


def test_the_frame_slider_moves_the_molecule(open_notebook, write_notebook, see, tmp_path):
    """Keys on the slider below a trajectory change the picture that the browser draws."""
    opened = open_notebook(write_notebook(MOLECULE))
    opened.run_all(60)
    assert opened.problems() == []
    assert_drawn(see, opened)
    canvas = opened.canvases[0]
    before = see.pixels(canvas)
    handle = opened.page.locator(".widget-slider .noUi-handle:visible").first
    handle.focus()
    for _ in range(9):
        handle.press("ArrowRight")
    opened.page.wait_for_timeout(3000)
    opened.page.screenshot(path=tmp_path / "moved.png")
    changed = (see.pixels(canvas) != before).any(axis=-1)
    assert changed.mean() > 0.02, "the 3D view did not follow the slider"


def test_a_view_of_another_version_is_found(open_notebook, write_notebook, tmp_path):
    """Python and browser part of nglview do not fit: every cell is green, the page complains."""
    opened = open_notebook(write_notebook(MISMATCH))
    opened.run_all(60)
    opened.page.screenshot(path=tmp_path / "mismatch.png")
    problems = " ".join(opened.problems())
    assert re.search(r"nglview-js-widgets, version.* 4\.0 is not registered", problems), problems


def test_a_failing_cell_is_found(open_notebook, write_notebook, tmp_path):
    """An error is reported, and so is the cell after it, which never ran."""
    opened = open_notebook(write_notebook("# %%\n1 / 0\n\n# %%\nprint(1)\n"))
    opened.run_all(60)
    problems = opened.problems()
    assert problems[0] == "error output: ZeroDivisionError: division by zero"
    assert problems[-1] == "1 cells did not run"


def test_a_widget_without_its_kernel_is_found(open_notebook, write_notebook, tmp_path):
    """A stored widget whose state is gone says so on the page, and the checker sees it."""
    path = write_notebook("# %%\nfrom IPython.display import display\n")
    notebook = nbformat.read(path, 4)
    bundle = '{"application/vnd.jupyter.widget-view+json": {"model_id": "gone"}}'
    notebook.cells[0].source += f"\ndisplay({bundle}, raw=True)"
    nbformat.write(notebook, path)
    opened = open_notebook(path)
    opened.run_all(60)
    assert opened.problems()


def test_an_empty_canvas_is_not_taken_for_a_molecule(browser, see):
    """A canvas of one colour counts one colour."""
    page = browser.new_page()
    page.set_content('<canvas width="200" height="200" style="background: white"></canvas>')
    assert see.n_colours(page.locator("canvas")) == 1
    page.close()


def test_the_stored_page_shows_the_pictures(browser, see, tmp_path):
    """On the web, without a kernel: every molecule is a loaded picture with a description."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(template_name="classic")  # the template that passes descriptions on
    text, _ = exporter.from_filename(str(PROJECT / "notebooks" / "00_start_here.ipynb"))
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    page = browser.new_page(viewport={"width": 1000, "height": 1400})
    page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
    pictures = page.locator('img[alt^="Ball-and-stick picture"]').all()
    assert pictures
    for picture in pictures:
        assert picture.evaluate("image => image.naturalWidth") >= 200
        assert see.n_colours(picture) >= 30
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    assert "Error displaying widget" not in page.content()
    page.close()
