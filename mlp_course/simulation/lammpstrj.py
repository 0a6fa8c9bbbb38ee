"""Text dumps of LAMMPS: written for LAMMPS, OVITO, VMD, MDAnalysis and MDTraj, and read again."""

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import ase.io
import numpy as np
from ase import Atoms, units
from ase.calculators.singlepoint import SinglePointCalculator
from numpy.typing import NDArray

from mlp_course.simulation.standard_cell import turn_to_standard

_ANGSTROM_PER_PS = 1 / (1000 * units.fs)  # in ASE's unit of velocity
_COLUMNS = "id type element xu yu zu vx vy vz fx fy fz"


def write_lammpstrj(frames: Sequence[Atoms], steps: Sequence[int], path: Path) -> None:
    """Write frames in LAMMPS's units "metal": Å, Å/ps, eV/Å; the cell in standard form.

    Args:
        frames: all of the same atoms, with forces as labels.
        steps: number of the time step of each frame.
        path: of the file.
    """
    elements = sorted(set(frames[0].get_chemical_symbols()))
    with path.open("w", encoding="utf-8") as file:
        for atoms, step in zip(frames, steps, strict=True):
            _write_frame(atoms, step, elements, file)


def _write_frame(atoms: Atoms, step: int, elements: list[str], file: TextIO) -> None:
    """Header, box and one line an atom."""
    turn = turn_to_standard(atoms)
    file.write(f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(atoms)}\n")
    file.write(_box(atoms, turn))
    file.write(f"ITEM: ATOMS {_COLUMNS}\n")
    forces = atoms.get_forces(apply_constraint=False)
    vectors = (atoms.positions, atoms.get_velocities() / _ANGSTROM_PER_PS, forces)
    numbers = np.hstack([values @ turn for values in vectors])  # (n_atoms, 9)
    for n, (symbol, row) in enumerate(zip(atoms.symbols, numbers, strict=True), start=1):
        values = " ".join(f"{value:.10f}" for value in row)
        file.write(f"{n} {elements.index(symbol) + 1} {symbol} {values}\n")


def _box(atoms: Atoms, turn: NDArray[np.float64]) -> str:
    """The part of the header with the bounds; around a molecule, a box that holds it."""
    flags = " ".join("pp" if periodic else "ff" for periodic in atoms.pbc)
    if not atoms.pbc.any():
        low, high = atoms.positions.min(axis=0) - 1.0, atoms.positions.max(axis=0) + 1.0
        rows = [f"{a:.10f} {b:.10f}" for a, b in zip(low, high, strict=True)]
        return "\n".join([f"ITEM: BOX BOUNDS {flags}", *rows]) + "\n"
    (xx, _, _), (xy, yy, _), (xz, yz, zz) = (atoms.cell.array @ turn).tolist()
    bounds = (
        (min(0.0, xy, xz, xy + xz), xx + max(0.0, xy, xz, xy + xz), xy),
        (min(0.0, yz), yy + max(0.0, yz), xz),
        (0.0, zz, yz),
    )
    rows = [" ".join(f"{value:.10f}" for value in row) for row in bounds]
    return "\n".join([f"ITEM: BOX BOUNDS xy xz yz {flags}", *rows]) + "\n"


def read_lammpstrj(path: Path) -> tuple[list[Atoms], list[int]]:
    """Read frames by ASE, and the numbers of their steps; the cell stays in standard form.

    Args:
        path: of a dump with the columns id, element, positions, velocities and forces.

    Raises:
        ValueError: if the file was cut off.
    """
    frames = ase.io.read(path, ":", format="lammps-dump-text", units="metal")
    for atoms in frames:
        forces = atoms.get_forces()
        if not atoms.pbc.any():
            atoms.set_cell(None)
            atoms.set_celldisp(np.zeros(3))
        # without the energy of zero that ASE adds and the file does not say
        atoms.calc = SinglePointCalculator(atoms, forces=forces)
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = [n for n, line in enumerate(lines) if line == "ITEM: TIMESTEP"]
    if len(marks) != len(frames) or any(len(atoms) != len(frames[0]) for atoms in frames):
        raise ValueError(f"{path} was cut off in frame {len(marks) - 1}")
    return frames, [int(lines[n + 1]) for n in marks]
