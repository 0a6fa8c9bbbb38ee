"""Descriptors that fail, each in its own way: they show what a good one must do."""

import math

import numpy as np
from ase import Atoms
from numpy.typing import NDArray


def raw_coordinates(atoms: Atoms) -> NDArray[np.float64]:
    """Return the positions as one row of numbers. Fails on everything that moves the molecule.

    Args:
        atoms: one configuration.

    Returns:
        In Å, shape (3 n_atoms,).

    Example:
        >>> raw_coordinates(Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])).tolist()
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.74]
    """
    return atoms.positions.ravel().copy()


def coulomb_matrix(atoms: Atoms) -> NDArray[np.float64]:
    r"""Return the repulsion of every two nuclei. Fails when equal atoms change places.

    .. math:: M_{ii} = \tfrac12 Z_i^{2.4}, \qquad M_{ij} = \frac{Z_i Z_j}{d_{ij}}

    Args:
        atoms: a molecule; periodic images are not counted.

    Returns:
        Charges in e, distances in Å, shape (n_atoms, n_atoms).

    Raises:
        ValueError: if two atoms lie on the same spot.

    Source:
        M. Rupp et al., Phys. Rev. Lett. 108, 058301 (2012), Eq. 1; there with distances in bohr.

    Example:
        >>> coulomb_matrix(Atoms("H2", [[0, 0, 0], [0, 0, 0.5]])).tolist()
        [[0.5, 2.0], [2.0, 0.5]]
    """
    charges = atoms.numbers.astype(float)
    distances = atoms.get_all_distances()  # (n_atoms, n_atoms)
    np.fill_diagonal(distances, 1.0)
    if (distances < 1e-6).any():
        pair = np.argwhere(distances < 1e-6)[0].tolist()
        raise ValueError(f"atoms must not share a spot; atoms {pair} do: check the geometry")
    matrix = np.outer(charges, charges) / distances
    np.fill_diagonal(matrix, 0.5 * charges**2.4)
    return matrix


def sorted_coulomb_matrix(atoms: Atoms) -> NDArray[np.float64]:
    """Return the Coulomb matrix with its rows and columns ordered by falling norm of the rows.

    The order of the atoms no longer matters, unless two norms are equal. The price is a jump (or a
    kink, if the two rows mirror each other) wherever two norms cross: the rows change places.

    Args:
        atoms: a molecule.

    Returns:
        Charges in e, distances in Å, shape (n_atoms, n_atoms).

    Source:
        G. Montavon et al., NeurIPS 25 (2012), section 2.2.

    Example:
        >>> sorted_coulomb_matrix(Atoms("HO", [[0, 0, 0], [0, 0, 1.0]])).round(1).tolist()
        [[73.5, 8.0], [8.0, 0.5]]
    """
    matrix = coulomb_matrix(atoms)
    order = np.argsort(-np.linalg.norm(matrix, axis=1), kind="stable")
    return matrix[np.ix_(order, order)]


def distance_histogram(
    atoms: Atoms, *, longest: float = 6.0, width: float = 0.1
) -> NDArray[np.float64]:
    """Count pairs of atoms by distance. Jumps, and knows neither angles nor who has which distance.

    Args:
        atoms: a molecule; elements do not matter.
        longest: distances from here on are not counted, in Å.
        width: of a bin, in Å.

    Returns:
        Pairs in each bin, each pair once, shape (n_bins,).

    Raises:
        ValueError: if a length is not positive and finite.

    Example:
        >>> line = Atoms("H3", [[0, 0, 0], [0, 0, 1.0], [0, 0, 2.0]])
        >>> distance_histogram(line, longest=3.0, width=1.0).tolist()  # twice 1 Å, once 2 Å
        [0.0, 2.0, 1.0]
    """
    if not (0 < width <= longest < math.inf):
        raise ValueError(
            f"longest must be finite and at least width, which must be positive, in Å; got "
            f"{longest}, {width}"
        )
    first, second = np.triu_indices(len(atoms), k=1)
    distances = atoms.get_all_distances()[first, second]
    n_bins = math.ceil(longest / width - 1e-9)
    bins = np.floor(distances[distances < longest] / width).astype(int)
    return np.bincount(bins, minlength=n_bins)[:n_bins].astype(float)
