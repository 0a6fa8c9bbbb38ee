"""What all descriptors of atoms have in common: elements, a cutoff, values and derivatives."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import sum_over_neighbours
from mlp_course.descriptors.checks import check_cutoff
from mlp_course.descriptors.species import SpeciesIndex


class Descriptor(nn.Module):
    """Numbers for each atom's surroundings that no rotation, mirror or renaming changes.

    A descriptor says how long it is and how it is computed. Its derivatives follow from that; it
    may write them out where that is quicker.

    Args:
        species: atomic numbers of the elements it can tell apart.
        cutoff: distance beyond which atoms do not see each other, in Å.

    Attributes:
        elements: the places of the elements, a :class:`SpeciesIndex`.
        cutoff: in Å.

    Raises:
        ValueError: if ``species`` is no list of different atomic numbers or ``cutoff`` not
            positive.

    Example:
        >>> from ase.build import molecule
        >>> from mlp_course.descriptors import cosine_cutoff, describe_atoms
        >>> class Coordination(Descriptor):
        ...     n_components = 1
        ...
        ...     def forward(self, atomic_numbers, r_ij, idx_i, idx_j):
        ...         near = cosine_cutoff(r_ij.norm(dim=1), self.cutoff)
        ...         return sum_over_neighbours(near, idx_i, len(atomic_numbers))[:, None]
        >>> describe_atoms(Coordination([1], 2.0), molecule("H2")).round(2).tolist()
        [[0.7], [0.7]]
    """

    def __init__(self, species: Sequence[int], cutoff: float):
        super().__init__()
        check_cutoff(cutoff)
        self.elements = SpeciesIndex(species)
        self.cutoff = float(cutoff)

    @property
    def n_components(self) -> int:
        """Length of the descriptor of one atom, dimensionless."""
        raise NotImplementedError

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Descriptor of each atom, shape (n_atoms, n_components).

        Args:
            atomic_numbers: shape (n_atoms,), of its elements only. Any other would silently count
                as the last element: call ``elements.check`` before, as ``describe_atoms`` and
                ``Potential`` do; it is not done here, where it would cost a GPU a pause.
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).
        """
        raise NotImplementedError

    def derivatives(
        self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Descriptors, and how that of atom i changes when its neighbour j moves.

        A move of atom i itself is minus the sum over its neighbours. Here one backward pass for
        each component.

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).

        Returns:
            Descriptors, shape (n_atoms, n_components), and their derivatives by the vectors, per Å,
            shape (n_pairs, 3, n_components).
        """
        with torch.enable_grad():
            r_ij = r_ij.detach().requires_grad_()
            values = self(atomic_numbers, r_ij, idx_i, idx_j)
            slopes = [
                torch.autograd.grad(column.sum(), r_ij, retain_graph=True, materialize_grads=True)
                for column in values.T
            ]
        return values.detach(), torch.stack([slope for (slope,) in slopes], dim=2)


def sum_by_kind(terms: Tensor, idx_i: Tensor, kind: Tensor, n_atoms: int, n_kinds: int) -> Tensor:
    """Sum rows that belong to the same atom and the same kind of neighbour.

    Args:
        terms: shape (n_rows, n_columns).
        idx_i: the atom of each row, shape (n_rows,).
        kind: the kind of each row, 0 to n_kinds - 1, shape (n_rows,).
        n_atoms: number of atoms.
        n_kinds: number of kinds.

    Returns:
        For each atom the sums of the first kind, then those of the second, ..., shape (n_atoms,
        n_kinds · n_columns).

    Example:
        >>> terms = torch.tensor([[1.0], [2.0], [4.0]])  # three neighbours of atom 0
        >>> sum_by_kind(terms, torch.tensor([0, 0, 0]), torch.tensor([0, 1, 1]), 1, 2)
        tensor([[1., 6.]])
    """
    total = sum_over_neighbours(terms, idx_i * n_kinds + kind, n_atoms * n_kinds)
    return total.reshape(n_atoms, n_kinds * terms.shape[1])
