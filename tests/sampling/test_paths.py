"""Reaction paths: the top of the band is the saddle that a direct search finds."""

from functools import partial

import numpy as np
import pytest
from ase import Atoms
from ase.build import add_adsorbate, fcc100, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms, FixCartesian

from mlp_course.reference import reference_calculator
from mlp_course.sampling import (
    barrier,
    carried_over,
    interpolated_path,
    minimum_energy_path,
    optimised,
    origin_of,
    string_path,
    transfer_scan,
)
from mlp_course.sampling.recipes import STARTS, proton_moved

XTB = partial(reference_calculator, "gfn2-xtb")


class TwoValleys(Calculator):
    """One atom in E = (x² - 1)² + 2 (y - x² + 1)²: valleys at x = ±1, saddle of 1 eV at (0, -1).

    The path between them bends; the straight line between the valleys climbs to 3 eV.
    """

    implemented_properties = ["energy", "forces"]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        x, y, z = self.atoms.positions[0]
        off = y - x**2 + 1
        energy = (x**2 - 1) ** 2 + 2 * off**2 + z**2
        gradient = [4 * x * (x**2 - 1) - 8 * x * off, 4 * off, 2 * z]
        self.results = {"energy": energy, "forces": -np.array([gradient])}


def straight_line(n_images):
    """Images on the straight line from valley to valley."""
    return [Atoms("H", [[x, 0.0, 0.0]]) for x in np.linspace(-1, 1, n_images)]


@pytest.mark.parametrize("n_images", [5, 6, 9])
def test_the_band_finds_the_analytic_saddle(n_images):
    """With odd and even numbers of images the climbing one ends at (0, -1) with 1 eV."""
    path = straight_line(n_images)
    before = [image.copy() for image in path]
    images = minimum_energy_path(path, TwoValleys, force_tolerance=0.01)
    energies = [image.get_potential_energy() for image in images]
    top = images[int(np.argmax(energies))]
    assert max(energies) == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_allclose(top.positions[0], [0, -1, 0], atol=0.02)
    assert len(images) == n_images
    assert path == before


def test_ends_of_the_band_stay():
    """Only what lies between reactant and product moves."""
    path = straight_line(5)
    images = minimum_energy_path(path, TwoValleys, force_tolerance=0.05)
    for end in (0, -1):
        np.testing.assert_array_equal(images[end].positions, path[end].positions)


def test_images_evaluated_in_threads_give_the_same_band():
    """parallel=True changes who computes, not what."""
    one, two = (
        minimum_energy_path(straight_line(5), TwoValleys, force_tolerance=0.01, parallel=parallel)
        for parallel in (False, True)
    )
    for left, right in zip(one, two, strict=True):
        np.testing.assert_allclose(left.positions, right.positions, atol=1e-8)


def test_a_band_that_does_not_settle_is_told():
    """Too few steps are no path: an error with three cures."""
    with pytest.raises(RuntimeError, match=r"did not reach 0.001 eV/Å in 2 steps: .* raise max_st"):
        minimum_energy_path(straight_line(5), TwoValleys, force_tolerance=0.001, max_steps=2)


def test_interpolation_joins_the_ends_without_clashes():
    """IDPP keeps atoms apart where a straight line would push them through each other."""
    first = Atoms("OHH", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
    last = Atoms("OHH", [[0, 0, 0], [-0.96, 0.1, 0], [0.24, 0.93, 0]])
    images = interpolated_path(first, last, 7)
    assert len(images) == 7
    np.testing.assert_allclose(images[0].positions, first.positions)
    np.testing.assert_allclose(images[-1].positions, last.positions)
    distances = np.array([image.get_distance(0, 1) for image in images])
    assert (distances > 0.6).all()  # Å; the straight line passes the oxygen at 0.05 Å


def test_a_line_through_an_atom_is_refused():
    """Where one atom would have to pass exactly through another, there is no way around to find."""
    first = Atoms("OH", [[0, 0, 0], [0.96, 0, 0]])
    last = Atoms("OH", [[0, 0, 0], [-0.96, 0, 0]])
    with (
        pytest.warns(RuntimeWarning, match="divide by zero"),
        pytest.raises(ValueError, match="atoms pass through each other"),
    ):
        interpolated_path(first, last, 5)


def test_a_band_carried_over_meets_its_new_ends():
    """New ends, the same number of images, and a small shift spread evenly between."""
    band = [Atoms("H2", [[0, 0, 0], [0, 0, 1 + 0.1 * n]]) for n in range(5)]
    ends = Atoms("H2", [[0, 0, 0], [0, 0, 1.04]]), Atoms("H2", [[5, 5, 5], [5, 5, 6.40]])
    kept = [end.copy() for end in ends]
    images = carried_over(band, ends)
    lengths = [image.get_distance(0, 1) for image in images]
    np.testing.assert_allclose(lengths, np.linspace(1.04, 1.40, 5), atol=1e-6)
    assert list(ends) == kept
    assert [image.get_distance(0, 1) for image in band] == pytest.approx([1, 1.1, 1.2, 1.3, 1.4])


@pytest.fixture(scope="module")
def enol():
    """The relaxed enol of malonaldehyde by GFN2-xTB."""
    return optimised(STARTS["malonaldehyde"], XTB(), force_tolerance=0.005)


def test_the_moved_proton_gives_the_same_molecule(enol):
    """Both enols are mirror images: same energy, O-H and O...H lengths exchanged."""
    other = optimised(proton_moved(enol), XTB(), force_tolerance=0.005)
    assert other.get_potential_energy() == pytest.approx(enol.get_potential_energy(), abs=1e-4)
    lengths = [sorted(a.get_distance(7, o) for o in (3, 4)) for a in (enol, other)]
    np.testing.assert_allclose(lengths[0], lengths[1], atol=0.01)
    near = [min((3, 4), key=lambda o, a=a: a.get_distance(7, o)) for a in (enol, other)]
    assert sorted(near) == [3, 4]


def symmetric_saddle(enol):
    """Relax the molecule that is its own mirror image: a direct search of the saddle.

    At a mirror-symmetric geometry the forces are symmetric too, so a descent stays symmetric.
    """
    axis = enol.positions[4] - enol.positions[3]
    axis /= np.linalg.norm(axis)
    middle = (enol.positions[3] + enol.positions[4]) / 2
    arms = enol.positions - middle
    mirrored = (enol.positions - 2 * np.outer(arms @ axis, axis))[[2, 1, 0, 4, 3, 8, 6, 7, 5]]
    symmetric = enol.copy()
    symmetric.positions = (enol.positions + mirrored) / 2
    saddle = optimised(symmetric, XTB(), force_tolerance=0.005)
    assert saddle.get_distance(7, 3) == pytest.approx(saddle.get_distance(7, 4), abs=1e-3)
    return saddle


def test_the_proton_crosses_at_the_symmetric_saddle(enol):
    """The top of the band of GFN2-xTB has the energy of the mirror-symmetric saddle, to 5 meV."""
    other = optimised(proton_moved(enol), XTB(), force_tolerance=0.005)
    band = minimum_energy_path(interpolated_path(enol, other, 7), XTB, force_tolerance=0.03)
    energies = np.array([image.get_potential_energy() for image in band])
    top = band[int(energies.argmax())]
    saddle = symmetric_saddle(enol)
    assert energies.max() == pytest.approx(saddle.get_potential_energy(), abs=0.005)
    assert top.get_distance(7, 3) == pytest.approx(top.get_distance(7, 4), abs=0.03)
    np.testing.assert_allclose(energies, energies[::-1], atol=0.02)
    assert 0.02 < energies.max() - energies[0] < 0.5


def test_band_string_and_direct_scan_agree_on_the_proton_transfer(enol):
    """Three ways to one barrier of GFN2-xTB, 0.163 eV: they differ by less than 3 meV.

    The scan fixes d(donor) - d(acceptor) and lets all else relax; by symmetry the top is at 0.
    """
    other = optimised(proton_moved(enol), XTB(), force_tolerance=0.005)
    guess = interpolated_path(enol, other, 9)
    band, string = minimum_energy_path(guess, XTB), string_path(guess, XTB)
    atoms = dict(donor=4, moving=7, acceptor=3)
    start = enol.get_distance(4, 7) - enol.get_distance(3, 7)
    values = np.linspace(start, 0.0, 6)
    scan = transfer_scan(enol, XTB(), values=[*values, 0.1], **atoms)
    heights = [f.info["sampler_energy"] - enol.get_potential_energy() for f in scan]
    assert [frame.info["transfer"] for frame in scan[:6]] == pytest.approx(values)
    found = [f.get_distance(4, 7) - f.get_distance(3, 7) for f in scan]
    np.testing.assert_allclose(found[:6], values, atol=1e-4)
    assert np.argmax(heights) == 5
    assert barrier(band) == pytest.approx(heights[5], abs=0.003)
    assert barrier(string) == pytest.approx(heights[5], abs=0.003)
    assert heights[5] == pytest.approx(0.163, abs=0.003)


@pytest.fixture(scope="module")
def hop():
    """A Cu adatom on Cu(100), three layers of which one is free: before and after a hop."""
    slab = fcc100("Cu", (3, 3, 3), a=3.59, vacuum=7)
    before = slab.copy()
    add_adsorbate(before, "Cu", 1.8, "hollow")
    before.set_constraint(FixAtoms(np.flatnonzero(slab.get_tags() > 1)))
    after = before.copy()
    after.positions[-1, 0] += 3.59 / np.sqrt(2) + after.cell[0, 0]  # one site on, one cell on
    return [optimised(atoms, EMT(), force_tolerance=0.01) for atoms in (before, after)]


@pytest.mark.parametrize("method", [minimum_energy_path, string_path])
def test_an_adatom_hops_over_the_bridge(hop, method):
    """By symmetry the saddle is the bridge: its energy, relaxed there, is the barrier, to 3 meV."""
    bridge = hop[0].copy()
    bridge.positions[-1, 0] += 3.59 / np.sqrt(2) / 2
    above = FixCartesian([len(bridge) - 1], mask=(True, False, False))
    bridge.set_constraint([*hop[0].constraints, above])
    bridge = optimised(bridge, EMT(), force_tolerance=0.005)
    known = bridge.get_potential_energy() - hop[0].get_potential_energy()
    images = method(interpolated_path(*hop, 7), EMT)
    assert barrier(images) == pytest.approx(known, abs=0.003)
    held = hop[0].get_tags() > 1
    for number, image in enumerate(images):
        np.testing.assert_array_equal(image.positions[held], hop[0].positions[held])
        assert not image.constraints
        assert image.info["image"] == number
        assert origin_of(image)["sampler"] == method.__name__
    steps = np.diff([image.positions[-1, 0] for image in images])
    assert steps.min() > 0
    assert steps.max() < 1.0  # Å: nobody crosses the cell


def test_the_barrier_lies_between_images():
    """Without the climbing image the highest of a band is below 0.975 eV; the curve still has 1."""
    images = minimum_energy_path(straight_line(12), TwoValleys, force_tolerance=0.01)
    del images[int(np.argmax([image.get_potential_energy() for image in images]))]
    assert max(image.get_potential_energy() for image in images) < 0.975
    assert barrier(images) == pytest.approx(1.0, abs=0.02)


def test_ends_of_other_atoms_are_refused():
    """The order of the atoms is part of a path."""
    water = molecule("H2O")
    with pytest.raises(ValueError, match="same atoms in the same order; got OH2 and HOH"):
        interpolated_path(water, water[[1, 0, 2]], 3)
    with pytest.raises(ValueError, match="n_images must be a whole number and at least 2"):
        interpolated_path(water, water, 1)
    with pytest.raises(ValueError, match="at least three images, ends included; got 2"):
        minimum_energy_path([water, water], EMT)
