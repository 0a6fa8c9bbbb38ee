"""Structures that are different, and that descriptors of few bodies cannot tell apart."""

import itertools

import numpy as np
from ase import Atoms
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes


def trapezoid_and_kite() -> tuple[Atoms, Atoms]:
    """Return two flat groups of four carbon atoms with the same six distances.

    Both have √2, √2, 2, √10, √10 and 4 Å, but put together in another way. Whatever knows a
    structure by its distances alone, such as the energy of a pair potential, takes them for one.

    Returns:
        An isosceles trapezoid and a kite, positions in Å.

    Source:
        M. Boutin, G. Kemper, Adv. Appl. Math. 32, 709 (2004).

    Example:
        >>> trapezoid, kite = trapezoid_and_kite()
        >>> np.sort(trapezoid.get_all_distances()[np.triu_indices(4, 1)]).round(2).tolist()
        [1.41, 1.41, 2.0, 3.16, 3.16, 4.0]
    """
    trapezoid = [[0, 0, 0], [1, 1, 0], [3, 1, 0], [4, 0, 0]]
    kite = [[0, 0, 0], [1, 1, 0], [1, -1, 0], [4, 0, 0]]
    return Atoms("C4", trapezoid), Atoms("C4", kite)


def twin_environments(
    angle: float = 45.0, *, radius: float = 2.0, centre: str = "S", neighbour: str = "H"
) -> tuple[Atoms, Atoms]:
    r"""Return two environments that every two- and three-body descriptor takes for one.

    Around the central atom (number 0), in a plane and at the same distance, lie four neighbours:

    .. math:: A: 0°,\ 180°,\ \alpha,\ \alpha + 90°; \qquad B: 0°,\ 180°,\ \alpha,\ \alpha - 90°

    Their six angles seen from the centre are the same, :math:`\alpha, 180°-\alpha, 90°-\alpha,
    90°+\alpha, 90°, 180°`, and so are the distances between the neighbours. Only which angle
    meets which differs, and that takes three neighbours at once to see. They carry no energy; the
    twins of :func:`mlp_course.sampling.twin_molecules` do.

    Args:
        angle: α in degrees, between 0 and 90.
        radius: distance of the neighbours from the centre, in Å.
        centre: its element.
        neighbour: element of the four others.

    Returns:
        Environments A and B, positions in Å.

    Raises:
        ValueError: if ``angle`` is not between 0 and 90, or ``radius`` is not positive.

    Source:
        Such sets on a circle are from A. L. Patterson, Phys. Rev. 65, 195 (1944); as a defect of
        descriptors, S. N. Pozdnyakov et al., Phys. Rev. Lett. 125, 166001 (2020).

    Example:
        >>> a, b = twin_environments()
        >>> [round(a.get_angle(1, 0, j)) for j in (2, 3, 4)]
        [180, 45, 135]
        >>> [round(b.get_angle(1, 0, j)) for j in (2, 3, 4)]
        [180, 45, 45]
    """
    if not 0 < angle < 90:
        raise ValueError(f"angle must be between 0 and 90, in degrees; got {angle}")
    if not radius > 0:
        raise ValueError(f"radius must be positive, in Å; got {radius}")
    pair = []
    for last in (angle + 90, angle - 90):
        phi = np.radians([0, 180, angle, last])
        around = radius * np.stack([np.cos(phi), np.sin(phi), np.zeros(4)], axis=1)
        pair.append(Atoms([centre] + [neighbour] * 4, np.vstack([np.zeros((1, 3)), around])))
    return pair[0], pair[1]


def smallest_mismatch(first: Atoms, second: Atoms) -> float:
    """Try to lay one structure onto another: all rotations, reflections and orders of equal atoms.

    Atom 0 is kept on atom 0 if it is the only one of its element. Every order is tried, so this is
    for a few atoms only.

    Args:
        first: a small molecule, positions in Å.
        second: another with the same elements, in any order.

    Returns:
        The smallest root mean square distance of the atoms in Å; 0 if they are the same structure.

    Raises:
        ValueError: if the elements differ, or there is no atom or more than 7.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
        >>> turned = water[[2, 0, 1]]
        >>> turned.rotate(50, "x")
        >>> smallest_mismatch(water, turned) < 1e-6
        True
    """
    if sorted(first.numbers) != sorted(second.numbers):
        raise ValueError(f"elements must be the same; got {first.symbols} and {second.symbols}")
    if not 1 <= len(first) <= 7:
        raise ValueError(
            f"at least 1 and at most 7 atoms, as every order is tried; got {len(first)}"
        )
    a = first.positions - first.positions.mean(axis=0)
    b = second.positions - second.positions.mean(axis=0)
    orders = itertools.permutations(range(len(first)))
    fitting = (
        list(order) for order in orders if (second.numbers[list(order)] == first.numbers).all()
    )
    return min(_best_fit(a, b[order]) for order in fitting)


def _best_fit(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Root mean square distance in Å after the best rotation or reflection."""
    turn, _ = orthogonal_procrustes(b, a)
    return float(np.sqrt(((a - b @ turn) ** 2).sum(axis=1).mean()))
