"""Nanoparticles: the shape of least surface energy, and octahedra."""

from collections.abc import Mapping

import numpy as np
from ase import Atoms
from ase.cluster import Octahedron, wulff_construction

from mlp_course.descriptors.checks import check_count, check_positive
from mlp_course.sampling.origin import with_origin


def wulff_particle(
    symbol: str,
    surface_energies: Mapping[tuple[int, int, int], float],
    *,
    n_atoms: int,
    lattice_constant: float,
) -> Atoms:
    r"""Build the fcc particle of about ``n_atoms`` whose surface costs least.

    .. math:: d_i / \gamma_i = \text{const.}

    The cheaper a facet, the nearer to the centre it lies and the larger it is.

    Args:
        symbol: element.
        surface_energies: γ of each facet (Miller indices), in one unit.
        n_atoms: about how many; what comes nearest is built.
        lattice_constant: in Å.

    Returns:
        The particle, not relaxed, without calculator and cell.

    Raises:
        ValueError: if a surface energy is not positive or ``n_atoms`` is below 1.

    Source:
        G. Wulff, Z. Kristallogr. 34, 449 (1901); through ASE.

    Example:
        >>> wulff_particle("Cu", {(1, 0, 0): 1.0, (1, 1, 1): 10.0}, n_atoms=63,
        ...                lattice_constant=3.6).get_chemical_formula()  # a cube of 2 × 2 × 2 cells
        'Cu63'
    """
    check_positive("in Å", lattice_constant=lattice_constant)
    facets, energies = list(surface_energies), [float(e) for e in surface_energies.values()]
    if not facets or min(energies) <= 0 or n_atoms < 1:
        raise ValueError(
            f"surface_energies must be positive and n_atoms at least 1; got {energies}, {n_atoms}"
        )
    build = (symbol, facets, energies, n_atoms, "fcc")
    particle = wulff_construction(*build, rounding="closest", latticeconstant=lattice_constant)
    settings = dict(
        facets=[list(facet) for facet in facets],
        surface_energies=energies,
        n_atoms=n_atoms,
        lattice_constant=lattice_constant,
        structure="fcc",
    )
    return _free(particle, "wulff_particle", settings, symbol)


def octahedral_particle(
    symbol: str, *, length: int, cutoff: int = 0, lattice_constant: float
) -> Atoms:
    r"""Build an fcc octahedron, its corners cut off: {111} facets, and {100} where corners were.

    .. math:: N = \tfrac13 L (2 L^2 + 1) - c (c + 1)(2 c + 1), \qquad L \text{ atoms an edge}

    Args:
        symbol: element.
        length: L, atoms along an edge of the full octahedron.
        cutoff: c, layers cut off at each corner.
        lattice_constant: in Å.

    Returns:
        The particle, not relaxed, without calculator and cell.

    Raises:
        ValueError: if ``length`` is below 2, or ``cutoff`` is negative or above (L - 1) / 2.

    Example:
        >>> len(octahedral_particle("Cu", length=4, cutoff=1, lattice_constant=3.6))  # 44 - 6
        38
    """
    check_positive("in Å", lattice_constant=lattice_constant)
    check_count(2, length=length)
    check_count(0, cutoff=cutoff)
    if length < 2 or not 0 <= 2 * cutoff <= length - 1:
        raise ValueError(
            f"length must be at least 2 and cutoff from 0 to (length - 1) / 2; got {length}, "
            f"{cutoff}"
        )
    particle = Octahedron(symbol, length, cutoff=cutoff, latticeconstant=lattice_constant)
    settings = dict(length=length, cutoff=cutoff, lattice_constant=lattice_constant)
    return _free(particle, "octahedral_particle", settings, symbol)


def _free(particle: Atoms, sampler: str, settings: dict, symbol: str) -> Atoms:
    """Plain atoms about the origin, nothing periodic."""
    positions = particle.positions - particle.positions.mean(axis=0)
    atoms = Atoms(particle.numbers, np.round(positions, 10))
    how = dict(data_type="defect", sampler=sampler, settings=settings)
    return with_origin(atoms, parent=f"element {symbol}", **how)
