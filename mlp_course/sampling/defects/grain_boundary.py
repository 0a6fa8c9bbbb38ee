"""Grain boundaries: two crystals that share the sites of a coincidence lattice."""

import numpy as np
from ase import Atoms
from ase.lattice.cubic import FaceCenteredCubic
from ase.neighborlist import neighbor_list
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from mlp_course.descriptors.checks import check_positive
from mlp_course.sampling.origin import with_origin


def tilt_grain_boundary(
    symbol: str,
    plane: tuple[int, int],
    *,
    lattice_constant: float,
    periods: int = 2,
    merge: float = 0.7,
) -> Atoms:
    r"""Build a symmetric tilt boundary Σ (h k 0)[001] of an fcc crystal, and its image.

    One grain has (h k 0) as its lower face; the other is its mirror image in that plane. Both are
    repeated, so the cell has two boundaries, at y = 0 and in the middle; they are mirror images.

    .. math:: \Sigma = h^2 + k^2 \ (\text{half of it if even}), \qquad
        \theta = 2 \arctan(k / h)

    Mirror twins that come too close are merged into one atom half-way, on the boundary.

    Args:
        symbol: element.
        plane: h and k, without common factor; (2, 1) gives Σ5(210)[001].
        lattice_constant: in Å.
        periods: thickness of each grain in repeats along its normal.
        merge: atoms closer than this, in units of the nearest-neighbour distance, become one.

    Returns:
        A cell periodic in x (along the boundary), y (across) and z (the tilt axis), not relaxed,
        without calculator. The record holds ``sigma`` and ``angle`` (degrees) of the boundary. Let
        ``optimised(relax_cell=True)`` find its width.

    Raises:
        ValueError: if h and k have a common factor or are not positive, or ``periods`` is below 1.

    Source:
        H. Grimmer, W. Bollmann, D. H. Warrington, Acta Cryst. A 30, 197 (1974), on coincidence
        lattices; the cell is built here.

    Example:
        >>> boundary = tilt_grain_boundary("Cu", (2, 1), lattice_constant=3.6)
        >>> boundary.info["origin"]["settings"]["sigma"]
        5
        >>> f"{boundary.cell.lengths()[0]:.2f} Å"  # √5 × 3.6 Å
        '8.05 Å'
    """
    check_positive("in Å", lattice_constant=lattice_constant)
    h, k = plane
    if min(h, k, periods) < 1 or np.gcd(h, k) != 1:
        raise ValueError(
            "plane must be two positive whole numbers without common factor, and periods at least "
            f"1; got {plane}, {periods}"
        )
    grain = FaceCenteredCubic(
        directions=[[k, -h, 0], [h, k, 0], [0, 0, 1]],
        size=(1, periods, 1),
        symbol=symbol,
        latticeconstant=lattice_constant,
    )
    nearest = lattice_constant / 2**0.5
    boundary = _merged(_with_mirror_image(grain), merge * nearest)
    settings = _coincidence(h, k) | dict(lattice_constant=lattice_constant, structure="fcc")
    settings |= dict(plane=[h, k, 0], periods=periods, depth=1, merge=merge)
    how = dict(data_type="defect", sampler="tilt_grain_boundary", settings=settings)
    return with_origin(boundary, parent=f"fcc {symbol}", **how)


def _coincidence(h: int, k: int) -> dict[str, float]:
    """Sigma and the angle in degrees of the boundary (h k 0)[001]."""
    square = h**2 + k**2
    sigma = square if square % 2 else square // 2
    return dict(sigma=sigma, angle=float(np.degrees(2 * np.arctan2(k, h))))


def boundary_area(boundary: Atoms) -> float:
    """Area of both boundaries of a cell together in Å².

    Example:
        >>> boundary = tilt_grain_boundary("Cu", (2, 1), lattice_constant=3.6)
        >>> f"{boundary_area(boundary):.1f} Å²"  # 2 × √5 × 3.6²
        '58.0 Å²'
    """
    return float(2 * np.linalg.norm(np.cross(boundary.cell[0], boundary.cell[2])))


def _with_mirror_image(grain: Atoms) -> Atoms:
    """A grain from y = 0 to L and its mirror image from L to 2 L; planes at 0 and L count once."""
    length = grain.cell[1, 1]
    upper = Atoms(grain.numbers, grain.get_positions(wrap=True, eps=1e-6))
    on_plane = np.abs(upper.positions[:, 1]) < 1e-6
    lower = upper.copy()
    lower.positions[:, 1] = np.where(on_plane, length, 2 * length - upper.positions[:, 1])
    both = upper + lower
    both.set_cell(grain.cell.array * [[1], [2], [1]])
    both.pbc = True
    return both


def _merged(atoms: Atoms, distance: float) -> Atoms:
    """Replace atoms closer than ``distance`` (Å) by one in their middle."""
    i, j, arrow = neighbor_list("ijD", atoms, distance)
    links = coo_matrix((np.ones(len(i)), (i, j)), shape=(len(atoms), len(atoms)))
    _, group = connected_components(links, directed=False)
    first = np.unique(group, return_index=True)[1]
    merged = atoms.copy()
    leads = np.isin(i, first)
    sizes = np.bincount(group)[group]
    np.add.at(merged.positions, i[leads], arrow[leads] / sizes[i[leads], None])
    merged = merged[np.sort(first)]
    merged.wrap(eps=1e-6)
    return merged
