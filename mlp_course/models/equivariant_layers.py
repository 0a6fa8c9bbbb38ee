"""Layers that NequIP and MACE share: messages of turning features, and self-connections."""

import math

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import sum_over_neighbours
from mlp_course.models.equivariant import DegreeLinear, TensorProduct, by_degree
from mlp_course.models.radial_network import RadialNetwork


class Messages(nn.Module):
    r"""Sum over the neighbours: their features times a direction, weighted by the distance.

    .. math:: A_i = L \, \frac{1}{\sqrt{\bar n}} \sum_j R(d_{ij}) \,
        (U x_j) \otimes Y(\hat{\mathbf r}_{ij})

    Args:
        n_features: channels of input and output.
        l_in, l_filter, l_out: highest degrees of features, harmonics and result.
        cutoff: in Å.
        radial: options of :class:`RadialNetwork`.

    Example:
        >>> messages = Messages(2, l_in=0, l_filter=1, l_out=1, cutoff=4.0)
        >>> x, d_ij = torch.ones(3, 1, 2), torch.tensor([1.0, 1.0])  # two neighbours of atom 0,
        >>> harmonics = torch.tensor([[1.0, 0.0, 0.0, 1.7], [1.0, 0.0, 0.0, -1.7]])  # opposite
        >>> idx_i, idx_j, one = torch.tensor([0, 0]), torch.tensor([1, 2]), torch.tensor(1.0)
        >>> both = messages(x, d_ij, harmonics, idx_i, idx_j, one)[0]
        >>> alone = messages(x, d_ij[:1], harmonics[:1], idx_i[:1], idx_j[:1], one)[0]
        >>> torch.allclose(both[0], 2 * alone[0])  # scalars add up
        True
        >>> bool(both[1:].abs().max() < 1e-6 < alone[1:].abs().max())  # vectors cancel
        True
    """

    def __init__(
        self,
        n_features: int,
        *,
        l_in: int,
        l_filter: int,
        l_out: int,
        cutoff: float,
        radial: dict | None = None,
    ):
        super().__init__()
        self.n_features = n_features
        self.before = DegreeLinear([n_features] * (l_in + 1), n_features)  # U
        self.product = TensorProduct(l_in, l_filter, l_out)
        self.n_paths = len(self.product.paths)
        self.radial = RadialNetwork(cutoff, self.n_paths * n_features, **(radial or {}))
        self.after = DegreeLinear([n * n_features for n in self.product.n_paths], n_features)  # L

    def forward(
        self,
        x: Tensor,
        d_ij: Tensor,
        harmonics: Tensor,
        idx_i: Tensor,
        idx_j: Tensor,
        n_mean: Tensor,
    ) -> Tensor:
        """Messages, shape (n_atoms, (l_out + 1)², n_features).

        Args:
            x: features, shape (n_atoms, (l_in + 1)², n_features).
            d_ij: distances in Å, shape (n_pairs,).
            harmonics: of the directions, shape (n_pairs, (l_filter + 1)²).
            idx_i: central atom of each pair, shape (n_pairs,).
            idx_j: neighbour of each pair, shape (n_pairs,).
            n_mean: mean number of neighbours in the training data.
        """
        weights = self.radial(d_ij).unflatten(1, (self.n_paths, self.n_features)) / n_mean.sqrt()
        m_ij = self.product(self.before(by_degree(x))[idx_j], harmonics, weights)
        return self.after([sum_over_neighbours(m, idx_i, len(x)) for m in m_ij])


class SelfConnection(nn.Module):
    r"""A linear layer of the atom's own features, with weights for its element.

    .. math:: x'_{i k l m} = \frac{1}{\sqrt n} \sum_{k'} W_{Z_i l k k'} \, x_{i k' l m}

    Args:
        n_elements: elements with weights of their own.
        n_features: channels.
        l_in, l_out: highest degrees of input and output; degrees above ``l_in`` come out as zero.

    Example:
        >>> own = SelfConnection(1, n_features=1, l_in=0, l_out=1)
        >>> own.weights.data[:] = 3.0
        >>> own(torch.tensor([[[2.0]]]), torch.tensor([0]))[0, :, 0].tolist()  # 3 · 2, no vector
        [6.0, 0.0, 0.0, 0.0]
    """

    def __init__(self, n_elements: int, n_features: int, l_in: int, l_out: int):
        super().__init__()
        self.l_out, kept = l_out, min(l_in, l_out)
        self.weights = nn.Parameter(torch.randn(n_elements, kept + 1, n_features, n_features))

    def forward(self, x: Tensor, element: Tensor) -> Tensor:
        """Shape (n_atoms, columns in, n_features) to (n_atoms, (l_out + 1)², n_features)."""
        matrices = self.weights[element] / math.sqrt(x.shape[2])  # (n_atoms, degrees, n, n)
        degrees = zip(by_degree(x), matrices.unbind(1), strict=False)
        kept = [x_l @ matrix for x_l, matrix in degrees]
        missing = (self.l_out + 1) ** 2 - matrices.shape[1] ** 2
        return torch.cat([*kept, x.new_zeros(len(x), missing, x.shape[2])], dim=1)
