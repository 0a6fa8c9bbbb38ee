r"""Dislocations: a periodic pair with opposite Burgers vectors.

| symbol in the book | here |
|---|---|
| :math:`u`, displacement of isotropic linear elasticity | :func:`dipole_displacement` |
| :math:`\theta`, angle about the line | ``theta``, difference of two angles |
| :math:`\beta^p = -\mathbf b \otimes \hat y \, d / S`, plastic shear | ``shear`` |
"""

import numpy as np
from ase import Atoms
from ase.lattice.cubic import FaceCenteredCubic
from numpy.typing import NDArray

from mlp_course.descriptors.checks import check_positive
from mlp_course.sampling.origin import with_origin

#: Directions of x (glide), y (normal of the glide plane) and z (line) in the cube.
_AXES = {
    "screw": [[1, 1, -2], [1, 1, 1], [1, -1, 0]],
    "edge": [[1, -1, 0], [1, 1, 1], [-1, -1, 2]],
}
_IMAGES = 12  # cells on each side whose dislocations are summed one by one


def dislocation_dipole(
    symbol: str,
    character: str,
    *,
    lattice_constant: float,
    size: tuple[int, int],
    depth: int = 1,
    poisson_ratio: float = 0.34,
) -> Atoms:
    r"""Build two perfect dislocations of fcc, a/2<110>{111}, with opposite Burgers vectors.

    One dislocation alone cannot be periodic: its displacements grow with the logarithm of the
    distance. Those of a pair cancel. The lines run along z, half a cell apart on one glide plane,
    so that attraction and repulsion of all images balance. The cell is sheared by what the two
    have sheared the crystal (b d / S), or else it would be under stress.

    In reality each splits into two partials with a stacking fault between; with a method whose
    stacking fault costs next to nothing (EMT) the partials of both wander until they meet and
    annihilate. Relax with few steps, or take a large cell and a better method.

    Args:
        symbol: element.
        character: "screw" (Burgers vector along the line) or "edge" (across it).
        lattice_constant: in Å.
        size: repeats along x and y.
        depth: repeats along the line.
        poisson_ratio: dimensionless; matters for the edge only.

    Returns:
        The crystal with both lines, not relaxed, without calculator. Its record holds ``cores``,
        x and y of both lines in Å, and ``burgers``, that of the first, in Å.

    Raises:
        ValueError: if the character is unknown, the cell too small to hold a pair, or the ratio
            not between -1 and 1/2.

    Source:
        J. P. Hirth, J. Lothe, Theory of Dislocations, 2nd ed., Wiley 1982, Eqs. 3-2 and 3-45;
        periodic sum and shear of the cell: W. Cai et al., Phil. Mag. 83, 539 (2003).

    Example:
        >>> pair = dislocation_dipole("Cu", "screw", lattice_constant=3.6, size=(8, 3))
        >>> len(pair)  # 6 atoms in each cell of the crystal
        144
        >>> np.round(pair.info["origin"]["settings"]["burgers"], 3).tolist()  # 3.6 / √2
        [0.0, 0.0, 2.546]
    """
    check_positive("in Å", lattice_constant=lattice_constant)
    if character not in _AXES or min(*size) < 2 or depth < 1 or not -1 < poisson_ratio < 0.5:
        raise ValueError(
            "character must be screw or edge, size at least (2, 2), depth at least 1 and "
            f"poisson_ratio between -1 and 0.5; got {character!r}, {size}, {depth}, {poisson_ratio}"
        )
    crystal = FaceCenteredCubic(
        directions=_AXES[character],
        size=(*size, depth),
        symbol=symbol,
        latticeconstant=lattice_constant,
    )
    width = crystal.cell[0, 0]
    plane = (3 * (size[1] // 2) + 0.5) * lattice_constant / np.sqrt(3)  # between two layers
    cores = np.array([[0.25 * width, plane], [0.75 * width, plane]]) + [0.1, 0.0]
    burgers = lattice_constant / np.sqrt(2) * np.eye(3)[0 if character == "edge" else 2]
    pair, shear = _with_dipole(crystal, cores, burgers, poisson_ratio)
    settings = dict(
        character=character,
        lattice_constant=lattice_constant,
        size=list(size),
        depth=depth,
        poisson_ratio=poisson_ratio,
        cores=(cores + cores[:, 1:] * shear[1, :2]).tolist(),
        burgers=burgers.tolist(),
    )
    how = dict(data_type="defect", sampler="dislocation_dipole", settings=settings)
    return with_origin(pair, parent=f"fcc {symbol}", **how)


def _with_dipole(
    crystal: Atoms, cores: NDArray[np.float64], burgers: NDArray[np.float64], poisson_ratio: float
) -> tuple[Atoms, NDArray[np.float64]]:
    """Displace atoms, and shear them and the cell; the shear, shape (3, 3), acts on rows."""
    width, height = crystal.cell[0, 0], crystal.cell[1, 1]
    field = (cores, burgers, poisson_ratio)
    shear = np.zeros((3, 3))
    shear[1] = -burgers * (cores[1, 0] - cores[0, 0]) / (width * height)
    pair = crystal.copy()
    pair.positions += _periodic(crystal.positions[:, :2], width, height, field)
    pair.positions += crystal.positions @ shear
    pair.cell = crystal.cell.array @ (np.eye(3) + shear)
    return pair, shear


def dipole_displacement(
    xy: NDArray[np.float64],
    cores: NDArray[np.float64],
    burgers: NDArray[np.float64],
    poisson_ratio: float,
) -> NDArray[np.float64]:
    r"""Displacement around a pair of straight dislocations along z, in an endless medium.

    .. math:: u_z = \frac{b_z}{2\pi} \theta, \quad
        u_x = \frac{b_x}{2\pi} \left[\theta + \frac{\sin 2\theta}{4(1-\nu)}\right], \quad
        u_y = -\frac{b_x}{2\pi} \left[\frac{1-2\nu}{2(1-\nu)} \ln r +
        \frac{\cos 2\theta}{4(1-\nu)}\right],

    for the first line minus the same for the second. The crystal is cut along the straight line
    between the two, and nowhere else.

    Args:
        xy: where, in Å, shape (n, 2).
        cores: x and y of the first and the second line, in Å, shape (2, 2).
        burgers: of the first line, in Å, shape (3,); that of the second is opposite. Its y
            component is zero.
        poisson_ratio: ν, dimensionless.

    Returns:
        In Å, shape (n, 3).

    Source:
        J. P. Hirth, J. Lothe, Theory of Dislocations, 2nd ed., Wiley 1982, Eqs. 3-2 and 3-45.

    Example:
        >>> above, below = [[0.0, 1e-6]], [[0.0, -1e-6]]
        >>> pair = np.array([[-5.0, 0.0], [5.0, 0.0]]), np.array([0.0, 0.0, 2.5]), 0.3
        >>> jump = dipole_displacement(np.array(above), *pair) - dipole_displacement(
        ...     np.array(below), *pair)
        >>> jump.round(3).tolist()  # minus the Burgers vector, across the cut
        [[0.0, 0.0, -2.5]]
    """
    w = xy @ [1, 1j]
    first, second = (w - core @ [1, 1j] for core in cores)
    theta = np.angle(first / second)  # its cut is the straight line between the cores
    double = np.exp(2j * np.angle(first)) - np.exp(2j * np.angle(second))  # cos 2θ + i sin 2θ
    log = np.log(np.abs(first) / np.abs(second))
    nu = poisson_ratio
    u = np.zeros((len(xy), 3))
    u[:, 0] = burgers[0] * (theta + double.imag / (4 * (1 - nu)))
    u[:, 1] = -burgers[0] * ((1 - 2 * nu) * log / (2 * (1 - nu)) + double.real / (4 * (1 - nu)))
    u[:, 2] = burgers[2] * theta
    return u / (2 * np.pi)


def _periodic(
    xy: NDArray[np.float64], width: float, height: float, field: tuple
) -> NDArray[np.float64]:
    """Sum of the fields of all images, made periodic: the sum alone depends on its order.

    What depends on the order is a uniform strain (and a shift). It is read off two points a cell
    apart and taken away.
    """

    def total(points: NDArray[np.float64]) -> NDArray[np.float64]:
        n = np.arange(-_IMAGES, _IMAGES + 1)
        shifts = np.stack(np.meshgrid(n * width, n * height), axis=-1).reshape(-1, 2)
        return sum(dipole_displacement(points - shift, *field) for shift in shifts)

    corners = field[0].mean(axis=0) - [[width / 2, height / 2]]  # far from the lines
    at = total(corners + [[0.0, 0.0], [width, 0.0], [0.0, height]])
    strain = np.array([(at[1] - at[0]) / width, (at[2] - at[0]) / height])  # (2, 3)
    return total(xy) - xy @ strain
