r"""Real spherical harmonics times r^l: polynomials in x, y and z, without poles and angles.

| symbol | here | shape |
|---|---|---|
| :math:`Q_l^m(z, r^2)`, a Legendre function times a power of r | ``legendre[l][m]`` | (n,) |
| :math:`c_m = \mathrm{Re}\,(x + iy)^m`, :math:`s_m = \mathrm{Im}\,(x + iy)^m` | ``cosine[m]``, ``sine[m]`` | (n,) |
| :math:`S_{lm} = r^l Y_{lm}`, at place :math:`l^2 + l + m` | | (n, (l_max + 1)²) |
"""  # noqa: E501

import math

import torch
from torch import Tensor

from mlp_course.descriptors.checks import check_count


def solid_harmonics(r: Tensor, l_max: int) -> Tensor:
    r"""Real solid harmonics, orthonormal on the unit sphere.

    .. math:: S_{lm} = F_l^{|m|} \, Q_l^{|m|}(z, r^2)
        \begin{cases} s_{|m|}(x, y) & m < 0 \\ c_{m}(x, y) & m \ge 0 \end{cases}

    Args:
        r: vectors in Å, shape (n, 3); the zero vector is allowed.
        l_max: highest degree l, dimensionless.

    Returns:
        Degree l in Å^l, shape (n, (l_max + 1)²), ordered by l, then by m from -l to l.

    Raises:
        ValueError: if ``l_max`` is no whole number of at least 0.

    Source:
        F. Bigi, G. Fraux, N. J. Browning, M. Ceriotti, J. Chem. Phys. 159, 064802 (2023), Eqs. 3-8;
        here without the sign (-1)^m.

    Example:
        >>> values = solid_harmonics(torch.tensor([[1.0, 2.0, 3.0]]), 1)[0]
        >>> (values[1:] / values[0] / 3**0.5).tolist()  # l = 1 is the vector itself: y, z, x
        [2.0, 3.0, 1.0]
    """
    check_count(0, l_max=l_max)
    legendre, cosine, sine = _parts(r, l_max)
    columns = []
    for l in range(l_max + 1):
        below = [_norm(l, m) * legendre[l][m] * sine[m] for m in range(l, 0, -1)]
        above = [_norm(l, m) * legendre[l][m] * cosine[m] for m in range(l + 1)]
        columns += below + above
    return torch.stack(columns, dim=1)


def solid_harmonics_gradient(r: Tensor, l_max: int) -> Tensor:
    r"""Derivatives of the solid harmonics, which are solid harmonics of one degree less.

    .. math:: \partial_z Q_l^m = (l + m) \, Q_{l-1}^m, \qquad
        \partial_x Q_l^m = -x \, Q_{l-1}^{m+1}, \qquad \partial_x c_m = m \, c_{m-1}, \dots

    Args:
        r: vectors in Å, shape (n, 3).
        l_max: highest degree l, dimensionless.

    Returns:
        Degree l in Å^(l-1), shape (n, (l_max + 1)², 3).

    Example:
        >>> gradient = solid_harmonics_gradient(torch.tensor([[1.0, 2.0, 3.0]]), 1)[0]
        >>> bool((gradient[2, :2] == 0).all())  # the harmonic z does not change with x and y
        True
    """
    legendre, cosine, sine = _parts(r, l_max)
    x, y, _ = r.T
    zero = torch.zeros_like(x)
    columns = []
    for l in range(l_max + 1):
        for m in range(-l, l + 1):
            k = abs(m)
            q, norm = legendre[l][k], _norm(l, k)
            lower = legendre[l - 1][k] if k <= l - 1 else zero
            higher = legendre[l - 1][k + 1] if k + 1 <= l - 1 else zero
            wave, (by_x, by_y) = _wave(m, cosine, sine, zero)
            columns.append(
                norm
                * torch.stack(
                    [
                        q * by_x - x * higher * wave,
                        q * by_y - y * higher * wave,
                        (l + k) * lower * wave,
                    ],
                    dim=1,
                )
            )
    return torch.stack(columns, dim=1)


def _wave(
    m: int, cosine: list[Tensor], sine: list[Tensor], zero: Tensor
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """The factor c_m or s_|m| and its derivatives by x and y."""
    k = abs(m)
    if k == 0:
        return cosine[0], (zero, zero)
    if m > 0:
        return cosine[k], (k * cosine[k - 1], -k * sine[k - 1])
    return sine[k], (k * sine[k - 1], k * cosine[k - 1])


def _parts(r: Tensor, l_max: int) -> tuple[list[list[Tensor]], list[Tensor], list[Tensor]]:
    """Recursions for Q (rising l at fixed m) and for the powers of x + iy."""
    x, y, z = r.T
    square = (r * r).sum(dim=1)
    one = torch.ones_like(x)
    cosine, sine = [one], [torch.zeros_like(x)]
    for _ in range(l_max):
        cosine.append(x * cosine[-1] - y * sine[-1])
        sine.append(x * sine[-1] + y * cosine[-2])
    legendre: list[list[Tensor]] = [[] for _ in range(l_max + 1)]
    for l in range(l_max + 1):
        for m in range(l + 1):
            if m == l:
                legendre[l].append(math.prod(range(1, 2 * l, 2)) * one)  # (2l - 1)!!
            elif m == l - 1:
                legendre[l].append((2 * l - 1) * z * legendre[l - 1][m])
            else:
                rising = (2 * l - 1) * z * legendre[l - 1][m]
                falling = (l + m - 1) * square * legendre[l - 2][m]
                legendre[l].append((rising - falling) / (l - m))
    return legendre, cosine, sine


def _norm(l: int, m: int) -> float:
    """F_l^m, which makes the harmonics orthonormal on the sphere."""
    value = (2 * l + 1) / (2 * math.pi) * math.factorial(l - m) / math.factorial(l + m)
    return math.sqrt(value if m else value / 2)
