"""A learning curve that grows while a model trains."""

import math
import time
from collections.abc import Callable

import pandas as pd
from IPython.display import display

from mlp_course.teaching.plots.charts import plot_history


class LiveCurve:
    """Pass it to ``fit`` as ``on_epoch``: the validation errors are redrawn every few seconds.

    The last picture stays in the notebook.

    Args:
        name: of the curve; a method's name gives its colour.
        every: shortest time between two pictures, in s.

    Example:
        >>> curve = LiveCurve("schnet")
        >>> curve.name
        'schnet'
    """

    def __init__(self, name: str, *, every: float = 3.0) -> None:
        self.name = name
        self._redraw = LiveRace(every=every).entry(name)

    def __call__(self, history: pd.DataFrame) -> None:
        """Redraw if the last picture is old enough or the run is over."""
        self._redraw(history)


class LiveRace:
    """Several trainings one after the other in one picture that grows.

    Args:
        every: shortest time between two pictures, in s.

    Attributes:
        histories: what each entry has reached so far, by name.

    Example:
        >>> race = LiveRace()
        >>> callable(race.entry("MACE"))  # pass it to ``fit`` as ``on_epoch``
        True
    """

    def __init__(self, *, every: float = 3.0) -> None:
        self.every = every
        self.histories: dict[str, pd.DataFrame] = {}
        self._drawn = -math.inf
        self._handle = None

    def entry(self, name: str) -> Callable[[pd.DataFrame], None]:
        """What ``fit`` calls after each epoch of the training called ``name``."""

        def redraw(history: pd.DataFrame) -> None:
            self.histories[name] = history
            if time.monotonic() - self._drawn < self.every and not history.attrs.get("over"):
                return
            self._drawn = time.monotonic()
            picture = plot_history(self.histories)
            if self._handle is None:
                self._handle = display(picture, display_id=True)
            else:
                self._handle.update(picture)

        return redraw
