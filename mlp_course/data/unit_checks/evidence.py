r"""What labelled frames say about their own units: distances, work against energy, stiffness.

| evidence | physics | what it tells |
| --- | --- | --- |
| ``nearest_ratio`` | bonds are as long as the covalent radii say | unit of positions |
| ``work_ratio`` | energy differences are the work of the forces | energy against forces, sign |
| ``stretched_bonds`` | a stretched bond pulls back, by a known force | unit, sign of forces |
| ``all_electron_energy`` | a nucleus binds its electrons by a known energy | unit of totals |

Numbers are taken as they stand in the frames: nothing here assumes that they are in eV and Å.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.data import covalent_radii
from numpy.typing import NDArray

from mlp_course.units import convert

_HYDROGEN = -0.5  # Hartree, exact
_MOST_CENTRES = 12  # atoms of a frame that are looked at for their nearest neighbour
_NOBLE = (2, 10, 18, 36, 54, 86)


@dataclasses.dataclass(frozen=True, eq=False)
class Stack:
    """Frames with the same atoms in the same order, as arrays, in the numbers they came with.

    Attributes:
        numbers: shape (n_atoms,).
        positions: shape (n_frames, n_atoms, 3).
        forces: shape (n_frames, n_atoms, 3).
        energies: shape (n_frames,).
        cells: shape (n_frames, 3, 3).
        pbc: which directions repeat, shape (3,).
        places: number of each frame in the set, shape (n_frames,).
    """

    numbers: NDArray[np.int64]
    positions: NDArray[np.float64]
    forces: NDArray[np.float64]
    energies: NDArray[np.float64]
    cells: NDArray[np.float64]
    pbc: NDArray[np.bool_]
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.energies)

    def has_no_bonds(self) -> bool:
        """Whether half of the atoms or more are noble gases, whose distances say nothing."""
        return bool(np.isin(self.numbers, _NOBLE).mean() >= 0.5)

    def some(self, most: int) -> "Stack":
        """At most so many frames, evenly spaced."""
        if len(self) <= most:
            return self
        return self.take(np.linspace(0, len(self) - 1, most).astype(int))

    def take(self, which: NDArray) -> "Stack":
        """The chosen frames."""
        arrays = ("positions", "forces", "energies", "cells", "places")
        return dataclasses.replace(self, **{name: getattr(self, name)[which] for name in arrays})


def stack_frames(frames: Sequence[Atoms]) -> list[Stack]:
    """Group labelled frames by their atoms.

    Args:
        frames: labelled structures; energies and forces in any unit.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frames = load_embedded("ethanol/torsion") + load_embedded("malonaldehyde/500K")[:3]
        >>> [len(stack) for stack in stack_frames(frames)]
        [13, 3]
    """
    groups: dict[tuple, list[int]] = {}
    for place, atoms in enumerate(frames):
        groups.setdefault((atoms.numbers.tobytes(), tuple(atoms.pbc)), []).append(place)
    stacks = []
    for places in groups.values():
        same = [frames[place] for place in places]
        stacks.append(
            Stack(
                numbers=same[0].numbers,
                positions=np.array([atoms.positions for atoms in same]),
                forces=np.array([atoms.calc.results["forces"] for atoms in same], float),
                energies=np.array([atoms.calc.results["energy"] for atoms in same], float).ravel(),
                cells=np.array([atoms.cell.array for atoms in same]),
                pbc=same[0].pbc,
                places=np.array(places),
            )
        )
    return stacks


def nearest_image(vectors: NDArray, cells: NDArray, pbc: NDArray) -> NDArray[np.float64]:
    """Shorten vectors (n_frames, ..., 3) to the nearest image, by rounding in each frame's cell."""
    if not pbc.any():
        return vectors
    shape = (len(cells),) + (1,) * (vectors.ndim - 3) + (3, 3)
    full = np.where(pbc[:, None] & (np.abs(cells).sum(2, keepdims=True) > 0), cells, np.eye(3))
    full = full.reshape(shape)
    turns = np.round(vectors @ np.linalg.inv(full)) * pbc
    return vectors - turns @ full


def nearest_ratio(stack: Stack) -> NDArray[np.float64]:
    """Distance to the nearest neighbour over the sum of covalent radii, the median of each frame.

    About 1 in Å, 1.9 in Bohr, 0.1 in nm. Where positions were scaled and the cell was not, atoms
    wrap into each other; then the distances as they stand, without the cell, are taken.

    Returns:
        Dimensionless, shape (n_frames,); NaN for a lone atom.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> ratios = nearest_ratio(stack_frames(load_embedded("ethanol/500K")[:50])[0])
        >>> bool(((0.9 < ratios) & (ratios < 1.2)).all())
        True
    """
    ratios = _nearest(stack, images=True)
    if stack.pbc.any() and len(stack.numbers) >= 8:
        plain = _nearest(stack, images=False)
        torn = (ratios < 0.75) & (plain > 1.5 * ratios)
        ratios = np.where(torn, plain, ratios)
    return ratios


def _nearest(stack: Stack, *, images: bool) -> NDArray[np.float64]:
    """Nearest ratio with or without the periodic cell."""
    n_atoms, pbc = len(stack.numbers), stack.pbc & images
    centres = np.unique(np.linspace(0, n_atoms - 1, min(n_atoms, _MOST_CENTRES)).astype(int))
    radii = covalent_radii[stack.numbers]
    vectors = stack.positions[:, None] - stack.positions[:, centres, None]  # (n, c, n_atoms, 3)
    sums = radii[centres][:, None] + radii  # (c, n_atoms)
    vectors = nearest_image(vectors, stack.cells, pbc)
    lowest = np.full((len(stack), len(centres)), np.inf)
    shifts = [np.zeros(3)]
    if pbc.any() and n_atoms <= 16:  # a small cell: also the images around
        shifts = list((np.indices((3, 3, 3)).reshape(3, -1).T - 1) * pbc)
    for shift in shifts:
        moved = vectors + (shift @ stack.cells)[:, None, None]
        d_ij = np.sqrt(np.einsum("fcax,fcax->fca", moved, moved))
        d_ij = np.where(d_ij > 1e-8, d_ij / sums, np.inf)  # not the atom itself
        lowest = np.minimum(lowest, d_ij.min(axis=2))
    median = np.median(lowest, axis=1)
    return np.where(np.isfinite(median), median, np.nan)


def all_electron_energy(numbers: Sequence[int]) -> float:
    r"""Total energy of atoms in eV, from the nuclear charges alone, to about one percent.

    .. math:: E(Z) = -0.768745\,Z^{7/3} + \tfrac12 Z^2 - 0.269900\,Z^{5/3} \quad\text{Hartree}

    Hydrogen is taken as exactly -1/2 Hartree. Energies of pseudopotential, tight-binding and EMT
    programs are other quantities; this one is for programs that count all electrons.

    Source:
        B.-G. Englert, J. Schwinger, Phys. Rev. A 32, 26 (1985), equation 1 (statistical atom).

    Example:
        >>> round(all_electron_energy([8, 1, 1]))  # eV; PBE gives -2,077 for water
        -2069
    """
    z = np.asarray(numbers, dtype=float)
    hartree = -0.768745 * z ** (7 / 3) + 0.5 * z**2 - 0.269900 * z ** (5 / 3)
    return float(convert(np.where(z == 1, _HYDROGEN, hartree).sum(), "Hartree", "eV"))
