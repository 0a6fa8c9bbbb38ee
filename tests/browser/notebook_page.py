"""One notebook in JupyterLab: do what a learner does, and list what is wrong."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

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
HARMLESS: tuple[str, ...] = ()  # lines of the console that no learner need mind
PROJECT = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("probe.js")
NOTEBOOK = "window.jupyterapp.shell.currentWidget"
IDLE = f"{NOTEBOOK}.sessionContext.session?.kernel?.status === 'idle'"
WIDGET = "application/vnd.jupyter.widget-view+json"


class NotebookPage:
    """One notebook open in JupyterLab: run it, look at it, list what is wrong."""

    def __init__(self, page: "Page", lab: Any, name: str):
        self.page = page
        self.name = name.removesuffix(".ipynb")
        self.console: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.console.append(f"page error: {error}"))
        workspace = self.name  # one of its own: nothing else is open
        page.goto(f"{lab.url}/lab/workspaces/{workspace}/tree/{name}?token={lab.token}&reset")
        self._wait_until_ready(name)
        page.evaluate(PROBE.read_text(encoding="utf-8"))
        self.use_theme("JupyterLab Light")  # the server remembers what the last page chose

    def _wait_until_ready(self, name: str) -> None:
        """Wait until the notebook is in front and its kernel has nothing to do."""
        self.page.wait_for_function(
            f"window.jupyterapp && {NOTEBOOK}?.context?.path === '{name}' &&"
            f" {NOTEBOOK}.context.isReady && {NOTEBOOK}.sessionContext.isReady && {IDLE}",
            timeout=120_000,
        )

    def _note(self, message) -> None:
        if message.type == "error":
            self.console.append(f"console: {message.text}")

    def command(self, name: str, arguments: str = "{}", seconds: float = 60) -> None:
        """Do what a menu entry of JupyterLab does and wait for its end."""
        self.page.evaluate(
            "() => { window.courseDone = false; window.jupyterapp.commands"
            f".execute('{name}', {arguments}).finally(() => {{ window.courseDone = true; }}); }}"
        )
        self.page.wait_for_function("window.courseDone === true", timeout=1000 * seconds)

    def run_all(self, seconds: float) -> None:
        """Do what Run > Run All Cells does and wait for the end."""
        self.command("notebook:run-all-cells", seconds=seconds)
        self.page.wait_for_timeout(3000)  # widgets are drawn after their cell has ended

    def problems(self) -> list[str]:
        """Return everything on the page or in its console that a learner must not meet."""
        found = [error for cell in self.code_cells for error in unannounced_errors(cell)]
        for text in self._texts(".jp-OutputArea-output"):
            found += [f"on the page: {text}" for complaint in COMPLAINTS if complaint in text]
        found += [text for text in self.console if not any(known in text for known in HARMLESS)]
        skipped = sum(cell["execution_count"] is None for cell in self.code_cells)
        return [*found, *([f"{skipped} cells did not run"] if skipped else [])]

    @property
    def code_cells(self) -> list[dict]:
        """The code cells that are not empty, as they would be stored now."""
        cells = self.page.evaluate(f"{NOTEBOOK}.content.model.toJSON().cells")
        return [cell for cell in cells if cell["cell_type"] == "code" and cell["source"]]

    def _texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()

    @property
    def canvases(self) -> list:
        """The drawing areas of nglview."""
        return self.page.locator(".jp-OutputArea-output canvas:visible").all()

    @property
    def pictures(self) -> list:
        """The pictures that are wide enough to be read."""
        images = self.page.locator(".jp-OutputArea-output img:visible").all()
        return [image for image in images if image.bounding_box()["width"] > 100]

    @property
    def sliders(self) -> list:
        """The ipywidgets sliders."""
        return self.page.locator(".jp-OutputArea-output .widget-slider:visible").all()

    @property
    def n_promised_widgets(self) -> int:
        """How many outputs of the notebook are widgets."""
        outputs = [output for cell in self.code_cells for output in cell["outputs"]]
        return sum(WIDGET in output.get("data", {}) for output in outputs)

    def probe(self, call: str) -> Any:
        """Ask ``probe.js`` something about the outputs on the page."""
        return self.page.evaluate(f"window.courseProbe.{call}")

    def cell(self, number: int) -> "Locator":
        """Return the cell of this number on the screen; the first one is 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def find_cell(self, text: str) -> int:
        """Return the number of the first code cell whose source holds a text."""
        cells = self.page.evaluate(f"{NOTEBOOK}.content.model.toJSON().cells")
        found = (text in "".join(c["source"]) and c["cell_type"] == "code" for c in cells)
        return list(found).index(True)

    def type_into(self, number: int, text: str) -> None:
        """Replace what stands in a cell, as a learner would: click, select all, type."""
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def run_cell(self, number: int, seconds: float = 60) -> str:
        """Run one cell with Shift+Enter; returns the text of its outputs."""
        self.cell(number).locator(".cm-content").click()
        model = f"{NOTEBOOK}.content.model.cells.get({number})"
        self.page.evaluate(f"{model}.executionCount = null")  # a restarted kernel counts from 1
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(
            f"{model}.executionCount !== null && {IDLE}", timeout=1000 * seconds
        )
        self.page.wait_for_timeout(300)  # the last output is drawn after the kernel is idle
        return self.output_of(number)

    def output_of(self, number: int) -> str:
        """Return the text that a learner reads below a cell."""
        return "\n".join(
            self.cell(number).locator(".jp-OutputArea-output").all_inner_texts()
        ).strip()

    def restart_kernel(self) -> None:
        """Restart the kernel by the menu entry, confirm, and wait until it is there again."""
        self.page.evaluate(
            f"() => {{ window.courseRestarted = false; {NOTEBOOK}.sessionContext.statusChanged"
            ".connect((_, status) => { window.courseRestarted ||= /restarting/.test(status); });"
            " window.jupyterapp.commands.execute('notebook:restart-kernel'); }"
        )
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_function(f"window.courseRestarted && {IDLE}", timeout=60_000)

    def save(self) -> None:
        """Write the notebook to disk."""
        self.command("docmanager:save")

    def use_theme(self, theme: str) -> None:
        """Switch between "JupyterLab Light" and "JupyterLab Dark" and wait until it shows."""
        self.command("apputils:change-theme", f"{{theme: '{theme}'}}")
        shown = f"document.body.dataset.jpThemeName === '{theme}'"
        self.page.wait_for_function(shown, timeout=20_000)
        self.page.wait_for_timeout(500)

    def drag(self, slider) -> None:
        """Pull a slider's handle with the mouse to the far side of where it stands."""
        track = slider.locator(".noUi-base, .slider-container").first
        track.scroll_into_view_if_needed()
        box, handle = track.bounding_box(), slider.locator(".noUi-handle").first.bounding_box()
        start = handle["x"] + handle["width"] / 2
        middle = box["x"] + box["width"] / 2
        end = box["x"] + box["width"] * (0.9 if start < middle else 0.1)
        height = handle["y"] + handle["height"] / 2
        self.page.mouse.move(start, height)
        self.page.mouse.down()
        self.page.mouse.move(end, height, steps=4)
        self.page.mouse.up()
        self.page.wait_for_timeout(500)
        self.page.wait_for_function(IDLE, timeout=60_000)
        self.page.wait_for_timeout(1500)

    def keep_screenshot(self, what: str) -> Path:
        """Keep what the screen shows among the artefacts of a run; returns the file."""
        folder = Path(os.environ.get("MLP_COURSE_SCREENSHOTS") or PROJECT / "build/screenshots")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}-{what}.jpeg"
        self.page.screenshot(path=path, type="jpeg", quality=60)
        return path

    def keep_whole(self, what: str) -> list[Path]:
        """Keep pictures of the whole notebook, from top to bottom, each of 8000 px at most."""
        size, paths = self.page.viewport_size, []
        self.page.set_viewport_size(size | {"height": 8000})  # Chromium draws 8192 in one piece
        self.page.wait_for_timeout(1500)
        for part in range(self.probe("nScreens()")):
            self.probe(f"scrollTo({part})")
            self.page.wait_for_timeout(1000)
            paths.append(self.keep_screenshot(f"{what}-{part + 1}"))
        self.page.set_viewport_size(size)
        return paths


def unannounced_errors(cell: dict) -> list[str]:
    """Return the errors that a cell shows although it is not tagged raises-exception."""
    if "raises-exception" in cell["metadata"].get("tags", []):
        return []
    errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
    return [f"error output: {error['ename']}: {error['evalue']}" for error in errors]
