"""Triples: every pair of neighbours of an atom, from the list of pairs."""

import torch
from torch import Tensor


def neighbour_triples(idx_i: Tensor) -> tuple[Tensor, Tensor]:
    """List every two different neighbours j, k of each atom i, each two once.

    Args:
        idx_i: central atom of each pair, shape (n_pairs,), in rising order as
            :func:`mlp_course.data.neighbour_list` gives it.

    Returns:
        Positions in the list of pairs: of i-j and of i-k, each of shape (n_triples,).

    Raises:
        ValueError: if ``idx_i`` is not in rising order.

    Example:
        >>> pair_ij, pair_ik = neighbour_triples(torch.tensor([0, 0, 0, 1, 1]))
        >>> pair_ij.tolist(), pair_ik.tolist()  # atom 0 has three neighbours, atom 1 two
        ([0, 0, 1, 3], [1, 2, 2, 4])
    """
    if (idx_i[1:] < idx_i[:-1]).any():
        raise ValueError("idx_i must be in rising order: sort the pairs by their central atom")
    n_neighbours = torch.bincount(idx_i) if len(idx_i) else idx_i.new_zeros(1)
    end = n_neighbours.cumsum(0)[idx_i]  # (n_pairs,): where the pairs of the same atom end
    pairs = torch.arange(len(idx_i), device=idx_i.device)
    n_partners = end - pairs - 1  # later pairs of the same atom
    pair_ij = pairs.repeat_interleave(n_partners)
    first = n_partners.cumsum(0) - n_partners
    pair_ik = pair_ij + 1 + torch.arange(len(pair_ij), device=idx_i.device) - first[pair_ij]
    return pair_ij, pair_ik
