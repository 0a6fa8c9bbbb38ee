"""Bases of DimeNet: a cutoff with a pole, and waves in a sphere that know distance and angle."""

import math

import torch
from scipy.special import spherical_jn
from torch import Tensor, nn

from mlp_course.descriptors.cutoffs import polynomial_cutoff
from mlp_course.descriptors.spherical_bessel import (
    bessel_zeros,
    legendre_polynomials,
    spherical_bessel,
)
from mlp_course.models.constant import Constant


def envelope(x: Tensor) -> Tensor:
    r"""The polynomial cutoff over x = d / r_c: 1/x near zero, smooth to the third order at 1.

    .. math:: u(x) = f_c(x) / x

    Args:
        x: distance over cutoff, dimensionless.

    Source:
        J. Gasteiger, J. Groß, S. Günnemann, ICLR 2020, arXiv:2003.03123, Eq. 8, divided by x.

    Example:
        >>> envelope(torch.tensor([0.5, 1.0, 2.0])).round(decimals=4).tolist()
        [1.7109, 0.0, 0.0]
    """
    return polynomial_cutoff(x, 1.0, p=6) / x


class SphericalBasis(nn.Module):
    r"""Waves in a sphere times Legendre polynomials: a basis for distance and angle at once.

    .. math:: a_{ln}(d, \alpha) = u\!\left(\tfrac{d}{r_c}\right)
        \sqrt{2} \, \frac{j_l(z_{ln} d / r_c)}{|j_{l+1}(z_{ln})|} \, Y_l^0(\alpha)

    Args:
        n_spherical: orders l.
        n_radial: waves n of each order.
        cutoff: r_c in Å.

    Source:
        J. Gasteiger, J. Groß, S. Günnemann, ICLR 2020, arXiv:2003.03123, Eq. 6, with the factor of
        a sphere of radius 1 and the envelope of Eq. 8.

    Example:
        >>> basis = SphericalBasis(2, 1, 4.0)
        >>> d_ij, kj = torch.tensor([2.0, 4.0]), torch.tensor([0, 0, 1])
        >>> near, turned, far = basis(d_ij, torch.tensor([1.0, -1.0, 1.0]), kj)
        >>> (turned / near).round().tolist()  # P_0 is 1, P_1 the cosine
        [1.0, -1.0]
        >>> far.abs().tolist()  # nothing at the cutoff
        [0.0, 0.0]
    """

    def __init__(self, n_spherical: int, n_radial: int, cutoff: float):
        super().__init__()
        self.n_spherical, self.cutoff = n_spherical, float(cutoff)
        zeros = torch.tensor(bessel_zeros(n_spherical, n_radial), dtype=torch.float64)
        self.zeros = Constant(zeros)
        next_order = [
            [abs(spherical_jn(l + 1, z.item())) for z in row] for l, row in enumerate(zeros)
        ]
        self.scale = Constant(math.sqrt(2) / torch.tensor(next_order, dtype=torch.float64))
        degree = torch.arange(n_spherical, dtype=torch.float64)
        self.harmonic = Constant(((2 * degree + 1) / (4 * math.pi)).sqrt())

    def forward(self, d_ij: Tensor, cos_angle: Tensor, kj: Tensor) -> Tensor:
        """Basis of each triple, shape (n_triples, n_spherical · n_radial)."""
        x = (d_ij / self.cutoff).double()  # the recursion needs the digits
        zeros, orders = self.zeros.like(x), torch.arange(self.n_spherical, device=x.device)
        waves = spherical_bessel(x[:, None, None] * zeros, self.n_spherical - 1)
        waves = waves[:, orders, :, orders].transpose(0, 1)  # (n_pairs, n_spherical, n_radial)
        radial = (envelope(x)[:, None, None] * waves * self.scale.like(x)).to(d_ij.dtype)
        angular = legendre_polynomials(cos_angle, self.n_spherical - 1)
        angular = angular * self.harmonic.like(cos_angle)  # (n_triples, n_spherical)
        return (radial[kj] * angular[:, :, None]).flatten(1)
