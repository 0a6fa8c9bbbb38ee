"""A learning curve that grows while a model trains."""

import time

import pandas as pd
from IPython.display import display

from mlp_course.teaching.plots import plot_history


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
        self.every = every
        self._drawn = 0.0
        self._handle = None

    def __call__(self, history: pd.DataFrame) -> None:
        """Redraw if the last picture is old enough or the run is over."""
        if time.monotonic() - self._drawn < self.every and not history.attrs.get("over"):
            return
        self._drawn = time.monotonic()
        picture = plot_history({self.name: history})
        if self._handle is None:
            self._handle = display(picture, display_id=True)
        else:
            self._handle.update(picture)
