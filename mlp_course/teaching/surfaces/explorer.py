"""A walk along an energy curve: a molecule in 3D, a slider, and a point on every curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ase import Atoms
from matplotlib.figure import Figure

from mlp_course.active_learning.cost.known import plain_number
from mlp_course.teaching.figures import Picture
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.plots.structures import draw_scan, plot_scan
from mlp_course.teaching.viewer import show_molecule

if TYPE_CHECKING:
    import ipywidgets

_SIZE = 300  # of the 3D view, in pixels


class SurfaceExplorer(Interactive):
    """Walk along a scan: the slider moves the molecule in 3D and a point on every curve.

    A reader without a running notebook sees the molecule and the curves at the start.

    Args:
        frames: the configurations of the scan.
        coordinate: what is scanned, one number a frame.
        curves: one number a frame, by the name to show. "reference" and "PBE" are drawn as points.
        at: number of the frame to begin with.
        x: quantity and unit of the coordinate.
        y: quantity and unit of the curves.
        top: upper end of the y axis, for a curve that leaves all others behind; None shows all.

    Raises:
        ValueError: if a curve or the coordinate has another length than the scan, or ``at`` is no
            frame of it.

    Example:
        >>> distances = [0.7, 0.8]
        >>> frames = [Atoms("H2", [[0, 0, 0], [0, 0, d]]) for d in distances]
        >>> walk = SurfaceExplorer(
        ...     frames, distances, {"PBE": [0.0, 0.1]}, at=0, x="distance / Å", y="energy / eV"
        ... )
        >>> walk.frame = 1
        >>> walk
        distance / Å = 0.8: PBE 0.1
    """

    def __init__(
        self,
        frames: Sequence[Atoms],
        coordinate: Sequence[float],
        curves: Mapping[str, Sequence[float]],
        *,
        at: int,
        x: str,
        y: str,
        top: float | None = None,
    ) -> None:
        lengths = {"coordinate": len(coordinate)} | {n: len(c) for n, c in curves.items()}
        for name, length in lengths.items():
            if length != len(frames):
                raise ValueError(
                    f"{name} must have one number a frame, {len(frames)}; got {length}"
                )
        self.frames, self.coordinate, self.curves = list(frames), coordinate, dict(curves)
        self._axes = dict(x=x, y=y, top=top)
        self._at = -1
        self.frame = at

    @property
    def frame(self) -> int:
        """Number of the frame that is shown; set it to walk."""
        return self._at

    @frame.setter
    def frame(self, number: int) -> None:
        if not 0 <= number < len(self.frames):
            raise ValueError(f"frame must be from 0 to {len(self.frames) - 1}; got {number}")
        self._at = number
        if self._widget is not None:
            self.slider.value = number
            self._show()

    def __repr__(self) -> str:
        values = ", ".join(f"{name} {plain_number(c[self._at])}" for name, c in self.curves.items())
        return f"{self._axes['x']} = {self.coordinate[self._at]:.3g}: {values}"

    def picture(self) -> Picture:
        """Molecule and curves at the frame that is shown."""
        return plot_scan(self.frames, self.coordinate, self.curves, at=self._at, **self._axes)

    def _layout(self) -> ipywidgets.Widget:
        """3D view, curves, and the slider below them."""
        import ipywidgets

        self.view = show_molecule(self.frames, size=_SIZE)
        self.image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(max_width="60%"))
        self.said = ipywidgets.HTML()
        wide = ipywidgets.Layout(width="90%")
        last = len(self.frames) - 1
        self.slider = ipywidgets.IntSlider(self._at, 0, last, description="walk", layout=wide)
        self.slider.observe(self._walk, names="value")
        self._show()
        molecule = [self.view.view] if self.view.view is not None else []
        row = ipywidgets.HBox([*molecule, self.image], layout=dict(align_items="center"))
        return ipywidgets.VBox([row, self.slider, self.said])

    def _walk(self, change: dict) -> None:
        self.frame = change["new"]

    def _show(self) -> None:
        """Bring 3D view, picture and words to the present frame."""
        self.view.frame = self._at
        figure = Figure(figsize=(5.6, 3.6), layout="constrained")
        draw_scan(figure.subplots(), self.coordinate, self.curves, at=self._at, **self._axes)
        self.image.value = Picture(figure, repr(self)).png()
        self.said.value = f"<p>{self!r}</p>"

    def _still(self) -> Picture:
        return self.picture()
