"""Pictures that stand beside a slider: a structure, and what changes with it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from mlp_course.teaching.figures import SERIES, Picture, colour_of, label_axes, outline
from mlp_course.teaching.picture import (
    check_centre,
    draw_molecule,
    half_width_shown,
    middle,
    turn,
    viewing_rotation,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_METHODS_AS_POINTS = ("reference", "pbe")  # labels are known at single configurations only


def plot_scan(
    frames: Sequence[Atoms],
    coordinate: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    *,
    at: int,
    x: str,
    y: str,
    ringed: Sequence[int] = (),
    top: float | None = None,
) -> Picture:
    """Show one frame of a scan, and where it lies on the curves.

    Args:
        frames: the configurations of the scan.
        coordinate: what is scanned, one number a frame.
        curves: one number a frame, by the name to show. "reference" and "PBE" are drawn as points.
        at: number of the frame that is drawn and marked.
        x: quantity and unit of the coordinate.
        y: quantity and unit of the curves.
        ringed: numbers of the atoms to mark by a ring.
        top: upper end of the y axis, for a curve that leaves all others behind; None shows all.

    Example:
        >>> distances = [0.7, 0.8]
        >>> frames = [Atoms("H2", [[0, 0, 0], [0, 0, d]]) for d in distances]
        >>> curves = {"PBE": [0.0, 0.1]}
        >>> plot_scan(frames, distances, curves, at=1, x="distance / Å", y="energy / eV")
        Molecule at distance / Å = 0.80, and energy / eV along the scan: PBE 0.1
    """
    figure = Figure(figsize=(8.4, 3.4))
    rotation = viewing_rotation(frames[0])
    left, right = figure.add_axes((0, 0, 0.4, 1)), figure.add_axes((0.5, 0.17, 0.48, 0.76))
    turned = [turn(atoms, rotation) for atoms in frames]
    draw_molecule(turned[at], left, half_width=max(map(half_width_shown, turned)))
    for place in (turned[at].positions - middle(turned[at]))[list(ringed), :2]:
        left.add_patch(Circle(place, 0.75, fc="none", ec=SERIES[1], lw=3, zorder=1e3))
    draw_scan(right, coordinate, curves, at=at, x=x, y=y, top=top)
    here = ", ".join(f"{name} {values[at]:.1f}" for name, values in curves.items())
    return Picture(
        figure, f"Molecule at {x} = {coordinate[at]:.2f}, and {y} along the scan: {here}"
    )


def draw_scan(
    axes: "Axes",
    coordinate: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    *,
    at: int,
    x: str,
    y: str,
    top: float | None = None,
) -> None:
    """Draw the curves of a scan with a ring on each at one frame; see ``plot_scan``."""
    axes.axvline(coordinate[at], color="#999999", linewidth=1, zorder=0)
    for number, (name, values) in enumerate(curves.items()):
        points = name.split()[0].lower() in _METHODS_AS_POINTS
        colour = colour_of("reference" if points else name, number)
        style = dict(color=colour, label=name, path_effects=outline(colour, 1.5))
        axes.plot(coordinate, values, "o" if points else "-", **style)
        axes.plot(coordinate[at], values[at], "o", ms=10, mfc="none", mec=colour)
    if top is not None:
        lowest = min(min(values) for values in curves.values())
        axes.set_ylim(lowest - 0.08 * (top - lowest), top)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25, linewidth=0.6)
    label_axes(axes, x, y)
    axes.legend(framealpha=0.9, edgecolor="none")


def plot_neighbourhood(atoms: Atoms, *, centre: int, cutoff: float) -> Picture:
    """Show which atoms one atom sees: those closer than the cutoff.

    Each atom carries its number. The circle is the cutoff as seen from the front; an atom in front
    of or behind the picture's plane may lie inside the circle and still be too far away.

    Args:
        atoms: a molecule, positions in Å.
        centre: index of the atom that looks around.
        cutoff: in Å.

    Raises:
        ValueError: if ``centre`` is not the number of an atom.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])  # H-H is 1.5 Å
        >>> plot_neighbourhood(water, centre=0, cutoff=1.2)
        cutoff 1.2 Å: atom 0 (O) sees 2 of 2 atoms; 4 of 6 pairs in all
    """
    check_centre(atoms, centre)
    distances = atoms.get_all_distances()
    seen = np.flatnonzero((distances[centre] < cutoff) & (np.arange(len(atoms)) != centre))
    n_pairs = int((distances < cutoff).sum()) - len(atoms)
    text = (
        f"cutoff {cutoff:.1f} Å: atom {centre} ({atoms.symbols[centre]}) sees {len(seen)} of "
        f"{len(atoms) - 1} atoms; {n_pairs} of {len(atoms) * (len(atoms) - 1)} pairs in all"
    )
    turned = turn(atoms, viewing_rotation(atoms))
    figure = Figure(figsize=(4.6, 4.9))
    axes = figure.add_axes((0, 0, 1, 4.6 / 4.9))
    eye = turned.positions[centre]  # the middle of the picture, so that no circle is cut off
    farthest = np.linalg.norm((turned.positions - eye)[:, :2], axis=1).max() + 0.7  # Å
    width = max(farthest, 1.05 * cutoff)
    draw_molecule(turned, axes, half_width=width, centre=eye, numbered=True)
    _draw_reach(axes, (turned.positions - eye)[:, :2], centre, seen, cutoff)
    figure.text(0.5, 0.965, text, ha="center", fontsize=9)
    return Picture(figure, text)


def _draw_reach(
    axes: "Axes", points: np.ndarray, centre: int, seen: np.ndarray, cutoff: float
) -> None:
    """Draw the circle of the cutoff and a line to each atom that is seen; points in Å."""
    style = dict(fc=SERIES[0], alpha=0.1, ec="none", zorder=-200)
    axes.add_patch(Circle(points[centre], cutoff, **style))
    axes.add_patch(Circle(points[centre], cutoff, fc="none", ec=SERIES[0], ls="--", zorder=-199))
    for neighbour in seen:
        ends = points[[centre, neighbour]]
        axes.plot(*ends.T, color=SERIES[1], linewidth=2, linestyle=":", zorder=-100)
