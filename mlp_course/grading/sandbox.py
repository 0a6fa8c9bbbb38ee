"""The sandbox: a program with limits on time, memory, files and output, and with nothing to break.

Where bubblewrap works (Linux with user namespaces), the program also sees no network, no other
process, no other submission, no solutions, and cannot write outside its own folder.
"""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from mlp_course.grading.runner import MEMORY_MB

PROJECT = Path(__file__).resolve().parents[2]
RESULT = "result.jsonl"  # the program writes it in its folder, first when it is ready
START_UP = 300.0  # s that imports may take on a busy machine
POLL = 0.1  # s
MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes:
        seconds: wall time in s, from the first cell on.
        memory_mb: memory of all its processes, in MB.
        disk_mb: size of its folder, in MB.
        output_mb: printed text, in MB.
        processes: processes at once.
    """

    seconds: float = 120.0
    memory_mb: float = 2000.0
    disk_mb: float = 200.0
    output_mb: float = 20.0
    processes: int = 20

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{name} must be positive; got {value}")


@functools.cache
def can_isolate() -> bool:
    """Return whether bubblewrap is installed and may make namespaces here."""
    if shutil.which("bwrap") is None:
        return False
    command = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    tried = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=20)
    return tried.returncode == 0


def run_limited(command: list[str], folder: Path, hidden: list[Path], limits: Limits) -> str:
    """Run a program in a folder until it ends or passes a limit; then nothing of it is left.

    Args:
        command: the program and its arguments.
        folder: its working directory, the only place where it may write.
        hidden: folders it must not see, where the system allows that.
        limits: what it may use.

    Returns:
        Why it was stopped, in one sentence; empty if it ended by itself.
    """
    isolated = [*_bubblewrap(folder, hidden), *command] if can_isolate() else command
    process = subprocess.Popen(
        isolated,
        cwd=folder,
        env=_environment(folder, limits),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    printed = _Printed(process.stdout)
    try:
        return _watch(process, printed, folder, limits)
    finally:
        _kill(process)
        printed.thread.join(timeout=5)


def _watch(process: subprocess.Popen, printed: _Printed, folder: Path, limits: Limits) -> str:
    """Wait for a program; return the sentence of the limit that it passed first.

    The clock starts with the first cell, so that a slow machine's imports cost nobody's points.
    """
    start, began = time.monotonic(), False
    while process.poll() is None:
        if not began and (_size(folder / RESULT) or time.monotonic() - start > START_UP):
            start, began = time.monotonic(), True
        processes, memory = _usage(process)
        seconds = time.monotonic() - start
        used = {
            f"it took more than {limits.seconds:g} s": began * seconds / limits.seconds,
            f"it used more than {limits.memory_mb:g} MB of memory": memory / limits.memory_mb,
            f"it wrote more than {limits.disk_mb:g} MB": _size(folder) / MB / limits.disk_mb,
            f"it printed more than {limits.output_mb:g} MB": printed.bytes / MB / limits.output_mb,
            f"it started more than {limits.processes} processes": processes / limits.processes,
        }
        passed = [sentence for sentence, share in used.items() if share > 1]
        if passed:
            return f"stopped: {passed[0]}"
        time.sleep(POLL)
    if process.returncode:
        return f"its program died (exit status {process.returncode})"
    return ""


class _Printed:
    """Reads what a program prints, counts it and throws it away."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.bytes = 0
        self.thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self.thread.start()

    def _read(self, stream: IO[bytes]) -> None:
        while block := stream.read1(1_000_000):
            self.bytes += len(block)


def _bubblewrap(folder: Path, hidden: list[Path]) -> list[str]:
    """Return the words before a command that shut it off: later mounts lie over earlier ones."""
    words = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
    words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    for needed in (PROJECT, Path(sys.prefix), Path(sys.base_prefix)):
        if needed.is_relative_to("/tmp"):
            words += ["--ro-bind", str(needed), str(needed)]
    for place in hidden:
        if place.is_dir():
            words += ["--tmpfs", str(place)]
    return [*words, "--bind", str(folder), str(folder), "--chdir", str(folder), "--"]


def _environment(folder: Path, limits: Limits) -> dict[str, str]:
    """Return the variables that a submission sees: few, and none of the instructor's secrets."""
    kept = {
        k: v for k, v in os.environ.items() if k in {"PATH", "LANG", "PYTHONPATH", "SYSTEMROOT"}
    }
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    own = dict(HOME=str(folder), MPLBACKEND="Agg", IPYTHONDIR=str(folder / ".ipython"))
    own[MEMORY_MB] = str(limits.memory_mb)
    return kept | threads | own | dict(MLP_COURSE_PROGRESS=str(folder / "progress.json"))


def _usage(process: subprocess.Popen) -> tuple[int, float]:
    """Return the number of processes and their memory in MB."""
    count, memory = 0, 0.0
    try:
        family = [psutil.Process(process.pid)]
        family += family[0].children(recursive=True)
    except psutil.Error:
        return 0, 0.0
    for member in family:
        try:
            memory += member.memory_info().rss / MB
            count += 1
        except psutil.Error:
            continue
    return count, memory


def _size(folder: Path) -> float:
    """Return the bytes of a file, or of all files in a folder; 0 if there is none."""
    total = folder.lstat().st_size if folder.is_file() else 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).lstat().st_size
            except OSError:
                continue
    return total


def _kill(process: subprocess.Popen) -> None:
    """End a program and everything it started, also what left its process group."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        family = []
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):
        process.kill()
    for member in family:
        try:
            member.kill()
        except psutil.Error:
            continue
    process.wait(timeout=10)
