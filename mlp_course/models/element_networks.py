"""One small network per element: a descriptor becomes the energy of its atom."""

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_course.descriptors.checks import check_widths
from mlp_course.descriptors.species import SpeciesIndex


class ElementNetworks(nn.Module):
    r"""Feed each atom's descriptor to the network of its element.

    .. math:: \varepsilon_i = \mathrm{NN}_{Z_i}(\mathbf G_i)

    Args:
        species: atomic numbers.
        n_in: length of the descriptor.
        hidden: widths of the hidden layers, the same for all elements or one list for each; an
            empty list makes a linear model.
        activation: makes the activation between two layers.

    Raises:
        ValueError: if a width is no whole number of at least 1.
        TypeError: if ``hidden`` is no list.

    Example:
        >>> networks = ElementNetworks([1, 8], n_in=4, hidden=[8], activation=nn.Tanh)
        >>> networks(torch.zeros(3, 4), torch.tensor([8, 1, 1])).shape
        torch.Size([3])
    """

    def __init__(
        self,
        species: Sequence[int],
        n_in: int,
        hidden: Sequence[int] | dict[int, Sequence[int]],
        activation: type[nn.Module],
    ):
        super().__init__()
        self.elements = SpeciesIndex(species)
        widths = (
            hidden if isinstance(hidden, dict) else dict.fromkeys(self.elements.species, hidden)
        )
        for own in widths.values():
            check_widths(own)
        self.networks = nn.ModuleList(
            _network([n_in, *widths[z], 1], activation) for z in self.elements.species
        )

    def forward(self, features: Tensor, atomic_numbers: Tensor) -> Tensor:
        """Atom energies, shape (n_atoms,), from descriptors of shape (n_atoms, n_in)."""
        element = self.elements(atomic_numbers)
        energies = features.new_zeros(len(features))
        for place, network in enumerate(self.networks):
            atoms = torch.nonzero(element == place)[:, 0]
            if len(atoms):
                energies = energies.index_copy(0, atoms, network(features[atoms])[:, 0])
        return energies


def _network(widths: Sequence[int], activation: type[nn.Module]) -> nn.Sequential:
    """Linear layers with an activation between each two."""
    layers: list[nn.Module] = []
    for n_in, n_out in itertools.pairwise(widths):
        layers += [nn.Linear(n_in, n_out), activation()]
    return nn.Sequential(*layers[:-1])
