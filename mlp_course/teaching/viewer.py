"""A molecule to turn by hand, with a picture for readers whose browser draws none."""

from __future__ import annotations

import base64
import html
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from ase import Atoms
from ase.build import minimize_rotation_and_translation

from mlp_course.teaching.interactive import WIDGET
from mlp_course.teaching.picture import (
    atoms_with_changing_bonds,
    framing,
    molecule_picture,
    panel_frames,
    turn,
    viewing_rotation,
)
from mlp_course.teaching.structure_record import structure_record

if TYPE_CHECKING:
    import ipywidgets
    import nglview
    from numpy.typing import NDArray

NGL_VIEW_ANGLE = 40.0  # degrees


class MoleculeView:
    """What ``show_molecule`` returns: JupyterLab draws it in 3D, other readers as a picture.

    Attributes:
        frames: the structures as the 3D view knows them; positions in Å.
        names: of the frames, or None where they have numbers.
        alt: description in words, for screen readers.
        picture: the static picture, a PNG file.
        view: the nglview widget, to add representations; None where nglview is not installed.
        widget: the whole display (3D view, frame slider, picture) to put into other layouts.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
        >>> view = MoleculeView([water], size=100)
        >>> view.alt
        'Ball-and-stick picture of H2O (3 atoms)'
        >>> view.picture[1:4]  # how every PNG file begins
        b'PNG'
    """

    def __init__(
        self, frames: Sequence[Atoms], *, size: int, names: Sequence[str] | None = None
    ) -> None:
        """Draw ``frames``; use ``show_molecule``, which checks them first."""
        self.frames = [_in_standard_cell(frame) for frame in frames]
        self.names = None if names is None else list(names)
        rotation = viewing_rotation(self.frames[0])
        side = size if len(frames) == 1 else 3 * size // 5
        self.alt = describe(frames, self.names)
        turned = [turn(frame, rotation) for frame in self.frames]
        self.picture = molecule_picture(turned, size=side, names=self.names)
        self.view = _ngl_view(self.frames, size)
        self._camera = camera_matrix(self.frames, rotation)
        if self.view is not None:
            # Orthographic: equal atoms look equal. clip_dist: draw what is nearer than 10 Å too.
            self.view.stage.set_parameters(camera_type="orthographic", clip_dist=0)
            self.view.control.orient(self._camera)
        self.widget = self._layout(size) if self.view is not None else None

    @property
    def frame(self) -> int:
        """Index of the frame that the 3D view shows; set it to move."""
        return self.view.frame if self.view is not None else 0

    @frame.setter
    def frame(self, index: int) -> None:
        if not 0 <= index < len(self.frames):
            raise ValueError(f"frame must be from 0 to {len(self.frames) - 1}; got {index}")
        if self.view is not None:
            self.view.frame = index

    def __repr__(self) -> str:
        return self.alt

    def _layout(self, size: int) -> ipywidgets.Widget:
        """Put the 3D view, the frame slider and the picture below each other."""
        import ipywidgets

        children = [self.view, ipywidgets.HTML(_fold_out(self.alt, self.picture))]
        if len(self.frames) > 1:
            names = self.names or range(len(self.frames))
            children.insert(1, _frame_slider(self.view, names, size))
        return ipywidgets.VBox(children)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Offer the live view and the picture; a front end takes the best one it can show."""
        data = {"text/plain": self.alt, "image/png": base64.b64encode(self.picture).decode()}
        if self.widget is not None:
            data[WIDGET] = self.widget._repr_mimebundle_()[WIDGET]
        return data, {"image/png": {"alt": self.alt}, "mlp_course": {"structure": self._record()}}

    def _record(self) -> str:
        """Return the structures as text, for the website to draw."""
        return structure_record(
            self.frames,
            names=self.names,
            camera=self._camera,
            representations=_representations(self.frames),
        )


def show_molecule(
    atoms: Atoms | Sequence[Atoms],
    *,
    size: int = 400,
    align: bool = False,
    names: Sequence[str] | None = None,
) -> MoleculeView:
    """Show a structure in 3D, or a trajectory with a frame slider.

    In JupyterLab the molecule can be turned (drag), zoomed (wheel) and measured (right click).
    The stored notebook keeps a picture from the same side: at most four frames, with element
    labels and a scale bar. Nothing has to be drawn by a browser for the cell to run.

    The picture finds the bonds of every frame anew. The 3D view cannot, so an atom whose bonds come
    and go, such as a proton that changes its place, is drawn there as a ball without sticks.

    Args:
        atoms: one structure, or the frames of a trajectory with the same atoms in the same
            order; positions in Å.
        size: width and height of the 3D view, in pixels.
        align: move and turn every frame onto the first one (least squares), so that a molecule
            that tumbles through a simulation shows its inner motion only.
        names: of the frames, for the slider and the picture; None numbers them.

    Returns:
        A view that the notebook shows when it is the last line of a cell, or by ``display``.

    Raises:
        TypeError: if a frame is not ``Atoms``.
        ValueError: if there is no frame, a frame has no atoms, the atoms change, ``size`` is below
            50, periodic frames are to be aligned, or the names are not one for each frame.

    Example:
        >>> from ase import Atoms
        >>> view = show_molecule(Atoms("N2", [[0, 0, 0], [0, 0, 1.1]]))
        >>> view
        Ball-and-stick picture of N2 (2 atoms)
    """
    frames = [atoms] if isinstance(atoms, Atoms) else list(atoms)
    _check(frames)
    if size < 50:
        raise ValueError(f"size must be at least 50, in pixels; got {size}")
    if names is not None and not len(names) == len(set(names)) == len(frames):
        raise ValueError(
            f"names must be {len(frames)} different ones, one for each frame; got {list(names)}"
        )
    return MoleculeView(_aligned(frames) if align else frames, size=size, names=names)


def describe(frames: Sequence[Atoms], names: Sequence[str] | None = None) -> str:
    """Return one sentence that says what the picture shows.

    Example:
        >>> describe([Atoms("OH2")] * 10)
        'Ball-and-stick picture of H2O (3 atoms), frames 0, 3, 6, 9 of 10'
    """
    first = frames[0]
    text = f"Ball-and-stick picture of {first.get_chemical_formula()} ({len(first)} atoms)"
    if len(frames) > 1:
        shown = ", ".join(str(names[n] if names else n) for n in panel_frames(len(frames)))
        text += f": {shown}" if names else f", frames {shown} of {len(frames)}"
    return text


def _check(frames: list[Atoms]) -> None:
    """Refuse what cannot be shown, naming the frame."""
    if not frames:
        raise ValueError("atoms must hold at least one frame; got an empty list")
    for index, frame in enumerate(frames):
        if not isinstance(frame, Atoms):
            raise TypeError(f"frame {index} must be ase.Atoms; got {type(frame).__name__}")
        if len(frame) == 0:
            raise ValueError(f"frame {index} must have atoms; got an empty structure")
        if list(frame.numbers) != list(frames[0].numbers):
            raise ValueError(
                f"all frames must have the same atoms in the same order; frame {index} is "
                f"{frame.get_chemical_formula()}, frame 0 is {frames[0].get_chemical_formula()}. "
                "Show them one by one"
            )


def _aligned(frames: list[Atoms]) -> list[Atoms]:
    """Copies, moved and turned onto the first frame."""
    if any(frame.pbc.any() for frame in frames):
        raise ValueError(
            "align=True needs molecules without periodic directions: a cell cannot turn; "
            "leave align out"
        )
    copies = [frame.copy() for frame in frames]
    for copy in copies[1:]:
        copy.set_constraint()  # a fixed atom would stay behind
        minimize_rotation_and_translation(copies[0], copy)
    return copies


def _in_standard_cell(atoms: Atoms) -> Atoms:
    """Return a copy, turned as PDB, the format that NGL reads, wants a periodic cell to lie."""
    copy = atoms.copy()
    if atoms.pbc.any():
        copy.set_cell(atoms.cell.standard_form()[0], scale_atoms=True)
    return copy


def camera_matrix(frames: Sequence[Atoms], rotation: NDArray[np.float64]) -> list[float]:
    """Return the camera of NGL that sees what the picture shows, at the same scale.

    NGL looks along +z with +x to the left, so the rotation is followed by a half turn about y.
    The distance of the camera makes half of the picture's width fill half of the view.

    Args:
        frames: the structures as NGL knows them, positions in Å.
        rotation: for row vectors, shape (3, 3), dimensionless.

    Returns:
        The 16 numbers of NGL's ``orient``: the rotation times the distance, column after column,
        and minus the point in the middle, both in Å.
    """
    centre, half_width = framing([turn(frame, rotation) for frame in frames])
    distance = half_width / np.tan(np.radians(NGL_VIEW_ANGLE / 2))
    matrix = np.eye(4)
    matrix[:3, :3] = distance * rotation @ np.diag([-1.0, 1.0, -1.0])
    matrix[3, :3] = -rotation @ centre
    return matrix.ravel().tolist()


def _ngl_view(frames: list[Atoms], size: int) -> nglview.NGLWidget | None:
    """Return an interactive view with balls and sticks, or None without nglview."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nglview 3 imports pkg_resources
            import nglview
    except ImportError:
        return None
    kind = nglview.ASEStructure(frames[0]) if len(frames) == 1 else nglview.ASETrajectory(frames)
    view = nglview.NGLWidget(kind, representations=_representations(frames))
    if frames[0].pbc.any():
        view.add_unitcell()
    view.layout.width = view.layout.height = f"{size}px"
    return view


def _representations(frames: Sequence[Atoms]) -> list[dict[str, Any]]:
    """Balls and sticks for NGL, which takes the bonds of the first frame for those of all.

    If some frame lacks one of these bonds, all atoms are balls, and sticks join only atoms whose
    bonds stay. These are listed, because NGL takes ``not @7`` for no atom at all.
    """
    loose = atoms_with_changing_bonds(frames)
    if not loose:
        return [{"type": "ball+stick", "params": {"sele": "all", "aspectRatio": 2.5}}]
    firm = "@" + ",".join(str(atom) for atom in range(len(frames[0])) if atom not in loose)
    return [
        {"type": "spacefill", "params": {"sele": "all", "radiusType": "size", "radiusSize": 0.375}},
        {"type": "ball+stick", "params": {"sele": firm, "aspectRatio": 2.5}},
    ]


def _frame_slider(view: nglview.NGLWidget, names: Sequence, size: int) -> ipywidgets.Widget:
    """Return a play button and a slider that both move the frame of a view."""
    import ipywidgets

    play = ipywidgets.Play(max=len(names) - 1, interval=100)
    if isinstance(names, range):
        slider, moved = ipywidgets.IntSlider(max=len(names) - 1, description="frame"), "value"
    else:
        slider, moved = ipywidgets.SelectionSlider(options=names, description="frame"), "index"
    slider.layout.width = f"{max(size - 130, 150)}px"
    ipywidgets.jslink((play, "value"), (slider, moved))
    ipywidgets.jslink((slider, moved), (view, "frame"))
    return ipywidgets.HBox([play, slider])


def _fold_out(alt: str, picture: bytes) -> str:
    """Return HTML that hides the picture behind a line to click."""
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return (
        "<details><summary>No 3D view? Show the picture</summary>"
        f'<img alt="{html.escape(alt)}" src="{source}"></details>'
    )
