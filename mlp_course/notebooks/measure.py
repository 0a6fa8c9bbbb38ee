"""Measuring: wall time and peak memory of every lesson, on the machine at hand."""

from __future__ import annotations

import os
import platform
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from mlp_course.notebooks.build import execute
from mlp_course.notebooks.masters import Lesson, read_master

if TYPE_CHECKING:
    import psutil

LIMIT_SECONDS = 240.0
SHORTER_LIMITS = {"05_workflow": 180.0}  # lessons that promise less, in s
LIMIT_MB = 1500.0
HEADER = "| lesson | wall time / s | peak memory / MB | stored / kB | measured | machine |"

_INTERVAL = 0.05  # s between two looks at the memory


@dataclass(frozen=True)
class Measurement:
    """What one lesson costs: wall time in s, peak memory in MB (10⁶ bytes)."""

    name: str
    seconds: float
    peak_mb: float

    @property
    def fits(self) -> bool:
        """True if the lesson stays within its limits of time and memory."""
        limit = SHORTER_LIMITS.get(self.name, LIMIT_SECONDS)
        return self.seconds <= limit and self.peak_mb <= LIMIT_MB


class PeakMemory:
    """Watch the memory of all processes that start below this one from now on.

    Every 0.05 s the resident memory of the tree is summed; pages that two
    processes share count twice, so the value errs on the high side.
    """

    def __init__(self) -> None:
        """Prepare a watch."""
        self.peak_mb = 0.0
        self._others: set[int] = set()  # children that were there before
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        """Start to watch."""
        self._others = {process.pid for process in _children()}
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to watch."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(_INTERVAL):
            self.peak_mb = max(self.peak_mb, _children_mb(without=self._others))


def measure_notebook(lesson: Lesson) -> Measurement:
    """Run a lesson once in a fresh kernel, store nothing, and return what it cost.

    Args:
        lesson: the lesson whose master is run.

    Returns:
        Wall time with the start of the kernel, and the peak memory of the kernel and of every
        process that it starts.

    Raises:
        RuntimeError: if a cell fails.
    """
    notebook = read_master(lesson.master)
    lesson.notebook.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    with PeakMemory() as memory:
        execute(notebook, lesson.notebook.parent, name=lesson.name)
    return Measurement(lesson.name, time.perf_counter() - start, memory.peak_mb)


def write_table(measured: list[Measurement], lessons: list[Lesson], path: Path) -> None:
    """Write ``notebooks/README.md``; rows of lessons that were not measured now are kept.

    Args:
        measured: the new measurements.
        lessons: every lesson that has a row, in order.
        path: the file to write.
    """
    rows = _stored_rows(path)
    for result in measured:
        rows[result.name] = _row(result, path.parent / f"{result.name}.ipynb")
    lines = [rows[lesson.name] for lesson in lessons if lesson.name in rows]
    table = "\n".join([HEADER, "|---|--:|--:|--:|---|---|", *lines])
    shorter = ", ".join(f"{name[:2]}: {limit:.0f}" for name, limit in SHORTER_LIMITS.items())
    limits = f"{LIMIT_SECONDS:.0f} ({shorter})"
    introduction = _INTRODUCTION.format(limits=limits, memory=LIMIT_MB)
    path.write_text(f"{introduction}\n{table}\n", encoding="utf-8", newline="\n")


_INTRODUCTION = """\
# Notebooks

Built and executed from the masters in `lessons/` by `make notebooks`; never edited by hand.
The table is written by `mlp-course notebooks measure`: each lesson runs from start to end in a
fresh kernel with one thread (`OMP_NUM_THREADS=1`). Wall time includes the start of the kernel.
Peak memory is the resident memory of the kernel and of all processes it starts, in 10⁶ bytes.
A lesson has to stay within {limits} s and {memory:.0f} MB.
"""


def _row(result: Measurement, notebook: Path) -> str:
    size = f"{notebook.stat().st_size / 1e3:.0f}" if notebook.exists() else "-"
    mark = "" if result.fits else " **too much**"
    return (
        f"| [{result.name}]({result.name}.ipynb) | {result.seconds:.0f} | "
        f"{result.peak_mb:.0f}{mark} | {size} | {date.today().isoformat()} | {_machine()} |"
    )


def _machine() -> str:
    """Return the machine in a few words, without its name."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _stored_rows(path: Path) -> dict[str, str]:
    """Return the rows of an existing table by lesson."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line[3:].partition("]")[0]: line for line in lines if line.startswith("| [")}


def _children() -> list[psutil.Process]:
    """Return all processes below this one."""
    import psutil

    return psutil.Process().children(recursive=True)


def _children_mb(*, without: set[int]) -> float:
    """Return the resident memory of the processes below this one, in 10⁶ bytes.

    A process that has only just been forked still carries the pages and the command line of this
    one, until the program that it shall run takes its place. It does not count.
    """
    import psutil

    own, total = psutil.Process().cmdline(), 0
    for process in _children():
        if process.pid in without:
            continue
        try:
            total += process.memory_info().rss if process.cmdline() != own else 0
        except psutil.NoSuchProcess:
            continue
    return total / 1e6
