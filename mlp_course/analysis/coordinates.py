"""Coordinates of a reaction: one number of a geometry, and how each atom changes it."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Protocol

import numpy as np
from ase import Atoms
from ase.geometry import (
    find_mic,
    get_angles_derivatives,
    get_dihedrals_derivatives,
    get_distances_derivatives,
)
from numpy.typing import NDArray


class Coordinate(Protocol):
    """What can be followed, and restrained: see :class:`Distance` and its like.

    Attributes:
        unit: "Å" or "degrees".
        period: after which the values repeat, in that unit; None if they do not.
    """

    unit: ClassVar[str]
    period: ClassVar[float | None]

    def value(self, atoms: Atoms) -> float:
        """Value in ``unit``."""

    def gradient(self, atoms: Atoms) -> NDArray[np.float64]:
        """Derivative by the positions in ``unit``/Å, shape (n_atoms, 3)."""


@dataclass(frozen=True)
class Distance:
    """Distance of two atoms in Å, by the nearest periodic image.

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> Distance(0, 1).value(h2), Distance(0, 1).gradient(h2)[:, 2].tolist()
        (0.74, [-1.0, 1.0])
    """

    i: int
    j: int
    unit: ClassVar[str] = "Å"
    period: ClassVar[float | None] = None

    def value(self, atoms: Atoms) -> float:
        """Distance in Å."""
        return float(np.linalg.norm(_vector(atoms, self.i, self.j)))

    def gradient(self, atoms: Atoms) -> NDArray[np.float64]:
        """Derivative by the positions, dimensionless, shape (n_atoms, 3)."""
        parts = get_distances_derivatives([_vector(atoms, self.i, self.j)])
        return _spread(parts[0], (self.i, self.j), len(atoms))


@dataclass(frozen=True)
class DistanceDifference:
    """Distance of one pair less that of another, in Å: who holds the proton.

    Args:
        bond: two atoms, such as the donor and the proton.
        other: two atoms, such as the proton and the acceptor.

    Example:
        >>> shared = Atoms("OHO", [[0, 0, 0], [1.0, 0, 0], [2.5, 0, 0]])
        >>> DistanceDifference((0, 1), (1, 2)).value(shared)  # 1.0 - 1.5
        -0.5
    """

    bond: tuple[int, int]
    other: tuple[int, int]
    unit: ClassVar[str] = "Å"
    period: ClassVar[float | None] = None

    def value(self, atoms: Atoms) -> float:
        """Difference in Å; negative while the first pair is the closer one."""
        return Distance(*self.bond).value(atoms) - Distance(*self.other).value(atoms)

    def gradient(self, atoms: Atoms) -> NDArray[np.float64]:
        """Derivative by the positions, dimensionless, shape (n_atoms, 3)."""
        return Distance(*self.bond).gradient(atoms) - Distance(*self.other).gradient(atoms)


@dataclass(frozen=True)
class Angle:
    """Angle i-j-k at the atom j, in degrees, 0 to 180.

    Example:
        >>> corner = Atoms("H3", [[1, 0, 0], [0, 0, 0], [0, 1, 0]])
        >>> Angle(0, 1, 2).value(corner)
        90.0
    """

    i: int
    j: int
    k: int
    unit: ClassVar[str] = "degrees"
    period: ClassVar[float | None] = None

    def value(self, atoms: Atoms) -> float:
        """Angle in degrees."""
        return float(atoms.get_angle(self.i, self.j, self.k, mic=True))

    def gradient(self, atoms: Atoms) -> NDArray[np.float64]:
        """Derivative by the positions in degrees/Å, shape (n_atoms, 3)."""
        arms = [_vector(atoms, self.j, self.i)], [_vector(atoms, self.j, self.k)]
        return _spread(get_angles_derivatives(*arms)[0], (self.i, self.j, self.k), len(atoms))


@dataclass(frozen=True)
class Dihedral:
    """Dihedral angle i-j-k-l about the bond j-k, in degrees, 0 to 360, as in ASE.

    Example:
        >>> quarter = Atoms("H4", [[1, 0, 0], [0, 0, 0], [0, 0, 1], [0, 1, 1]])
        >>> Dihedral(0, 1, 2, 3).value(quarter)
        90.0
    """

    i: int
    j: int
    k: int
    l: int
    unit: ClassVar[str] = "degrees"
    period: ClassVar[float | None] = 360.0

    def value(self, atoms: Atoms) -> float:
        """Angle in degrees."""
        return float(atoms.get_dihedral(self.i, self.j, self.k, self.l, mic=True))

    def gradient(self, atoms: Atoms) -> NDArray[np.float64]:
        """Derivative by the positions in degrees/Å, shape (n_atoms, 3)."""
        chain = (self.i, self.j, self.k, self.l)
        bonds = [[_vector(atoms, a, b)] for a, b in pairwise(chain)]
        return _spread(get_dihedrals_derivatives(*bonds)[0], chain, len(atoms))


def _vector(atoms: Atoms, i: int, j: int) -> NDArray[np.float64]:
    """Vector from i to the nearest image of j in Å, shape (3,)."""
    vector = atoms.positions[j] - atoms.positions[i]
    return find_mic(vector, atoms.cell, atoms.pbc)[0] if atoms.pbc.any() else vector


def _spread(
    parts: NDArray[np.float64], members: tuple[int, ...], n_atoms: int
) -> NDArray[np.float64]:
    """Put the derivatives of a few atoms, (n_members, 3), into a table of all, (n_atoms, 3)."""
    gradient = np.zeros((n_atoms, 3))
    np.add.at(gradient, list(members), parts)
    return gradient
