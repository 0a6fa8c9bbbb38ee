r"""Radial bases: one distance becomes a row of numbers that a network can tell apart."""

import torch
from torch import Tensor

from mlp_course.descriptors.checks import check_count, check_cutoff


def gaussian_basis(d_ij: Tensor, n_max: int, cutoff: float) -> Tensor:
    r"""Gaussians on an even grid from 0 to the cutoff, as wide as they are apart.

    .. math:: g_n(d) = e^{-(d - \mu_n)^2 / 2\sigma^2}, \qquad
        \mu_n = n \sigma, \quad \sigma = \frac{r_c}{n_{\max} - 1}

    Args:
        d_ij: distances in Å, shape (n_pairs,).
        n_max: number of functions, at least 2.
        cutoff: r_c in Å.

    Returns:
        Dimensionless, shape (n_pairs, n_max).

    Raises:
        ValueError: if ``n_max`` is below 2 or ``cutoff`` is not positive.

    Source:
        K. T. Schütt et al., J. Chem. Phys. 148, 241722 (2018), Eq. 8; width as in SchNetPack.

    Example:
        >>> gaussian_basis(torch.tensor([0.0, 2.0]), 3, cutoff=4.0)  # centres at 0, 2, 4 Å
        tensor([[1.0000, 0.6065, 0.1353],
                [0.6065, 1.0000, 0.6065]])
    """
    check_cutoff(cutoff)
    check_count(2, n_max=n_max)
    centres = torch.linspace(0, cutoff, n_max, dtype=d_ij.dtype, device=d_ij.device)
    sigma = cutoff / (n_max - 1)
    return torch.exp(-0.5 * ((d_ij[:, None] - centres) / sigma) ** 2)


def bessel_basis(d_ij: Tensor, n_max: int, cutoff: float) -> Tensor:
    r"""Standing waves in a sphere: spherical Bessel functions of order zero, orthonormal in it.

    .. math:: b_n(d) = \sqrt{\frac{2}{r_c}} \, \frac{\sin(n \pi d / r_c)}{d},
        \qquad n = 1, \dots, n_{\max}

    Args:
        d_ij: distances in Å, shape (n_pairs,), none of them zero.
        n_max: number of functions, at least 1.
        cutoff: r_c in Å.

    Returns:
        In Å^(-3/2), shape (n_pairs, n_max).

    Raises:
        ValueError: if ``n_max`` is below 1 or ``cutoff`` is not positive.

    Source:
        J. Gasteiger, J. Groß, S. Günnemann, ICLR 2020, arXiv:2003.03123, Eq. 7.

    Example:
        >>> bessel_basis(torch.tensor([1.0]), 2, cutoff=2.0)  # sin(π/2) / 1, sin(π) / 1
        tensor([[ 1.0000e+00, -8.7423e-08]])
    """
    check_cutoff(cutoff)
    check_count(1, n_max=n_max)
    n = torch.arange(1, n_max + 1, dtype=d_ij.dtype, device=d_ij.device)
    waves = torch.sin(torch.pi / cutoff * n * d_ij[:, None])  # (n_pairs, n_max)
    return (2 / cutoff) ** 0.5 * waves / d_ij[:, None]


def chebyshev_basis(d_ij: Tensor, n_max: int, cutoff: float) -> Tensor:
    r"""Chebyshev polynomials of the distance, mapped to the range from -1 to 1.

    .. math:: T_n(x) = \cos(n \arccos x), \qquad x = 1 - \frac{2 d}{r_c},
        \qquad n = 0, \dots, n_{\max} - 1

    Computed by the recursion T_n = 2 x T_(n-1) - T_(n-2), whose derivative has no poles.

    Args:
        d_ij: distances in Å, shape (n_pairs,).
        n_max: number of functions, at least 1.
        cutoff: r_c in Å.

    Returns:
        Dimensionless, shape (n_pairs, n_max).

    Raises:
        ValueError: if ``n_max`` is below 1 or ``cutoff`` is not positive.

    Source:
        N. Artrith, A. Urban, G. Ceder, Phys. Rev. B 96, 014112 (2017), radial part. There x runs
        from -1 to 1, which changes the sign of the odd ones, and a cutoff function follows.

    Example:
        >>> chebyshev_basis(torch.tensor([0.0, 2.0, 4.0]), 3, cutoff=4.0)
        tensor([[ 1.,  1.,  1.],
                [ 1.,  0., -1.],
                [ 1., -1.,  1.]])
    """
    check_cutoff(cutoff)
    check_count(1, n_max=n_max)
    x = 1 - 2 * d_ij / cutoff
    polynomials = [torch.ones_like(x), x]
    while len(polynomials) < n_max:
        polynomials.append(2 * x * polynomials[-1] - polynomials[-2])
    return torch.stack(polynomials[:n_max], dim=1)
