"""Radial bases: numbers by hand, orthogonality, smoothness."""

import pytest
import torch

from mlp_course.descriptors import bessel_basis, chebyshev_basis, gaussian_basis

BASES = [gaussian_basis, bessel_basis, chebyshev_basis]


def test_bessel_functions_are_orthonormal_in_the_sphere():
    """The integral of b_m b_n d² over the radius is 1 for m = n and 0 otherwise."""
    d = torch.linspace(1e-6, 5.0, 20001, dtype=torch.float64)
    b = bessel_basis(d, 6, 5.0)
    overlap = torch.trapezoid(b[:, :, None] * b[:, None] * d[:, None, None] ** 2, d, dim=0)
    torch.testing.assert_close(overlap, torch.eye(6, dtype=torch.float64), atol=1e-6, rtol=0)


def test_chebyshev_polynomials_are_cosines_of_the_angle():
    """The recursion gives cos(n arccos x)."""
    d = torch.linspace(0.1, 3.9, 50, dtype=torch.float64)
    expected = torch.cos(torch.arange(8) * torch.arccos(1 - d / 2)[:, None])
    torch.testing.assert_close(chebyshev_basis(d, 8, 4.0), expected)


def test_gaussians_peak_at_their_centres():
    """Each function is 1 at its centre and exp(-1/2) at the next."""
    values = gaussian_basis(torch.linspace(0, 5, 11, dtype=torch.float64), 11, 5.0)
    assert values.diagonal().tolist() == pytest.approx([1.0] * 11)
    assert values.diagonal(1).tolist() == pytest.approx([0.6065307] * 10)


@pytest.mark.parametrize("basis", BASES)
def test_the_derivative_is_that_of_the_formula(basis):
    """Automatic and numerical derivatives agree, also near the ends."""
    d = torch.tensor([0.2, 2.0, 3.99], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda d: basis(d, 5, 4.0), (d,))


@pytest.mark.parametrize("basis", BASES)
def test_no_function_or_no_radius_is_refused(basis):
    """The message says what is too small."""
    with pytest.raises(ValueError, match="n_max must be a whole number and at least"):
        basis(torch.ones(2), 0, 4.0)
    with pytest.raises(ValueError, match="cutoff must be positive"):
        basis(torch.ones(2), 3, -4.0)
