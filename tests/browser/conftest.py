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

import numpy as np
import pytest
from matplotlib.image import imread

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
COMPLAINTS = (
    "is not registered",
    "Error displaying widget",
    "Error creating widget",
    "Failed to load model class",
    "Click to show javascript error",
    "Could not instantiate widget",
    "model not found",
    "WebGL",
)
NOTEBOOK = "window.jupyterapp.shell.currentWidget"


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


class NotebookPage:
    """One notebook open in JupyterLab: run it, look at it, list what is wrong."""

    def __init__(self, page, lab: Lab, name: str):
        self.page = page
        self.console: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.console.append(f"page error: {error}"))
        workspace = name.removesuffix(".ipynb")  # one of its own: nothing else is open
        page.goto(f"{lab.url}/lab/workspaces/{workspace}/tree/{name}?token={lab.token}&reset")
        self._wait_until_ready(name)

    def _wait_until_ready(self, name: str) -> None:
        """Wait until the notebook is in front and its kernel has nothing to do."""
        self.page.wait_for_function(
            f"window.jupyterapp && {NOTEBOOK}?.context?.path === '{name}' &&"
            f" {NOTEBOOK}.context.isReady && {NOTEBOOK}.sessionContext.isReady &&"
            f" {NOTEBOOK}.sessionContext.session?.kernel?.status === 'idle'",
            timeout=120_000,
        )

    def _note(self, message) -> None:
        if message.type == "error":
            self.console.append(f"console: {message.text}")

    def run_all(self, seconds: float) -> None:
        """Do what Run > Run All Cells does and wait for the end."""
        self.page.evaluate(
            "() => { window.courseDone = false; window.jupyterapp.commands"
            ".execute('notebook:run-all-cells').finally(() => { window.courseDone = true; }); }"
        )
        self.page.wait_for_function("window.courseDone === true", timeout=1000 * seconds)
        self.page.wait_for_timeout(3000)  # widgets are drawn after their cell has ended

    def problems(self) -> list[str]:
        """Return everything on the page or in its console that a learner must not meet."""
        cells = self.page.evaluate(f"{NOTEBOOK}.content.model.toJSON().cells")
        code = [cell for cell in cells if cell["cell_type"] == "code" and cell["source"]]
        found = [error for cell in code for error in unannounced_errors(cell)]
        for text in self._texts(".jp-OutputArea-output"):
            found += [f"on the page: {text}" for complaint in COMPLAINTS if complaint in text]
        for text in self.console:
            found += [text for complaint in COMPLAINTS if complaint in text]
        skipped = sum(cell["execution_count"] is None for cell in code)
        return [*found, *([f"{skipped} cells did not run"] if skipped else [])]

    def _texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()

    @property
    def canvases(self) -> list:
        """The drawing areas of nglview."""
        return self.page.locator(".jp-OutputArea-output canvas:visible").all()

    @property
    def sliders(self) -> list:
        """The ipywidgets sliders."""
        return self.page.locator(".jp-OutputArea-output .widget-slider:visible").all()


def unannounced_errors(cell: dict) -> list[str]:
    """Return the errors that a cell shows although it is not tagged raises-exception."""
    if "raises-exception" in cell["metadata"].get("tags", []):
        return []
    errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
    return [f"error output: {error['ename']}: {error['evalue']}" for error in errors]


def pixels(locator) -> np.ndarray:
    """Return what the screen shows of an element: 8-bit colours, shape (height, width, 3)."""
    image = imread(io.BytesIO(locator.screenshot()))
    return (image[..., :3] * 255).round().astype(np.uint8)


def n_colours(locator) -> int:
    """Return how many different colours the screen shows of an element."""
    return len(np.unique(pixels(locator).reshape(-1, 3), axis=0))


@pytest.fixture(scope="session")
def see() -> SimpleNamespace:
    """Return the functions that look at the screen."""
    return SimpleNamespace(pixels=pixels, n_colours=n_colours)


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
