"""What every descriptor of the package promises; a new one is a line in ``DESCRIPTORS``."""

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.data import collate, neighbour_list
from mlp_course.descriptors import (
    AEV,
    SOAP,
    Descriptor,
    SymmetryFunctions,
    describe_atoms,
    describe_structure,
)

CUTOFF = 4.0
ANGULAR = [(0.02, 1.0, 1), (0.1, 4.0, -1)]
#: Class and options that keep the tests short.
DESCRIPTORS = {
    "G2 and G4": (SymmetryFunctions, dict(angular=ANGULAR)),
    "G2 and G5": (SymmetryFunctions, dict(angular=ANGULAR, with_jk=False)),
    "AEV": (AEV, dict(n_radial=3, n_shells=2, n_angles=2)),
    "SOAP": (SOAP, dict(n_max=2, l_max=2)),
}
WRITTEN_OUT = [name for name, (kind, _) in DESCRIPTORS.items() if "derivatives" in vars(kind)]


@pytest.fixture(params=DESCRIPTORS)
def build(request):
    """Make one of the descriptors for some elements."""
    kind, options = DESCRIPTORS[request.param]
    return lambda species, cutoff=CUTOFF: kind(species, cutoff, **options)


@pytest.fixture
def shaken_ethanol():
    """Nine atoms without any symmetry."""
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.1, seed=0)
    return atoms


def inputs(*structures):
    """What ``forward`` takes, for one or more structures."""
    graph = collate([neighbour_list(atoms, CUTOFF) for atoms in structures])
    return graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j


def test_it_has_the_length_it_says(build, shaken_ethanol):
    """One row an atom, ``n_components`` numbers each, none of them the same for all atoms."""
    descriptor = build([1, 6, 8])
    values = describe_atoms(descriptor, shaken_ethanol)
    assert values.shape == (9, descriptor.n_components)
    assert np.ptp(values, axis=0).any()


def test_turn_mirror_shift_and_order_change_nothing(build, shaken_ethanol):
    """To 1e-10 of the largest component."""
    descriptor = build([1, 6, 8])
    before = describe_atoms(descriptor, shaken_ethanol)
    order = np.random.default_rng(0).permutation(9)
    moved = shaken_ethanol.copy()
    moved.rotate(37, (1, 2, 3))
    moved.positions[:, 0] *= -1
    moved.positions += [3.0, -8.0, 100.0]
    after = describe_atoms(descriptor, moved[order])
    np.testing.assert_allclose(after, before[order], atol=1e-10 * np.abs(before).max())


def test_every_atom_counts(build, shaken_ethanol):
    """A move of any atom, or another element in its place, changes some description."""
    descriptor = build([1, 6, 8])
    before = describe_atoms(descriptor, shaken_ethanol)
    for n in range(9):
        moved, swapped = shaken_ethanol.copy(), shaken_ethanol.copy()
        moved.positions[n] += [0.02, -0.03, 0.01]
        swapped.numbers[n] = 1 if swapped.numbers[n] != 1 else 8
        others = np.arange(9) != n
        for changed in (moved, swapped):
            change = np.abs(describe_atoms(descriptor, changed) - before)[others].max()
            assert change > 1e-3 * np.abs(before).max()


def test_a_crystal_may_be_repeated(build):
    """Every atom of a supercell has the description of the primitive cell."""
    descriptor = build([29])
    small, large = bulk("Cu"), bulk("Cu", cubic=True).repeat(2)
    expected = np.repeat(describe_atoms(descriptor, small), 32, axis=0)
    np.testing.assert_allclose(describe_atoms(descriptor, large), expected, rtol=1e-9, atol=1e-12)


def test_structures_of_a_batch_do_not_see_each_other(build, shaken_ethanol):
    """Together they have the descriptions they have alone; an atom alone has one too."""
    descriptor = build([1, 6, 8])
    structures = [shaken_ethanol, Atoms("O"), molecule("H2O")]
    alone = [describe_atoms(descriptor, atoms) for atoms in structures]
    together = descriptor(*inputs(*structures))
    np.testing.assert_allclose(together, np.concatenate(alone), atol=1e-12)
    assert torch.isfinite(together).all()


def test_an_atom_that_passes_the_cutoff_makes_no_jump(build):
    """Ten times nearer to the cutoff, at least fifty times less is left of it."""
    descriptor = build([1])
    lone = describe_atoms(descriptor, Atoms("H"))[0]

    def left(d):
        pair = Atoms("H2", [[0, 0, 0], [0, 0, d]])
        return np.abs(describe_atoms(descriptor, pair)[0] - lone).max()

    assert 0 < left(3.99) < left(3.9) / 50
    assert left(3.999) < left(3.99) / 50


def test_derivatives_by_autograd_are_those_of_differences(build):
    """Once and twice, for all components of water."""
    descriptor = build([1, 8])
    atomic_numbers, r_ij, idx_i, idx_j = inputs(molecule("H2O"))

    def features(r_ij):
        return descriptor(atomic_numbers, r_ij, idx_i, idx_j)

    r_ij.requires_grad_()
    assert torch.autograd.gradcheck(features, (r_ij,))
    assert torch.autograd.gradgradcheck(features, (r_ij,))


@pytest.mark.parametrize("build", WRITTEN_OUT, indirect=True)
@pytest.mark.parametrize(
    "atoms",
    [
        molecule("CH3CH2OH"),
        bulk("Cu", cubic=True),
        molecule("H2"),
        Atoms("HHO", np.diag([0, 1, 9])),
    ],
)
def test_written_out_derivatives_are_those_of_autograd(build, atoms):
    """Every component by every neighbour: molecules, crystals, a pair, an atom alone."""
    atoms = atoms.copy()
    atoms.rattle(0.1, seed=0)
    descriptor = build(sorted(set(atoms.numbers)))
    values, slopes = descriptor.derivatives(*inputs(atoms))
    expected_values, expected = Descriptor.derivatives(descriptor, *inputs(atoms))
    torch.testing.assert_close(values, expected_values)
    torch.testing.assert_close(slopes, expected)


def test_derivatives_of_an_atom_alone_are_an_empty_table(build):
    """There is nobody to move."""
    descriptor = build([1])
    values, slopes = descriptor.derivatives(*inputs(Atoms("H")))
    np.testing.assert_allclose(values, describe_atoms(descriptor, Atoms("H")))
    assert slopes.shape == (0, 3, descriptor.n_components)


def test_single_precision_is_kept(build, shaken_ethanol):
    """float32 in, float32 out, within its seven digits of float64."""
    descriptor = build([1, 6, 8])
    atomic_numbers, r_ij, idx_i, idx_j = inputs(shaken_ethanol)
    exact = descriptor(atomic_numbers, r_ij, idx_i, idx_j)
    single = descriptor(atomic_numbers, r_ij.float(), idx_i, idx_j)
    assert single.dtype == torch.float32
    largest = float(exact.abs().max())
    torch.testing.assert_close(single.double(), exact, atol=1e-5 * largest, rtol=1e-4)


@pytest.mark.parametrize("cutoff", [0.0, -1.0, float("nan"), float("inf")])
def test_a_cutoff_that_is_no_length_is_refused(build, cutoff):
    """Zero, negative, not a number, infinite."""
    with pytest.raises(ValueError, match="cutoff must be positive, in Å"):
        build([1], cutoff)


def test_an_element_that_is_absent_has_a_block_of_zeros(build):
    """Water for C, H, O: the block of H is the sum over both H, that of C is zero."""
    descriptor = build([1, 6, 8])
    water = molecule("H2O")
    blocks = describe_structure(descriptor, water).reshape(3, descriptor.n_components)
    hydrogen = describe_atoms(descriptor, water)[water.numbers == 1].sum(axis=0)
    np.testing.assert_allclose(blocks[0], hydrogen, rtol=1e-12)
    assert not blocks[1].any()
    assert blocks[2].any()


def test_an_unknown_element_is_refused(build):
    """The message says what it was made for."""
    with pytest.raises(ValueError, match=r"atomic numbers \[7\] are unknown .* species=\[1, 8\]"):
        describe_atoms(build([1, 8]), molecule("NH3"))
