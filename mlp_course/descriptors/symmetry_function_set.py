"""A set of symmetry functions as one descriptor, with derivatives written out."""

from collections.abc import Sequence

import torch
from torch import Tensor

from mlp_course.descriptors.cutoffs import cosine_cutoff, cutoff_with_slope
from mlp_course.descriptors.descriptor import Descriptor, sum_by_kind
from mlp_course.descriptors.symmetry_functions import (
    angular_shells,
    check_sets,
    radial_shells,
)
from mlp_course.descriptors.triples import Triples, blocks_of_atoms

#: Triples whose derivatives are made at once: what fits into the cache.
TRIPLES_AT_ONCE = 50_000


class SymmetryFunctions(Descriptor):
    """A set of symmetry functions, one radial block per element and one angular per pair of them.

    All pairs and triples of a batch are computed at once. Because many functions share their width
    or their angle, each exponential and each power is computed once and combined by products.

    Args:
        species: atomic numbers of the elements it can tell apart.
        cutoff: in Å.
        radial: pairs (eta in Å⁻², r_s in Å); default :func:`radial_shells` of the cutoff.
        angular: triples ``(eta, zeta, lambda_)``, eta in Å⁻²; default :func:`angular_shells`.
        with_jk: True for G4, False for G5.

    Raises:
        ValueError: for a parameter outside its range, sets that are no pairs and triples, or none.

    Source:
        J. Behler, J. Chem. Phys. 134, 074106 (2011), Eqs. 6 (G2), 8 (G4) and 9 (G5).

    Example:
        >>> from ase.build import molecule
        >>> from mlp_course.data import neighbour_list
        >>> g = SymmetryFunctions([1, 8], cutoff=4.0, radial=[(1.0, 1.0)], angular=[(0.0, 1.0, 1)])
        >>> g.labels
        ['G2 H 1 1', 'G2 O 1 1', 'G4 HH 0 1 1', 'G4 HO 0 1 1', 'G4 OO 0 1 1']
        >>> water = neighbour_list(molecule("H2O"), 4.0).to(dtype=torch.float32)
        >>> features = g(water.atomic_numbers, water.pair_vectors(), water.idx_i, water.idx_j)
        >>> features.shape, features[0].tolist().index(0.0)  # an O atom sees no other O
        (torch.Size([3, 5]), 1)
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        radial: Sequence[tuple[float, float]] | None = None,
        angular: Sequence[tuple[float, float, float]] | None = None,
        with_jk: bool = True,
    ):
        super().__init__(species, cutoff)
        self.with_jk = with_jk
        self.radial = list(radial_shells(cutoff) if radial is None else radial)
        self.angular = list(angular_shells(cutoff) if angular is None else angular)
        check_sets(self.radial, self.angular)
        self.etas = sorted({eta for eta, _, _ in self.angular})
        self.angles = sorted({(zeta, lambda_) for _, zeta, lambda_ in self.angular})
        eta_of = [self.etas.index(eta) for eta, _, _ in self.angular]
        angle_of = [self.angles.index((zeta, lambda_)) for _, zeta, lambda_ in self.angular]
        self.register_buffer("eta_of", torch.tensor(eta_of, dtype=torch.long), persistent=False)
        self.register_buffer("angle_of", torch.tensor(angle_of, dtype=torch.long), persistent=False)

    @property
    def n_components(self) -> int:
        """Length of the descriptor of one atom, dimensionless."""
        return len(self.elements) * len(self.radial) + len(self.elements.pairs) * len(self.angular)

    @property
    def labels(self) -> list[str]:
        """What each component is: kind, elements of the neighbours, parameters."""
        kind = "G4" if self.with_jk else "G5"
        radial = [f"{eta:g} {r_s:g}" for eta, r_s in self.radial]
        angular = [f"{eta:g} {zeta:g} {lambda_:g}" for eta, zeta, lambda_ in self.angular]
        return [f"G2 {element} {text}" for element in self.elements.symbols for text in radial] + [
            f"{kind} {pair} {text}" for pair in self.elements.pair_symbols for text in angular
        ]

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Descriptor of each atom, dimensionless, shape (n_atoms, n_components).

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).
        """
        n_atoms = len(atomic_numbers)
        element = self.elements(atomic_numbers)[idx_j]  # (n_pairs,): of the neighbour
        radial = self.radial_terms(r_ij.norm(dim=1))  # (n_pairs, n_radial)
        n_elements = len(self.elements)
        blocks = [sum_by_kind(radial, idx_i, element, n_atoms, n_elements)]
        if self.angular:
            triples = Triples(r_ij, idx_i, self.cutoff, with_jk=self.with_jk)
            pair = self.elements.of_pair(element[triples.pair_ij], element[triples.pair_ik])
            angular = self.angular_terms(triples)  # (n_triples, n_angular)
            n_pairs_of_elements = len(self.elements.pairs)
            blocks.append(sum_by_kind(angular, triples.idx_i, pair, n_atoms, n_pairs_of_elements))
        return torch.cat(blocks, dim=1)

    @torch.no_grad()
    def derivatives(
        self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor
    ) -> tuple[Tensor, Tensor]:
        r"""Descriptors, and how that of atom i changes when its neighbour j moves.

        A term h of two neighbours depends on two distances, the angle between them and, in G4, on
        the third distance, so that its derivative lies in the plane of the two:

        .. math:: \frac{\partial h}{\partial \mathbf r_{ij}}
            = \alpha \, \mathbf r_{ij} + \beta \, \mathbf r_{ik}

        A move of atom i itself is minus the sum over its neighbours.

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).

        Returns:
            Descriptors, dimensionless, shape (n_atoms, n_components), and derivatives in 1/Å, shape
            (n_pairs, 3, n_components).
        """
        element = self.elements(atomic_numbers)[idx_j]  # (n_pairs,): of the neighbour
        n_atoms, n_kinds = len(atomic_numbers), len(self.elements)
        d_ij = r_ij.norm(dim=1)
        values = sum_by_kind(self.radial_terms(d_ij), idx_i, element, n_atoms, n_kinds)
        slopes = r_ij.new_zeros(len(r_ij), 3, self.n_components)
        radial = slopes[:, :, : values.shape[1]].unflatten(2, (n_kinds, -1))
        direction = (r_ij / d_ij[:, None])[:, :, None]
        pairs = torch.arange(len(r_ij), device=r_ij.device)
        radial[pairs, :, element] = direction * self.radial_slopes(d_ij)[:, None]
        if not self.angular:
            return values, slopes
        angular = values.new_zeros(n_atoms, self.n_components - values.shape[1])
        for own in blocks_of_atoms(idx_i, TRIPLES_AT_ONCE):
            total, slope = self._angular_derivatives(r_ij[own], idx_i[own], element[own])
            angular[idx_i[own][0] : idx_i[own][-1] + 1] = total
            slopes[own, :, values.shape[1] :] = slope
        return torch.cat([values, angular], dim=1), slopes

    def _angular_derivatives(
        self, r_ij: Tensor, idx_i: Tensor, element: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The angular part of ``derivatives`` for the pairs of some successive atoms."""
        triples = Triples(r_ij, idx_i, self.cutoff, with_jk=self.with_jk)
        n_kinds = len(self.elements.pairs)
        kind = self.elements.of_pair(element[triples.pair_ij], element[triples.pair_ik])
        terms, alpha_ij, alpha_ik, beta = self.angular_slopes(triples)
        first = idx_i[0]
        total = sum_by_kind(terms, triples.idx_i - first, kind, int(idx_i[-1] - first) + 1, n_kinds)
        rows = torch.cat([triples.pair_ij, triples.pair_ik]) * n_kinds + kind.repeat(2)
        along = r_ij.new_zeros(len(r_ij) * n_kinds, terms.shape[1])
        along.index_add_(0, rows, torch.cat([alpha_ij, alpha_ik]))
        other = r_ij[torch.cat([triples.pair_ik, triples.pair_ij])]  # (2 n_triples, 3)
        slope = r_ij.repeat_interleave(n_kinds, dim=0)[:, :, None] * along[:, None]
        slope.index_add_(0, rows, other[:, :, None] * beta.repeat(2, 1)[:, None])
        return total, slope.unflatten(0, (-1, n_kinds)).transpose(1, 2).flatten(2)

    def radial_terms(self, d_ij: Tensor) -> Tensor:
        """What each neighbour adds to G2, shape (n_pairs, n_radial)."""
        eta, r_s = d_ij.new_tensor(self.radial).reshape(-1, 2).T
        shells = torch.exp(-eta * (d_ij[:, None] - r_s) ** 2)
        return shells * cosine_cutoff(d_ij, self.cutoff)[:, None]

    def angular_terms(self, triples: Triples) -> Tensor:
        """What each two neighbours add to G4 or G5, shape (n_triples, n_angular)."""
        distance = [torch.exp(-eta * triples.squares) * triples.fade for eta in self.etas]
        angle = [
            2 ** (1 - zeta) * (1 + lambda_ * triples.cos_theta) ** zeta
            for zeta, lambda_ in self.angles
        ]
        return (
            torch.stack(distance, dim=1)[:, self.eta_of]
            * torch.stack(angle, dim=1)[:, self.angle_of]
        )

    def radial_slopes(self, d_ij: Tensor) -> Tensor:
        """Derivatives of ``radial_terms`` by the distance in 1/Å, shape (n_pairs, n_radial)."""
        eta, r_s = d_ij.new_tensor(self.radial).reshape(-1, 2).T
        away = d_ij[:, None] - r_s
        fade, slope = cutoff_with_slope(cosine_cutoff, d_ij, self.cutoff)
        return torch.exp(-eta * away**2) * (slope[:, None] - 2 * eta * away * fade[:, None])

    def angular_slopes(self, triples: Triples) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        r"""Terms h and the factors of their derivatives, each of shape (n_triples, n_angular).

        With :math:`h = A(\cos\theta) \, E(d_{ij}, d_{ik}, d_{jk})` and
        :math:`\kappa = A \, E_{jk} / d_{jk}`, where an index at E is a derivative,

        .. math:: \beta = \frac{A' E}{d_{ij} d_{ik}} - \kappa, \qquad
            \alpha_{ij} = \frac{A E_{ij}}{d_{ij}} - \frac{A' E \cos\theta}{d_{ij}^2} + \kappa .

        Args:
            triples: of atoms that all lie within the cutoff of their centre.

        Returns:
            h, α_ij, α_ik, β; the last three in Å⁻².
        """
        t, angle_of, eta_of = triples, self.angle_of, self.eta_of
        zeta, lambda_ = t.cos_theta.new_tensor(self.angles).T
        base = 1 + lambda_ * t.cos_theta[:, None]  # (n_triples, n_angles)
        power = 2 ** (1 - zeta) * base ** (zeta - 1)
        a, bend = (power * base)[:, angle_of], (zeta * lambda_ * power)[:, angle_of]
        eta = t.squares.new_tensor(self.etas)
        weight = torch.exp(-eta * t.squares[:, None])  # (n_triples, n_etas)
        e = (weight * t.fade[:, None])[:, eta_of]
        pulls = [
            a * (weight * (slope[:, None] - 2 * eta * t.fade[:, None]))[:, eta_of]
            for slope in t.fade_slopes()
        ]
        kappa = pulls[2] if self.with_jk else 0.0
        turn = bend * e
        beta = turn / (t.d_ij * t.d_ik)[:, None] - kappa
        alpha_ij = pulls[0] - turn * (t.cos_theta / t.d_ij**2)[:, None] + kappa
        alpha_ik = pulls[1] - turn * (t.cos_theta / t.d_ik**2)[:, None] + kappa
        return a * e, alpha_ij, alpha_ik, beta
