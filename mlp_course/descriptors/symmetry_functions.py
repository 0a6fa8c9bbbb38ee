r"""Behler-Parrinello symmetry functions: how many neighbours, how far, at which angles.

| symbol in the paper | here | unit |
|---|---|---|
| :math:`R_{ij}`, :math:`\mathbf R_{ij}` | ``d_ij``, ``r_ij`` | Å |
| :math:`\theta_{ijk}`, angle at atom i | ``cos_theta`` | dimensionless |
| :math:`\eta` (width), :math:`R_s` (shell) | ``eta``, ``r_s`` | Å⁻², Å |
| :math:`\zeta` (sharpness of the angle), :math:`\lambda = \pm 1` (0° or 180°) | ``zeta``, ``lambda_`` | - |

Packages differ by a factor of 2 in the angular functions: Behler's sum over j, k ≠ i, read to the
letter, counts every two neighbours twice. Here, as in dscribe and n2p2, they count once.
"""  # noqa: E501

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mlp_course.data.neighbours import sum_over_neighbours
from mlp_course.descriptors.checks import check_count, check_cutoff, check_positive
from mlp_course.descriptors.cutoffs import cosine_cutoff
from mlp_course.descriptors.triples import Triples


def radial_symmetry_function(
    d_ij: Tensor, idx_i: Tensor, n_atoms: int, *, eta: float, r_s: float, cutoff: float
) -> Tensor:
    r"""Count each atom's neighbours in a soft shell: the radial function G2.

    .. math:: G^2_i = \sum_j e^{-\eta (R_{ij} - R_s)^2} \, f_c(R_{ij})

    Args:
        d_ij: pair distances in Å, shape (n_pairs,). Full list: both i-j and j-i.
        idx_i: central atom of each pair, shape (n_pairs,).
        n_atoms: number of atoms.
        eta: sharpness of the shell, in Å⁻².
        r_s: radius of the shell, in Å.
        cutoff: distance beyond which atoms do not see each other, in Å.

    Returns:
        Dimensionless, shape (n_atoms,). An atom without neighbours has value 0.

    Raises:
        ValueError: if ``eta`` is negative or ``cutoff`` is not positive.

    Source:
        J. Behler, J. Chem. Phys. 134, 074106 (2011), Eq. 6.

    Example:
        >>> d_ij, idx_i = torch.tensor([1.0, 1.0]), torch.tensor([0, 1])
        >>> radial_symmetry_function(d_ij, idx_i, 2, eta=4.0, r_s=1.0, cutoff=2.0)
        tensor([0.5000, 0.5000])
    """
    check_eta(eta)
    shell = torch.exp(-eta * (d_ij - r_s) ** 2)  # (n_pairs,)
    return sum_over_neighbours(shell * cosine_cutoff(d_ij, cutoff), idx_i, n_atoms)


def angular_symmetry_function(
    r_ij: Tensor,
    idx_i: Tensor,
    n_atoms: int,
    *,
    eta: float,
    zeta: float,
    lambda_: float,
    cutoff: float,
    with_jk: bool = True,
) -> Tensor:
    r"""Count each atom's pairs of neighbours by the angle between them: G4, or G5 without jk.

    .. math:: G^4_i = 2^{1-\zeta} \sum_{j<k} (1 + \lambda \cos\theta_{ijk})^\zeta \,
        e^{-\eta (R_{ij}^2 + R_{ik}^2 + R_{jk}^2)} \, f_c(R_{ij}) f_c(R_{ik}) f_c(R_{jk})

    G5 leaves out both factors of :math:`R_{jk}`, so that j and k need not see each other.

    Args:
        r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
        idx_i: central atom of each pair, shape (n_pairs,), in rising order.
        n_atoms: number of atoms.
        eta: how fast distant neighbours lose weight, in Å⁻².
        zeta: sharpness of the angle, dimensionless.
        lambda_: +1 to look at angles near 0°, -1 near 180°.
        cutoff: in Å.
        with_jk: True for G4, False for G5.

    Returns:
        Dimensionless, shape (n_atoms,).

    Raises:
        ValueError: if ``eta`` is negative, ``zeta`` or ``cutoff`` not positive, or ``lambda_``
            neither +1 nor -1.

    Source:
        J. Behler, J. Chem. Phys. 134, 074106 (2011), Eqs. 8 and 9; each j, k once.

    Example:
        >>> r_ij = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]])  # a right angle at atom 0
        >>> parameters = dict(eta=0.0, zeta=1.0, lambda_=1.0, cutoff=2.0, with_jk=False)
        >>> angular_symmetry_function(r_ij, torch.tensor([0, 0]), 1, **parameters)  # 1 · 0.5 · 0.5
        tensor([0.2500])
    """
    check_angular(eta, zeta, lambda_)
    triples = Triples(r_ij, idx_i, cutoff, with_jk=with_jk)
    angle = 2 ** (1 - zeta) * (1 + lambda_ * triples.cos_theta) ** zeta  # (n_triples,)
    distance = torch.exp(-eta * triples.squares) * triples.fade
    return sum_over_neighbours(angle * distance, triples.idx_i, n_atoms)


def radial_shells(cutoff: float, n_shells: int = 8) -> list[tuple[float, float]]:
    r"""Place shells evenly between 0.5 Å and the cutoff, each as wide as the step between them.

    .. math:: R_s^{(k)} = 0.5 + k \Delta, \qquad \eta = \frac{1}{2 \Delta^2},
        \qquad \Delta = \frac{r_c - 0.5}{n}, \quad k = 0, \dots, n - 1

    Args:
        cutoff: r_c in Å, above 0.5.
        n_shells: n, dimensionless.

    Returns:
        Pairs (eta in Å⁻², r_s in Å).

    Raises:
        ValueError: if ``cutoff`` is not above 0.5 or ``n_shells`` below 1.

    Source:
        After the shifted functions of M. Gastegger et al., J. Chem. Phys. 148, 241709 (2018):
        an even grid, η from its step. Here the last shell lies one step before the cutoff.

    Example:
        >>> radial_shells(4.5, 4)
        [(0.5, 0.5), (0.5, 1.5), (0.5, 2.5), (0.5, 3.5)]
    """
    if not cutoff > 0.5:
        raise ValueError(f"cutoff must be above 0.5, in Å, to hold shells; got {cutoff}")
    check_count(1, n_shells=n_shells)
    step = (cutoff - 0.5) / n_shells
    return [(0.5 / step**2, 0.5 + k * step) for k in range(n_shells)]


def angular_shells(
    cutoff: float,
    *,
    zetas: Sequence[float] = (1, 4, 16),
    reaches: Sequence[float] = (0.4, 1.0),
) -> list[tuple[float, float, float]]:
    r"""Combine sharpnesses of the angle, both signs of λ and a near and a far reach.

    .. math:: \eta = \frac{1}{2 (\rho\, r_c)^2}

    Args:
        cutoff: r_c in Å.
        zetas: ζ, dimensionless.
        reaches: ρ, parts of the cutoff after which the weight of a distance has fallen to 0.6.

    Returns:
        Triples ``(eta, zeta, lambda_)``, eta in Å⁻².

    Raises:
        ValueError: if ``cutoff`` or a reach is not positive.

    Source:
        The scheme of ζ and λ is that of J. Behler, Int. J. Quantum Chem. 115, 1032 (2015).

    Example:
        >>> angular_shells(1.0, zetas=[1], reaches=[1.0])
        [(0.5, 1, 1), (0.5, 1, -1)]
    """
    check_cutoff(cutoff)
    check_positive("in parts of the cutoff", **{f"reaches[{n}]": x for n, x in enumerate(reaches)})
    etas = [0.5 / (reach * cutoff) ** 2 for reach in reaches]
    return [(eta, zeta, lambda_) for eta in etas for zeta in zetas for lambda_ in (1, -1)]


def check_eta(eta: float) -> None:
    """Raise ValueError for a negative width."""
    if not eta >= 0:
        raise ValueError(f"eta must not be negative, in Å⁻²; got {eta}")


def check_angular(eta: float, zeta: float, lambda_: float) -> None:
    """Raise ValueError for parameters of an angular function outside their range."""
    check_eta(eta)
    check_positive("dimensionless", zeta=zeta)
    if lambda_ not in (1, -1):
        raise ValueError(f"lambda_ must be +1 or -1; got {lambda_}")


def check_sets(
    radial: Sequence[tuple[float, float]], angular: Sequence[tuple[float, float, float]]
) -> None:
    """Raise ValueError unless there are pairs (eta, r_s) or triples (eta, zeta, lambda_)."""
    for name, parameters, form in (
        ("radial", radial, ("eta in Å⁻²", "r_s in Å")),
        ("angular", angular, ("eta in Å⁻²", "zeta", "lambda_")),
    ):
        for entry in parameters:
            if np.shape(entry) != (len(form),):
                raise ValueError(f"{name} must hold entries ({', '.join(form)}); got {entry}")
    if not len(radial) and not len(angular):
        raise ValueError("radial and angular must hold at least one function; got none")
    for eta, r_s in radial:
        check_eta(eta)
        if not math.isfinite(r_s):
            raise ValueError(f"r_s must be finite, in Å; got {r_s}")
    for eta, zeta, lambda_ in angular:
        check_angular(eta, zeta, lambda_)
