r"""NequIP: messages between features that turn with the molecule.

| symbol in the paper | here | shape |
|---|---|---|
| :math:`V_{acm}^{(l,p)}`, features | ``x`` | (n_atoms, n_features, (l_max + 1)²) |
| :math:`Y_m^{(l)}(\hat r_{ij})` | ``harmonics`` | (n_pairs, (l_max + 1)²) |
| :math:`R(r_{ij})`, radial network | ``weights`` | (n_pairs, n_features, n_paths) |
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph, sum_over_neighbours
from mlp_course.descriptors.species import SpeciesIndex
from mlp_course.models.architecture import Architecture, force_scale, mean_neighbours
from mlp_course.models.equivariant import (
    PathMixing,
    TensorProduct,
    columns,
    n_columns,
    spherical_harmonics,
)
from mlp_course.models.radial_network import RadialNetwork


class Gate(nn.Module):
    """Scalars through SiLU; each higher channel times a sigmoid of a scalar of its own."""

    def __init__(self, l_max: int):
        super().__init__()
        self.l_max = l_max

    def forward(self, x: Tensor, gates: Tensor) -> Tensor:
        """Apply to features and gates, shapes (n_atoms, n, columns) and (n_atoms, n, l_max)."""
        parts = [1.6768 * nn.functional.silu(x[:, :, :1])]
        for l in range(1, self.l_max + 1):  # noqa: E741
            parts.append(1.8467 * torch.sigmoid(gates[:, :, l - 1 : l]) * x[:, :, columns(l)])
        return torch.cat(parts, dim=2)


class Convolution(nn.Module):
    r"""One interaction: neighbours' features times directions, weighted by distance, then a gate.

    .. math:: x_i \leftarrow \mathrm{gate}\Bigl( S_{Z_i} x_i + A \frac{1}{\sqrt{\bar n}} \sum_j
        R(d_{ij}) \, (B x_j) \otimes Y(\hat{\mathbf r}_{ij}) \Bigr)

    Args:
        n_elements: elements that the self-connection S tells apart.
        n_features: channels.
        l_in, l_filter, l_out: highest degrees of input, harmonics and output.
        cutoff: in Å.
        radial: options of :class:`RadialNetwork`.
    """

    def __init__(
        self,
        n_elements: int,
        n_features: int,
        l_in: int,
        l_filter: int,
        l_out: int,
        *,
        cutoff: float,
        radial: dict,
    ):
        super().__init__()
        self.n_features, self.l_in, self.l_out = n_features, l_in, l_out
        self.product = TensorProduct(l_in, l_filter, l_out)
        n_paths = len(self.product.paths)
        self.radial = RadialNetwork(cutoff, n_features * n_paths, **radial)
        self.before = PathMixing(list(range(l_in + 1)), n_features, n_features)  # B
        degrees = [l_3 for _, _, l_3 in self.product.paths]
        self.after = PathMixing(degrees, n_features, n_features)  # A
        self.gates = nn.Linear(n_features * degrees.count(0), n_features * l_out, bias=False)
        kept = min(l_in, l_out)
        self.own = nn.Parameter(torch.randn(n_elements, kept + 1, n_features, n_features))
        self.gate = Gate(l_out)

    def forward(
        self,
        x: Tensor,
        element: Tensor,
        d_ij: Tensor,
        harmonics: Tensor,
        idx_i: Tensor,
        idx_j: Tensor,
        n_mean: Tensor,
    ) -> Tensor:
        """New features, shape (n_atoms, n_features, (l_out + 1)²)."""
        weights = self.radial(d_ij).reshape(len(d_ij), self.n_features, -1)
        m_ij = self.product(self.before(x)[idx_j], harmonics, weights)
        m_i = sum_over_neighbours(m_ij, idx_i, len(x)) / n_mean.sqrt()
        n_scalars = self.after.place_0.numel()
        gates = self.gates(m_i[:, :, :n_scalars].flatten(1))
        gates = gates.reshape(len(x), self.n_features, self.l_out)
        return self.gate(self.after(m_i) + self._own(x, element), gates)

    def _own(self, x: Tensor, element: Tensor) -> Tensor:
        """The self-connection: a linear layer for each element and degree."""
        new = x.new_zeros(len(x), self.n_features, n_columns(self.l_out))
        matrices = self.own[element] / math.sqrt(self.n_features)  # (n_atoms, degrees, n, n)
        parts = [
            matrices[:, l].transpose(1, 2) @ x[:, :, columns(l)]
            for l in range(self.own.shape[1])  # noqa: E741
        ]
        kept = torch.cat(parts, dim=2)
        return torch.cat([kept, new[:, :, kept.shape[2] :]], dim=2)


class NequIP(Architecture):
    """E(3)-equivariant message passing.

    Args:
        species: atomic numbers.
        cutoff: in Å.
        n_features: channels of every degree.
        l_max: highest degree of features and harmonics; 0 knows distances only.
        n_layers: interactions.
        radial: options of the radial networks, for example ``{"hidden": (32,)}``.

    Source:
        S. Batzner et al., Nat. Commun. 13, 2453 (2022), arXiv:2101.03164. Changes: features of
        natural parity only; one gate a channel and degree.
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        n_features: int = 32,
        l_max: int = 2,
        n_layers: int = 3,
        radial: dict | None = None,
    ):
        super().__init__()
        self.elements = SpeciesIndex(species)
        self.l_max, n_elements = l_max, len(self.elements)
        self.embedding = nn.Parameter(torch.randn(n_elements, n_features))
        degrees = [0] + [l_max] * (n_layers - 1) + [0]
        self.layers = nn.ModuleList(
            Convolution(
                n_elements, n_features, l_in, l_max, l_out, cutoff=cutoff, radial=radial or {}
            )
            for l_in, l_out in zip(degrees, degrees[1:], strict=False)
        )
        self.readout = nn.Linear(n_features, 1, bias=False)
        self.register_buffer("n_mean", torch.tensor(1.0))
        self.register_buffer("scale", torch.tensor(1.0))  # eV

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        element = self.elements(atomic_numbers)
        d_ij = r_ij.norm(dim=1)
        harmonics = spherical_harmonics(r_ij, self.l_max)
        x = self.embedding[element][:, :, None]  # (n_atoms, n_features, 1)
        for layer in self.layers:
            x = layer(x, element, d_ij, harmonics, idx_i, idx_j, self.n_mean)
        return self.scale * self.readout(x[:, :, 0])[:, 0]

    def adapt(self, graphs: Sequence[Graph], forces: Sequence[Tensor]) -> None:
        """Take the mean number of neighbours and the spread of the forces from the data."""
        self.n_mean.fill_(mean_neighbours(graphs))
        self.scale.fill_(force_scale(forces))
