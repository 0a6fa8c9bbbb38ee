"""Nanoparticles: magic numbers, and Wulff's theorem."""

import numpy as np
import pytest
from ase.calculators.emt import EMT

from mlp_course.sampling import optimised
from mlp_course.sampling.defects import excess_energy, octahedral_particle, wulff_particle


@pytest.mark.parametrize(
    ("length", "cutoff", "n"), [(2, 0, 6), (3, 1, 13), (4, 1, 38), (5, 0, 85), (7, 2, 201)]
)
def test_octahedra_have_their_magic_numbers(length, cutoff, n):
    """6, 13 (the cuboctahedron), 38, 85, 201 atoms, all of them in fcc places."""
    particle = octahedral_particle("Cu", length=length, cutoff=cutoff, lattice_constant=3.6)
    assert len(particle) == n
    d = particle.get_all_distances()
    assert d[d > 0].min() == pytest.approx(3.6 / np.sqrt(2))
    assert not particle.pbc.any()


def test_facets_lie_as_far_out_as_they_cost():
    """d(100)/d(111) = γ(100)/γ(111), within one layer, in a particle of some 600 atoms."""
    ratio = 1.134 / 1.044
    energies = {(1, 1, 1): 1.0, (1, 0, 0): ratio, (1, 1, 0): 5.0}
    particle = wulff_particle("Cu", energies, n_atoms=600, lattice_constant=3.6)
    reach = {}
    for facet in ((1, 1, 1), (1, 0, 0)):
        normal = np.array(facet) / np.linalg.norm(facet)
        reach[facet] = (particle.positions @ normal).max()
    layers = {(1, 1, 1): 3.6 / np.sqrt(3), (1, 0, 0): 1.8}
    difference = reach[1, 0, 0] - ratio * reach[1, 1, 1]
    assert abs(difference) < layers[1, 0, 0] + ratio * layers[1, 1, 1] / 2
    assert len(particle) == pytest.approx(600, rel=0.3)


def test_a_facet_that_costs_too_much_is_missing():
    """Only {100} cheap gives a cube, reach along <111> over <100> near √3; an octahedron 1/√3."""
    ratios = []
    for energies in ({(1, 0, 0): 1, (1, 1, 1): 9}, {(1, 0, 0): 9, (1, 1, 1): 1}):
        particle = wulff_particle("Cu", energies, n_atoms=200, lattice_constant=3.6)
        out = particle.positions @ np.array([[1, 1, 1], [1, 0, 0]]).T / [np.sqrt(3), 1]
        ratios.append(np.divide(*out.max(axis=0)))
    assert ratios[0] > 1.4
    assert ratios[1] < 0.7


def test_the_excess_of_a_particle_is_its_surface(a, bulk_energy):
    """It grows like N^(2/3): 38 and 201 atoms have the same excess per N^(2/3), within 3 %."""
    found = []
    for length, cutoff in ((4, 1), (7, 2)):
        particle = octahedral_particle("Cu", length=length, cutoff=cutoff, lattice_constant=a)
        relaxed = optimised(particle, EMT(), force_tolerance=0.02)
        found.append(excess_energy(relaxed, bulk_energy) / len(particle) ** (2 / 3))
    assert found[0] == pytest.approx(found[1], rel=0.03)
    assert 1 < found[0] < 3  # eV


def test_senseless_particles_are_refused():
    """Negative surface energies, and more layers off than there are."""
    with pytest.raises(ValueError, match="surface_energies must be positive"):
        wulff_particle("Cu", {(1, 1, 1): -1.0}, n_atoms=10, lattice_constant=3.6)
    with pytest.raises(ValueError, match=r"cutoff from 0 to .* got 4, 2"):
        octahedral_particle("Cu", length=4, cutoff=2, lattice_constant=3.6)
