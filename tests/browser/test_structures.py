"""The script that turns molecules, on a page of one figure: it draws, or says what to do."""

import json
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from ase import Atoms

from mlp_course.teaching import show_molecule
from mlp_course.teaching.structure_record import read_structure

ROOT = Path(__file__).parents[2]
WATER = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>Water</title>
<figure data-structure="water.json"><img src="water.png" alt="Ball-and-stick picture of water">
</figure><script src="_static/structures.js"></script>"""
NO_WEBGL = """const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.includes("webgl") ? null : get.call(this, kind, ...more);
};"""
pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    """A plain static server that prints nothing."""

    def log_message(self, *args):
        pass


@pytest.fixture
def folder(tmp_path):
    """A page with one molecule, beside the scripts of the site."""
    view = show_molecule(WATER, size=100)
    _, metadata = view._repr_mimebundle_()
    structure = read_structure(metadata["mlp_course"]["structure"])
    (tmp_path / "water.json").write_text(json.dumps(structure), encoding="utf-8")
    (tmp_path / "water.png").write_bytes(view.picture)
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "_static", tmp_path / "_static")
    return tmp_path


@pytest.fixture
def address(folder):
    """Of a plain static server of the page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


@pytest.fixture
def page(browser):
    """A tab of its own."""
    page = browser.new_page()
    page.set_default_timeout(20_000)
    yield page
    page.close()


def refusal(page, address):
    """Press the button; return the words that replace it, with the picture still there."""
    page.goto(address)
    page.locator("button.turn").click()
    page.locator(".needs-kernel").wait_for()
    assert page.locator("img").is_visible()
    assert page.locator("button.turn, .structure-view").count() == 0
    return page.locator(".needs-kernel").inner_text()


def test_a_served_page_draws_its_molecule(page, address):
    """The button stays, and its words change."""
    page.goto(address)
    page.locator("button.turn").click()
    page.locator(".structure-view[data-drawn] canvas").wait_for()
    assert page.locator("button.turn").inner_text() == "Show the picture again"


def test_a_page_opened_as_a_file_says_how_to_serve_it(page, folder):
    """A browser lets no file fetch a molecule: the button gives way to the command that helps."""
    said = refusal(page, (folder / "index.html").as_uri())
    assert "python -m http.server" in said
    assert "http://localhost:8000" in said
    assert "WebGL" not in said


def test_a_browser_without_webgl_says_so(page, address):
    """Serving the page would not help, so it is not advised."""
    page.add_init_script(NO_WEBGL)
    said = refusal(page, address)
    assert "WebGL" in said
    assert "http.server" not in said


def test_a_molecule_that_is_gone_is_not_blamed_on_the_browser(page, folder, address):
    """WebGL is there; the file is not."""
    (folder / "water.json").unlink()
    said = refusal(page, address)
    assert "could not be fetched" in said
    assert "WebGL" not in said
