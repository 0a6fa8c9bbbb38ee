"""SOAP: the expansion against quadrature, and what must not change."""

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.data import neighbour_list
from mlp_course.descriptors import SOAP, Descriptor, solid_harmonics
from mlp_course.descriptors.smeared_atom import gaussian_radial_functions


def test_radial_functions_are_orthonormal():
    """The integral of g_n g_n' r² over the radius is 1 or 0 for every l."""
    alpha, beta = gaussian_radial_functions(5.0, 4, 3)
    r = np.linspace(0, 15, 20001)
    for l in range(4):
        primitives = r**l * np.exp(-alpha[l][:, None] * r**2)
        g = beta[l] @ primitives
        overlap = np.trapezoid(g[:, None] * g * r**2, r)
        np.testing.assert_allclose(overlap, np.eye(4), atol=1e-6)


def test_coefficients_equal_an_integral_over_space():
    """c_nlm of one neighbour, by quadrature of density times basis on a grid of 0.1 Å."""
    soap = SOAP([1, 8], 5.0, n_max=2, l_max=2, sigma=0.5, fade=None)
    atoms = Atoms("OH", [[0, 0, 0], [0.5, 0.8, -0.3]])
    graph = neighbour_list(atoms, 5.0)
    c = soap.coefficients(graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    axis = torch.arange(-6, 6.05, 0.1, dtype=torch.float64)
    points = torch.cartesian_prod(axis, axis, axis)
    density = torch.exp(-((points - torch.tensor(atoms.positions[1])) ** 2).sum(dim=1) / 0.5)
    squares = (points**2).sum(dim=1)
    harmonics = solid_harmonics(points, 2)  # r^l Y_lm
    alpha, beta = gaussian_radial_functions(5.0, 2, 2)
    for column, degree in enumerate([0, 1, 1, 1, 2, 2, 2, 2, 2]):
        gaussians = torch.exp(-torch.tensor(alpha[degree])[:, None] * squares)
        integral = (gaussians * harmonics[:, column] * density).sum(dim=1) * 0.1**3
        expected = torch.tensor(beta[degree]) @ integral
        torch.testing.assert_close(c[0, 0, :, column], expected, atol=1e-8, rtol=1e-6)


def test_the_product_of_two_spectra_is_the_full_sum():
    """With its factors of √2 the short spectrum has the scalar product of the long one."""
    soap = SOAP([1, 8], 4.0, n_max=2, l_max=1)
    c = torch.randn(2, 2, 2, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    p = soap.power_spectrum(c)
    flat = c.flatten(1, 2)
    full = [
        np.pi * np.sqrt(8 / (2 * l + 1)) * part @ part.transpose(1, 2)
        for l, part in enumerate([flat[:, :, :1], flat[:, :, 1:]])
    ]
    expected = sum((part[0] * part[1]).sum() for part in full)
    torch.testing.assert_close(p[0] @ p[1], expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(cutoff=-1.0), "cutoff must be positive"),
        (dict(n_max=0), "n_max must be a whole number and at least 1"),
        (dict(l_max=-1), "l_max must be a whole number and at least 0"),
        (dict(sigma=0.0), "sigma must be positive, in Å; got 0.0"),
        (dict(cutoff=0.8), "cutoff must be above 1 for SOAP, in Å, .*; got 0.8: raise it, or give"),
        (dict(radius=0.5), "radius must be above 1, in Å; got 0.5"),
    ],
)
def test_senseless_parameters_are_refused(options, message):
    """The message names the parameter and its rule."""
    with pytest.raises(ValueError, match=message):
        SOAP(**(dict(species=[1], cutoff=4.0) | options))


def test_a_cutoff_function_is_given_itself():
    """Its name is refused at once, not when the first atoms are described."""
    with pytest.raises(TypeError, match=r"fade must be a cutoff function, .*; got 'cosine'"):
        SOAP([1], 4.0, fade="cosine")


def test_without_fading_the_written_out_derivatives_hold_too():
    """Ethanol and copper, neighbours that count fully up to the cutoff."""
    for atoms in (molecule("CH3CH2OH"), bulk("Cu", cubic=True)):
        atoms.rattle(0.1, seed=0)
        soap = SOAP(sorted(set(atoms.numbers)), 3.0, n_max=2, l_max=3, fade=None)
        graph = neighbour_list(atoms, 3.0)
        inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
        expected = Descriptor.derivatives(soap, *inputs)
        torch.testing.assert_close(soap.derivatives(*inputs), expected)


def test_without_fading_an_atom_makes_a_jump(describe):
    """As in dscribe: just inside the cutoff it counts fully, just outside not at all."""
    soap = SOAP([1], 4.0, n_max=3, l_max=2, fade=None)
    inside, outside = (
        describe(soap, Atoms("H2", [[0, 0, 0], [0, 0, d]]))[0] for d in (3.999, 4.001)
    )
    assert (inside - outside).abs().max() > 1e-4 * outside.abs().max()
