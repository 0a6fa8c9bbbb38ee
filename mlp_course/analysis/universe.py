"""The door to MDAnalysis: frames in memory as a Universe, for its hundred analyses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms

from mlp_course.analysis.frames import check_frames_alike, frame_spacing
from mlp_course.units import convert

if TYPE_CHECKING:
    from MDAnalysis import Universe


def as_universe(frames: Sequence[Atoms], *, spacing: float | None = None) -> "Universe":
    """Hand frames to MDAnalysis, with elements, masses and cells, in its units (Å and ps).

    MDAnalysis describes a cell by lengths and angles, and puts its first vector along x. A cell
    that stands otherwise would no longer fit its atoms, so positions are turned with it.

    Args:
        frames: a Trajectory or configurations in order of time, all of the same atoms.
        spacing: time between frames in fs; by default from ``info["time_fs"]``, or 1 ps if there
            is one frame only.

    Returns:
        A Universe in memory; positions in single precision, as everywhere in MDAnalysis.

    Raises:
        ValueError: if there is no frame, the atoms change, or the times are not even.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0, 0.76, 0.59], [0, -0.76, 0.59]])
        >>> universe = as_universe([water, water], spacing=5.0)
        >>> universe.select_atoms("element H").n_atoms, universe.trajectory.n_frames
        (2, 2)
    """
    import MDAnalysis

    frames = list(frames)
    check_frames_alike(frames)
    first = frames[0]
    universe = MDAnalysis.Universe.empty(len(first), trajectory=True)
    symbols = first.get_chemical_symbols()
    for attribute, values in (("name", symbols), ("type", symbols), ("element", symbols)):
        universe.add_TopologyAttr(attribute, values)
    universe.add_TopologyAttr("mass", first.get_masses())
    standard = [_in_standard_cell(atoms) for atoms in frames]
    alone = len(frames) == 1 and spacing is None
    universe.load_new(
        np.array([positions for positions, _ in standard], dtype=np.float32),
        order="fac",
        dimensions=np.array([cell for _, cell in standard], dtype=np.float32),
        dt=1.0 if alone else convert(frame_spacing(frames, spacing), "fs", "ps"),
    )
    return universe


def _in_standard_cell(atoms: Atoms) -> tuple[np.ndarray, np.ndarray]:
    """Positions in Å and lengths and angles of the cell (Å, degrees; zeros if not periodic)."""
    if not atoms.pbc.any():
        return atoms.positions, np.zeros(6)
    standard, turn = atoms.cell.standard_form()
    return atoms.positions @ turn.T, standard.cellpar()
