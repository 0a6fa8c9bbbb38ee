r"""Cutoff functions: how an atom fades out of sight, from 1 at the centre to 0 at the cutoff.

Each is dimensionless, falls from 1 to 0 and is exactly 0 beyond the cutoff. They differ in how
smoothly they end, which decides how smooth the forces are when an atom leaves the sphere.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from mlp_course.descriptors.checks import check_cutoff, check_positive

CutoffFunction = Callable[[Tensor, float], Tensor]


def cosine_cutoff(d_ij: Tensor, cutoff: float) -> Tensor:
    r"""Half a cosine wave; value and slope vanish at the cutoff, the curvature jumps.

    .. math:: f_c(d) = \frac{1}{2} \left[\cos\left(\frac{\pi d}{r_c}\right) + 1\right]

    Args:
        d_ij: distances in Å, any shape.
        cutoff: r_c in Å.

    Returns:
        Dimensionless, the shape of ``d_ij``.

    Raises:
        ValueError: if ``cutoff`` is not positive.

    Source:
        J. Behler, M. Parrinello, Phys. Rev. Lett. 98, 146401 (2007), Eq. 4.

    Example:
        >>> cosine_cutoff(torch.tensor([0.0, 2.0, 4.0, 5.0]), 4.0)
        tensor([1.0000, 0.5000, 0.0000, 0.0000])
    """
    check_cutoff(cutoff)
    inside = 0.5 * (torch.cos(torch.pi / cutoff * d_ij) + 1)
    return inside * (d_ij < cutoff)


def tanh_cutoff(d_ij: Tensor, cutoff: float) -> Tensor:
    r"""The third power of a hyperbolic tangent; value, slope and curvature vanish at the cutoff.

    Divided by its value at the centre, tanh³(1) ≈ 0.44, so that it starts at 1 like the others.

    .. math:: f_c(d) = \tanh^3\left(1 - \frac{d}{r_c}\right) \Big/ \tanh^3(1)

    Args:
        d_ij: distances in Å, any shape.
        cutoff: r_c in Å.

    Returns:
        Dimensionless, the shape of ``d_ij``.

    Raises:
        ValueError: if ``cutoff`` is not positive.

    Source:
        J. Behler, J. Chem. Phys. 134, 074106 (2011), there without the division.

    Example:
        >>> tanh_cutoff(torch.tensor([0.0, 2.0, 4.0, 5.0]), 4.0)
        tensor([1.0000, 0.2234, 0.0000, 0.0000])
    """
    check_cutoff(cutoff)
    inside = torch.tanh(1 - d_ij / cutoff) ** 3
    return inside / torch.tanh(inside.new_tensor(1.0)) ** 3 * (d_ij < cutoff)


def polynomial_cutoff(d_ij: Tensor, cutoff: float, *, p: int = 6) -> Tensor:
    r"""A polynomial that is flat at the centre; value, slope and curvature vanish at the cutoff.

    .. math:: f_c(d) = 1 - \tfrac{(p+1)(p+2)}{2} u^p + p(p+2) u^{p+1} - \tfrac{p(p+1)}{2} u^{p+2},
        \qquad u = \frac{d}{r_c}

    Args:
        d_ij: distances in Å, any shape.
        cutoff: r_c in Å.
        p: power at which it starts to fall, dimensionless; larger keeps it near 1 for longer.

    Returns:
        Dimensionless, the shape of ``d_ij``.

    Raises:
        ValueError: if ``cutoff`` or ``p`` is not positive.

    Source:
        J. Gasteiger, J. Groß, S. Günnemann, ICLR 2020, arXiv:2003.03123, Eq. 8.

    Example:
        >>> polynomial_cutoff(torch.tensor([0.0, 2.0, 4.0, 5.0]), 4.0, p=2)
        tensor([1.0000, 0.3125, 0.0000, 0.0000])
    """
    check_cutoff(cutoff)
    check_positive("dimensionless", p=p)
    u = d_ij / cutoff
    falling = (p + 1) * (p + 2) / 2 - p * (p + 2) * u + p * (p + 1) / 2 * u**2
    return (1 - falling * u**p) * (d_ij < cutoff)


def cutoff_with_slope(
    function: CutoffFunction, d_ij: Tensor, cutoff: float
) -> tuple[Tensor, Tensor]:
    """Return a cutoff function together with its derivative.

    Args:
        function: one of this module.
        d_ij: distances in Å, shape (n_pairs,).
        cutoff: in Å.

    Returns:
        Values, dimensionless, and derivatives by the distance in 1/Å, each of shape (n_pairs,).

    Example:
        >>> cutoff_with_slope(cosine_cutoff, torch.tensor([2.0, 5.0]), 4.0)
        (tensor([0.5000, 0.0000]), tensor([-0.3927, -0.0000]))
    """
    with torch.enable_grad():
        d_ij = d_ij.detach().requires_grad_()
        value = function(d_ij, cutoff)
        (slope,) = torch.autograd.grad(value.sum(), d_ij)
    return value.detach(), slope
