"""SOAP: the expansion against quadrature, and what must not change."""

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.data import neighbour_list
from mlp_course.descriptors import SOAP, solid_harmonics
from mlp_course.descriptors.soap import gaussian_radial_functions


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


@pytest.mark.parametrize("fade", [True, False])
def test_rotation_reflection_and_order_change_nothing(describe, fade):
    """The spectrum of each atom is the same after a turn, a mirror and another order of atoms."""
    soap = SOAP([1, 6, 8], 4.0, n_max=4, l_max=4, **({} if fade else {"fade": None}))
    atoms = molecule("CH3CH2OH")
    reference = describe(soap, atoms)
    turned = atoms.copy()
    turned.rotate(37, (1, 2, 3))
    turned.positions[:, 0] *= -1
    order = np.random.default_rng(0).permutation(len(atoms))
    torch.testing.assert_close(describe(soap, turned[order]), reference[order])


def test_a_crystal_may_be_repeated(describe):
    """Every atom of a supercell has the spectrum of the primitive cell."""
    soap = SOAP([29], 5.0, n_max=4, l_max=4)
    small, large = bulk("Cu"), bulk("Cu", cubic=True).repeat(2)
    torch.testing.assert_close(describe(soap, large), describe(soap, small).expand(32, -1))


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


def test_an_atom_that_passes_the_cutoff_makes_no_jump(describe):
    """With the fading factor the spectrum goes smoothly to that of the lone atom."""
    soap = SOAP([1], 4.0, n_max=3, l_max=2)
    lone = describe(soap, Atoms("H"))[0]
    change = [
        (describe(soap, Atoms("H2", [[0, 0, 0], [0, 0, d]]))[0] - lone).abs().max().item()
        for d in (3.9, 3.99, 3.999)
    ]
    assert change[1] < change[0] / 50
    assert change[2] < change[1] / 50


def test_derivatives_by_autograd_are_those_of_differences():
    """Once and twice, for all components of water."""
    soap = SOAP([1, 8], 4.0, n_max=2, l_max=2)
    graph = neighbour_list(molecule("H2O"), 4.0)
    r_ij = graph.pair_vectors().requires_grad_()

    def features(r_ij):
        return soap(graph.atomic_numbers, r_ij, graph.idx_i, graph.idx_j)

    assert torch.autograd.gradcheck(features, (r_ij,))
    assert torch.autograd.gradgradcheck(features, (r_ij,))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(cutoff=-1.0), "cutoff must be positive"),
        (dict(n_max=0), "n_max must be at least 1"),
        (dict(l_max=-1), "l_max at least 0"),
        (dict(sigma=0.0), "sigma must be positive, in Å; got 0.0"),
        (dict(radius=0.5), "radius must be above 1, in Å; got 0.5"),
    ],
)
def test_senseless_parameters_are_refused(options, message):
    """The message names the parameter and its rule."""
    with pytest.raises(ValueError, match=message):
        SOAP(**(dict(species=[1], cutoff=4.0) | options))


@pytest.mark.parametrize("atoms", [molecule("CH3CH2OH"), bulk("Cu", cubic=True)])
@pytest.mark.parametrize("options", [{}, {"fade": None}])
def test_explicit_derivatives_are_those_of_autograd(atoms, options):
    """Every component by every neighbour, in molecules and crystals."""
    atoms = atoms.copy()
    atoms.rattle(0.1, seed=0)
    soap = SOAP(sorted(set(atoms.numbers)), 3.0, n_max=2, l_max=3, **options)
    graph = neighbour_list(atoms, 3.0)
    r_ij = graph.pair_vectors().requires_grad_()
    inputs = (graph.atomic_numbers, r_ij, graph.idx_i, graph.idx_j)
    spectrum, derivatives = soap.derivatives(*inputs)
    torch.testing.assert_close(spectrum, soap(*inputs))
    for component in range(0, soap.n_components, 5):
        (expected,) = torch.autograd.grad(soap(*inputs)[:, component].sum(), r_ij)
        torch.testing.assert_close(derivatives[:, :, component], expected)
