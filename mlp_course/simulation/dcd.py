"""DCD: positions and cells only, in single precision; the format that every viewer knows."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.geometry import cellpar_to_cell

from mlp_course.simulation.standard_cell import turn_to_standard
from mlp_course.units import convert

_N_FRAMES = 8  # bytes from the beginning of a file to its number of frames


def write_dcd(frames: Sequence[Atoms], spacing: float, path: Path) -> None:
    """Write positions and cells by MDAnalysis, the cell in standard form.

    Args:
        frames: all of the same atoms.
        spacing: time between frames in fs.
        path: of the file.
    """
    import MDAnalysis

    positions = [atoms.positions @ turn_to_standard(atoms) for atoms in frames]
    boxes = [atoms.cell.cellpar() if atoms.pbc.any() else np.zeros(6) for atoms in frames]
    universe = MDAnalysis.Universe.empty(len(frames[0]), trajectory=True)
    universe.load_new(
        np.array(positions, dtype=np.float32), dimensions=np.array(boxes, dtype=np.float32)
    )
    step = convert(spacing, "fs", "ps")
    with (
        warnings.catch_warnings(),
        MDAnalysis.Writer(str(path), len(frames[0]), dt=step) as writer,
    ):
        warnings.filterwarnings("ignore", message="No dimensions set")  # a molecule has none
        for _ in universe.trajectory:
            writer.write(universe.atoms)


def read_dcd(path: Path, like: Atoms) -> tuple[list[Atoms], list[float]]:
    """Read frames and their times in fs; a DCD file knows no elements.

    Args:
        path: of the file.
        like: a configuration of the same atoms, for elements, masses and periodicity.

    Raises:
        ValueError: if the file holds another number of atoms, or was cut off.
    """
    from MDAnalysis.coordinates.DCD import DCDReader

    frames, times = [], []
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="DCDReader currently")  # of its next version
        reader = DCDReader(str(path))
    with reader:
        if reader.n_atoms != len(like):
            raise ValueError(f"{path} holds {reader.n_atoms} atoms; like has {len(like)}")
        promised = int(np.fromfile(path, "<i4", count=1, offset=_N_FRAMES)[0])
        if reader.n_frames < promised:
            raise ValueError(f"{path} was cut off: it holds {reader.n_frames} of {promised} frames")
        for step in reader:
            atoms = Atoms(like.numbers, step.positions.astype(float), pbc=like.pbc)
            atoms.set_masses(like.get_masses())
            if like.pbc.any():
                atoms.set_cell(cellpar_to_cell(step.dimensions))
            frames.append(atoms)
            times.append(convert(step.time, "ps", "fs"))
    return frames, times
