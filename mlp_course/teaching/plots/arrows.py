"""Vectors on atoms: what turns with the molecule, and what does not."""

from collections.abc import Mapping, Sequence

import numpy as np
from ase import Atoms
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from mlp_course.teaching.figures import SERIES, Picture, label_axes, outline
from mlp_course.teaching.picture import draw_molecule, half_width_shown, middle


def plot_turned_vectors(
    frames: Sequence[Atoms],
    angles: Sequence[float],
    vectors: ArrayLike,
    curves: Mapping[str, Sequence[float]],
    *,
    at: int,
) -> Picture:
    """Show a turned molecule with an arrow on each atom, beside numbers that belong to it.

    The reader looks down z, and nothing is turned back: arrows and atoms are drawn as given.

    Args:
        frames: the molecule in its positions, in Å; one frame an angle.
        angles: by which it was turned, in degrees.
        vectors: one vector an atom, shape (n_frames, n_atoms, 3); only their relative length
            matters.
        curves: one number a frame, by name: components, lengths, scalars, ...
        at: number of the frame that is drawn and marked.

    Example:
        >>> frames = [Atoms("N2", [[0, 0, 0], [1.1, 0, 0]]), Atoms("N2", [[0, 0, 0], [0, 1.1, 0]])]
        >>> vectors = [[[1, 0, 0], [-1, 0, 0]], [[0, 1, 0], [0, -1, 0]]]
        >>> plot_turned_vectors(frames, [0, 90], vectors, {"x of atom 0": [1, 0]}, at=1)
        Molecule turned by 90°, arrows on its atoms; x of atom 0 0.00
    """
    vectors = np.asarray(vectors, dtype=float)
    figure = Figure(figsize=(8.6, 3.6))
    left, right = figure.add_axes((0, 0, 0.41, 1)), figure.add_axes((0.5, 0.16, 0.48, 0.72))
    half_width = 1.25 * max(map(half_width_shown, frames))
    draw_molecule(frames[at], left, half_width=half_width)
    points = (frames[at].positions - middle(frames[at]))[:, :2]
    arrows = 0.5 * half_width * vectors[at] / np.linalg.norm(vectors, axis=2).max()
    style = dict(angles="xy", scale_units="xy", scale=1, width=0.014, color=SERIES[1], zorder=1e3)
    left.quiver(*points.T, *arrows[:, :2].T, **style)
    right.axvline(angles[at], color="#999999", linewidth=1, zorder=0)
    for number, (name, values) in enumerate(curves.items()):
        colour = SERIES[number % len(SERIES)]
        style = dict(linestyle=("-", "--", ":")[number % 3], path_effects=outline(colour, 1.5))
        right.plot(angles, values, color=colour, label=name, **style)
        right.plot(angles[at], values[at], "o", ms=8, mfc="none", mec=colour)
    right.spines[["top", "right"]].set_visible(False)
    right.grid(alpha=0.25, linewidth=0.6)
    label_axes(right, "turned about z / °", "feature / 1")
    figure.legend(
        *right.get_legend_handles_labels(), loc="upper right", ncols=len(curves), frameon=False,
        fontsize=9,
    )  # fmt: skip
    here = ", ".join(f"{name} {values[at]:.2f}" for name, values in curves.items())
    text = f"Molecule turned by {angles[at]:g}°, arrows on its atoms; {here}"
    return Picture(figure, text)
