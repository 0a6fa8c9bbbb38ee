"""From the README's two commands to the first executed cell: a fresh clone, timed.

Clones this repository into an empty folder, calls ``make lab`` there, opens the first lesson in a
real Chromium and runs its first code cell. Prints the seconds after which JupyterLab answered and
the cell had its number. ``--again`` starts ``make lab`` a second time, as on the next day.

    python benchmarks/first_cell.py --again
"""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
NOTEBOOK = "window.jupyterapp?.shell.currentWidget"
KERNEL = f"{NOTEBOOK}?.sessionContext?.session?.kernel?.status"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def lab(clone: Path):
    """``make lab`` in a clone; yields its address with token. The server ends with the block."""
    port, token = free_port(), secrets.token_hex(16)
    options = f"--no-browser --port {port} --IdentityProvider.token={token}"
    options += " --LabApp.expose_app_in_browser=True"
    command = ["make", "lab", f"LAB_ARGS={options}"]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    server = subprocess.Popen(command, cwd=clone, env=kept, start_new_session=True)
    try:
        yield f"http://127.0.0.1:{port}", token, server
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def wait_for(address: str, server: subprocess.Popen) -> None:
    """Wait until the server answers; an end of ``make lab`` is an error."""
    while True:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if server.poll() is not None:
                raise RuntimeError(f"make lab ended with {server.returncode}") from None
            time.sleep(0.2)


def run_first_cell(address: str, token: str) -> int | None:
    """Open the page that JupyterLab opens by itself, run its first code cell, return its number."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{address}/lab/tree/notebooks/00_start_here.ipynb?token={token}")
        page.wait_for_function(f"{KERNEL} === 'idle'")
        page.locator(".jp-Notebook .jp-CodeCell").first.click()
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
        number = page.evaluate(f"{NOTEBOOK}.content.activeCell.model.executionCount")
        browser.close()
        return number


def timed(clone: Path) -> tuple[float, float, int | None]:
    """Seconds to the answer of JupyterLab and to the executed cell, and the cell's number."""
    start = time.monotonic()
    with lab(clone) as (address, token, server):
        wait_for(address, server)
        answered = time.monotonic() - start
        number = run_first_cell(address, token)
        return answered, time.monotonic() - start, number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--again", action="store_true", help="start make lab a second time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "mlp-course"
        start = time.monotonic()
        subprocess.run(["git", "clone", "-q", PROJECT, clone], check=True)
        print(f"git clone: {time.monotonic() - start:.0f} s")
        for name in ["first", *["second"] * args.again]:
            answered, executed, number = timed(clone)
            print(f"{name} make lab: JupyterLab answers after {answered:.0f} s,")
            print(
                f"    the first cell has run after {executed:.0f} s (number {number})", flush=True
            )


if __name__ == "__main__":
    main()
