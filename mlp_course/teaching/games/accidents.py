"""An accident on purpose: while labels are computed, a worker process is killed."""

import os
import re
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mlp_course.teaching.figures import NEUTRAL, SERIES, Picture, label_axes, new_figure

if TYPE_CHECKING:
    from dask.distributed import Client

_KEY = re.compile(r"label_key=(\w+)")
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has the second only, as hard


class WorkerAccident:
    """Kill one worker (SIGKILL) once some labels are on disk, and count labels all the while.

    Use it in a ``with`` statement around ``label``.

    Args:
        client: of dask.distributed, with workers on this machine.
        store: the file that ``label`` was given.
        after: number of labels on disk at which the worker dies.

    Attributes:
        killed: process number of the victim; None if it never came to that.
        at: when, in s after the start.
        times: in s after the start, at which labels were counted.
        counts: labels on disk at these times.
    """

    def __init__(self, client: "Client", store: str | Path, *, after: int = 5):
        self._victim = next(iter(client.run(os.getpid).values()))
        self._store, self._after = Path(store), after
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.killed: int | None = None
        self.at = float("nan")
        self.times: list[float] = []
        self.counts: list[int] = []

    def __enter__(self) -> "WorkerAccident":
        self._start = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._over.set()
        self._thread.join()
        self._count()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            if self._count() >= self._after and self.killed is None:
                os.kill(self._victim, _KILL)
                self.killed, self.at = self._victim, time.perf_counter() - self._start

    def _count(self) -> int:
        """Labels on disk: taken into the store, or left by a worker and not yet taken in."""
        spool = self._store.with_suffix(".spool")
        keys = {path.name.partition("-")[0] for path in spool.glob("*.xyz")}
        if self._store.exists():
            keys |= set(_KEY.findall(self._store.read_text("utf-8", "replace")))
        self.times.append(time.perf_counter() - self._start)
        self.counts.append(len(keys))
        return len(keys)


def plot_accident(accident: WorkerAccident) -> Picture:
    """Show how labels came in, and when the worker died.

    Args:
        accident: after its ``with`` statement.

    Example:
        >>> from types import SimpleNamespace
        >>> plot_accident(SimpleNamespace(times=[0, 1, 2], counts=[0, 5, 9], at=1.0, killed=7))
        Labels on disk rise from 0 to 9 in 2.0 s; a worker was killed after 1.0 s
    """
    figure, (axes,) = new_figure(width=6.5, height=3.0)
    axes.step(accident.times, accident.counts, where="post", color=SERIES[0], linewidth=1.8)
    if accident.killed is None:
        story = "no worker was killed"
    else:
        story = f"a worker was killed after {accident.at:.1f} s"
        axes.axvline(accident.at, color=NEUTRAL, linestyle="--")
        axes.text(accident.at, 0, " kill -9", color=NEUTRAL, va="bottom")
    label_axes(axes, "time / s", "labels on disk")
    rise = f"{accident.counts[0]} to {np.max(accident.counts)}"
    return Picture(
        figure, f"Labels on disk rise from {rise} in {accident.times[-1]:.1f} s; {story}"
    )
