"""The Burgers circuit: a walk from atom to atom that does not close in the perfect crystal."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.geometry import find_mic
from ase.neighborlist import neighbor_list
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra


def burgers_vector(
    atoms: Atoms,
    perfect: Atoms,
    *,
    centre: Sequence[float],
    radius: float,
    cutoff: float,
) -> NDArray[np.float64]:
    r"""Walk a Burgers circuit around the z axis through ``centre``, from atom to atom.

    .. math:: \mathbf b = -\sum_\text{steps} \mathbf v,

    where v is, for each step of a closed walk in the crystal, the vector between neighbours in the
    perfect crystal that is most like it. In a perfect crystal the sum is zero. The walk is
    right-handed about z (finish to start).

    Args:
        atoms: the crystal to judge.
        perfect: a crystal without defects in the same orientation, one atom in each cell alike.
        centre: x and y in Å.
        radius: of the circuit, in Å; beyond the core, where neighbours are nearly in place.
        cutoff: between the first and the second neighbour distance, in Å.

    Returns:
        b in Å, shape (3,).

    Raises:
        ValueError: if no walk closes at that radius.

    Source:
        J. P. Hirth, J. Lothe, Theory of Dislocations, 2nd ed., Wiley 1982, section 1-3.

    Example:
        >>> from ase.build import bulk
        >>> copper = bulk("Cu", a=3.6, cubic=True).repeat((6, 6, 1))
        >>> burgers_vector(copper, copper, centre=[10, 10], radius=6, cutoff=3).round(6) + 0
        array([0., 0., 0.])
    """
    away, _ = find_mic(atoms.positions - [*centre, 0.0], atoms.cell, atoms.pbc)
    i, j, arrow = neighbor_list("ijD", atoms, cutoff)
    first, _, ideal = neighbor_list("ijD", perfect, cutoff)
    ideal = ideal[first == 0]
    ring = np.abs(np.linalg.norm(away[:, :2], axis=1) - radius) < cutoff
    same_image = np.abs((away[j] - away[i] - arrow)[:, :2]).max(axis=1) < 1e-6
    kept = ring[i] & ring[j] & same_image & (i != j)
    step = {(a, b): v for a, b, v in zip(i[kept], j[kept], arrow[kept], strict=True)}
    walk = _closed_walk(away[:, :2], ring, step, radius)
    total = np.zeros(3)
    for pair in walk:
        actual = step[pair]
        total += actual - ideal[np.linalg.norm(ideal - actual, axis=1).argmin()]
    return total  # the actual steps add up to a whole number of cells along z, and so it cancels


def _closed_walk(
    xy: NDArray[np.float64], ring: NDArray[np.bool_], step: dict, radius: float
) -> list[tuple[int, int]]:
    """Pairs of atoms along a counter-clockwise walk through four atoms of a ring, and back."""
    corners = []
    for x, y in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        distance = np.linalg.norm(xy - [radius * x, radius * y], axis=1)
        corners.append(int(np.where(ring, distance, np.inf).argmin()))
    a, b = np.array(list(step)).reshape(-1, 2).T
    links = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(xy), len(xy))).tocsr()
    refusal = (
        f"radius must be one where atoms form a closed ring, in Å; got {radius}: take a larger "
        "cell or another radius"
    )
    if len(set(corners)) < 4 or not ring[corners].all():
        raise ValueError(refusal)
    walk = []
    for start, goal in zip(corners, corners[1:] + corners[:1], strict=True):
        before = dijkstra(links, indices=start, return_predecessors=True)[1]
        leg = [goal]
        while leg[-1] != start:
            if before[leg[-1]] < 0:
                raise ValueError(refusal)
            leg.append(int(before[leg[-1]]))
        walk += [(leg[n + 1], leg[n]) for n in range(len(leg) - 2, -1, -1)]
    return walk
