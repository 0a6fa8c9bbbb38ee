"""Apply a descriptor to a structure, and say how different two descriptions are."""

from collections.abc import Sequence

import numpy as np
import torch
from ase import Atoms
from numpy.typing import ArrayLike, NDArray

from mlp_course.data.neighbours import neighbour_list
from mlp_course.descriptors.descriptor import Descriptor


def describe_atoms(descriptor: Descriptor, atoms: Atoms) -> NDArray[np.float64]:
    """Return the description of each atom's surroundings.

    Args:
        descriptor: ``SymmetryFunctions``, ``SOAP``, ``AEV`` or another :class:`Descriptor`.
        atoms: one configuration.

    Returns:
        In the unit of the descriptor, float64, shape (n_atoms, n_components).

    Raises:
        ValueError: if the structure has an element that the descriptor was not made for.

    Example:
        >>> from mlp_course.descriptors import SymmetryFunctions
        >>> g = SymmetryFunctions([1], 2.0, radial=[(0.0, 0.0)], angular=[])
        >>> describe_atoms(g, Atoms("H2", [[0, 0, 0], [0, 0, 1.0]])).tolist()  # cutoff function
        [[0.5], [0.5]]
    """
    descriptor.elements.check(atoms.numbers)
    graph = neighbour_list(atoms, descriptor.cutoff)
    with torch.no_grad():
        features = descriptor(graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    return features.numpy()


def describe_structure(descriptor: Descriptor, atoms: Atoms) -> NDArray[np.float64]:
    """Return one description of a whole structure: the sum over its atoms, element by element.

    Args:
        descriptor: see :func:`describe_atoms`.
        atoms: one configuration.

    Returns:
        The sums for the elements of ``descriptor`` one after the other, float64, shape
        (n_elements · n_components,).

    Example:
        >>> from mlp_course.descriptors import SymmetryFunctions
        >>> g = SymmetryFunctions([1], 2.0, radial=[(0.0, 0.0)], angular=[])
        >>> describe_structure(g, Atoms("H2", [[0, 0, 0], [0, 0, 1.0]])).tolist()
        [1.0]
    """
    features = describe_atoms(descriptor, atoms)
    species = descriptor.elements.species
    return np.concatenate([features[atoms.numbers == z].sum(axis=0) for z in species])


def difference_table(descriptions: Sequence[ArrayLike]) -> NDArray[np.float64]:
    r"""Compare every two descriptions: the length of the difference against their mean length.

    .. math:: \Delta_{ab} = 100\,\% \cdot \frac{|\mathbf x_a - \mathbf x_b|}
        {\tfrac12 (|\mathbf x_a| + |\mathbf x_b|)}

    Args:
        descriptions: arrays of the same shape, whatever their unit.

    Returns:
        In percent, shape (n, n): 0 for equal ones, 200 for opposite ones.

    Raises:
        ValueError: if the shapes differ, or there is no description.

    Example:
        >>> difference_table([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]).round().tolist()
        [[0.0, 0.0, 141.0], [0.0, 0.0, 141.0], [141.0, 141.0, 0.0]]
    """
    x = _as_rows(descriptions)
    lengths = np.linalg.norm(x, axis=1)
    apart = np.linalg.norm(x[:, None] - x[None], axis=2)  # (n, n)
    mean = (lengths[:, None] + lengths[None]) / 2
    return 100 * np.divide(apart, mean, out=np.zeros_like(apart), where=mean > 0)


def largest_step(descriptions: Sequence[ArrayLike]) -> float:
    r"""Ask whether descriptions along a path jump: the longest step in units of the median step.

    .. math:: \max_k |\mathbf x_{k+1} - \mathbf x_k| \,/\, \mathrm{median}_k\,
        |\mathbf x_{k+1} - \mathbf x_k|

    For a smooth path in even, small steps this is about 1. A jump stays as long as it is when the
    steps become smaller, so that the ratio grows without limit.

    Args:
        descriptions: of the structures in the order of the path, of the same shape.

    Returns:
        Dimensionless, at least 1.

    Raises:
        ValueError: if there are fewer than three descriptions, their shapes differ, or most steps
            change nothing.

    Example:
        >>> largest_step([[0.0], [1.0], [2.0], [7.0]])  # steps of 1, 1 and 5
        5.0
    """
    rows = _as_rows(descriptions)
    if len(rows) < 3:
        raise ValueError(f"descriptions must be at least 3, to have two steps; got {len(rows)}")
    steps = np.linalg.norm(np.diff(rows, axis=0), axis=1)
    if not np.median(steps) > 0:
        raise ValueError("descriptions must change along the path; most steps change nothing")
    return float(steps.max() / np.median(steps))


def _as_rows(descriptions: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """One row a description; ValueError if their lengths differ or there is none."""
    rows = [np.asarray(x, dtype=float).ravel() for x in descriptions]
    if not rows:
        raise ValueError("descriptions must hold at least one; got an empty list")
    if len({len(row) for row in rows}) != 1:
        raise ValueError(
            f"descriptions must have the same length; got {[len(row) for row in rows]}: "
            "were they made of structures of different size?"
        )
    return np.stack(rows)
