r"""Spherical Bessel functions: waves in a sphere, one family for each angular momentum."""

import itertools
from functools import cache

import numpy as np
import torch
from scipy.optimize import brentq
from scipy.special import spherical_jn
from torch import Tensor


@cache
def bessel_zeros(n_l: int, n_zeros: int) -> tuple[tuple[float, ...], ...]:
    r"""Positive zeros of the spherical Bessel functions j_0, j_1, ...

    The zeros of j_l lie between those of j_(l-1), so each is found by bisection.

    Args:
        n_l: number of functions.
        n_zeros: zeros of each.

    Returns:
        ``n_l`` rows of ``n_zeros`` numbers, dimensionless.

    Example:
        >>> [round(zero / np.pi, 4) for zero in bessel_zeros(2, 2)[0]]  # j_0 is sin(x) / x
        [1.0, 2.0]
    """
    zeros = [np.pi * np.arange(1, n_zeros + n_l + 1)]
    for l in range(1, n_l):
        below = zeros[-1]
        zeros.append(
            np.array(
                [
                    brentq(lambda x, l=l: spherical_jn(l, x), low, high)
                    for low, high in itertools.pairwise(below)
                ]
            )
        )
    return tuple(tuple(row[:n_zeros].tolist()) for row in zeros)


def spherical_bessel(x: Tensor, l_max: int) -> Tensor:
    r"""Spherical Bessel functions j_0 to j_l_max, by the upward recursion.

    .. math:: j_0 = \frac{\sin x}{x}, \quad j_1 = \frac{\sin x}{x^2} - \frac{\cos x}{x}, \quad
        j_{l+1} = \frac{2l + 1}{x} j_l - j_{l-1}

    The recursion loses digits for small x; give float64.

    Args:
        x: dimensionless, positive, any shape.
        l_max: highest order.

    Returns:
        Dimensionless, the shape of ``x`` with a last axis of length l_max + 1.

    Example:
        >>> x = torch.tensor(torch.pi, dtype=torch.float64)
        >>> (spherical_bessel(x, 1) * torch.pi).round(decimals=6).tolist()  # j_0 is zero at π
        [0.0, 1.0]
    """
    functions = [torch.sin(x) / x]
    if l_max > 0:
        functions.append((functions[0] - torch.cos(x)) / x)
    for l in range(1, l_max):
        functions.append((2 * l + 1) / x * functions[l] - functions[l - 1])
    return torch.stack(functions, dim=-1)


def legendre_polynomials(x: Tensor, l_max: int) -> Tensor:
    r"""Legendre polynomials P_0 to P_l_max.

    .. math:: (l + 1) P_{l+1} = (2l + 1) x P_l - l P_{l-1}

    Args:
        x: cosine of an angle, any shape.
        l_max: highest degree.

    Returns:
        Dimensionless, the shape of ``x`` with a last axis of length l_max + 1.

    Example:
        >>> legendre_polynomials(torch.tensor(0.0), 2).tolist()
        [1.0, 0.0, -0.5]
    """
    polynomials = [torch.ones_like(x), x]
    for l in range(1, l_max):
        polynomials.append(((2 * l + 1) * x * polynomials[l] - l * polynomials[l - 1]) / (l + 1))
    return torch.stack(polynomials[: l_max + 1], dim=-1)
