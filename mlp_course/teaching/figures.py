"""Figures: one style, one colour a method in all lessons, and words for who cannot see them."""

import base64
import io
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe and Ito's palette, which colour-blind readers can tell apart. The same colour for the same
#: method in every lesson; what is no method (train, test, sets) takes from ``SERIES``.
COLOURS = {
    "reference": "#000000",
    "schnet": "#0072B2",
    "painn": "#D55E00",
    "behler_parrinello": "#999999",
    "gap": "#F0E442",
    "ani": "#56B4E9",
    "dimenet": "#CC79A7",
    "nequip": "#E69F00",
    "mace": "#009E73",
    "ace": "#882255",
    "xtb": "#7F5F3F",
}
#: A descriptor has the colour of the potential that is built on it.
BUILT_ON = {"soap": "gap", "symmetry": "behler_parrinello"}
SERIES = ("#332288", "#AA4499", "#117733", "#DDCC77", "#88CCEE", "#44AA99")  # P. Tol, "muted"
NEUTRAL = "#7F7F7F"
_DPI = 90


class Picture:
    """A finished figure that a notebook shows, with its description for screen readers.

    Attributes:
        figure: the matplotlib figure, for whoever wants to change or save it.
        alt: what the picture shows, in words.

    Example:
        >>> figure, panels = new_figure(2)
        >>> picture = Picture(figure, "Two empty panels")
        >>> picture
        Two empty panels
        >>> picture.png()[1:4]  # how every PNG file begins
        b'PNG'
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure = figure
        self.alt = alt

    def __repr__(self) -> str:
        return self.alt

    def png(self) -> bytes:
        """Return the figure as a PNG file."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=_DPI, pil_kwargs={"optimize": True})
        return buffer.getvalue()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict, dict]:
        data = {"text/plain": self.alt, "image/png": base64.b64encode(self.png()).decode()}
        return data, {"image/png": {"alt": self.alt}}


def new_figure(
    n_columns: int = 1, *, width: float = 4.6, height: float = 3.6
) -> tuple[Figure, list]:
    """Make a figure with panels side by side, in the style of the course.

    Args:
        n_columns: number of panels.
        width: of one panel, in inches.
        height: in inches.

    Returns:
        The figure and the list of its axes.
    """
    figure = Figure(figsize=(width * n_columns, height), layout="constrained")
    panels = list(figure.subplots(1, n_columns, squeeze=False)[0])
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25, linewidth=0.6)
    return figure, panels


def colour_of(name: str, number: int) -> str:
    """Colour of a method by its name, else the number-th colour of the series.

    Example:
        >>> colour_of("Behler-Parrinello", 0) == COLOURS["behler_parrinello"]
        True
    """
    first = name.split()[0].lower().replace("-", "_")
    return COLOURS.get(BUILT_ON.get(first, first), SERIES[number % len(SERIES)])


def label_axes(axes: "Axes", x: str, y: str, title: str = "") -> None:
    """Write quantity and unit on both axes."""
    axes.set(xlabel=x, ylabel=y)
    if title:
        axes.set_title(title, fontsize=11)
