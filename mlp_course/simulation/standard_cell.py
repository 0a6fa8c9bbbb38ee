"""The cell as most programs want it: a along x, b in the plane of x and y, c above it."""

import numpy as np
from ase import Atoms
from numpy.typing import NDArray


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
