"""The curvature of the energy around a point, from forces at displaced atoms."""

import itertools
from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator

_STEP = 0.005  # in Å


def hessian(
    atoms: Atoms,
    calculator: Calculator,
    *,
    moving: Sequence[int] | None = None,
) -> np.ndarray:
    """Second derivatives of the energy in eV/Å² by central differences of ±0.005 Å.

    Args:
        atoms: where to differentiate; constraints are ignored.
        calculator: where the forces come from.
        moving: atoms to displace; default: all.

    Returns:
        Symmetric, shape (3 n_moving, 3 n_moving).
    """
    atoms = atoms.copy()
    atoms.set_constraint()
    atoms.calc = calculator
    moving = np.arange(len(atoms)) if moving is None else np.asarray(moving)
    start = atoms.get_positions()
    rows = []
    for atom, axis in itertools.product(moving, range(3)):
        forward, back = (
            _forces_after(atoms, start, atom, axis, sign * _STEP)[moving] for sign in (1, -1)
        )
        rows.append((back - forward).ravel() / (2 * _STEP))
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2


def _forces_after(
    atoms: Atoms, start: np.ndarray, atom: int, axis: int, shift: float
) -> np.ndarray:
    """Forces in eV/Å with one coordinate moved by ``shift`` (Å), shape (n_atoms, 3)."""
    atoms.positions = start
    atoms.positions[atom, axis] += shift
    return atoms.get_forces()
