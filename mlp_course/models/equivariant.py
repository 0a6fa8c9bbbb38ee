r"""Features that turn with the molecule, and how two of them multiply.

Features of an atom are :math:`(l_{\max}+1)^2` numbers in each channel: a scalar, a vector, a traceless
symmetric tensor, ... one after the other, at place :math:`l^2 + l + m` as in the spherical
harmonics. All have *natural parity*: a reflection multiplies degree l by (-1)^l.

| symbol in the papers | here | shape |
|---|---|---|
| :math:`h_{j,k l m}`, features | ``x`` | (n_atoms, n_columns, n_channels) |
| :math:`Y_{lm}(\hat{\mathbf r}_{ij})` | ``harmonics`` | (n_pairs, (l_max + 1)²) |
| :math:`C^{l_3 m_3}_{l_1 m_1, l_2 m_2}`, Clebsch-Gordan coefficients | ``coupling`` | see :func:`clebsch_gordan` |
"""  # noqa: E501

import itertools
import math
from collections.abc import Sequence
from functools import cache

import torch
from e3nn import o3
from torch import Tensor, nn

from mlp_course.models.constant import Constant


def n_columns(l_max: int) -> int:
    """Numbers that hold one scalar, one vector, ... up to degree l_max: (l_max + 1)²."""
    return (l_max + 1) ** 2


def columns(l: int) -> slice:
    """Columns of degree l."""
    return slice(l * l, (l + 1) ** 2)


def spherical_harmonics(r_ij: Tensor, l_max: int) -> Tensor:
    r"""Spherical harmonics of directions, scaled so that the squares of each degree sum to 2l + 1.

    Args:
        r_ij: in Å, shape (n_pairs, 3); only the direction matters.
        l_max: highest degree, dimensionless.

    Returns:
        Dimensionless, shape (n_pairs, (l_max + 1)²).

    Example:
        >>> spherical_harmonics(torch.tensor([[0.0, 0.0, 2.0]]), 1)  # order of a vector: x, y, z
        tensor([[1.0000, 0.0000, 0.0000, 1.7321]])
    """
    return o3.spherical_harmonics(
        list(range(l_max + 1)), r_ij, normalize=True, normalization="component"
    )


def allowed_paths(l_in: int, l_filter: int, l_out: int) -> list[tuple[int, int, int]]:
    r"""Degrees that may be coupled: a triangle with an even sum.

    .. math:: |l_1 - l_2| \le l_3 \le l_1 + l_2, \qquad l_1 + l_2 + l_3 \text{ even}

    Args:
        l_in: highest l_1, dimensionless.
        l_filter: highest l_2.
        l_out: highest l_3.

    Returns:
        Triples (l_1, l_2, l_3), ordered by l_3.

    Example:
        >>> allowed_paths(1, 1, 1)
        [(0, 0, 0), (1, 1, 0), (0, 1, 1), (1, 0, 1)]
    """
    triples = itertools.product(range(l_out + 1), range(l_in + 1), range(l_filter + 1))
    return [
        (l_1, l_2, l_3)
        for l_3, l_1, l_2 in triples
        if abs(l_1 - l_2) <= l_3 <= l_1 + l_2 and (l_1 + l_2 + l_3) % 2 == 0
    ]


@cache
def clebsch_gordan(l_1: int, l_2: int, l_3: int) -> Tensor:
    """Coefficients that couple two degrees to a third, shape (2l_1 + 1, 2l_2 + 1, 2l_3 + 1).

    Scaled so that two inputs of unit variance give an output of unit variance. Float64.
    """
    return o3.wigner_3j(l_1, l_2, l_3, dtype=torch.float64) * math.sqrt(2 * l_3 + 1)


class TensorProduct(nn.Module):
    r"""Multiply features with the harmonics of a direction, one weight for each path and channel.

    .. math:: m_{p\, m_3 k} = w_{p k} \sum_{m_1 m_2} C^{l_3 m_3}_{l_1 m_1, l_2 m_2} \,
        x_{l_1 m_1 k} \, Y_{l_2 m_2}, \qquad p = (l_1, l_2, l_3)

    The sum over m_2 is done first: it makes one small matrix for each pair of atoms, which then
    acts on all channels. The paths stay apart; a later linear layer mixes them.

    Args:
        l_in: highest degree of the features.
        l_filter: highest degree of the harmonics.
        l_out: highest degree of the result.

    Example:
        >>> product = TensorProduct(l_in=0, l_filter=1, l_out=1)
        >>> product.paths
        [(0, 0, 0), (0, 1, 1)]
        >>> x, harmonics = torch.ones(1, 1, 2), torch.tensor([[1.0, 5.0, 6.0, 7.0]])
        >>> scalar, vector = product(x, harmonics, torch.ones(1, 2, 2))
        >>> scalar[0, :, 0].tolist(), vector[0, :, 0].tolist()  # a scalar times a direction
        ([1.0], [5.0, 6.0, 7.0])
    """

    def __init__(self, l_in: int, l_filter: int, l_out: int):
        super().__init__()
        self.paths = allowed_paths(l_in, l_filter, l_out)
        degrees = [l_3 for _, _, l_3 in self.paths]
        self.n_paths = [degrees.count(l) for l in range(l_out + 1)]
        self.n_in = n_columns(l_in)
        blocks = []
        for l, n_paths in enumerate(self.n_paths):
            block = torch.zeros(n_columns(l_filter), 2 * l + 1, n_paths, self.n_in).double()
            for place, (l_1, l_2, l_3) in enumerate(path for path in self.paths if path[2] == l):
                coefficients = clebsch_gordan(l_1, l_2, l_3).permute(1, 2, 0)
                block[columns(l_2), :, place, columns(l_1)] = coefficients
            blocks.append(block.flatten(1))
        self.coupling = Constant(torch.cat(blocks, dim=1))

    def forward(self, x: Tensor, harmonics: Tensor, weights: Tensor) -> list[Tensor]:
        """Multiply, pair by pair.

        Args:
            x: features of the neighbours, shape (n_pairs, columns in, n_channels).
            harmonics: shape (n_pairs, columns of the filter).
            weights: shape (n_pairs, n_paths, n_channels).

        Returns:
            For each degree l, shape (n_pairs, 2l + 1, n_paths of this degree · n_channels).
        """
        matrices = harmonics @ self.coupling.like(x)
        sizes = [(2 * l + 1) * n_paths for l, n_paths in enumerate(self.n_paths)]
        matrices = matrices.reshape(len(x), sum(sizes), self.n_in)
        products = (matrices @ x).split(sizes, dim=1)
        return [
            (product.unflatten(1, (2 * l + 1, n_paths)) * weight[:, None]).flatten(2)
            for l, (n_paths, product, weight) in enumerate(
                zip(self.n_paths, products, weights.split(self.n_paths, dim=1), strict=True)
            )
        ]


class DegreeLinear(nn.Module):
    r"""A linear layer for each degree; it mixes channels and paths, never the components m.

    .. math:: x'_{l m k} = \frac{1}{\sqrt{n}} \sum_{k'} x_{l m k'} \, W^l_{k' k}

    Args:
        n_in: numbers that come in for each component, one entry for each degree.
        n_out: channels of the output.

    Example:
        >>> linear = DegreeLinear([8, 4], n_out=16)
        >>> linear([torch.zeros(5, 1, 8), torch.zeros(5, 3, 4)]).shape
        torch.Size([5, 4, 16])
    """

    def __init__(self, n_in: Sequence[int], n_out: int):
        super().__init__()
        self.weights = nn.ParameterList(torch.randn(n, n_out) for n in n_in)

    def forward(self, blocks: Sequence[Tensor]) -> Tensor:
        """Mix blocks of shape (n_atoms, 2l + 1, n_in); shape (n_atoms, columns, n_out)."""
        return torch.cat(
            [x @ (w / math.sqrt(len(w))) for x, w in zip(blocks, self.weights, strict=True)], dim=1
        )


def by_degree(x: Tensor) -> list[Tensor]:
    """Cut features of shape (n_atoms, columns, n_channels) into one block for each degree."""
    l_max = math.isqrt(x.shape[1]) - 1
    return [x[:, columns(l)] for l in range(l_max + 1)]
