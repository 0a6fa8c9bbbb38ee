r"""SOAP: the neighbours as a smeared-out density, described by how it looks from all sides at once.

| symbol in the papers | here | shape |
|---|---|---|
| :math:`c^{Z}_{nlm}`, expansion of the density of element Z | ``coefficients`` | (n_atoms, n_elements, n_max, (l_max + 1)²) |
| :math:`g_{nl}(r) = \sum_{n'} \beta^l_{nn'} r^l e^{-\alpha_{n'l} r^2}` | ``alpha, beta`` | (l_max + 1, n_max), (l_max + 1, n_max, n_max) |
| :math:`p^{ZZ'}_{nn'l}`, power spectrum | result of ``forward`` | (n_atoms, n_components) |
"""  # noqa: E501

import math
from collections.abc import Sequence

import numpy as np
import torch
from scipy.linalg import sqrtm
from scipy.special import gamma
from torch import Tensor, nn

from mlp_course.data.neighbours import sum_over_neighbours
from mlp_course.descriptors.cutoffs import CutoffFunction, check_cutoff, cosine_cutoff
from mlp_course.descriptors.species import SpeciesIndex
from mlp_course.descriptors.spherical_harmonics import (
    solid_harmonics,
    solid_harmonics_gradient,
)

_REMAINDER = 1e-3  # what is left of a radial function at the radius that sets its width


class SOAP(nn.Module):
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
        ValueError: if a length is not positive, ``n_max`` is below 1 or ``l_max`` negative.

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
        super().__init__()
        check_cutoff(cutoff)
        if n_max < 1 or l_max < 0:
            raise ValueError(f"n_max must be at least 1, l_max at least 0; got {n_max}, {l_max}")
        if not sigma > 0:
            raise ValueError(f"sigma must be positive, in Å; got {sigma}")
        self.elements = SpeciesIndex(species)
        self.cutoff, self.fade = float(cutoff), fade
        self.n_max, self.l_max, self.sigma = n_max, l_max, float(sigma)
        self.alpha, self.beta = gaussian_radial_functions(radius or cutoff, n_max, l_max)
        degree = torch.arange(l_max + 1).repeat_interleave(2 * torch.arange(l_max + 1) + 1)
        self.register_buffer("degree", degree, persistent=False)  # l of each column l² + l + m
        channels = len(self.elements) * n_max
        self.register_buffer("upper", torch.triu_indices(channels, channels), persistent=False)

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
        neighbours = self.pair_terms(r_ij)  # (n_pairs, n_max, (l_max + 1)²)
        c = sum_over_neighbours(
            neighbours, idx_i * n_elements + element[idx_j], n_atoms * n_elements
        )
        own = self.pair_terms(r_ij.new_zeros(1, 3))  # the central atom itself
        atoms = torch.arange(n_atoms, device=r_ij.device)
        c = c.index_add(0, atoms * n_elements + element, own.expand(n_atoms, -1, -1))
        beta = c.new_tensor(self.beta)[self.degree]  # ((l_max + 1)², n_max, n_max)
        c = torch.einsum("znk,kNn->zNk", c, beta)
        return c.reshape(n_atoms, n_elements, self.n_max, -1)

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
        element = self.elements(atomic_numbers)[idx_j]  # (n_pairs,): of the neighbour
        beta = c.new_tensor(self.beta)[self.degree]
        slope = torch.einsum("pnka,kNn->paNk", self.pair_gradients(r_ij), beta)
        full = slope.new_zeros(len(r_ij), 3, len(self.elements), self.n_max, slope.shape[3])
        full[torch.arange(len(r_ij)), :, element] = slope
        first, second = self.upper
        around, changes = c.flatten(1, 2)[idx_i][:, None], full.flatten(2, 3)
        blocks = []
        for l in range(self.l_max + 1):
            own = slice(l * l, (l + 1) ** 2)
            products = changes[..., own] @ around[..., own].transpose(2, 3)
            both = products[..., first, second] + products[..., second, first]
            blocks.append(math.pi * math.sqrt(8 / (2 * l + 1)) * both)
        twice = torch.where(first == second, 1.0, math.sqrt(2)).to(c.dtype)
        derivatives = (torch.stack(blocks, dim=3) * twice[:, None]).flatten(2)
        return self.power_spectrum(c), derivatives

    def pair_gradients(self, r_ij: Tensor) -> Tensor:
        """Derivatives of :meth:`pair_terms` by r_ij, shape (n_pairs, n_max, (l_max + 1)², 3)."""
        d_ij = r_ij.detach().norm(dim=1)
        fade, fade_slope = self._fade_with_slope(d_ij)
        gaussians = self.radial_terms(d_ij**2)
        radial = gaussians * fade[:, None, None]
        stretch = 2 * self._decay(d_ij) * d_ij[:, None, None]  # of the exponent, in 1/Å
        slope = gaussians * (fade_slope[:, None, None] - stretch * fade[:, None, None])
        direction = r_ij.detach() / d_ij[:, None]
        harmonics = solid_harmonics(r_ij, self.l_max)
        gradients = solid_harmonics_gradient(r_ij, self.l_max)  # (n_pairs, (l_max + 1)², 3)
        along = (slope[:, :, self.degree] * harmonics[:, None])[..., None]
        across = radial[:, :, self.degree, None] * gradients[:, None]
        return along * direction[:, None, None] + across

    def pair_terms(self, r_ij: Tensor) -> Tensor:
        r"""Overlap of one neighbour with each primitive r^l exp(-α r²) Y_lm.

        The product of two Gaussians is a Gaussian between them, and the mean of a solid harmonic
        over a sphere is its value in the centre:

        .. math:: \int r^l Y_{lm} e^{-\alpha r^2} e^{-\eta |\mathbf r - \mathbf r_{ij}|^2}
            = \left(\frac{\pi}{\alpha + \eta}\right)^{3/2}
              \left(\frac{\eta}{\alpha + \eta}\right)^{l}
              e^{-\frac{\alpha\eta}{\alpha + \eta} d_{ij}^2} \, S_{lm}(\mathbf r_{ij})

        Args:
            r_ij: in Å, shape (n_pairs, 3).

        Returns:
            Shape (n_pairs, n_max, (l_max + 1)²).
        """
        radial = self.radial_terms((r_ij**2).sum(dim=1))  # (n_pairs, n_max, l_max + 1)
        if self.fade is not None:
            d_ij = r_ij.norm(dim=1)
            radial = radial * self.fade(d_ij, self.cutoff)[:, None, None]
        angular = solid_harmonics(r_ij, self.l_max)  # (n_pairs, (l_max + 1)²)
        return radial[:, :, self.degree] * angular[:, None]

    def radial_terms(self, squares: Tensor) -> Tensor:
        """The factors before S_lm, shape (n_pairs, n_max, l_max + 1), from d² in Å²."""
        eta = 0.5 / self.sigma**2
        alpha = squares.new_tensor(self.alpha.T)  # (n_max, l_max + 1)
        l = torch.arange(self.l_max + 1, device=alpha.device)
        front = (math.pi / (alpha + eta)) ** 1.5 * (eta / (alpha + eta)) ** l
        return front * torch.exp(-self._decay(squares) * squares[:, None, None])

    def _decay(self, like: Tensor) -> Tensor:
        """Exponents αη / (α + η) in Å⁻², shape (n_max, l_max + 1)."""
        eta, alpha = 0.5 / self.sigma**2, like.new_tensor(self.alpha.T)
        return alpha * eta / (alpha + eta)

    def _fade_with_slope(self, d_ij: Tensor) -> tuple[Tensor, Tensor]:
        """Cutoff function and its derivative in 1/Å; 1 and 0 without one."""
        if self.fade is None:
            return torch.ones_like(d_ij), torch.zeros_like(d_ij)
        with torch.enable_grad():
            d_ij = d_ij.detach().requires_grad_()
            fade = self.fade(d_ij, self.cutoff)
            (slope,) = torch.autograd.grad(fade.sum(), d_ij)
        return fade.detach(), slope

    def power_spectrum(self, coefficients: Tensor) -> Tensor:
        """Sum products of coefficients over m, shape (n_atoms, n_components)."""
        c = coefficients.flatten(1, 2)  # (n_atoms, channels, (l_max + 1)²)
        first, second = self.upper
        spectrum = []
        for l in range(self.l_max + 1):
            c_l = c[:, :, l * l : (l + 1) ** 2]  # (n_atoms, channels, 2l + 1)
            products = c_l @ c_l.transpose(1, 2)  # (n_atoms, channels, channels)
            spectrum.append(math.pi * math.sqrt(8 / (2 * l + 1)) * products[:, first, second])
        twice = torch.where(first == second, 1.0, math.sqrt(2)).to(c.dtype)
        return (torch.stack(spectrum, dim=2) * twice[:, None]).flatten(1)


def gaussian_radial_functions(
    radius: float, n_max: int, l_max: int
) -> tuple[np.ndarray, np.ndarray]:
    r"""Exponents and mixing coefficients of orthonormal radial functions.

    The exponents let :math:`r^l e^{-\alpha r^2}` fall to 0.001 at n_max radii from 1 Å to
    ``radius``; :math:`\beta = S^{-1/2}` makes the functions orthonormal.

    Args:
        radius: in Å, above 1.
        n_max: functions for each l, dimensionless.
        l_max: highest degree, dimensionless.

    Returns:
        α in Å⁻², shape (l_max + 1, n_max), and β, shape (l_max + 1, n_max, n_max).

    Raises:
        ValueError: if ``radius`` is not above 1.

    Source:
        L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020), Eqs. 19-22.

    Example:
        >>> alpha, beta = gaussian_radial_functions(5.0, 2, 0)
        >>> [float(round(value, 4)) for value in np.exp(-alpha[0] * [1.0, 25.0])]
        [0.001, 0.001]
    """
    if not radius > 1:
        raise ValueError(f"radius must be above 1, in Å; got {radius}")
    ends = np.linspace(1.0, radius, n_max)
    alpha, beta = np.empty((l_max + 1, n_max)), np.empty((l_max + 1, n_max, n_max))
    for l in range(l_max + 1):
        alpha[l] = -np.log(_REMAINDER / ends**l) / ends**2
        sums = alpha[l][:, None] + alpha[l]
        overlap = 0.5 * gamma(l + 1.5) * sums ** -(l + 1.5)
        beta[l] = np.real(sqrtm(np.linalg.inv(overlap)))
    return alpha, beta
