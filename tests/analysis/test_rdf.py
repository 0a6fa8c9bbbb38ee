"""The radial distribution function counts what is there, images included."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.analysis import coordination_number, radial_distribution


def gas(n_atoms, side, seed):
    """Atoms anywhere in a box of so many Å."""
    positions = np.random.default_rng(seed).uniform(0, side, (n_atoms, 3))
    return Atoms(["Ar"] * n_atoms, positions, cell=[side] * 3, pbc=True)


def test_an_ideal_gas_is_even():
    """g = 1 at all distances, also beyond half of the box, within the noise of counting."""
    frames = [gas(100, 8.0, seed) for seed in range(40)]
    _, g = radial_distribution(frames, 8.0, n_bins=8)
    np.testing.assert_allclose(g[2:], 1 - 1 / 100, atol=0.03)  # an atom has 99 others


@pytest.mark.parametrize("repeat", [1, 2])
def test_a_crystal_has_its_shells(repeat):
    """Copper: 12, 6, 24, 12 neighbours at a/√2, a, ..., whatever the size of the cell."""
    copper, a = bulk("Cu", cubic=True, a=3.6).repeat(repeat), 3.6
    r, g = radial_distribution([copper], 6.0, n_bins=600)
    n = coordination_number(r, g, 4 / a**3)
    for shell, total in ((1 / np.sqrt(2), 12), (1.0, 18), (np.sqrt(1.5), 42), (np.sqrt(2), 54)):
        assert n[np.searchsorted(r, shell * a + 0.05)] == pytest.approx(total, abs=1e-6)


def test_an_atom_is_not_its_own_neighbour():
    """Nothing at zero distance."""
    _, g = radial_distribution([bulk("Cu", cubic=True)], 5.0)
    assert g[:40].max() == 0.0


def test_only_periodic_frames_have_a_density():
    """A molecule has no volume; no frame has no atoms."""
    with pytest.raises(ValueError, match="frame 1 has pbc"):
        radial_distribution([bulk("Cu"), molecule("H2O")], 3.0)
    with pytest.raises(ValueError, match="at least one configuration"):
        radial_distribution([], 3.0)


def test_one_frame_is_a_list_of_one():
    """Without brackets the same numbers."""
    copper = bulk("Cu", cubic=True)
    found, expected = radial_distribution(copper, 4.0), radial_distribution([copper], 4.0)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("frames", "options", "error", "message"),
    [
        ([bulk("Cu"), "Cu"], {}, TypeError, "frame 1 must be ase.Atoms; got str"),
        ([Atoms(cell=[3, 3, 3], pbc=True)], {}, ValueError, "frame 0 must have atoms"),
        ([bulk("Cu")], dict(longest=0), ValueError, "longest must be positive, in Å; got 0"),
        ([bulk("Cu")], dict(longest=np.inf), ValueError, "longest must be positive, in Å; got inf"),
        ([bulk("Cu")], dict(n_bins=0), ValueError, "n_bins must be .* at least 1, .*; got 0"),
        ([bulk("Cu")], dict(n_bins=1.5), ValueError, "n_bins must be a whole number .*; got 1.5"),
    ],
)
def test_senseless_requests_are_refused(frames, options, error, message):
    """The error names the argument that was given, its unit and the value."""
    with pytest.raises(error, match=message):
        radial_distribution(frames, **dict(longest=3.0) | options)


def test_one_shell_is_enough_to_count():
    """A simple cubic lattice has 6 neighbours at 2 Å, and the next ones at 2.8 Å."""
    r, g = radial_distribution(Atoms("Ar", cell=[2.0, 2.0, 2.0], pbc=True), 2.5, n_bins=1)
    assert coordination_number(r, g, 1 / 8) == pytest.approx([6.0])


@pytest.mark.parametrize(
    ("r", "g", "density", "message"),
    [
        ([1.0, 2.0], [1.0, 1.0], 0.1, "r must be the middles of even shells from 0 on, in Å"),
        ([], [], 0.1, "r must be the middles of even shells from 0 on, in Å"),
        ([0.5, 1.5], [1.0], 0.1, r"one shape \(n_bins,\); got \(2,\) and \(1,\)"),
        ([0.5, 1.5], [1.0, 1.0], 0, "density must be positive, in atoms per Å³; got 0"),
    ],
)
def test_what_is_no_distribution_is_not_counted(r, g, density, message):
    """Shells that leave out the first distances, none at all, or no density."""
    with pytest.raises(ValueError, match=message):
        coordination_number(r, g, density)
