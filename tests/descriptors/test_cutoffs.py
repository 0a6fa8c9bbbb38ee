"""Cutoff functions: from 1 to 0, and how smoothly they get there."""

import pytest
import torch

from mlp_course.descriptors import cosine_cutoff, polynomial_cutoff, tanh_cutoff

ALL = [cosine_cutoff, tanh_cutoff, polynomial_cutoff]


@pytest.mark.parametrize("cutoff_function", ALL)
def test_one_at_the_centre_zero_from_the_cutoff_on(cutoff_function):
    """f(0) = 1, f(r_c) = 0, and exactly 0 beyond, never rising in between."""
    d = torch.linspace(0, 6, 601, dtype=torch.float64)
    values = cutoff_function(d, 4.0)
    assert values[0] == pytest.approx(1)
    assert (values[d >= 4.0] == 0).all()
    assert (values.diff() <= 1e-12).all()


@pytest.mark.parametrize(("cutoff_function", "smooth"), list(zip(ALL, [1, 2, 2], strict=True)))
def test_derivatives_that_vanish_at_the_cutoff(cutoff_function, smooth):
    """The cosine ends with zero slope, the other two with zero curvature as well."""
    d = torch.tensor(4.0 - 1e-7, dtype=torch.float64, requires_grad=True)
    derivative = cutoff_function(d, 4.0)
    for order in range(1, 3):
        (derivative,) = torch.autograd.grad(derivative, d, create_graph=True)
        assert (abs(derivative) < 1e-5) == (order <= smooth)


def test_a_larger_power_keeps_the_polynomial_high_for_longer():
    """At half the cutoff p = 2 has fallen to 0.31, p = 6 to 0.89."""
    half = torch.tensor(2.0)
    values = [polynomial_cutoff(half, 4.0, p=p).item() for p in (2, 6)]
    assert values == pytest.approx([0.3125, 1 - 28 / 64 + 48 / 128 - 21 / 256])


@pytest.mark.parametrize("cutoff_function", ALL)
@pytest.mark.parametrize("cutoff", [0.0, -1.0, float("nan")])
def test_a_cutoff_that_is_not_positive_is_refused(cutoff_function, cutoff):
    """The message names the unit and the value."""
    with pytest.raises(ValueError, match=f"cutoff must be positive, in Å; got {cutoff}"):
        cutoff_function(torch.ones(1), cutoff)


def test_a_power_below_one_is_refused():
    """p = 0 would make the polynomial jump at the centre."""
    with pytest.raises(ValueError, match="p must be positive"):
        polynomial_cutoff(torch.ones(1), 4.0, p=0)
