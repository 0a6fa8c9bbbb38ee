"""Coverage: what a set fills, and what it leaves out, in numbers with a known answer."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.descriptors import SOAP, describe_atoms
from mlp_course.sampling import (
    PrincipalMap,
    average_descriptions,
    coverage_table,
    energy_histogram,
    fraction_outside,
    rattled,
)


@pytest.fixture(scope="module")
def soap():
    """A small SOAP for hydrogen, oxygen and copper."""
    return SOAP([1, 8, 29], cutoff=4.0, n_max=3, l_max=2)


def test_a_description_is_the_mean_over_atoms_of_an_element(soap):
    """Water: the mean of its two H, its O, and zeros for copper."""
    water = molecule("H2O")
    (row,) = average_descriptions(soap, [water])
    atoms = describe_atoms(soap, water)
    expected = [atoms[1:].mean(axis=0), atoms[0], np.zeros(soap.n_components)]
    np.testing.assert_allclose(row, np.concatenate(expected), atol=1e-12)


def test_size_and_place_do_not_matter(soap):
    """A crystal cell, its supercell and its rotated copy are one point."""
    copper = bulk("Cu", cubic=True)
    turned = copper.copy()
    turned.rotate(37, [1, 2, 3], rotate_cell=True)
    rows = average_descriptions(soap, [copper, copper.repeat((2, 1, 1)), turned])
    np.testing.assert_allclose(rows, rows[[0, 0, 0]], rtol=1e-6, atol=1e-9)
    with pytest.raises(ValueError, match="at least one configuration"):
        average_descriptions(soap, [])


def test_the_map_finds_the_axes_of_an_ellipsoid():
    """Spread 5, 2, 0.1 along known orthogonal axes: directions and variances come back."""
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    spread = np.array([5.0, 2.0, 0.1])
    x = 7.0 + rng.normal(size=(20_000, 3)) * spread @ axes
    found = PrincipalMap.fit(x, 2)
    np.testing.assert_allclose(np.abs((found.directions * axes[:2]).sum(axis=1)), 1, atol=1e-3)
    np.testing.assert_allclose(found.explained, spread[:2] ** 2 / (spread**2).sum(), rtol=0.03)
    np.testing.assert_allclose(found.project(x).mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(found.project(x).std(axis=0), spread[:2], rtol=0.03)


def test_another_set_is_drawn_on_the_same_map():
    """A shift along the first axis moves the projections by that much, and nothing is refitted."""
    x = np.random.default_rng(1).normal(size=(200, 4)) * [3, 1, 0.5, 0.1]
    found = PrincipalMap.fit(x, 2)
    shifted = found.project(x + 10 * found.directions[0]) - found.project(x)
    np.testing.assert_allclose(shifted, [[10.0, 0.0]] * 200, atol=1e-9)
    full = np.linalg.norm(x[:, None] - x, axis=2)
    flat = np.linalg.norm(found.project(x)[:, None] - found.project(x), axis=2)
    assert (flat <= full + 1e-12).all()  # a map never shows two frames farther apart than they are
    with pytest.raises(ValueError, match=r"shape \(n, 4\) as in the fit; got \(2, 3\)"):
        found.project(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="two rows that differ"):
        PrincipalMap.fit(np.ones((5, 3)))


def test_a_sample_of_the_same_kind_is_outside_by_chance_only():
    """Same distribution: about 5 % outside; far away: all; a subset: none."""
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(1500, 3)), rng.normal(size=(1500, 3))
    assert fraction_outside(a, b) == pytest.approx(0.05, abs=0.02)
    assert fraction_outside(a, b, quantile=0.5) == pytest.approx(0.5, abs=0.06)
    assert fraction_outside(a, b + 20) == 1.0
    assert fraction_outside(a, a[:100]) == 0.0


def test_half_a_set_outside_counts_half():
    """300 of 600 rows are moved away."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(1000, 2)), rng.normal(size=(600, 2))
    b[:300, 0] += 50
    assert fraction_outside(a, b) == pytest.approx(0.5 + 0.5 * 0.05, abs=0.03)


def test_one_amplitude_is_covered_by_many_and_does_not_cover_them(soap):
    """Cu rattled by 0.03 Å lies in the region of 0.01 to 0.15 Å; most of that lies outside it."""
    copper = bulk("Cu", cubic=True).repeat((2, 1, 1))

    def features(amplitude, n_frames, seed):
        frames = rattled(copper, amplitude=amplitude, n_frames=n_frames, seed=seed)
        return average_descriptions(soap, frames)

    one = features(0.03, 40, seed=0)
    many = np.concatenate([features(a, 20, seed=1) for a in (0.01, 0.03, 0.06, 0.1, 0.15)])
    table = coverage_table({"one": one, "many": many})
    assert table.loc["many", "one"] < 0.1
    assert table.loc["one", "many"] > 0.5
    assert np.isnan(table.loc["one", "one"])


def test_histograms_share_their_bins():
    """Counts by hand, over negative energies too; all frames are in some bin."""
    table = energy_histogram({"a": [-0.15, -0.05, 0.05], "b": [0.0, 0.09, 0.25]}, bin_width=0.1)
    assert table.index.tolist() == pytest.approx([-0.2, -0.1, 0.0, 0.1, 0.2])
    assert table["a"].tolist() == [1, 1, 1, 0, 0]
    assert table["b"].tolist() == [0, 0, 2, 0, 1]


def test_what_makes_no_sense_is_refused():
    """Features of two kinds, one row, no energies."""
    with pytest.raises(ValueError, match=r"got \(3, 1\) and \(3, 2\)"):
        fraction_outside(np.zeros((3, 1)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="n at least 2"):
        fraction_outside(np.zeros((1, 1)), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="quantile must be above 0"):
        fraction_outside(np.zeros((3, 1)), np.zeros((3, 1)), quantile=0)
    with pytest.raises(ValueError, match="bin_width must be positive, in eV an atom"):
        energy_histogram({"a": [1.0]}, bin_width=0)
    with pytest.raises(ValueError, match="at least one number, and only finite"):
        energy_histogram({"a": [np.inf]})


def test_an_unknown_element_is_named(soap):
    """SOAP for H, O and Cu cannot describe gold."""
    with pytest.raises(ValueError, match=r"79|Au"):
        average_descriptions(soap, [Atoms("Au")])


def test_a_row_that_is_no_number_covers_nothing():
    """NaN is farther from nothing than from anything: it must not count as covered."""
    for inside, other in (([[0.0], [1.0]], [[np.nan]]), ([[0.0], [np.nan]], [[100.0]])):
        with pytest.raises(ValueError, match="inside and other must be finite"):
            fraction_outside(inside, other)
    with pytest.raises(ValueError, match="features must be finite"):
        PrincipalMap.fit([[0.0, 1.0], [np.nan, 3.0]], 1)
