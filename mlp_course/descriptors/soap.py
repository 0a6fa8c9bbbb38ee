r"""SOAP: the neighbours as a smeared-out density, described by how it looks from all sides at once.

| symbol in the papers | here | shape |
|---|---|---|
| :math:`c^{Z}_{nlm}`, expansion of the density of element Z | ``coefficients`` | (n_atoms, n_elements, n_max, (l_max + 1)²) |
| :math:`g_{nl}(r)`, see :mod:`mlp_course.descriptors.smeared_atom` | ``radial`` | |
| :math:`p^{ZZ'}_{nn'l}`, power spectrum | result of ``forward`` | (n_atoms, n_components) |

A *channel* is an element and a radial function together, :math:`Zn`.
"""  # noqa: E501

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from mlp_course.descriptors.checks import check_count
from mlp_course.descriptors.cutoffs import CutoffFunction, cosine_cutoff
from mlp_course.descriptors.descriptor import Descriptor
from mlp_course.descriptors.smeared_atom import SmearedAtom
from mlp_course.descriptors.soap_derivatives import PAIRS_AT_ONCE, SpectrumDerivatives
from mlp_course.descriptors.spherical_harmonics import solid_harmonics


class SOAP(Descriptor):
    r"""Smooth overlap of atomic positions: the power spectrum of the neighbour density.

    .. math:: \rho^Z_i(\mathbf r) = \sum_{j \in Z} f_c(d_{ij}) \,
            e^{-|\mathbf r - \mathbf r_{ij}|^2 / 2\sigma^2}
        = \sum_{nlm} c^Z_{nlm} \, g_{nl}(r) \, Y_{lm}(\hat{\mathbf r})

    .. math:: p^{ZZ'}_{nn'l} = \pi \sqrt{\frac{8}{2l + 1}} \sum_m c^Z_{nlm} \, c^{Z'}_{n'lm}

    A rotation mixes the coefficients of different m and leaves the sum over m alone. The central
    atom belongs to its own density. Each component that the full sum over Z, Z', n, n' contains
    twice appears once, times √2, so that the scalar product of two spectra is the full one.

    Args:
        species: atomic numbers of the elements it can tell apart.
        cutoff: distance at which a neighbour has faded out, in Å.
        n_max: radial functions, dimensionless.
        l_max: highest degree of the spherical harmonics, dimensionless.
        sigma: width of the density of one atom, in Å.
        fade: cutoff function; None lets neighbours up to ``cutoff`` count fully, as in dscribe, and
            makes energies jump when an atom enters.
        radius: where the outermost radial function ends, in Å; default: ``cutoff``.

    Raises:
        ValueError: if a length is not positive, ``cutoff`` not above 1 Å without another
            ``radius``, ``n_max`` below 1 or so large that the radial functions cannot be told
            apart, or ``l_max`` negative.
        TypeError: if ``fade`` is no function.

    Source:
        A. P. Bartók, R. Kondor, G. Csányi, Phys. Rev. B 87, 184115 (2013); radial functions and
        factors as in dscribe, L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020).

    Example:
        >>> from ase.build import molecule
        >>> from mlp_course.data import neighbour_list
        >>> soap = SOAP([1, 8], cutoff=4.0, n_max=3, l_max=2)
        >>> water = neighbour_list(molecule("H2O"), 4.0)
        >>> p = soap(water.atomic_numbers, water.pair_vectors(), water.idx_i, water.idx_j)
        >>> p.shape, torch.allclose(p[1], p[2])  # both H atoms have the same surroundings
        (torch.Size([3, 63]), True)
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        n_max: int = 8,
        l_max: int = 6,
        sigma: float = 0.5,
        fade: CutoffFunction | None = cosine_cutoff,
        radius: float | None = None,
    ):
        super().__init__(species, cutoff)
        check_count(1, n_max=n_max)
        check_count(0, l_max=l_max)
        if fade is not None and not callable(fade):
            raise TypeError(f"fade must be a cutoff function, such as cosine_cutoff; got {fade!r}")
        if radius is None and not cutoff > 1:
            raise ValueError(
                "cutoff must be above 1 for SOAP, in Å, because its radial functions begin at "
                f"1 Å; got {cutoff}: raise it, or give radius, the distance where they end"
            )
        self.n_max, self.l_max = n_max, l_max
        self.radial = SmearedAtom(cutoff, n_max, l_max, sigma=sigma, fade=fade, radius=radius)
        degree = torch.arange(l_max + 1).repeat_interleave(2 * torch.arange(l_max + 1) + 1)
        self.register_buffer("degree", degree, persistent=False)  # l of each column l² + l + m
        channels = len(self.elements) * n_max
        self.register_buffer("upper", torch.triu_indices(channels, channels), persistent=False)
        l, (first, second) = torch.arange(l_max + 1), self.upper[:, :, None]
        chosen = (l * channels + first) * channels + second  # (n_channel_pairs, l_max + 1)
        self.register_buffer("chosen", chosen.flatten(), persistent=False)
        both = torch.where(first == second, 1, 2).double()  # orders in which the two appear
        self.factors = (math.pi * torch.sqrt(8 * both / (2 * l + 1))).flatten().numpy()
        self.changes = SpectrumDerivatives(self.radial, len(self.elements), n_max, l_max)

    @property
    def n_components(self) -> int:
        """Length of the descriptor of one atom, dimensionless."""
        return self.upper.shape[1] * (self.l_max + 1)

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Power spectrum of each atom, in Å⁶, shape (n_atoms, n_components)."""
        return self.power_spectrum(self.coefficients(atomic_numbers, r_ij, idx_i, idx_j))

    def coefficients(
        self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor
    ) -> Tensor:
        """Expansion c of the density around each atom, in Å³.

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,).
            idx_j: neighbour of each pair, shape (n_pairs,).

        Returns:
            Shape (n_atoms, n_elements, n_max, (l_max + 1)²).
        """
        n_atoms, n_elements = len(atomic_numbers), len(self.elements)
        element = self.elements(atomic_numbers)
        radial, angular = self.radial(r_ij.norm(dim=1)), solid_harmonics(r_ij, self.l_max)
        place = idx_i * n_elements + element[idx_j]
        c = _sum_of_products(radial, angular, self.degree, place, n_atoms * n_elements)
        centre = self.radial(r_ij.new_zeros(1)), solid_harmonics(r_ij.new_zeros(1, 3), self.l_max)
        own = centre[0][0, self.degree] * centre[1][0, :, None]  # ((l_max + 1)², n_max)
        atoms = torch.arange(n_atoms, device=r_ij.device)
        c = c.index_add(0, atoms * n_elements + element, own.expand(n_atoms, -1, -1))
        beta = c.new_tensor(self.radial.beta)[self.degree]  # ((l_max + 1)², n_max, n_max)
        c = torch.einsum("zkn,kNn->zNk", c, beta)
        return c.reshape(n_atoms, n_elements, self.n_max, len(self.degree))

    @torch.no_grad()
    def derivatives(
        self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor
    ) -> tuple[Tensor, Tensor]:
        r"""Power spectra, and how the spectrum of atom i changes when its neighbour j moves.

        .. math:: \frac{\partial p_i}{\partial \mathbf r_{ij}} \propto \sum_m \left(
            \frac{\partial c_{nlm}}{\partial \mathbf r_{ij}} c_{n'lm}
            + c_{nlm} \frac{\partial c_{n'lm}}{\partial \mathbf r_{ij}} \right)

        A move of atom i itself is minus the sum over its neighbours.

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).

        Returns:
            Spectra in Å⁶, shape (n_atoms, n_components), and derivatives in Å⁵, shape (n_pairs, 3,
            n_components).
        """
        c = self.coefficients(atomic_numbers, r_ij, idx_i, idx_j)
        around = c.flatten(1)  # (n_atoms, channels · (l_max + 1)²)
        element = self.elements(atomic_numbers)[idx_j]  # (n_pairs,): of the neighbour
        slopes = r_ij.new_empty(len(r_ij), 3, self.n_components)
        for z in range(len(self.elements)):
            pairs = torch.nonzero(element == z)[:, 0]
            for some, change in self.changes.in_blocks(pairs, r_ij, idx_i, around, z):
                slopes.index_copy_(0, some, change)
        return self.power_spectrum(c), slopes

    def power_spectrum(self, coefficients: Tensor) -> Tensor:
        """Sum products of coefficients over m, shape (n_atoms, n_components)."""
        c = coefficients.flatten(1, 2)  # (n_atoms, channels, (l_max + 1)²)
        products = []
        for l in range(self.l_max + 1):
            c_l = c[:, :, l * l : (l + 1) ** 2]  # (n_atoms, channels, 2l + 1)
            products.append((c_l @ c_l.transpose(1, 2)).flatten(1))  # (n_atoms, channels²)
        spectrum = torch.cat(products, dim=1).index_select(1, self.chosen)
        return spectrum * spectrum.new_tensor(self.factors)


def _sum_of_products(
    radial: Tensor, angular: Tensor, degree: Tensor, place: Tensor, n_places: int
) -> Tensor:
    """Sum R_nl Y_lm over the pairs of each place, as many pairs at a time as fit into the cache.

    Args:
        radial: shape (n_pairs, l_max + 1, n_max).
        angular: shape (n_pairs, (l_max + 1)²).
        degree: l of each column of ``angular``, shape ((l_max + 1)²,).
        place: where each pair belongs, shape (n_pairs,).
        n_places: number of places.

    Returns:
        Shape (n_places, (l_max + 1)², n_max).
    """
    total = radial.new_zeros(n_places, len(degree), radial.shape[2])
    for block in zip(*(x.split(PAIRS_AT_ONCE) for x in (place, radial, angular)), strict=True):
        own, r, y = block
        total.index_add_(0, own, r.index_select(1, degree) * y[:, :, None])
    return total
