"""Triples: every pair of neighbours of an atom, from the list of pairs."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from mlp_course.descriptors.cutoffs import cosine_cutoff, cutoff_with_slope


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


class Triples:
    """What the angular functions need to know of every two neighbours j, k of an atom i.

    Args:
        r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
        idx_i: central atom of each pair, shape (n_pairs,), in rising order.
        cutoff: in Å.
        with_jk: whether j and k have to be within the cutoff of each other and their distance
            counts, as in G4.

    Attributes:
        pair_ij, pair_ik: their places in the list of pairs, shape (n_triples,).
        idx_i: central atom, shape (n_triples,).
        d_ij, d_ik, d_jk: distances in Å, shape (n_triples,).
        cos_theta: of the angle at i, shape (n_triples,).
        squares: sum of the squared distances in Å², shape (n_triples,), with d_jk for G4.
        fade: product of the cutoff functions, dimensionless, shape (n_triples,).

    Example:
        >>> r_ij = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]])
        >>> triples = Triples(r_ij, torch.tensor([0, 0]), 2.0, with_jk=True)
        >>> triples.d_jk, triples.squares
        (tensor([1.4142]), tensor([4.]))
    """

    def __init__(self, r_ij: Tensor, idx_i: Tensor, cutoff: float, *, with_jk: bool):
        self.cutoff, self.with_jk = cutoff, with_jk
        self.pair_ij, self.pair_ik = neighbour_triples(idx_i)
        first, second = r_ij[self.pair_ij], r_ij[self.pair_ik]  # (n_triples, 3)
        if with_jk:
            self.d_jk = (second - first).norm(dim=1)
            near = self.d_jk < cutoff  # most triples of a solid end here
            self.d_jk, first, second = self.d_jk[near], first[near], second[near]
            self.pair_ij, self.pair_ik = self.pair_ij[near], self.pair_ik[near]
        self.idx_i = idx_i[self.pair_ij]
        d_ij = r_ij.norm(dim=1)
        fade = cosine_cutoff(d_ij, cutoff)
        self.d_ij, self.d_ik = d_ij[self.pair_ij], d_ij[self.pair_ik]
        self.cos_theta = (first * second).sum(dim=1) / (self.d_ij * self.d_ik)
        self.squares = self.d_ij**2 + self.d_ik**2
        self.fade = fade[self.pair_ij] * fade[self.pair_ik]
        if with_jk:
            self.squares = self.squares + self.d_jk**2
            self.fade = self.fade * cosine_cutoff(self.d_jk, cutoff)

    def fade_slopes(self) -> list[Tensor]:
        """Derivatives of ``fade`` by d_ij, d_ik and d_jk, each over that distance, in Å⁻²."""
        distances = [self.d_ij, self.d_ik, *([self.d_jk] if self.with_jk else [])]
        fades, slopes = zip(
            *(cutoff_with_slope(cosine_cutoff, d, self.cutoff) for d in distances), strict=True
        )
        products = []
        for n, (d, slope) in enumerate(zip(distances, slopes, strict=True)):
            others = [fade for place, fade in enumerate(fades) if place != n]
            products.append(math.prod(others, start=slope / d))
        return products


def blocks_of_atoms(idx_i: Tensor, n_triples: int) -> Iterator[slice]:
    """Cut a list of pairs between atoms, so that no block has many more triples than asked.

    Args:
        idx_i: central atom of each pair, shape (n_pairs,), in rising order.
        n_triples: after which a block is closed; a block is one atom at least.

    Yields:
        Slices of the list of pairs.

    Example:
        >>> list(blocks_of_atoms(torch.tensor([0, 0, 0, 2, 2, 3]), n_triples=3))
        [slice(0, 3, None), slice(3, 6, None)]
    """
    if not len(idx_i):
        return
    n_neighbours = torch.unique_consecutive(idx_i, return_counts=True)[1]
    own = n_neighbours * (n_neighbours - 1) // 2
    block = (own.cumsum(0) - own) // n_triples  # by the number of triples before
    sizes = n_neighbours.new_zeros(int(block[-1]) + 1).index_add(0, block, n_neighbours)
    ends = sizes.cumsum(0).tolist()
    for size, end in zip(sizes.tolist(), ends, strict=True):
        if size:
            yield slice(end - size, end)
