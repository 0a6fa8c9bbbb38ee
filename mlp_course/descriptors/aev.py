r"""Atomic environment vectors of ANI: symmetry functions with shells in distance *and* angle.

| symbol in the paper | here | unit |
|---|---|---|
| :math:`\eta`, :math:`R_s` of the radial part | ``radial_eta, radial_shells`` | Å⁻², Å |
| :math:`\eta`, :math:`R_s`, :math:`\zeta`, :math:`\theta_s` of the angular part | ``angular_eta, angular_shells, zeta, angles`` | Å⁻², Å, -, rad |
"""  # noqa: E501

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from mlp_course.descriptors.checks import check_count, check_positive
from mlp_course.descriptors.cutoffs import cosine_cutoff
from mlp_course.descriptors.descriptor import Descriptor, sum_by_kind
from mlp_course.descriptors.triples import neighbour_triples

_BEND = 0.95  # ANI takes 0.95 cos θ, so that the derivative of the angle stays finite at 0 and 180°


class AEV(Descriptor):
    r"""The descriptor of ANI-1x, for any elements.

    .. math:: G^R_i = \tfrac14 \sum_j e^{-\eta (R_{ij} - R_s)^2} f_c(R_{ij})

    .. math:: G^A_i = 2^{1-\zeta} \sum_{j<k} \bigl(1 + \cos(\theta_{ijk} - \theta_s)\bigr)^\zeta
        \exp\Bigl[-\eta \bigl(\tfrac{R_{ij} + R_{ik}}{2} - R_s\bigr)^2\Bigr] f_c(R_{ij}) f_c(R_{ik})

    with θ = arccos(0.95 cos θ_true) and the factor ¼ as in the program, not in the paper.

    Args:
        species: atomic numbers of the elements it can tell apart.
        cutoff: of the radial part, in Å.
        angular_cutoff: in Å, at most ``cutoff``; default 3.5, or ``cutoff`` if that is shorter.
        n_radial: radial shells.
        n_shells: angular shells in distance.
        n_angles: angular shells in angle.
        radial_eta, angular_eta: sharpness in Å⁻².
        zeta: sharpness of the angle, dimensionless.
        first_shell: radius of the innermost shell, in Å.

    Raises:
        ValueError: if ``angular_cutoff`` is above ``cutoff``, ``first_shell`` not below it, a count
            below 1, or a cutoff or sharpness not positive.

    Source:
        J. S. Smith, O. Isayev, A. E. Roitberg, Chem. Sci. 8, 3192 (2017), Eqs. 3 and 4; parameters
        of ANI-1x, J. Chem. Phys. 148, 241733 (2018).

    Example:
        >>> AEV([1, 6, 7, 8], cutoff=5.2, angular_cutoff=3.5).n_components  # as in ANI-1x
        384
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        angular_cutoff: float | None = None,
        n_radial: int = 16,
        n_shells: int = 4,
        n_angles: int = 8,
        radial_eta: float = 16.0,
        angular_eta: float = 8.0,
        zeta: float = 32.0,
        first_shell: float = 0.9,
    ):
        super().__init__(species, cutoff)
        if angular_cutoff is None:
            angular_cutoff = min(3.5, cutoff)
        if not 0 < angular_cutoff <= cutoff:
            raise ValueError(
                f"angular_cutoff must be positive and at most cutoff={cutoff}, in Å; "
                f"got {angular_cutoff}"
            )
        check_count(1, n_radial=n_radial, n_shells=n_shells, n_angles=n_angles)
        check_positive("in Å⁻²", radial_eta=radial_eta, angular_eta=angular_eta)
        check_positive("dimensionless", zeta=zeta)
        if not 0 <= first_shell < angular_cutoff:
            raise ValueError(
                f"first_shell must be at least 0 and below angular_cutoff={angular_cutoff}, in Å; "
                f"got {first_shell}"
            )
        self.angular_cutoff = float(angular_cutoff)
        self.radial_eta, self.angular_eta, self.zeta = radial_eta, angular_eta, zeta
        self.radial_shells = _shells(first_shell, cutoff, n_radial)
        self.angular_shells = _shells(first_shell, angular_cutoff, n_shells)
        self.angles = [math.pi * (k + 0.5) / n_angles for k in range(n_angles)]

    @property
    def n_components(self) -> int:
        """Length of the descriptor of one atom, dimensionless."""
        n_angular = len(self.angular_shells) * len(self.angles)
        n_pairs_of_elements = len(self.elements.pairs)
        return len(self.elements) * len(self.radial_shells) + n_pairs_of_elements * n_angular

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
        d_ij = r_ij.norm(dim=1)
        radial = self.radial_terms(d_ij)
        near = torch.nonzero(d_ij < self.angular_cutoff)[:, 0]
        pair_ij, pair_ik = neighbour_triples(idx_i[near])
        pair_ij, pair_ik = near[pair_ij], near[pair_ik]
        pair = self.elements.of_pair(element[pair_ij], element[pair_ik])
        angular = self.angular_terms(r_ij, d_ij, pair_ij, pair_ik)
        blocks = [
            sum_by_kind(radial, idx_i, element, n_atoms, len(self.elements)),
            sum_by_kind(angular, idx_i[pair_ij], pair, n_atoms, len(self.elements.pairs)),
        ]
        return torch.cat(blocks, dim=1)

    def radial_terms(self, d_ij: Tensor) -> Tensor:
        """What each neighbour adds, shape (n_pairs, n_radial)."""
        shells = d_ij.new_tensor(self.radial_shells)
        fade = 0.25 * cosine_cutoff(d_ij, self.cutoff)
        return fade[:, None] * torch.exp(-self.radial_eta * (d_ij[:, None] - shells) ** 2)

    def angular_terms(self, r_ij: Tensor, d_ij: Tensor, pair_ij: Tensor, pair_ik: Tensor) -> Tensor:
        """What each two neighbours add, shape (n_triples, n_shells · n_angles).

        cos(θ - θ_s) is expanded into cosines and sines, which saves the arccos and its poles.
        """
        d_1, d_2 = d_ij[pair_ij], d_ij[pair_ik]
        cosine = _BEND * (r_ij[pair_ij] * r_ij[pair_ik]).sum(dim=1) / (d_1 * d_2)
        sine = torch.sqrt(1 - cosine**2)
        angles, shells = d_ij.new_tensor(self.angles), d_ij.new_tensor(self.angular_shells)
        turned = cosine[:, None] * torch.cos(angles) + sine[:, None] * torch.sin(angles)
        angle = 2 * ((1 + turned) / 2) ** self.zeta  # (n_triples, n_angles)
        fade = cosine_cutoff(d_ij, self.angular_cutoff)
        shell = torch.exp(-self.angular_eta * ((d_1 + d_2)[:, None] / 2 - shells) ** 2)
        shell = shell * (fade[pair_ij] * fade[pair_ik])[:, None]  # (n_triples, n_shells)
        return (shell[:, :, None] * angle[:, None, :]).flatten(1)


def _shells(first: float, cutoff: float, n: int) -> list[float]:
    """Evenly spaced from ``first``; the cutoff would be the next one."""
    return [first + (cutoff - first) * k / n for k in range(n)]
