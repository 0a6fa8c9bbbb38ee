"""Elements as indices 0, 1, 2, ..., and pairs of elements as indices of their own."""

from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement
from numbers import Integral

import torch
from ase.data import chemical_symbols
from torch import Tensor, nn


class SpeciesIndex(nn.Module):
    """Translate atomic numbers into the places of their elements in a sorted list.

    Args:
        species: atomic numbers.

    Raises:
        ValueError: if there is none, one is no atomic number, or one appears twice.
        TypeError: if it is no list.

    Example:
        >>> index = SpeciesIndex([8, 1])  # H, O
        >>> index(torch.tensor([1, 8, 8])).tolist()
        [0, 1, 1]
        >>> index.pairs, index.of_pair(torch.tensor([0, 1]), torch.tensor([1, 0])).tolist()
        ([(1, 1), (1, 8), (8, 8)], [1, 1])
        >>> index.pair_symbols
        ['HH', 'HO', 'OO']
    """

    def __init__(self, species: Sequence[int]):
        super().__init__()
        rule = "species must be a list of atomic numbers such as [1, 6, 8]"
        if not isinstance(species, Iterable):
            raise TypeError(f"{rule}; got {species!r}")
        numbers = list(species)
        known = range(1, len(chemical_symbols))
        if not numbers or not all(isinstance(z, Integral) and z in known for z in numbers):
            raise ValueError(f"{rule}; got {species}")
        self.species = sorted(map(int, numbers))
        if len(set(self.species)) != len(self.species):
            raise ValueError(f"species must not name an element twice; got {species}")
        self.pairs = list(combinations_with_replacement(self.species, 2))
        place = torch.full((len(chemical_symbols),), -1)
        place[self.species] = torch.arange(len(self.species))
        self.register_buffer("place", place, persistent=False)
        n = len(self.species)
        place_of_pair = torch.zeros((n, n), dtype=torch.long)
        upper = torch.triu_indices(n, n)
        place_of_pair[upper[0], upper[1]] = place_of_pair[upper[1], upper[0]] = torch.arange(
            len(self.pairs)
        )
        self.register_buffer("place_of_pair", place_of_pair, persistent=False)

    def __len__(self) -> int:
        return len(self.species)

    def forward(self, atomic_numbers: Tensor) -> Tensor:
        """Places of the elements; -1 for an element that is not in the list.

        As an index -1 is the last element: see :meth:`check`.
        """
        return self.place[atomic_numbers]

    def check(self, atomic_numbers: Sequence[int]) -> None:
        """Raise ValueError for an element that is not in the list."""
        unknown = sorted(set(map(int, atomic_numbers)) - set(self.species))
        if unknown:
            raise ValueError(
                f"atomic numbers {unknown} are unknown to this descriptor, which was made for "
                f"species={self.species}: build it with all elements of the structure"
            )

    def of_pair(self, first: Tensor, second: Tensor) -> Tensor:
        """Place of each unordered pair of elements, from the places of its two elements."""
        return self.place_of_pair[first, second]

    @property
    def symbols(self) -> list[str]:
        """Chemical symbols in order."""
        return [chemical_symbols[z] for z in self.species]

    @property
    def pair_symbols(self) -> list[str]:
        """Chemical symbols of the pairs in order."""
        return [chemical_symbols[a] + chemical_symbols[b] for a, b in self.pairs]
