"""Grain boundaries: two whole crystals, one misorientation, and a price."""

import numpy as np
import pytest
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.neighborlist import neighbor_list

from mlp_course.sampling import optimised, origin_of
from mlp_course.sampling.defects import (
    boundary_area,
    coordination_numbers,
    excess_energy,
    tilt_grain_boundary,
)


@pytest.mark.parametrize(
    ("plane", "sigma", "angle"), [((2, 1), 5, 53.13), ((3, 1), 5, 36.87), ((3, 2), 13, 67.38)]
)
def test_both_grains_are_crystals_turned_by_the_angle(plane, sigma, angle):
    """Far from the boundaries all atoms have 12 neighbours, along the cube axes of their grain."""
    boundary = tilt_grain_boundary("Cu", plane, lattice_constant=3.6, periods=3)
    settings = origin_of(boundary)["settings"]
    assert settings["sigma"] == sigma
    assert settings["angle"] == pytest.approx(angle, abs=0.01)
    counts = coordination_numbers(boundary, cutoff=3.0)
    height = boundary.cell[1, 1]
    y = boundary.positions[:, 1] / height
    axes = []
    for middle in (0.25, 0.75):
        inside = np.abs(y - middle) < 0.1
        assert (counts[inside] == 12).all()
        i, arrow = neighbor_list("iD", boundary, 3.7)
        cube = arrow[inside[i] & (np.linalg.norm(arrow, axis=1) > 3.5) & (np.abs(arrow[:, 2]) < 1)]
        axes.append(np.degrees(np.arctan2(cube[:, 1], cube[:, 0])) % 90)
        assert np.ptp(axes[-1]) < 1e-6
    turned = (axes[0][0] - axes[1][0]) % 90
    assert min(abs(turned - t % 90) for t in (angle, -angle)) < 0.01


@pytest.mark.parametrize(("plane", "sigma"), [((2, 1), 5), ((3, 1), 5), ((3, 2), 13)])
def test_the_cell_repeats_the_coincidence_lattice(plane, sigma):
    """Its area along the boundary is a² √(h² + k²) (halved where fcc repeats twice as often).

    Two grains of whole periods hold 2 V 4/a³ atoms, less those merged at the two boundaries.
    """
    one, two = (tilt_grain_boundary("Cu", plane, lattice_constant=3.6, periods=n) for n in (1, 2))
    h, k = plane
    period = 3.6 * np.hypot(h, k) / (1 if (h + k) % 2 else 2)
    np.testing.assert_allclose(one.cell.lengths()[[0, 2]], [period, 3.6])
    full = np.round(4 * one.get_volume() / 3.6**3)
    assert 0 <= full - len(one) <= 0.2 * full
    assert len(two) - len(one) == full  # a thicker crystal has the same boundaries
    assert origin_of(one)["settings"]["sigma"] == sigma


@pytest.mark.parametrize("plane", [(2, 1), (3, 1), (3, 2)])
def test_no_two_atoms_are_too_close(plane):
    """Nothing is nearer than 0.7 of a nearest-neighbour distance, across all faces of the cell."""
    boundary = tilt_grain_boundary("Cu", plane, lattice_constant=3.6)
    assert neighbor_list("d", boundary, 3.0).min() > 0.7 * 3.6 / np.sqrt(2)
    thin = tilt_grain_boundary("Cu", plane, lattice_constant=3.6, merge=0.01)
    assert len(thin) >= len(boundary)


def test_both_boundaries_are_mirror_images():
    """Reflected in y, the cell is the same crystal."""
    boundary = tilt_grain_boundary("Cu", (2, 1), lattice_constant=3.6)
    mirrored = boundary.copy()
    mirrored.positions[:, 1] *= -1
    both = boundary + mirrored
    d = both.get_all_distances(mic=True)[: len(boundary), len(boundary) :]
    assert d.min(axis=1).max() < 1e-6


def test_a_boundary_costs_energy_whatever_the_thickness(a, bulk_energy):
    """Σ5(310) of Cu by EMT: 0.97 J/m², the same for thin and thick grains within 2 %."""
    found = []
    for periods in (1, 2):
        boundary = tilt_grain_boundary("Cu", (3, 1), lattice_constant=a, periods=periods)
        relaxed = optimised(boundary, EMT(), relax_cell=True, force_tolerance=0.02)
        found.append(excess_energy(relaxed, bulk_energy) / boundary_area(relaxed) * 16.0218)
    assert found[0] == pytest.approx(found[1], rel=0.02)
    assert found[1] == pytest.approx(0.966, abs=0.01)


def test_without_a_boundary_there_is_no_excess(a, bulk_energy):
    """A crystal merged with nothing costs nothing: the yardstick of the test above is right."""
    crystal = bulk("Cu", cubic=True, a=a).repeat(2)
    crystal.calc = EMT()
    assert excess_energy(crystal, bulk_energy) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("plane", [(2, 2), (0, 1), (4, 2)])
def test_planes_that_are_none_are_refused(plane):
    """(4 2) is (2 1)."""
    with pytest.raises(ValueError, match="two positive whole numbers without common factor"):
        tilt_grain_boundary("Cu", plane, lattice_constant=3.6)
