r"""SchNet, written out in the steps of its paper.

| symbol in the paper | here | shape |
|---|---|---|
| :math:`x_i`, features of an atom | ``x`` | (n_atoms, n_features) |
| :math:`e_k(d_{ij})`, Gaussians of a distance | ``f_ij`` | (n_pairs, n_rbf) |
| :math:`W(d_{ij})`, filter made by a small network | ``filters`` | (n_pairs, n_features) |
| :math:`x_j \circ W(d_{ij})`, message | ``m_ij`` | (n_pairs, n_features) |
"""

import math
from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional

from mlp_course.data.neighbours import sum_over_neighbours
from mlp_course.descriptors.checks import check_count
from mlp_course.descriptors.cutoffs import cosine_cutoff
from mlp_course.descriptors.radial_bases import gaussian_basis
from mlp_course.models.architecture import N_EMBEDDINGS, Architecture


class ShiftedSoftplus(nn.Module):
    """ln(½ eˣ + ½): smooth like a softplus, and zero at zero."""

    def forward(self, x: Tensor) -> Tensor:
        """Apply to every element."""
        return functional.softplus(x) - math.log(2)


class Interaction(nn.Module):
    r"""One round of messages: each neighbour's features, filtered by its distance, are summed.

    .. math:: v_i = \mathrm{MLP}\Bigl( \sum_j (A x_j) \circ W(d_{ij}) \, f_c(d_{ij}) \Bigr)

    Args:
        n_features: length of features and filters.
        n_rbf: Gaussians that expand the distances.

    Example:
        >>> import torch
        >>> network, x = Interaction(4, 3), torch.ones(2, 4)
        >>> f_ij, pair = torch.ones(1, 3), (torch.tensor([0]), torch.tensor([1]))
        >>> near, faded = (network(x, f_ij, torch.tensor([fade]), *pair) for fade in (1.0, 0.0))
        >>> torch.equal(near[0], near[1]), torch.equal(faded[0], faded[1])  # atom 1 has nobody
        (False, True)
    """

    def __init__(self, n_features: int, n_rbf: int):
        super().__init__()
        self.before = nn.Linear(n_features, n_features, bias=False)  # A
        self.filter = nn.Sequential(
            nn.Linear(n_rbf, n_features), ShiftedSoftplus(), nn.Linear(n_features, n_features)
        )
        self.after = nn.Sequential(
            nn.Linear(n_features, n_features), ShiftedSoftplus(), nn.Linear(n_features, n_features)
        )

    def forward(
        self, x: Tensor, f_ij: Tensor, fade: Tensor, idx_i: Tensor, idx_j: Tensor
    ) -> Tensor:
        """Change of the features, shape (n_atoms, n_features)."""
        filters = self.filter(f_ij) * fade[:, None]  # (n_pairs, n_features)
        m_ij = self.before(x)[idx_j] * filters
        return self.after(sum_over_neighbours(m_ij, idx_i, x.shape[0]))


class SchNetByHand(Architecture):
    """Continuous-filter convolutions: messages that know distances, and nothing else.

    With the weights of SchNetPack's SchNet it gives the same energies (tested).

    Args:
        species: atomic numbers; the table of embeddings holds all elements.
        cutoff: in Å.
        n_features: length of features and filters.
        n_interactions: rounds of messages.
        n_rbf: Gaussians that expand the distances, at least 2.

    Raises:
        ValueError: if ``n_features`` or ``n_interactions`` is no whole number of at least 1, or
            ``n_rbf`` of at least 2.

    Source:
        K. T. Schütt et al., NeurIPS 30 (2017), arXiv:1706.08566.

    Example:
        >>> network = SchNetByHand([1, 8], cutoff=4.0, n_features=8)
        >>> network.embedding.weight.shape  # 8 numbers for each element, known or not
        torch.Size([100, 8])
    """

    recordable = True  # no branch and no size depends on positions or pairs; see recording.py

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        n_features: int = 64,
        n_interactions: int = 3,
        n_rbf: int = 20,
    ):
        super().__init__()
        check_count(1, n_features=n_features, n_interactions=n_interactions)
        check_count(2, n_rbf=n_rbf)
        self.cutoff, self.n_rbf = float(cutoff), n_rbf
        self.embedding = nn.Embedding(N_EMBEDDINGS, n_features)
        self.interactions = nn.ModuleList(
            Interaction(n_features, n_rbf) for _ in range(n_interactions)
        )
        n_hidden = max(n_features // 2, 1)  # as in SchNetPack
        self.readout = nn.Sequential(
            nn.Linear(n_features, n_hidden), nn.SiLU(), nn.Linear(n_hidden, 1)
        )

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        d_ij = r_ij.norm(dim=1)
        f_ij = gaussian_basis(d_ij, self.n_rbf, self.cutoff)  # (n_pairs, n_rbf)
        fade = cosine_cutoff(d_ij, self.cutoff)
        x = self.embedding(atomic_numbers)  # (n_atoms, n_features)
        for interaction in self.interactions:
            x = x + interaction(x, f_ij, fade, idx_i, idx_j)
        return self.readout(x)[:, 0]
