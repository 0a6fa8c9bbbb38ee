"""Solid harmonics: orthonormal, harmonic, with the derivatives of the formula."""

import numpy as np
import pytest
import torch

from mlp_course.descriptors import solid_harmonics
from mlp_course.descriptors.spherical_harmonics import solid_harmonics_gradient


def vectors(n=20):
    """Random vectors in double precision."""
    return torch.randn(n, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def test_orthonormal_on_the_sphere():
    """The integral of two harmonics over all directions is 1 or 0, up to l = 6."""
    z, weight = np.polynomial.legendre.leggauss(20)
    phi = 2 * np.pi * np.arange(40) / 40
    rho = np.sqrt(1 - z**2)[:, None]
    points = np.stack(
        [rho * np.cos(phi), rho * np.sin(phi), np.broadcast_to(z[:, None], (20, 40))], axis=-1
    ).reshape(-1, 3)
    weights = torch.tensor(np.repeat(weight, 40) * 2 * np.pi / 40)
    values = solid_harmonics(torch.tensor(points), 6)
    overlap = torch.einsum("pa,pb,p->ab", values, values, weights)
    torch.testing.assert_close(overlap, torch.eye(49, dtype=torch.float64), atol=1e-12, rtol=0)


def test_the_gradient_is_that_of_autograd():
    """Explicit derivatives and automatic ones agree, also on the axes and at the origin."""
    r = torch.cat([vectors(), torch.eye(3, dtype=torch.float64), torch.zeros(1, 3)])
    automatic = torch.autograd.functional.jacobian(lambda r: solid_harmonics(r, 5).sum(dim=0), r)
    torch.testing.assert_close(solid_harmonics_gradient(r, 5), automatic.permute(1, 0, 2))


def test_addition_theorem():
    """The sum over m of products at two directions is a Legendre polynomial of their angle."""
    a, b = torch.nn.functional.normalize(vectors(2), dim=1)
    values = solid_harmonics(torch.stack([a, b]), 3)
    cosine = (a @ b).item()
    degree_3 = (values[0, 9:] * values[1, 9:]).sum().item()
    assert degree_3 == pytest.approx(7 / (4 * np.pi) * (5 * cosine**3 - 3 * cosine) / 2)


def test_a_negative_degree_is_refused():
    """There is nothing below l = 0."""
    with pytest.raises(ValueError, match="l_max must be a whole number and at least 0"):
        solid_harmonics(vectors(), -1)
