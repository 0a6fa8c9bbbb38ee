r"""Features that turn with the molecule, and how two of them multiply.

Features of an atom are a table of ``n_channels`` rows and :math:`(l_{\max}+1)^2` columns: a scalar, a
vector, a traceless symmetric tensor, ... one beside the other, column :math:`l^2 + l + m` as in the
spherical harmonics. All have *natural parity*: a reflection multiplies degree l by (-1)^l.

| symbol in the papers | here | shape |
|---|---|---|
| :math:`h_{j,k l m}`, features | ``x`` | (n_atoms, n_channels, n_columns) |
| :math:`Y_{lm}(\hat{\mathbf r}_{ij})` | ``harmonics`` | (n_pairs, (l_max + 1)²) |
| :math:`C^{l_3 m_3}_{l_1 m_1, l_2 m_2}`, Clebsch-Gordan coefficients | ``coupling`` | see :func:`couplings` |
"""  # noqa: E501

import itertools
import math
from functools import cache

import torch
from e3nn import o3
from torch import Tensor, nn


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


class Constant:
    """A fixed tensor in float64, handed out in the precision and on the device that are asked for.

    A buffer of a module would be rounded once and for all when the module goes to float32.

    Example:
        >>> third = Constant(torch.tensor([1 / 3], dtype=torch.float64))
        >>> third.like(torch.zeros(1)).dtype, third.like(torch.zeros(1).double()).item()
        (torch.float32, 0.3333333333333333)
    """

    def __init__(self, value: Tensor):
        self.value = value.double()
        self._copy = self.value

    def like(self, other: Tensor) -> Tensor:
        """The constant in the precision and on the device of another tensor."""
        if (self._copy.dtype, self._copy.device) != (other.dtype, other.device):
            self._copy = self.value.to(other.device, other.dtype)
        return self._copy


class TensorProduct(nn.Module):
    r"""Multiply features with the harmonics of a direction, one weight for each path and channel.

    .. math:: m_{k\, p\, m_3} = w_{k p} \sum_{m_1 m_2} C^{l_3 m_3}_{l_1 m_1, l_2 m_2} \,
        x_{k\, l_1 m_1} \, Y_{l_2 m_2}, \qquad p = (l_1, l_2, l_3)

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
        >>> x, harmonics = torch.ones(1, 2, 1), torch.tensor([[1.0, 5.0, 6.0, 7.0]])
        >>> product(x, harmonics, torch.ones(1, 2, 2))[0, 0].tolist()  # a scalar times a direction
        [1.0, 5.0, 6.0, 7.0]
    """

    def __init__(self, l_in: int, l_filter: int, l_out: int):
        super().__init__()
        self.paths = allowed_paths(l_in, l_filter, l_out)
        blocks = []
        for l_1, l_2, l_3 in self.paths:
            block = torch.zeros(n_columns(l_in), n_columns(l_filter), 2 * l_3 + 1).double()
            block[columns(l_1), columns(l_2)] = clebsch_gordan(l_1, l_2, l_3)
            blocks.append(block)
        coupling = torch.cat(blocks, dim=2)  # (columns in, columns of the filter, columns out)
        self.n_in, self.n_out = coupling.shape[0], coupling.shape[2]
        self.coupling = Constant(coupling.transpose(0, 1).flatten(1))
        widths = torch.tensor([2 * l_3 + 1 for _, _, l_3 in self.paths])
        path = torch.arange(len(self.paths)).repeat_interleave(widths)
        self.register_buffer("path", path, persistent=False)  # of each column out

    def forward(self, x: Tensor, harmonics: Tensor, weights: Tensor) -> Tensor:
        """Multiply, pair by pair.

        Args:
            x: features of the neighbours, shape (n_pairs, n_channels, columns in).
            harmonics: shape (n_pairs, columns of the filter).
            weights: shape (n_pairs, n_channels, n_paths).

        Returns:
            Shape (n_pairs, n_channels, columns of all paths).
        """
        coupling = self.coupling.like(x)  # (columns of the filter, columns in · columns out)
        matrix = (harmonics @ coupling).reshape(-1, self.n_in, self.n_out)
        return (x @ matrix) * weights[:, :, self.path]


class PathMixing(nn.Module):
    r"""A linear layer for each degree, from all channels of all paths to new channels.

    .. math:: x'_{k l m} = \frac{1}{\sqrt{n}}
        \sum_{p: l_3 = l} \sum_{k'} W^l_{k, k' p} \, m_{k' p m}

    Args:
        degrees: degree of each block of columns in the input, for example the l_3 of paths.
        n_in: channels of the input.
        n_out: channels of the output.

    Example:
        >>> mixing = PathMixing([0, 0, 1], n_in=4, n_out=8)
        >>> mixing(torch.zeros(5, 4, 1 + 1 + 3)).shape
        torch.Size([5, 8, 4])
    """

    def __init__(self, degrees: list[int], n_in: int, n_out: int):
        super().__init__()
        self.l_max = max(degrees)
        start, places = 0, [[] for _ in range(self.l_max + 1)]
        for degree in degrees:
            places[degree].append(list(range(start, start + 2 * degree + 1)))
            start += 2 * degree + 1
        self.weights = nn.ParameterList()
        for l in range(self.l_max + 1):
            place = torch.tensor(places[l])  # (paths of this degree, 2l + 1)
            self.register_buffer(f"place_{l}", place, persistent=False)
            self.weights.append(nn.Parameter(torch.randn(len(place) * n_in, n_out)))

    def forward(self, x: Tensor) -> Tensor:
        """Mix; shape (n_atoms, n_in, columns of all paths) to (n_atoms, n_out, columns)."""
        mixed = []
        for l, weight in enumerate(self.weights):
            place = getattr(self, f"place_{l}")
            own = x[:, :, place]  # (n_atoms, n_in, n_paths, 2l + 1)
            rows = own.permute(0, 3, 2, 1).flatten(2)  # (n_atoms, 2l + 1, n_paths · n_in)
            mixed.append(rows @ (weight / math.sqrt(len(weight))))
        return torch.cat(mixed, dim=1).transpose(1, 2)
