"""Turning features: coupled as they should be, and complete."""

import itertools

import pytest
import torch
from ase import Atoms
from ase.build import molecule
from e3nn import o3
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from mlp_course.data import neighbour_list
from mlp_course.models import build_model
from mlp_course.models.equivariant import (
    TensorProduct,
    allowed_paths,
    columns,
    n_columns,
    spherical_harmonics,
)
from mlp_course.models.symmetric_contraction import SymmetricContraction, symmetric_couplings


def turned(x, l_max, rotation):
    """Features of shape (n, columns, channels) after a rotation."""
    blocks = [o3.Irrep(l, (-1) ** l).D_from_matrix(rotation) for l in range(l_max + 1)]
    return torch.block_diag(*blocks).double() @ x


@pytest.fixture
def rotation():
    """A rotation of everything by 1 rad about (1, 2, 3), and a mirror."""
    axis = torch.nn.functional.normalize(torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64), dim=0)
    return -o3.axis_angle_to_matrix(axis, torch.tensor(1.0, dtype=torch.float64))


def random(*shape, seed=0):
    """Random numbers in double precision."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


def test_a_product_turns_with_its_factors(rotation):
    """Rotate and mirror both factors: each path's result rotates and mirrors along, to 1e-5."""
    product = TensorProduct(2, 3, 2)
    x, r_ij = random(4, 9, 5), random(4, 3, seed=1)
    weights = random(4, len(product.paths), 5, seed=2)
    before = product(x, spherical_harmonics(r_ij, 3), weights)
    after = product(turned(x, 2, rotation), spherical_harmonics(r_ij @ rotation.T, 3), weights)
    for l, (old, new) in enumerate(zip(before, after, strict=True)):
        matrix = o3.Irrep(l, (-1) ** l).D_from_matrix(rotation).double()
        torch.testing.assert_close(matrix @ old, new, atol=1e-5, rtol=1e-5)


def test_paths_obey_the_triangle():
    """Degrees 1 and 2 couple to 1 and, with an odd sum excluded, not to 2."""
    paths = allowed_paths(2, 2, 2)
    assert (1, 2, 1) in paths
    assert (1, 2, 2) not in paths
    assert all(abs(a - b) <= c <= a + b for a, b, c in paths)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("l_out", [0, 1, 2])
def test_symmetric_products_turn_with_their_factor(order, l_out, rotation):
    """U A...A of turned features is the turned U A...A, for every coupling, to 1e-9."""
    monomials, u = symmetric_couplings(2, l_out, order)
    a = random(1, 9, 1)

    def result(a):
        products = torch.stack([a[0, m, 0].prod() for m in monomials])
        return torch.einsum("bnm,n->bm", u, products)

    matrix = o3.Irrep(l_out, (-1) ** l_out).D_from_matrix(rotation).double()
    torch.testing.assert_close(
        result(a) @ matrix.T, result(turned(a, 2, rotation)), atol=1e-6, rtol=1e-6
    )


@pytest.mark.parametrize(("order", "number"), [(1, 1), (2, 3), (3, 5)])
def test_the_number_of_invariants(order, number):
    """Scalar, vector and tensor: 1 invariant of first order, 3 of second, 5 of third.

    Third order by hand: sss, s(vv), s(tt), v·t·v and det t.
    """
    assert len(symmetric_couplings(2, 0, order)[1]) == number


def test_the_tables_of_a_product_follow_to_the_device_of_the_features():
    """No operation of a term meets tensors of two devices."""

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            tensors = [x for x in tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)]
            mixed.extend([function] * (len({x.device for x in tensors}) > 1))
            return function(*args, **(kwargs or {}))

    mixed = []
    term = SymmetricContraction(2, 4, 2, 1, 3).terms[-1]
    with Watch():
        term(torch.ones(9, 3, 4, device="meta"), torch.ones(term.n_couplings, 4, device="meta"))
    assert not mixed


def test_elements_have_weights_of_their_own():
    """The same features on another element give another result, whatever the order of atoms."""
    contraction = SymmetricContraction(2, 4, 2, 1, 3).double()
    a = random(1, 9, 4).expand(3, -1, -1)
    result = contraction(a, torch.tensor([1, 0, 1]))
    torch.testing.assert_close(result[0], result[2])
    assert (result[0] - result[1]).abs().max() > 1e-3


@pytest.mark.parametrize(("name", "l_max"), itertools.product(["nequip", "mace"], [0, 1, 2]))
def test_every_degree_is_invariant(name, l_max, rotation):
    """Energy unchanged to 1e-8 eV, forces turned to 1e-5 eV/Å, for l_max = 0, 1 and 2."""
    options = dict(l_hidden=min(1, l_max)) if name == "mace" else {}
    model = build_model(name, n_features=8, l_max=l_max, **options).double().eval()
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.1, seed=0)
    other = Atoms(atoms.numbers, atoms.positions @ rotation.T.numpy())
    one, two = (model(neighbour_list(frame, 5.0)) for frame in (atoms, other))
    torch.testing.assert_close(one.energy, two.energy, atol=1e-8, rtol=1e-9)
    torch.testing.assert_close(one.forces @ rotation.T, two.forces, atol=1e-5, rtol=0)


def test_degrees_above_zero_see_angles_that_distances_hide():
    """One layer of sums over neighbours: bond angles change the energy only for l_max > 0."""

    def bent(angle):
        angle = torch.tensor(angle)
        return Atoms("OH2", [[0, 0, 0], [1, 0, 0], [angle.cos().item(), angle.sin().item(), 0]])

    for l_max, sees in ((0, False), (1, True)):
        model = build_model("mace", n_features=8, l_max=l_max, l_hidden=0, n_layers=1, cutoff=1.2)
        energies = [
            model.eval()(neighbour_list(bent(a), 1.2).to(dtype=torch.float32)).energy.item()
            for a in (1.6, 2.5)
        ]
        assert (abs(energies[0] - energies[1]) > 1e-5) == sees


def test_columns_lie_one_after_the_other():
    """Degree l takes 2l + 1 columns."""
    assert [columns(l) for l in range(3)] == [slice(0, 1), slice(1, 4), slice(4, 9)]
    assert n_columns(3) == 16
