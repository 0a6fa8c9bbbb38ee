"""Our descriptors are those of the production packages, to the last digits that matter."""

import numpy as np
import pytest
import torch
from ase.build import bulk, molecule

from benchmarks.peers.exchange import as_arrays
from mlp_course.data import neighbour_list
from mlp_course.descriptors import AEV, SOAP, SymmetryFunctions

pytestmark = pytest.mark.peers


def ethanol():
    """A molecule without symmetry."""
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.1, seed=0)
    return atoms


def copper():
    """A distorted crystal whose cell is smaller than the cutoff."""
    atoms = bulk("Cu", cubic=True)
    atoms.rattle(0.1, seed=1)
    return atoms


def oxide():
    """A distorted crystal of two elements."""
    atoms = bulk("MgO", "rocksalt", a=4.2)
    atoms.rattle(0.1, seed=2)
    return atoms


def described(descriptor, atoms, reach):
    """Features in float64, shape (n_atoms, n_components)."""
    graph = neighbour_list(atoms, reach)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    with torch.no_grad():
        return descriptor(*inputs).numpy()


@pytest.mark.parametrize("structure", [ethanol, copper, oxide])
@pytest.mark.parametrize("with_jk", [True, False])
def test_symmetry_functions_equal_those_of_dscribe(peer, structure, with_jk):
    """All components of G2 and G4 or G5, to 1e-6. dscribe counts j, k once, too."""
    atoms, cutoff = structure(), 5.0
    species = sorted(set(atoms.numbers.tolist()))
    ours = SymmetryFunctions(species, cutoff, with_jk=with_jk)
    theirs = peer(
        "dscribe_acsf",
        **as_arrays(atoms),
        species=species,
        cutoff=cutoff,
        radial=ours.radial,
        angular=np.array(ours.angular, dtype=float),
        kind="g4_params" if with_jk else "g5_params",
    )["features"]
    n_radial, n_elements = len(ours.radial), len(species)
    g2, angular = np.split(theirs, [n_elements * (1 + n_radial)], axis=1)
    g2 = g2.reshape(len(atoms), n_elements, -1)[:, :, 1:]  # the first of each element is G1
    pairs = [(a, b) for b in species for a in species if a <= b]  # dscribe: HH, HC, CC, HO, ...
    order = [pairs.index(pair) for pair in ours.elements.pairs]
    angular = angular.reshape(len(atoms), len(pairs), -1)[:, order]
    expected = np.hstack([g2.reshape(len(atoms), -1), angular.reshape(len(atoms), -1)])
    np.testing.assert_allclose(described(ours, atoms, cutoff), expected, atol=1e-6)


@pytest.mark.parametrize("structure", [ethanol, copper, oxide])
def test_the_power_spectrum_equals_that_of_dscribe(peer, structure):
    """Every component to 1e-4 of the largest, without fading and with dscribe's longer list."""
    atoms, radius, sigma, n_max, l_max = structure(), 4.0, 0.5, 4, 4
    species = sorted(set(atoms.numbers.tolist()))
    reach = radius + sigma * np.sqrt(-2 * np.log(1e-3))  # so far the density reaches in
    ours = SOAP(species, reach, radius=radius, n_max=n_max, l_max=l_max, sigma=sigma, fade=None)
    theirs = peer(
        "dscribe_soap",
        **as_arrays(atoms),
        species=species,
        radius=radius,
        n_max=n_max,
        l_max=l_max,
        sigma=sigma,
    )
    p = described(ours, atoms, reach).reshape(len(atoms), -1, l_max + 1)
    first, second = ours.upper.numpy()
    scale = np.where(first == second, 1.0, np.sqrt(2))
    for a, b in ours.elements.pairs:
        place_a, place_b = species.index(a) * n_max, species.index(b) * n_max
        rows = [(m, n) for m in range(n_max) for n in range(m if a == b else 0, n_max)]
        at = [np.flatnonzero((first == place_a + m) & (second == place_b + n))[0] for m, n in rows]
        block = p[:, at] / scale[at, None]  # (n_atoms, pairs of n, l)
        expected = theirs[f"{a}_{b}"].reshape(len(atoms), l_max + 1, -1).transpose(0, 2, 1)
        np.testing.assert_allclose(block, expected, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("name", ["CH3CH2OH", "C6H6", "H2O"])
def test_the_atomic_environment_vector_equals_that_of_torchani(peer, name):
    """All 240 components of ANI-1x for H, C, O, to 1e-5."""
    atoms = molecule(name)
    atoms.rattle(0.1, seed=0)
    theirs = peer("torchani_energy", **as_arrays(atoms), species=[1, 6, 8])["aev"]
    ours = described(AEV([1, 6, 8], 5.2), atoms, 5.2)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
