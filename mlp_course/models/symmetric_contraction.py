r"""Many-body products of one set of features with itself, as in the atomic cluster expansion.

A product of ν copies of the features :math:`A_{lm}` of an atom describes ν neighbours at once. Only
some combinations of its components turn like a scalar or a vector, and because the copies are
equal, only combinations that are symmetric in them survive. They are found once, by coupling
degrees one after the other, symmetrising, and keeping what is linearly independent.
"""

import itertools
import math
from functools import cache

import torch
from torch import Tensor, nn

from mlp_course.models.constant import Constant
from mlp_course.models.equivariant import clebsch_gordan, columns, n_columns


@cache
def symmetric_couplings(l_in: int, l_out: int, order: int) -> tuple[Tensor, Tensor]:
    r"""All independent ways to couple ν equal features to one degree.

    .. math:: B_{b M} = \sum_{i \le j \le \dots} U_{b, ij\dots, M} \, A_i A_j \cdots

    Args:
        l_in: highest degree of the features A.
        l_out: degree of the result B.
        order: ν, the number of factors.

    Returns:
        Monomials, the columns i ≤ j ≤ ... of A that are multiplied, shape (n_monomials, ν), and U,
        float64, shape (n_couplings, n_monomials, 2 l_out + 1).

    Source:
        I. Batatia et al., NeurIPS 2022, arXiv:2206.07697, Eq. 10; the counting is that of
        R. Drautz, Phys. Rev. B 99, 014104 (2019).

    Example:
        >>> monomials, u = symmetric_couplings(1, 0, 2)  # two ways to make a scalar of A A:
        >>> len(u), monomials.tolist()  # the square of the scalar, the square of the vector
        (2, [[0, 0], [1, 1], [2, 2], [3, 3]])
    """
    tensors = [tensor for degree, _, tensor in _coupled(l_in, l_out, order) if degree == l_out]
    symmetric = torch.stack([_symmetrised(tensor) for tensor in tensors])
    rows = symmetric.flatten(1)
    _, size, basis = torch.linalg.svd(rows, full_matrices=False)
    basis = basis[size > 1e-8 * size[0]]
    basis = basis.reshape(len(basis), *symmetric.shape[1:])  # (n_couplings, 16, ..., 2 l_out + 1)
    monomials = list(itertools.combinations_with_replacement(range(n_columns(l_in)), order))
    u = torch.stack(
        [basis[(slice(None), *m)] * len(set(itertools.permutations(m))) for m in monomials], dim=1
    )
    used = (u.abs() > 1e-10).any(dim=2).any(dim=0)
    scale = math.sqrt((2 * l_out + 1) / math.factorial(order))
    return torch.tensor(monomials)[used], scale * u[:, used]


def _coupled(l_in: int, l_out: int, order: int) -> list[tuple[int, int, Tensor]]:
    """Degree, parity and tensor of every way to couple ``order`` factors one after the other."""
    n = n_columns(l_in)
    single = []
    for l in range(l_in + 1):
        tensor = torch.zeros(n, 2 * l + 1, dtype=torch.float64)
        tensor[columns(l)] = torch.eye(2 * l + 1, dtype=torch.float64)
        single.append((l, (-1) ** l, tensor))
    found = single
    for step in range(1, order):
        reach = l_out + (order - 1 - step) * l_in  # a higher degree could not come back
        found = [
            (l_3, p_1 * p_2, torch.einsum("...a,nb,abc->...nc", t_1, t_2, clebsch_gordan(*ls)))
            for (l_1, p_1, t_1), (l_2, p_2, t_2) in itertools.product(found, single)
            for l_3 in range(abs(l_1 - l_2), min(l_1 + l_2, reach) + 1)
            for ls in [(l_1, l_2, l_3)]
        ]
    return [entry for entry in found if entry[1] == (-1) ** entry[0]]  # natural parity


def _symmetrised(tensor: Tensor) -> Tensor:
    """Mean over all orders of the factors; the last axis stays."""
    order = tensor.dim() - 1
    turns = list(itertools.permutations(range(order)))
    return sum(tensor.permute(*turn, order) for turn in turns) / len(turns)


class SymmetricContraction(nn.Module):
    r"""Products of up to ν copies of an atom's features, with weights for its element.

    .. math:: B_{i,k L M} = \sum_{\nu} \sum_b W^{(\nu)}_{Z_i k L b} \, \sum_{\text{monomials}}
        U^{(\nu)}_{L b M} \, A_{i,k} \cdots A_{i,k}

    Args:
        n_elements: elements with weights of their own.
        n_features: channels; each is multiplied with itself only.
        l_in: highest degree of the input.
        l_out: highest degree of the output.
        order: highest ν; 1 is linear, 3 sees four bodies.

    Example:
        >>> contraction = SymmetricContraction(2, n_features=4, l_in=2, l_out=1, order=3)
        >>> contraction(torch.zeros(5, 9, 4), torch.tensor([0, 1, 1, 0, 0])).shape
        torch.Size([5, 4, 4])
        >>> square = SymmetricContraction(1, n_features=1, l_in=1, l_out=0, order=2)
        >>> a = torch.tensor([[0.0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 3, 0]])[:, :, None]  # vectors
        >>> along_x, along_z, longer = square(a, torch.tensor([0, 0, 0])).flatten()
        >>> torch.allclose(along_z, along_x), torch.allclose(longer, 9 * along_x)  # |v|² alone
        (True, True)
    """

    def __init__(self, n_elements: int, n_features: int, l_in: int, l_out: int, order: int):
        super().__init__()
        self.terms: list[_Term] = []
        self.weights = nn.ParameterList()
        for degree, nu in itertools.product(range(l_out + 1), range(1, order + 1)):
            if nu > 1 or degree <= l_in:
                term = _Term(l_in, degree, nu, n_columns(l_out))
                self.terms.append(term)
                start = torch.randn(n_elements, term.n_couplings, n_features)
                self.weights.append(nn.Parameter(start / math.sqrt(term.n_couplings * order)))

    def forward(self, a: Tensor, element: Tensor) -> Tensor:
        """Contract; shape (n_atoms, columns in, n_features) to (n_atoms, columns, n_features)."""
        atoms = [torch.nonzero(element == z)[:, 0] for z in range(len(self.weights[0]))]
        results = []
        for z, own in enumerate(atoms):
            factors = a[own].transpose(0, 1).contiguous()  # (columns in, atoms of z, n_features)
            terms = zip(self.terms, self.weights, strict=True)
            results.append(sum(term(factors, weight[z]) for term, weight in terms))
        back = torch.argsort(torch.cat(atoms))
        return torch.cat(results, dim=1).transpose(0, 1)[back]


class _Term:
    """All products of one order that give one degree, as a list of monomials and components M."""

    def __init__(self, l_in: int, degree: int, order: int, n_out: int):
        monomials, u = symmetric_couplings(l_in, degree, order)
        self.n_couplings = len(u)
        used = torch.nonzero((u.abs() > 1e-10).any(dim=0))  # (n_entries, 2): monomial, M
        self.monomials = Constant(monomials[used[:, 0]].T.contiguous())  # (order, n_entries)
        self.u = Constant(u[:, used[:, 0], used[:, 1]].T)  # (n_entries, n_couplings)
        place = torch.zeros(n_out, len(used))
        place[degree**2 + used[:, 1], torch.arange(len(used))] = 1.0
        self.place = Constant(place)  # (columns out, n_entries): sums the entries of each column

    def __call__(self, factors: Tensor, weight: Tensor) -> Tensor:
        """Shape (columns in, n_atoms, n_features) to (columns out, n_atoms, n_features)."""
        first, *others = (factors.index_select(0, rows) for rows in self.monomials.like(factors))
        product = first * (self.u.like(factors) @ weight)[:, None]  # (n_entries, n_atoms, ...)
        for factor in others:
            product = product * factor
        return (self.place.like(factors) @ product.flatten(1)).unflatten(1, first.shape[1:])
