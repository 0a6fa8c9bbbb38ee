r"""NequIP: messages between features that turn with the molecule.

| symbol in the paper | here | shape |
|---|---|---|
| :math:`V_{acm}^{(l,p)}`, features | ``x`` | (n_atoms, (l_max + 1)², n_features) |
| :math:`Y_m^{(l)}(\hat r_{ij})` | ``harmonics`` | (n_pairs, (l_max + 1)²) |
| :math:`R(r_{ij})`, radial network | ``weights`` | (n_pairs, n_paths, n_features) |
"""

import itertools
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph
from mlp_course.descriptors.checks import check_count
from mlp_course.descriptors.species import SpeciesIndex
from mlp_course.models.architecture import Architecture, force_scale, mean_neighbours
from mlp_course.models.equivariant import by_degree, spherical_harmonics
from mlp_course.models.equivariant_layers import Messages, SelfConnection
from mlp_course.models.radial_network import SILU_SCALE

_SIGMOID_SCALE = 1.8467  # gives the sigmoid of a normal variable unit second moment


class Gate(nn.Module):
    r"""The nonlinearity: a scalar decides how much of a vector passes; only its length changes.

    .. math:: x_{k\,00} \leftarrow \mathrm{SiLU}(x_{k\,00}), \qquad
        x_{k\,lm} \leftarrow \mathrm{sigmoid}(g_{kl}) \, x_{k\,lm}, \quad g = G x_{00}

    Args:
        n_features: channels.
        l_max: highest degree; each degree above 0 has gates of its own.

    Example:
        >>> gate = Gate(n_features=1, l_max=1)
        >>> gate.gates.data[:] = 0.0  # sigmoid(0) = 1/2 of every vector passes, times 1.8467
        >>> x = torch.tensor([[[1.0], [0.0], [2.0], [0.0]]])  # the scalar: 1.6768 · 0.7311
        >>> gate(x)[0, :, 0]
        tensor([1.2258, 0.0000, 1.8467, 0.0000], grad_fn=<SelectBackward0>)
    """

    def __init__(self, n_features: int, l_max: int):
        super().__init__()
        self.l_max = l_max
        if l_max > 0:
            self.gates = nn.Parameter(torch.randn(n_features, l_max * n_features))

    def forward(self, x: Tensor) -> Tensor:
        """Apply to features, shape (n_atoms, (l_max + 1)², n_features)."""
        scalars, *higher = by_degree(x)
        passed = SILU_SCALE * nn.functional.silu(scalars)
        if self.l_max == 0:
            return passed
        gates = torch.sigmoid(scalars @ self.gates / math.sqrt(x.shape[2])) * _SIGMOID_SCALE
        gates = gates.split(x.shape[2], dim=2)  # one block for each degree above 0
        gated = [gate * x_l for gate, x_l in zip(gates, higher, strict=True)]
        return torch.cat([passed, *gated], dim=1)


class NequIP(Architecture):
    r"""E(3)-equivariant message passing.

    .. math:: x_i \leftarrow \mathrm{gate}\bigl( S_{Z_i} x_i + \mathrm{messages}_i(x) \bigr)

    Args:
        species: atomic numbers.
        cutoff: in Å.
        n_features: channels of every degree.
        l_max: highest degree of features and harmonics; 0 knows distances only.
        n_layers: interactions.
        radial: options of the radial networks, for example ``{"hidden": (32,)}``.

    Raises:
        ValueError: unless ``l_max`` is a whole number of at least 0, ``n_features`` and
            ``n_layers`` of at least 1; for what the radial networks refuse.

    Source:
        S. Batzner et al., Nat. Commun. 13, 2453 (2022), arXiv:2101.03164. Changes: features of
        natural parity only; gates are made of the scalars after mixing.

    Example:
        >>> network = NequIP([1, 8], cutoff=4.0, n_features=4)
        >>> r_ij = torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
        >>> pair = (torch.tensor([8, 1]), r_ij, torch.tensor([0, 1]), torch.tensor([1, 0]))
        >>> turned = (pair[0], r_ij[:, [2, 0, 1]], *pair[2:])  # the same along x
        >>> torch.allclose(network(*pair), network(*turned), atol=1e-5)
        True
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
        check_count(0, l_max=l_max)
        check_count(1, n_features=n_features, n_layers=n_layers)
        self.elements = SpeciesIndex(species)
        self.l_max, n_elements = l_max, len(self.elements)
        self.embedding = nn.Parameter(torch.randn(n_elements, n_features))
        degrees = (
            [0] + [l_max] * (n_layers - 1) + [0]
        )  # of the features before and after each layer
        self.messages, self.own, self.gates = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for l_in, l_out in itertools.pairwise(degrees):
            reach = dict(l_in=l_in, l_filter=l_max, l_out=l_out, cutoff=cutoff, radial=radial)
            self.messages.append(Messages(n_features, **reach))
            self.own.append(SelfConnection(n_elements, n_features, l_in, l_out))
            self.gates.append(Gate(n_features, l_out))
        self.readout = nn.Linear(n_features, 1, bias=False)
        self.register_buffer("n_mean", torch.tensor(1.0))
        self.register_buffer("scale", torch.tensor(1.0))  # eV

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        element = self.elements(atomic_numbers)
        edges = (r_ij.norm(dim=1), spherical_harmonics(r_ij, self.l_max), idx_i, idx_j)
        x = self.embedding[element][:, None]  # (n_atoms, 1, n_features)
        for messages, own, gate in zip(self.messages, self.own, self.gates, strict=True):
            x = gate(own(x, element) + messages(x, *edges, self.n_mean))
        return self.scale * self.readout(x[:, 0])[:, 0]

    def adapt(self, graphs: Sequence[Graph], forces: Sequence[Tensor]) -> None:
        """Take the mean number of neighbours and the spread of the forces from the data."""
        self.n_mean.fill_(mean_neighbours(graphs))
        self.scale.fill_(force_scale(forces))
