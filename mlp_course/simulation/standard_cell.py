"""A configuration as other programs want it: periodic or not, a along x, b in x and y, c above."""

import numpy as np
from ase import Atoms
from numpy.typing import NDArray


def check_for_program(atoms: Atoms, program: str) -> None:
    """Refuse what would get lost on the way to another program.

    Raises:
        ValueError: if the configuration is periodic in some directions only, or has constraints.

    Example:
        >>> check_for_program(Atoms("H", pbc=(True, True, False)), "LAMMPS")
        Traceback (most recent call last):
        ValueError: periodic in all directions or in none; got pbc=[True, True, False]: give a ...
    """
    if atoms.pbc.any() and not atoms.pbc.all():
        raise ValueError(
            f"periodic in all directions or in none; got pbc={atoms.pbc.tolist()}: give a slab "
            "vacuum and a cell in all directions"
        )
    if atoms.constraints:
        raise ValueError(
            f"constraints are not passed on to {program}; got "
            f"{[type(rule).__name__ for rule in atoms.constraints]}: use run_nve or run_langevin, "
            "or atoms.set_constraint()"
        )


def turn_to_standard(atoms: Atoms) -> NDArray[np.float64]:
    r"""Find the rotation that brings the cell into standard form.

    Args:
        atoms: with three cell vectors, or not periodic at all.

    Returns:
        R, shape (3, 3): rows of vectors turn by ``vectors @ R`` and back by ``vectors @ R.T``. The
        identity where nothing is periodic.

    Raises:
        ValueError: if a vector is missing, or the three are left-handed: no rotation helps.

    Example:
        >>> atoms = Atoms("H", cell=[[0, 2, 0], [0, 0, 2], [2, 0, 0]], pbc=True)
        >>> (atoms.cell.array @ turn_to_standard(atoms)).round(6) + 0.0
        array([[2., 0., 0.], [0., 2., 0.], [0., 0., 2.]])
    """
    if not atoms.pbc.any():
        return np.eye(3)
    if atoms.cell.rank < 3 or np.linalg.det(atoms.cell.array) < 0:
        raise ValueError(
            "a periodic configuration needs three cell vectors, in Å, that are right-handed; got "
            f"{atoms.cell.array.tolist()}: add vacuum, or exchange two vectors"
        )
    return atoms.cell.standard_form()[1].T
