"""What every architecture of the course has in common: pairs in, atom energies out."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph

#: Rows of a table with one embedding for each atomic number, from 0 to 99, as in SchNetPack.
N_EMBEDDINGS = 100


class Architecture(nn.Module):
    """A network of atom energies. Subclasses write ``forward`` and, if they need it, ``adapt``.

    Attributes:
        recordable: whether nothing in ``forward`` depends on the number of pairs or triples, so
            that the operations may be recorded and replayed; see ``recording.py``.
        solvable: whether it is fitted by a linear system, with a method ``solve``, and not by
            gradient steps.

    Example:
        >>> import torch
        >>> class Repulsion(Architecture):  # 1 eV Å / d_ij, half of it for either atom
        ...     def forward(self, atomic_numbers, r_ij, idx_i, idx_j):
        ...         return r_ij.new_zeros(2).index_add(0, idx_i, 0.5 / r_ij.norm(dim=1))
        >>> r_ij = torch.tensor([[0.0, 0.0, 2.0], [0.0, 0.0, -2.0]])
        >>> Repulsion()(torch.tensor([1, 1]), r_ij, torch.tensor([0, 1]), torch.tensor([1, 0]))
        tensor([0.2500, 0.2500])
    """

    recordable = False
    solvable = False

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies without references, in eV.

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).

        Returns:
            Shape (n_atoms,).
        """
        raise NotImplementedError

    def adapt(self, graphs: Sequence[Graph], forces: Sequence[Tensor]) -> None:
        """Set constants, such as the spread of a descriptor, from the training data.

        Called by ``fit`` before the first step of an untrained potential; the constants are
        stored with the weights.

        Args:
            graphs: the training configurations.
            forces: their labels in eV/Å, each of shape (n_atoms, 3).
        """


def mean_neighbours(graphs: Sequence[Graph]) -> float:
    """Mean number of neighbours of an atom, dimensionless, at least 1."""
    n_pairs = sum(len(graph.idx_i) for graph in graphs)
    return max(1.0, n_pairs / sum(len(graph.positions) for graph in graphs))


def force_scale(forces: Sequence[Tensor]) -> float:
    """Root mean square of the force components, in eV/Å; 1 if there are none but zeros."""
    return torch.cat(list(forces)).square().mean().sqrt().item() or 1.0
