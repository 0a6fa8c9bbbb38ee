"""Clusters: which atoms hang together, and how large such groups are over time."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mlp_course.analysis.frames import chosen_atoms
from mlp_course.data.neighbours import neighbour_list


def cluster_labels(
    atoms: Atoms, cutoff: float, *, which: str | Sequence[int] | None = None
) -> NDArray[np.int64]:
    """Number the groups of atoms that are linked by distances below a cutoff.

    Two atoms belong together if one can walk from one to the other over neighbours: the connected
    components of the graph of neighbours, periodic images included.

    Args:
        atoms: one configuration.
        cutoff: in Å, such as the first minimum of g(r).
        which: symbol of an element or indices, if only these atoms count; None for all.

    Returns:
        Number of the cluster of each atom that counts, shape (n_chosen,). 0 is the largest;
        of equal ones, the one that holds the earlier atom.

    Raises:
        ValueError: if the cutoff is not positive or there is no such atom.

    Example:
        >>> row = Atoms("H4", [[0, 0, 0], [3, 0, 0], [4, 0, 0], [5, 0, 0]])
        >>> cluster_labels(row, 1.5).tolist()  # one alone, three together
        [1, 0, 0, 0]
    """
    graph = neighbour_list(atoms[chosen_atoms(atoms, which)], cutoff)
    n_atoms = len(graph.atomic_numbers)
    pairs = (graph.idx_i.numpy(), graph.idx_j.numpy())
    links = coo_array((np.ones(len(pairs[0]), dtype=bool), pairs), shape=(n_atoms, n_atoms))
    labels = connected_components(links, directed=False)[1]
    order = np.argsort(-np.bincount(labels), kind="stable")  # largest first
    return np.argsort(order)[labels]


def cluster_sizes(
    frames: Sequence[Atoms], cutoff: float, *, which: str | Sequence[int] | None = None
) -> list[NDArray[np.int64]]:
    """List the sizes of all clusters in each frame.

    Args:
        frames: in order of time.
        cutoff: in Å.
        which: symbol of an element or indices, if only these atoms count; None for all.

    Returns:
        Numbers of atoms, largest first, for each frame. The number of clusters is the length.

    Example:
        >>> row = Atoms("H4", [[0, 0, 0], [3, 0, 0], [4, 0, 0], [5, 0, 0]])
        >>> [sizes.tolist() for sizes in cluster_sizes([row, row], 1.5)]
        [[3, 1], [3, 1]]
    """
    return [np.bincount(cluster_labels(atoms, cutoff, which=which)) for atoms in frames]
