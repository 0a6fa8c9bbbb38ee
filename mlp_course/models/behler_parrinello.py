"""The high-dimensional neural network potential of Behler and Parrinello."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph, collate
from mlp_course.descriptors.symmetry_function_set import SymmetryFunctions
from mlp_course.models.architecture import Architecture
from mlp_course.models.element_networks import ElementNetworks

_SMALLEST_SPREAD = 0.01  # of a symmetry function, dimensionless
_SPREADS_IN_RANGE = 6  # about what the range of a thousand normally distributed values holds


class BehlerParrinello(Architecture):
    r"""Symmetry functions, shifted and scaled, then one network per element.

    .. math:: \varepsilon_i = \mathrm{NN}_{Z_i}\!\left(
        \frac{\mathbf G_i - \bar{\mathbf G}_{Z_i}}{\sigma_{Z_i}} \right), \qquad
        \sigma = \tfrac{1}{6} (G_{\max} - G_{\min})

    Mean and range of each function are those of the training frames, element by element. Why the
    range and not the standard deviation: a function that is nearly always zero has a tiny one, and
    the rare pair of atoms that does come near would arrive in the network as 14 of them, in a test
    frame as 21. For the same reason nothing is divided by less than 0.01.

    Args:
        species: atomic numbers.
        cutoff: in Å.
        hidden: widths of the hidden layers.
        radial, angular, with_jk: see :class:`SymmetryFunctions`.

    Raises:
        ValueError: if a width is no whole number of at least 1, or for what SymmetryFunctions
            refuses.
        TypeError: if ``hidden`` is no list.

    Source:
        J. Behler, M. Parrinello, Phys. Rev. Lett. 98, 146401 (2007); scaling by the range as in
        J. Behler, Int. J. Quantum Chem. 115, 1032 (2015).

    Example:
        >>> network = BehlerParrinello([1, 8], cutoff=5.0, hidden=[4])
        >>> network.descriptor.n_components  # 8 shells of H, of O; 12 angles at HH, HO, OO
        52
        >>> sum(weights.numel() for weights in network.parameters())  # 2 · (52 · 4 + 4 + 4 + 1)
        434
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        hidden: Sequence[int] = (64, 64),
        radial: Sequence[tuple[float, float]] | None = None,
        angular: Sequence[tuple[float, float, float]] | None = None,
        with_jk: bool = False,
    ):
        super().__init__()
        self.descriptor = SymmetryFunctions(
            species, cutoff, radial=radial, angular=angular, with_jk=with_jk
        )
        n_components = self.descriptor.n_components
        self.networks = ElementNetworks(species, n_components, hidden, nn.SiLU)
        self.register_buffer("mean", torch.zeros(len(species), n_components))
        self.register_buffer("spread", torch.ones(len(species), n_components))

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        g = self.descriptor(atomic_numbers, r_ij, idx_i, idx_j)  # (n_atoms, n_components)
        element = self.descriptor.elements(atomic_numbers)
        return self.networks((g - self.mean[element]) / self.spread[element], atomic_numbers)

    @torch.no_grad()
    def adapt(self, graphs: Sequence[Graph], forces: Sequence[Tensor]) -> None:
        """Take mean and range of the symmetry functions from the training frames."""
        batch = collate(graphs)
        g = self.descriptor(batch.atomic_numbers, batch.pair_vectors(), batch.idx_i, batch.idx_j)
        element = self.descriptor.elements(batch.atomic_numbers)
        for place in element.unique():
            own = g[element == place]
            self.mean[place] = own.mean(dim=0)
            spread = (own.amax(dim=0) - own.amin(dim=0)) / _SPREADS_IN_RANGE
            self.spread[place] = spread.clamp(min=_SMALLEST_SPREAD)
