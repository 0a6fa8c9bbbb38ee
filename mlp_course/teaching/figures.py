"""Figures: one style, one colour a method in all lessons, and words for who cannot see them."""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, Normal, Stroke
from matplotlib.ticker import LogLocator, NullFormatter
from PIL import Image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

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
    "force_field": "#AA4499",
}
#: A descriptor has the colour of the potential that is built on it.
BUILT_ON = {"soap": "gap", "symmetry": "behler_parrinello"}
SERIES = ("#332288", "#AA4499", "#117733", "#DDCC77", "#88CCEE", "#44AA99")  # P. Tol, "muted"
NEUTRAL = "#7F7F7F"
#: What holds and what fails, in all lessons no method's colour; a sign or a hatch stands beside it.
GOOD, ALARM = "#117733", "#CC3311"  # P. Tol, "muted" green and "vibrant" red
MARKERS = "osD^vPX*"  # the second sign beside the colour
_EDGE = "#555555"
_DPI = 90
_PALETTE = 256  # colours of a stored picture: a third of the bytes, and no difference to see


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
        """Return the figure as a PNG file with a palette of 256 colours."""
        drawn, stored = io.BytesIO(), io.BytesIO()
        self.figure.savefig(drawn, format="png", dpi=_DPI)
        with Image.open(drawn) as image:
            few = image.convert("RGB").quantize(_PALETTE, dither=Image.Dither.NONE)
        few.save(stored, format="PNG", optimize=True)
        return stored.getvalue()

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


def method_colour(name: str) -> str | None:
    """Colour of a method, known by the first word of its name; None for what is no method.

    Example:
        >>> method_colour("Behler-Parrinello (50 frames)") == COLOURS["behler_parrinello"]
        True
        >>> method_colour("mean of the training frames") is None
        True
    """
    first = name.split()[0].lower().replace("-", "_")
    if name.lower().startswith("force field"):
        first = "force_field"
    return COLOURS.get(BUILT_ON.get(first, first))


def colour_of(name: str, number: int) -> str:
    """Colour of a method by its name, else the number-th colour of the series.

    Example:
        >>> colour_of("mean of the training frames", 1) == SERIES[1]
        True
    """
    return method_colour(name) or SERIES[number % len(SERIES)]


def edge_of(colour: str) -> str:
    """Colour of the edge of a sign: dark around a pale one, which is faint on white, else the same.

    Pale is a luminance above 0.7, as ITU-R BT.709 weighs red, green and blue.

    Example:
        >>> edge_of(COLOURS["gap"]), edge_of(COLOURS["schnet"]) == COLOURS["schnet"]
        ('#555555', True)
    """
    pale = np.dot((0.2126, 0.7152, 0.0722), to_rgb(colour)) > 0.7
    return _EDGE if pale else colour


def outline(colour: str, width: float) -> list[AbstractPathEffect]:
    """Path effects that draw a dark edge around a line if its colour is pale.

    Args:
        colour: of the line.
        width: of the line, in points.

    Example:
        >>> len(outline(COLOURS["gap"], 1.8)), outline(COLOURS["schnet"], 1.8)
        (2, [])
    """
    if edge_of(colour) == colour:
        return []
    return [Stroke(linewidth=width + 1.2, foreground=_EDGE), Normal()]


def first_and_last(lines: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> str:
    """Say in words where each curve begins and ends, for who cannot see it.

    Example:
        >>> first_and_last({"SOAP": ([50, 400], [61.2, 12.6]), "guess": ([50], [125.0])})
        'SOAP from 61.2 to 12.6, guess 125'
    """
    heights = {name: np.asarray(ys, dtype=float) for name, (_, ys) in lines.items()}
    ends = {name: (ys[0], ys[-1], len(ys)) for name, ys in heights.items()}
    return ", ".join(
        f"{name} from {first:.3g} to {last:.3g}" if n > 1 else f"{name} {first:.3g}"
        for name, (first, last, n) in ends.items()
    )


def label_axes(axes: "Axes", x: str, y: str, title: str = "") -> None:
    """Write quantity and unit on both axes."""
    axes.set(xlabel=x, ylabel=y)
    if title:
        axes.set_title(title, fontsize=11)


def with_unit(quantity: str, unit: str) -> str:
    """Quantity over unit, as an axis says it; a unit that is a fraction stands in brackets.

    Example:
        >>> with_unit("force", "eV/Å"), with_unit("energy", "meV")
        ('force / (eV/Å)', 'energy / meV')
    """
    return f"{quantity} / ({unit})" if "/" in unit else f"{quantity} / {unit}"


class FewNumbers(LogLocator):
    """Round numbers on a logarithmic axis: at least four, however short the axis is.

    Example:
        >>> [round(float(x)) for x in FewNumbers().tick_values(8, 18) if 8 <= x <= 18]
        [8, 9, 10, 12, 15]
        >>> [round(float(x)) for x in FewNumbers().tick_values(3, 700) if 3 <= x <= 700]
        [3, 10, 30, 100, 300]
    """

    _DIGITS = (
        (1,),
        (1, 3),
        (1, 2, 5),
        (1, 1.5, 2, 3, 5, 7),
        (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9),
    )

    def tick_values(self, vmin: float, vmax: float) -> np.ndarray:
        """Places of the numbers, some of them beyond the ends."""
        low, high = sorted((vmin, vmax))
        for digits in self._DIGITS:
            self.set_params(subs=digits)
            places = np.asarray(super().tick_values(vmin, vmax))
            if np.count_nonzero((places >= low) & (places <= high)) >= 4:
                break
        return places


def close_numbers(axis: "Axis") -> None:
    """Write plain numbers on a logarithmic axis that may be shorter than a decade."""
    axis.set_major_locator(FewNumbers())
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())


def plain_numbers(axis: "Axis") -> None:
    """Write 30 instead of 3 × 10¹ on a logarithmic axis, at 1, 2 and 5 of each decade."""
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())
