"""A real JupyterLab in a real browser, and what a learner would see wrong in it."""

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from matplotlib.image import imread

from mlp_course.notebooks import read_master
from tests.browser.notebook_page import NotebookPage

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell is drawn, seen or not
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


def find_chromium() -> str | None:
    """Return the path of a Chromium, from $CHROMIUM or the usual names."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """A JupyterLab server on an empty folder, with settings of its own."""

    token = "course"

    def __init__(self, home: Path):
        self.folder = home / "notebooks"
        self.folder.mkdir()
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = home / "lab.log"
        self.process = self._start(home)
        self._wait()

    def _start(self, home: Path) -> subprocess.Popen:
        for name, value in SETTINGS.items():
            path = home / f"settings/@jupyterlab/{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value))
        folders = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        env = os.environ | {name: str(home / folder) for name, folder in folders.items()}
        options = [
            "--no-browser",
            "--allow-root",
            "--LabApp.expose_app_in_browser=True",
            f"--ServerApp.root_dir={self.folder}",
            f"--ServerApp.port={self.url.rpartition(':')[2]}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}",
        ]
        with self.log.open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait(self) -> None:
        for _ in range(240):
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/api", timeout=5):
                    return
            except OSError:
                time.sleep(0.5)
        raise RuntimeError(f"JupyterLab did not answer on {self.url}:\n{self.log.read_text()}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def pixels(locator) -> np.ndarray:
    """Return what the screen shows of an element: 8-bit colours, shape (height, width, 3)."""
    image = imread(io.BytesIO(locator.screenshot()))
    return (image[..., :3] * 255).round().astype(np.uint8)


def n_colours(locator) -> int:
    """Return how many different colours the screen shows of an element."""
    return len(np.unique(pixels(locator).reshape(-1, 3), axis=0))


def wait_for_drawing(canvas) -> int:
    """Return the number of colours of a canvas as soon as it is drawn, or after 20 s."""
    deadline = time.monotonic() + 20
    while (colours := n_colours(canvas)) < 30 and time.monotonic() < deadline:
        time.sleep(1)
    return colours


def luminance_span(locator) -> float:
    """Return how far dark and light on the screen are apart: 1 is black on white, 0 one grey.

    A colour counts if one pixel in a thousand is darker, or lighter, than it.
    """
    grey = pixels(locator) @ np.array([0.2126, 0.7152, 0.0722]) / 255
    dark, light = np.quantile(grey, [0.001, 0.999])
    return float(light - dark)


@pytest.fixture(scope="session")
def see() -> SimpleNamespace:
    """Return the functions that look at the screen."""
    return SimpleNamespace(
        pixels=pixels,
        n_colours=n_colours,
        wait_for_drawing=wait_for_drawing,
        luminance_span=luminance_span,
    )


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """A headless Chromium; without one the test is skipped, but fails where CI=true."""
    executable = find_chromium()
    if executable is None:
        message = "no Chromium found: install it, or name it in the variable CHROMIUM"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory, browser) -> Iterator[Lab]:
    """A JupyterLab from the environment that runs the tests."""
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def write_notebook(tmp_path) -> Callable[[str], Path]:
    """Return a function that makes a notebook without outputs, named after the test."""

    def write(text: str) -> Path:
        master = tmp_path / f"{tmp_path.name}.py"
        master.write_text(text, encoding="utf-8")
        nbformat.write(read_master(master), master.with_suffix(".ipynb"))
        return master.with_suffix(".ipynb")

    return write


@pytest.fixture
def open_notebook(lab, browser) -> Iterator[Callable[[Path], NotebookPage]]:
    """Return a function that opens a copy of a notebook, so that the original stays as it is."""
    pages = []

    def open_copy(path: Path) -> NotebookPage:
        shutil.copy(path, lab.folder / path.name)
        pages.append(browser.new_page(viewport={"width": 1280, "height": 1600}))
        return NotebookPage(pages[-1], lab, path.name)

    yield open_copy
    for page in pages:
        page.close()
