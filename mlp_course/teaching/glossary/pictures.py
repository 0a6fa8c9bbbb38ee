"""Pictures of lesson 02: a landscape to walk in, and arrows on molecules that are moved."""

from collections.abc import Mapping, Sequence

import numpy as np
from ase import Atoms
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from mlp_course.teaching.figures import SERIES, Picture, label_axes
from mlp_course.teaching.picture import (
    draw_molecule,
    half_width_shown,
    middle,
    turn,
    viewing_rotation,
)


def plot_landscape(
    energies: ArrayLike,
    frames: Sequence[Atoms],
    *,
    columns: Sequence[float],
    rows: Sequence[float],
    at: tuple[int, int],
    x: str,
    y: str,
) -> Picture:
    """Show a map of energies over two coordinates, a place on it, and the molecule at this place.

    Args:
        energies: in meV above the lowest, shape (n_rows, n_columns).
        frames: the configurations row by row, n_rows * n_columns of them.
        columns: the coordinate that changes along a row.
        rows: the coordinate that changes from row to row.
        at: row and column of the place.
        x: quantity and unit of ``columns``.
        y: quantity and unit of ``rows``.

    Raises:
        ValueError: if there is not one frame for each energy.

    Example:
        >>> frames = [Atoms("H2", [[0, 0, 0], [0, 0, d]]) for d in (0.7, 0.8, 0.7, 0.8)]
        >>> place = dict(columns=[0, 1], rows=[0, 1], at=(1, 0), x="first / °", y="second / °")
        >>> plot_landscape([[0, 5], [10, 15]], frames, **place)
        Map of the energy: at first / ° = 0, second / ° = 1 it is 10 meV, the highest is 15 meV
    """
    heights = np.asarray(energies, dtype=float)
    if len(frames) != heights.size or heights.shape != (len(rows), len(columns)):
        raise ValueError(
            f"there must be one frame for each of {len(rows)} x {len(columns)} places; got "
            f"{len(frames)} frames and energies of shape {heights.shape}"
        )
    row, column = at
    figure = Figure(figsize=(8.6, 3.7))
    left, right = figure.add_axes((0, 0, 0.38, 1)), figure.add_axes((0.47, 0.16, 0.5, 0.76))
    rotation = viewing_rotation(frames[0])
    shown = turn(frames[row * len(columns) + column], rotation)
    draw_molecule(shown, left, half_width=1.1 * half_width_shown(turn(frames[0], rotation)))
    filled = right.contourf(columns, rows, heights, levels=12, cmap="cividis")
    right.contour(columns, rows, heights, levels=12, colors="white", linewidths=0.4)
    figure.colorbar(filled, ax=right, label="energy above the lowest / meV")
    right.plot(columns[column], rows[row], "o", ms=11, mfc="white", mec=SERIES[1], mew=3)
    right.set_xticks(columns[:: max(1, len(columns) // 6)])
    right.set_yticks(rows[:: max(1, len(rows) // 6)])
    label_axes(right, x, y)
    here = f"at {x} = {columns[column]:g}, {y} = {rows[row]:g} it is {heights[row, column]:.0f} meV"
    return Picture(figure, f"Map of the energy: {here}, the highest is {heights.max():.0f} meV")


def plot_moved_arrows(
    frames: Mapping[str, Atoms], vectors: Mapping[str, ArrayLike], *, quantity: str
) -> Picture:
    """Draw copies of a molecule side by side, as they lie, with an arrow on each atom.

    Args:
        frames: the copies by name, positions in Å; nothing is turned towards the reader.
        vectors: one vector an atom by the same names, shape (n_atoms, 3), all in one unit.
        quantity: what the arrows are.

    Raises:
        ValueError: if the names differ.

    Example:
        >>> pair = Atoms("N2", [[0, 0, 0], [1.1, 0, 0]])
        >>> plot_moved_arrows({"as it was": pair}, {"as it was": [[1, 0, 0], [-1, 0, 0]]},
        ...                   quantity="force")
        force on each atom as an arrow: as it was
    """
    if list(frames) != list(vectors):
        raise ValueError(
            f"frames and vectors must have the same names; got {list(frames)} and {list(vectors)}"
        )
    figure = Figure(figsize=(3.1 * len(frames), 3.2))
    half_width = 1.2 * max(map(half_width_shown, frames.values()))
    longest = max(
        np.linalg.norm(np.asarray(v, dtype=float), axis=1).max() for v in vectors.values()
    )
    for number, (name, atoms) in enumerate(frames.items()):
        axes = figure.add_axes((number / len(frames), 0, 1 / len(frames), 0.92))
        draw_molecule(atoms, axes, half_width=half_width)
        points = (atoms.positions - middle(atoms))[:, :2]
        arrows = 0.5 * half_width * np.asarray(vectors[name], dtype=float) / longest
        style = dict(angles="xy", scale_units="xy", scale=1, width=0.016, zorder=1e3)
        axes.quiver(*points.T, *arrows[:, :2].T, color=SERIES[1], **style)
        axes.set_title(name, fontsize=11)
    return Picture(figure, f"{quantity} on each atom as an arrow: {', '.join(frames)}")
