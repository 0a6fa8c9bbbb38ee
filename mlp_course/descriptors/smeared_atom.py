r"""The radial half of SOAP: how much of one smeared-out neighbour each radial function sees.

| symbol in the papers | here | shape |
|---|---|---|
| :math:`g_{nl}(r) = \sum_{n'} \beta^l_{nn'} r^l e^{-\alpha_{n'l} r^2}` | ``alpha, beta`` | (l_max + 1, n_max), (l_max + 1, n_max, n_max) |
"""  # noqa: E501

import math

import numpy as np
import torch
from scipy.linalg import sqrtm
from scipy.special import gamma
from torch import Tensor

from mlp_course.descriptors.checks import check_positive
from mlp_course.descriptors.cutoffs import CutoffFunction, cutoff_with_slope

_REMAINDER = 1e-3  # what is left of a radial function at the radius that sets its width


class SmearedAtom:
    r"""Overlap of a Gaussian at distance d with the primitives of the radial functions.

    The product of two Gaussians is a Gaussian between them, and the mean of a solid harmonic over a
    sphere is its value in the centre:

    .. math:: f_c(d_{ij}) \int r^l Y_{lm} e^{-\alpha r^2} e^{-\eta |\mathbf r - \mathbf r_{ij}|^2}
        = R_{nl}(d_{ij}) \, S_{lm}(\mathbf r_{ij})

    .. math:: R_{nl} = f_c \left(\frac{\pi}{\alpha + \eta}\right)^{3/2}
        \left(\frac{\eta}{\alpha + \eta}\right)^{l} e^{-\kappa d_{ij}^2}, \qquad
        \kappa = \frac{\alpha \eta}{\alpha + \eta}, \quad \eta = \frac{1}{2 \sigma^2}

    Args:
        cutoff: in Å.
        n_max: radial functions.
        l_max: highest degree.
        sigma: width of the Gaussian in Å.
        fade: cutoff function f_c, or None for 1.
        radius: where the outermost radial function ends, in Å; default: ``cutoff``.

    Attributes:
        alpha, beta: see :func:`gaussian_radial_functions`.

    Raises:
        ValueError: if ``sigma`` is not positive, or ``radius`` not above 1.

    Source:
        A. P. Bartók, R. Kondor, G. Csányi, Phys. Rev. B 87, 184115 (2013).

    Example:
        >>> atom = SmearedAtom(4.0, 1, 0, sigma=0.5, fade=None)  # α = ln 1000 / Å², η = 2 / Å²
        >>> atom(torch.tensor([0.0, 1.0])).flatten()  # (π / 8.908)^1.5, and that times e^-1.551
        tensor([0.2095, 0.0444])
    """

    def __init__(
        self,
        cutoff: float,
        n_max: int,
        l_max: int,
        *,
        sigma: float,
        fade: CutoffFunction | None,
        radius: float | None = None,
    ):
        check_positive("in Å", sigma=sigma)
        self.cutoff, self.fade = float(cutoff), fade
        self.alpha, self.beta = gaussian_radial_functions(
            cutoff if radius is None else radius, n_max, l_max
        )
        eta, degree = 0.5 / sigma**2, np.arange(l_max + 1)[:, None]
        total = self.alpha + eta
        self.front = (np.pi / total) ** 1.5 * (eta / total) ** degree  # (l_max + 1, n_max)
        self.decay = self.alpha * eta / total  # κ in Å⁻², (l_max + 1, n_max)

    def __call__(self, d_ij: Tensor) -> Tensor:
        """R_nl of each distance in Å; shape (n_pairs, l_max + 1, n_max)."""
        terms = self._gaussians(d_ij)
        return terms if self.fade is None else terms * self.fade(d_ij, self.cutoff)[:, None, None]

    def mixed_with_slope(self, d_ij: Tensor) -> tuple[Tensor, Tensor]:
        """R_nl mixed by beta and its derivative by the distance, pairs last.

        Args:
            d_ij: in Å, shape (n_pairs,).

        Returns:
            Each of shape (l_max + 1, n_max, n_pairs), the second per Å.
        """
        fade, fade_slope = cutoff_with_slope(self.fade or _no_fade, d_ij, self.cutoff)
        gaussians = self._gaussians(d_ij).permute(1, 2, 0)
        stretch = 2 * d_ij.new_tensor(self.decay)[..., None] * d_ij  # of the exponent, in 1/Å
        beta = d_ij.new_tensor(self.beta)
        return beta @ (gaussians * fade), beta @ (gaussians * (fade_slope - stretch * fade))

    def _gaussians(self, d_ij: Tensor) -> Tensor:
        """R_nl without the fade."""
        front, decay = d_ij.new_tensor(self.front), d_ij.new_tensor(self.decay)
        return front * torch.exp(-decay * (d_ij**2)[:, None, None])


def _no_fade(d_ij: Tensor, cutoff: float) -> Tensor:
    """One, at every distance."""
    return 1 + 0 * d_ij


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
        ValueError: if ``radius`` is not above 1, or ``n_max`` is so large that the functions cannot
            be told apart in double precision (from about 13 on for 5 Å).

    Source:
        L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020), Eqs. 19-22.

    Example:
        >>> alpha, beta = gaussian_radial_functions(5.0, 2, 0)
        >>> [float(round(value, 4)) for value in np.exp(-alpha[0] * [1.0, 25.0])]
        [0.001, 0.001]
    """
    if not 1 < radius < math.inf:
        raise ValueError(f"radius must be above 1, in Å; got {radius}")
    ends = np.linspace(1.0, radius, n_max)
    alpha, beta = np.empty((l_max + 1, n_max)), np.empty((l_max + 1, n_max, n_max))
    for l in range(l_max + 1):
        alpha[l] = -np.log(_REMAINDER / ends**l) / ends**2
        sums = alpha[l][:, None] + alpha[l]
        overlap = 0.5 * gamma(l + 1.5) * sums ** -(l + 1.5)
        beta[l] = np.real(sqrtm(np.linalg.pinv(overlap, hermitian=True)))
        if not np.allclose(beta[l] @ overlap @ beta[l], np.eye(n_max), atol=1e-3):
            raise ValueError(
                f"n_max={n_max} functions up to {radius} Å are too alike to be made orthonormal: "
                "lower n_max"
            )
    return alpha, beta
