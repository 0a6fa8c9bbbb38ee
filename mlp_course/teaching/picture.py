"""Molecule pictures: balls, sticks and element labels drawn without a browser."""

from __future__ import annotations

import io
from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np
from ase.data import covalent_radii
from ase.utils import rotate

if TYPE_CHECKING:
    from ase import Atoms
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

# Near the usual element colours, from palettes that colour-blind readers can tell apart.
ELEMENT_COLOURS = {
    "H": "#f2f2f2",
    "C": "#4d4d4d",
    "N": "#0072b2",
    "O": "#d55e00",
    "F": "#009e73",
    "Si": "#bba36b",
    "P": "#cc79a7",
    "S": "#f0e442",
    "Cl": "#009e73",
    "Cu": "#e69f00",
    "Al": "#a6bddb",
}
OTHER_COLOUR = "#56b4e9"
BOND_FACTOR = 1.2  # bonded: closer than 1.2 times the sum of the covalent radii
MAX_PANELS = 4
DPI = 100
TILT = "20x,-30y"  # rotations of ase.utils.rotate, in degrees
SIDE = "-80x,10y"


def find_bonds(atoms: Atoms) -> NDArray[np.int64]:
    r"""Return the pairs of atoms that are drawn with a stick.

    .. math:: d_{ij} < 1.2 \, (r_i + r_j)

    Distances are taken inside the cell as drawn; bonds to periodic images are not shown.

    Args:
        atoms: the structure, positions in Å.

    Returns:
        Indices i < j, shape (n_bonds, 2).

    Source:
        Covalent radii of B. Cordero et al., Dalton Trans. 2832 (2008), from ``ase.data``;
        the factor 1.2 is a drawing convention.

    Example:
        >>> from ase import Atoms
        >>> find_bonds(Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])).tolist()
        [[0, 1], [0, 2]]
    """
    radii = covalent_radii[atoms.numbers]
    reach = BOND_FACTOR * (radii[:, None] + radii[None, :])
    near = atoms.get_all_distances() < reach  # (n_atoms, n_atoms)
    return np.argwhere(np.triu(near, k=1))


def atoms_with_changing_bonds(frames: Sequence[Atoms]) -> list[int]:
    """Return few atoms that hold all bonds which some frames have and others lack.

    Found by taking the atom with the most such bonds, again and again.

    Args:
        frames: the same atoms in each, positions in Å.

    Returns:
        Indices of the atoms in rising order, such as that of a proton that changes its place.

    Example:
        >>> from ase import Atoms
        >>> left, right = ([[0, 0, 0], [0, 0, z], [0, 0, 2.6]] for z in (1.0, 1.6))  # O H O
        >>> atoms_with_changing_bonds([Atoms("OHO", left), Atoms("OHO", right)])
        [1]
    """
    bonds = [{tuple(pair) for pair in find_bonds(atoms).tolist()} for atoms in frames]
    changing, loose = set.union(*bonds) - set.intersection(*bonds), []
    while changing:
        ends = [index for pair in changing for index in pair]
        loose.append(max(sorted(set(ends)), key=ends.count))
        changing = {pair for pair in changing if loose[-1] not in pair}
    return sorted(loose)


def viewing_rotation(atoms: Atoms) -> NDArray[np.float64]:
    """Return the rotation that shows a structure from its broad side.

    The longest extent lies along x, the next along y, and the reader looks down z. What is not
    flat is tilted a little, so that atoms behind each other come apart. Mirror images stay
    apart: the result is a proper rotation. Periodic structures are only tilted; a slab, which ends
    along z, is seen from the side with z up.

    Args:
        atoms: the structure, positions in Å.

    Returns:
        Rotation for row vectors, ``positions @ rotation``, shape (3, 3), dimensionless.

    Example:
        >>> from ase import Atoms
        >>> upright = Atoms("N2", [[0, 0, 0], [0, 0, 1.1]])
        >>> turned = upright.positions @ viewing_rotation(upright)
        >>> abs(turned[1] - turned[0]).round(2).tolist()
        [1.1, 0.0, 0.0]
    """
    if atoms.pbc.tolist() == [True, True, False]:
        return rotate(SIDE)
    if atoms.pbc.any():
        return rotate(TILT)
    centred = atoms.positions - atoms.positions.mean(axis=0)
    extents, vectors = np.linalg.eigh(centred.T @ centred)  # Å², shortest first
    rotation = vectors[:, ::-1]
    signs = np.sign(rotation[np.abs(rotation).argmax(axis=0), range(3)])
    rotation = rotation * signs
    rotation[:, 2] *= np.sign(np.linalg.det(rotation))
    flat = extents[0] < 0.01 * extents[2]
    return rotation if flat else rotation @ rotate(TILT)


def turn(atoms: Atoms, rotation: NDArray[np.float64]) -> Atoms:
    """Return a copy whose positions and cell are turned: ``positions @ rotation``.

    Example:
        >>> from ase import Atoms
        >>> quarter = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
        >>> turn(Atoms("H", [[2.0, 0.0, 0.0]]), quarter).positions.tolist()
        [[0.0, 2.0, 0.0]]
    """
    turned = atoms.copy()
    turned.set_cell(atoms.cell.array @ rotation)
    turned.positions = atoms.positions @ rotation
    return turned


def check_centre(atoms: Atoms, centre: int) -> None:
    """Raise ValueError unless ``centre`` is the number of an atom, counted from 0."""
    if not isinstance(centre, Integral) or not 0 <= centre < len(atoms):
        raise ValueError(
            f"centre must be the number of an atom, from 0 to {len(atoms) - 1}; got {centre}"
        )


def draw_molecule(
    atoms: Atoms,
    axes: Axes,
    *,
    half_width: float,
    centre: NDArray[np.float64] | None = None,
    numbered: bool = False,
) -> None:
    """Draw one structure as seen down the z axis, with a scale bar.

    Args:
        atoms: the structure, already turned towards the reader; positions in Å.
        axes: where to draw; its limits are set and its frame is hidden.
        half_width: half of the width that is shown, in Å.
        centre: point in the middle of what is shown, in Å, shape (3,); None: of the structure.
        numbered: write the number of each atom behind its symbol.
    """
    centre = middle(atoms) if centre is None else centre
    axes.set(xlim=(-half_width, half_width), ylim=(-half_width, half_width), aspect="equal")
    axes.set_axis_off()
    points = axes.figure.get_figwidth() * axes.get_position().width * 72 / (2 * half_width)
    positions = atoms.positions - centre  # (n_atoms, 3)
    _draw_cell(atoms, axes, centre)
    _draw_bonds(atoms, axes, positions, width=0.16 * points)
    names = [f"{name}{n}" if numbered else name for n, name in enumerate(atoms.symbols)]
    _draw_atoms(atoms, axes, positions, points, names)
    _draw_scale_bar(axes, half_width)


def molecule_picture(
    frames: Sequence[Atoms], *, size: int = 400, names: Sequence[str] | None = None
) -> bytes:
    """Draw a structure, or up to four frames of a trajectory side by side.

    Args:
        frames: structures, already turned towards the reader; positions in Å.
        size: width and height of one panel, in pixels.
        names: of the frames, written above the panels; None numbers them.

    Returns:
        A PNG file; the same input gives the same bytes.
    """
    from matplotlib.figure import Figure

    chosen = panel_frames(len(frames))
    side = size / DPI
    figure = Figure(figsize=(side * len(chosen), side), dpi=DPI)
    grid = figure.subplots(1, len(chosen), squeeze=False, gridspec_kw={"wspace": 0.0})[0]
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1)
    centre, half_width = framing(frames)
    for index, axes in zip(chosen, grid, strict=True):
        draw_molecule(frames[index], axes, centre=centre, half_width=half_width)
        if len(frames) > 1:
            name = names[index] if names else f"frame {index}"
            axes.text(0.5, 0.98, name, transform=axes.transAxes, ha="center", va="top")
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def panel_frames(n_frames: int) -> list[int]:
    """Return the frames that are drawn: all of few, else four evenly spaced ones.

    Example:
        >>> panel_frames(2), panel_frames(100)
        ([0, 1], [0, 33, 66, 99])
    """
    n_panels = min(n_frames, MAX_PANELS)
    return [int(index) for index in np.linspace(0, n_frames - 1, n_panels)]


def ball_radius(numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the drawn radius of each atom in Å: large enough for a label, by size ordered."""
    return 0.22 + 0.22 * covalent_radii[numbers]


def framing(frames: Sequence[Atoms]) -> tuple[NDArray[np.float64], float]:
    """Return the middle of what is drawn and half of the width that shows it, in Å.

    All drawn frames share one framing, so that a molecule that moves is seen to move.

    Args:
        frames: structures, already turned towards the reader; positions in Å.

    Returns:
        Middle, shape (3,), and half width with a margin for balls and scale bar, in Å.
    """
    drawn = [frames[index] for index in panel_frames(len(frames))]
    points = [atoms.positions for atoms in drawn]
    points += [_corners(atoms) for atoms in drawn if atoms.pbc.any()]
    highest, lowest = np.max(np.vstack(points), axis=0), np.min(np.vstack(points), axis=0)
    reach = float((highest - lowest)[:2].max()) / 2
    return (highest + lowest) / 2, 1.15 * (reach + 0.5)


def middle(atoms: Atoms) -> NDArray[np.float64]:
    """Return the point in the middle of the picture of one structure, in Å, shape (3,)."""
    return framing([atoms])[0]


def half_width_shown(atoms: Atoms) -> float:
    """Return half of the width that shows one structure, in Å; see ``framing``."""
    return framing([atoms])[1]


def _corners(atoms: Atoms) -> NDArray[np.float64]:
    """Return the eight corners of the cell in Å, shape (8, 3)."""
    return np.indices((2, 2, 2)).reshape(3, 8).T @ atoms.cell.array


def _draw_cell(atoms: Atoms, axes: Axes, centre: NDArray[np.float64]) -> None:
    if not atoms.pbc.any():
        return
    steps = np.indices((2, 2, 2)).reshape(3, 8).T
    corners = _corners(atoms) - centre
    for i, j in np.argwhere(np.abs(steps[:, None] - steps[None]).sum(axis=2) == 1):
        if i < j:
            axes.plot(*corners[[i, j], :2].T, color="#999999", lw=1, zorder=-1e3)


def _draw_bonds(atoms: Atoms, axes: Axes, positions: NDArray, *, width: float) -> None:
    for i, j in find_bonds(atoms):
        ends = positions[[i, j]]  # (2, 3); the stick ends behind both balls
        depth = ends[:, 2].min() - 0.02
        axes.plot(*ends[:, :2].T, color="black", lw=width + 1.5, zorder=depth)
        axes.plot(*ends[:, :2].T, color="#bbbbbb", lw=width, zorder=depth + 0.01)


def _draw_atoms(
    atoms: Atoms, axes: Axes, positions: NDArray, points: float, names: Sequence[str]
) -> None:
    """Draw balls from back to front; label them where a letter is at least 6 points high."""
    from matplotlib.patches import Circle

    for symbol, name, (x, y, z), radius in zip(
        atoms.symbols, names, positions, ball_radius(atoms.numbers), strict=True
    ):
        colour = ELEMENT_COLOURS.get(symbol, OTHER_COLOUR)
        axes.add_patch(Circle((x, y), radius, fc=colour, ec="black", lw=0.8, zorder=z + 0.02))
        letters = min(1.3 * radius * points, 18) / len(name) ** 0.5
        if letters >= 6:
            axes.annotate(
                name, (x, y), color=_ink(colour), size=letters, zorder=z + 0.03,
                ha="center", va="center_baseline", annotation_clip=True,
            )  # fmt: skip


def _ink(colour: str) -> str:
    """Return black or white, whichever is readable on a colour."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 110 else "white"


def _draw_scale_bar(axes: Axes, half_width: float) -> None:
    length = 1.0 if half_width < 6 else 5.0
    left, low = -0.94 * half_width, -0.94 * half_width
    axes.plot([left, left + length], [low, low], color="black", lw=2, zorder=1e3)
    axes.text(left + length / 2, low + 0.02 * half_width, f"{length:g} Å", ha="center", va="bottom")
