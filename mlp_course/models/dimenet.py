r"""DimeNet++: messages live on pairs of atoms, and know the angles between pairs.

| symbol in the papers | here | shape |
|---|---|---|
| :math:`m_{ji}`, message from j to i | ``m`` | (n_pairs, n_features) |
| :math:`e_{RBF}(d_{ji})` | ``rbf`` | (n_pairs, n_radial) |
| :math:`a_{SBF}(d_{kj}, \alpha_{(kj,ji)})` | ``sbf`` | (n_triples, n_spherical · n_radial) |
| k → j → i | ``kj, ji``: places in the list of pairs | (n_triples,) |
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from mlp_course.data.neighbours import sum_over_neighbours
from mlp_course.descriptors.checks import check_count
from mlp_course.models.architecture import N_EMBEDDINGS, Architecture
from mlp_course.models.dimenet_bases import SphericalBasis, envelope


def directed_triples(idx_i: Tensor, idx_j: Tensor, r_ij: Tensor) -> tuple[Tensor, Tensor]:
    """List the paths k → j → i that do not go back to where they came from.

    Args:
        idx_i: central atom of each pair, shape (n_pairs,), in rising order.
        idx_j: neighbour of each pair, shape (n_pairs,).
        r_ij: in Å, shape (n_pairs, 3); tells an atom from its images.

    Returns:
        Places of the pairs (j, k) and (i, j), each of shape (n_triples,).

    Example:
        >>> r_ij = torch.tensor([[1.0, 0, 0], [-1.0, 0, 0], [1.0, 0, 0], [-1.0, 0, 0]])
        >>> idx_i, idx_j = torch.tensor([0, 1, 1, 2]), torch.tensor([1, 0, 2, 1])  # a chain 0-1-2
        >>> kj, ji = directed_triples(idx_i, idx_j, r_ij)
        >>> kj.tolist(), ji.tolist()  # 2 → 1 → 0 and 0 → 1 → 2
        ([2, 1], [0, 3])
    """
    n_atoms = int(max(idx_i.max(), idx_j.max())) + 1 if len(idx_i) else 0
    n_neighbours = torch.bincount(idx_i, minlength=n_atoms)
    first = n_neighbours.cumsum(0) - n_neighbours
    pairs = torch.arange(len(idx_i), device=idx_i.device)
    counts = n_neighbours[idx_j]  # neighbours k of each pair's j
    ji = pairs.repeat_interleave(counts)
    start = counts.cumsum(0) - counts
    kj = first[idx_j[ji]] + torch.arange(len(ji), device=idx_i.device) - start[ji]
    back = (idx_j[kj] == idx_i[ji]) & ((r_ij[kj] + r_ij[ji]).detach().abs() < 1e-4).all(dim=1)
    return kj[~back], ji[~back]


class Residual(nn.Module):
    """Two layers beside a short cut."""

    def __init__(self, n: int):
        super().__init__()
        self.first, self.second = nn.Linear(n, n), nn.Linear(n, n)

    def forward(self, x: Tensor) -> Tensor:
        """Return x + σ(W₂ σ(W₁ x))."""
        return x + silu(self.second(silu(self.first(x))))


class Interaction(nn.Module):
    r"""Messages of the messages: what comes to j from k, seen under the angle to i.

    .. math:: m_{ji} \leftarrow f\Bigl( m_{ji}, \sum_k
        D\bigl((W_{rbf}\, e(d_{kj})) \circ m_{kj}\bigr) \circ (W_{sbf}\, a(d_{kj}, \alpha)) \Bigr)

    D presses a message together before the sum over the triples (``down``).

    Args:
        n_features: length of a message.
        n_small: length to which it is pressed together for the sum over triples.
        n_basis: length to which the bases are pressed together.
        n_radial, n_spherical: sizes of the bases.

    Example:
        >>> network = Interaction(4, 2, 2, n_radial=3, n_spherical=2)
        >>> m, rbf = torch.ones(2, 4), torch.ones(2, 3)
        >>> kj, ji = torch.tensor([1]), torch.tensor([0])
        >>> faded = network(m, rbf, torch.zeros(1, 6), kj, ji)  # what comes from far has faded out
        >>> torch.equal(faded, network(m, rbf, torch.zeros(0, 6), kj[:0], ji[:0]))  # as if nobody
        True
    """

    def __init__(
        self, n_features: int, n_small: int, n_basis: int, *, n_radial: int, n_spherical: int
    ):
        super().__init__()
        n_sbf = n_spherical * n_radial
        self.rbf = nn.Sequential(
            nn.Linear(n_radial, n_basis, bias=False), nn.Linear(n_basis, n_features, bias=False)
        )
        self.sbf = nn.Sequential(
            nn.Linear(n_sbf, n_basis, bias=False), nn.Linear(n_basis, n_small, bias=False)
        )
        self.from_kj, self.from_ji = (nn.Linear(n_features, n_features) for _ in range(2))
        self.down = nn.Linear(n_features, n_small, bias=False)
        self.up = nn.Linear(n_small, n_features, bias=False)
        self.before_skip = Residual(n_features)
        self.skip = nn.Linear(n_features, n_features)
        self.after_skip = nn.Sequential(Residual(n_features), Residual(n_features))

    def forward(self, m: Tensor, rbf: Tensor, sbf: Tensor, kj: Tensor, ji: Tensor) -> Tensor:
        """New messages, shape (n_pairs, n_features)."""
        m_kj = silu(self.down(silu(self.from_kj(m)) * self.rbf(rbf)))  # (n_pairs, n_small)
        arriving = sum_over_neighbours(m_kj[kj] * self.sbf(sbf), ji, len(m))
        h = self.before_skip(silu(self.from_ji(m)) + silu(self.up(arriving)))
        return self.after_skip(silu(self.skip(h)) + m)


class Output(nn.Module):
    """From the messages that arrive at an atom to its energy."""

    def __init__(self, n_features: int, n_radial: int, n_out: int):
        super().__init__()
        self.rbf = nn.Linear(n_radial, n_features, bias=False)
        self.up = nn.Linear(n_features, n_out, bias=False)
        self.layers = nn.ModuleList(nn.Linear(n_out, n_out) for _ in range(3))
        self.energy = nn.Linear(n_out, 1, bias=False)

    def forward(self, m: Tensor, rbf: Tensor, idx_i: Tensor, n_atoms: int) -> Tensor:
        """Shape (n_atoms,)."""
        x = self.up(sum_over_neighbours(self.rbf(rbf) * m, idx_i, n_atoms))
        for layer in self.layers:
            x = silu(layer(x))
        return self.energy(x)[:, 0]


class DimeNet(Architecture):
    """Directional message passing, in its faster form DimeNet++.

    Args:
        species: atomic numbers; the table of embeddings holds all elements.
        cutoff: in Å.
        n_features: length of a message.
        n_interactions: rounds of messages.
        n_small: length of a message in the sum over triples.
        n_basis: length to which the bases are pressed together.
        n_out: width of the output networks.
        n_radial, n_spherical: sizes of the bases.

    Raises:
        ValueError: unless all sizes are whole numbers of at least 1.

    Source:
        J. Gasteiger, J. Groß, S. Günnemann, ICLR 2020, arXiv:2003.03123, bases of Eqs. 6
        to 8; J. Gasteiger et al., arXiv:2011.14115 (DimeNet++). The angle enters by its cosine,
        which has no poles.

    Example:
        >>> network = DimeNet([1, 8], cutoff=4.0, n_features=8, n_small=4, n_out=8)
        >>> r_ij = torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])  # O-H: no angle anywhere
        >>> pair = (torch.tensor([8, 1]), r_ij, torch.tensor([0, 1]), torch.tensor([1, 0]))
        >>> network(*pair).shape
        torch.Size([2])
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        n_features: int = 64,
        n_interactions: int = 3,
        n_small: int = 32,
        n_basis: int = 8,
        n_out: int = 64,
        n_radial: int = 6,
        n_spherical: int = 7,
    ):
        super().__init__()
        check_count(1, n_features=n_features, n_interactions=n_interactions, n_small=n_small)
        check_count(1, n_basis=n_basis, n_out=n_out, n_radial=n_radial, n_spherical=n_spherical)
        self.cutoff = float(cutoff)
        self.frequencies = nn.Parameter(torch.pi * torch.arange(1.0, n_radial + 1))
        self.spherical = SphericalBasis(n_spherical, n_radial, cutoff)
        self.embedding = nn.Embedding(N_EMBEDDINGS, n_features)
        self.embed_rbf = nn.Linear(n_radial, n_features)
        self.embed = nn.Linear(3 * n_features, n_features)
        sizes = dict(n_radial=n_radial, n_spherical=n_spherical)
        self.interactions = nn.ModuleList(
            Interaction(n_features, n_small, n_basis, **sizes) for _ in range(n_interactions)
        )
        self.outputs = nn.ModuleList(
            Output(n_features, n_radial, n_out) for _ in range(n_interactions + 1)
        )

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        n_atoms, d_ij = len(atomic_numbers), r_ij.norm(dim=1)
        kj, ji = directed_triples(idx_i, idx_j, r_ij)
        cos_angle = (r_ij[kj] * r_ij[ji]).sum(dim=1) / (d_ij[kj] * d_ij[ji])
        x = d_ij[:, None] / self.cutoff
        rbf = envelope(x) * torch.sin(self.frequencies * x)  # (n_pairs, n_radial)
        sbf = self.spherical(d_ij, cos_angle, kj)
        z = self.embedding(atomic_numbers)
        m = silu(self.embed(torch.cat([z[idx_i], z[idx_j], silu(self.embed_rbf(rbf))], dim=1)))
        energies = self.outputs[0](m, rbf, idx_i, n_atoms)
        for interaction, output in zip(self.interactions, self.outputs[1:], strict=True):
            m = interaction(m, rbf, sbf, kj, ji)
            energies = energies + output(m, rbf, idx_i, n_atoms)
        return energies
