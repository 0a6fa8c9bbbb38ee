r"""MACE: messages of many bodies at once, by products of one set of summed messages.

| symbol in the paper | here | shape |
|---|---|---|
| :math:`h_{j,klm}`, features | ``x`` | (n_atoms, (l_hidden + 1)², n_features) |
| :math:`A_{i,klm}`, summed two-body messages | ``a`` | (n_atoms, (l_max + 1)², n_features) |
| :math:`B_{i,kLM}`, their symmetric products | ``b`` | (n_atoms, (l_hidden + 1)², n_features) |
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph
from mlp_course.descriptors.checks import check_count
from mlp_course.descriptors.species import SpeciesIndex
from mlp_course.models.architecture import Architecture, force_scale, mean_neighbours
from mlp_course.models.equivariant import DegreeLinear, by_degree, spherical_harmonics
from mlp_course.models.equivariant_layers import Messages, SelfConnection
from mlp_course.models.symmetric_contraction import SymmetricContraction


class MACE(Architecture):
    r"""Two rounds of messages, each raised to products of up to ``correlation`` neighbours.

    .. math:: x_i \leftarrow S_{Z_i} x_i + L\, B\bigl(A_i(x)\bigr), \qquad
        \varepsilon_i = \sum_t \mathcal R_t\bigl(x^{(t)}_{i,k00}\bigr)

    Args:
        species: atomic numbers.
        cutoff: in Å.
        n_features: channels.
        l_max: highest degree of the harmonics and of A.
        l_hidden: highest degree of the features that are passed on; 0 is the small MACE.
        correlation: factors in the products; 1 sees two bodies, 3 sees four.
        n_layers: rounds of messages.
        radial: options of the radial networks.

    Raises:
        ValueError: if a degree is no whole number of at least 0, ``l_hidden`` above ``l_max``, or
            ``n_features``, ``correlation`` or ``n_layers`` no whole number of at least 1; for
            what the radial networks refuse.

    Source:
        I. Batatia et al., NeurIPS 2022, arXiv:2206.07697. Every round has a self-connection, the
        first one too, as in the program with its residual blocks throughout.

    Example:
        >>> network = MACE([1, 8], cutoff=4.0, n_features=4, n_layers=1, correlation=2)
        >>> r_ij = torch.tensor([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])  # a right angle at atom 0
        >>> bent = (torch.tensor([8, 1, 1]), r_ij, torch.tensor([0, 0]), torch.tensor([1, 2]))
        >>> straight = (bent[0], r_ij[[0, 0]] * torch.tensor([[1.0], [-1.0]]), *bent[2:])
        >>> bool((network(*bent)[0] - network(*straight)[0]).abs() > 1e-6)  # products see it
        True
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        n_features: int = 32,
        l_max: int = 3,
        l_hidden: int = 1,
        correlation: int = 3,
        n_layers: int = 2,
        radial: dict | None = None,
    ):
        super().__init__()
        check_count(0, l_max=l_max, l_hidden=l_hidden)
        check_count(1, n_features=n_features, correlation=correlation, n_layers=n_layers)
        if l_hidden > l_max:
            raise ValueError(f"l_hidden must be at most l_max={l_max}; got {l_hidden}")
        self.elements = SpeciesIndex(species)
        self.l_max, n_elements = l_max, len(self.elements)
        self.embedding = nn.Parameter(torch.randn(n_elements, n_features))
        self.messages, self.own = nn.ModuleList(), nn.ModuleList()
        self.products, self.mixing = nn.ModuleList(), nn.ModuleList()
        self.readouts = nn.ModuleList()
        for layer in range(n_layers):
            l_in, last = (0 if layer == 0 else l_hidden), layer == n_layers - 1
            l_out = 0 if last else l_hidden
            reach = dict(l_in=l_in, l_filter=l_max, l_out=l_max, cutoff=cutoff, radial=radial)
            self.messages.append(Messages(n_features, **reach))
            self.own.append(SelfConnection(n_elements, n_features, l_in, l_out))
            self.products.append(
                SymmetricContraction(n_elements, n_features, l_max, l_out, correlation)
            )
            self.mixing.append(DegreeLinear([n_features] * (l_out + 1), n_features))
            self.readouts.append(_readout(n_features, linear=not last))
        self.register_buffer("n_mean", torch.tensor(1.0))
        self.register_buffer("scale", torch.tensor(1.0))  # eV

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        element = self.elements(atomic_numbers)
        edges = (r_ij.norm(dim=1), spherical_harmonics(r_ij, self.l_max), idx_i, idx_j)
        x = self.embedding[element][:, None]  # (n_atoms, 1, n_features)
        energies = r_ij.new_zeros(len(element))
        for messages, own, product, mixing, readout in zip(
            self.messages, self.own, self.products, self.mixing, self.readouts, strict=True
        ):
            a = messages(x, *edges, self.n_mean)
            b = product(a, element)
            x = own(x, element) + mixing(by_degree(b))
            energies = energies + readout(x[:, 0])[:, 0]
        return self.scale * energies

    def adapt(self, graphs: Sequence[Graph], forces: Sequence[Tensor]) -> None:
        """Take the mean number of neighbours and the spread of the forces from the data."""
        self.n_mean.fill_(mean_neighbours(graphs))
        self.scale.fill_(force_scale(forces))


def _readout(n_features: int, *, linear: bool) -> nn.Module:
    """Energies from scalars: linear after each round but the last, there a small network."""
    if linear:
        return nn.Linear(n_features, 1, bias=False)
    return nn.Sequential(
        nn.Linear(n_features, 16, bias=False), nn.SiLU(), nn.Linear(16, 1, bias=False)
    )
