"""Surfaces: close-packed ones cost least, adsorbates know their neighbours, steps their edges."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, fcc100, fcc110, fcc111
from ase.calculators.emt import EMT

from mlp_course.sampling import optimised
from mlp_course.sampling.defects import (
    adsorption_sites,
    coordination_numbers,
    excess_energy,
    stepped_surface,
    with_adsorbate,
)


def surface_energy(slab, bulk_energy):
    """γ of a relaxed slab in eV/Å²: excess over the area of both faces."""
    relaxed = optimised(slab, EMT(), force_tolerance=0.01)
    area = np.linalg.norm(np.cross(slab.cell[0], slab.cell[1]))
    return excess_energy(relaxed, bulk_energy) / (2 * area)


def test_close_packed_surfaces_cost_least_and_steps_add(a, bulk_energy):
    """γ(111) < γ(100) < γ(110) of Cu; (322), of terraces and steps, lies above (111), below (211).

    γ(111) is 1.04 J/m² by EMT; thickness does not matter any more at 7 layers.
    """
    flat = [
        surface_energy(build("Cu", (1, 1, layers), a=a, vacuum=8), bulk_energy)
        for build, layers in ((fcc111, 7), (fcc100, 8), (fcc110, 11))
    ]
    assert flat[0] < flat[1] < flat[2]
    assert flat[0] * 16.0218 == pytest.approx(1.044, abs=0.005)  # J/m²
    thicker = surface_energy(fcc111("Cu", (1, 1, 10), a=a, vacuum=8), bulk_energy)
    assert thicker == pytest.approx(flat[0], rel=0.005)
    cell = bulk("Cu", cubic=True, a=a)
    steps = [
        surface_energy(stepped_surface(cell, indices, layers=8), bulk_energy)
        for indices in ((3, 2, 2), (2, 1, 1))
    ]
    assert flat[0] < steps[0] < steps[1]


@pytest.mark.parametrize(
    ("indices", "edge", "terrace"), [((2, 1, 1), 7, 9), ((2, 2, 1), 7, 9), ((3, 2, 2), 7, 9)]
)
def test_atoms_at_a_step_have_seven_neighbours(indices, edge, terrace):
    """One row in the period has 7 neighbours, the (111) terraces 9, the bulk 12."""
    slab = stepped_surface(bulk("Cu", cubic=True, a=3.6), indices, layers=10)
    top = slab.positions[:, 2] > slab.positions[:, 2].mean()
    counts = coordination_numbers(slab, cutoff=3.0)
    assert counts.min() == edge
    assert terrace in counts[top]
    assert counts.max() == 12
    assert slab.pbc.tolist() == [True, True, False]
    normal = np.cross(slab.cell[0], slab.cell[1])
    tilt = np.degrees(np.arccos(np.dot(indices, [1, 1, 1]) / np.linalg.norm(indices) / 3**0.5))
    assert 5 < tilt < 25  # vicinal to (111)
    np.testing.assert_allclose(normal[:2], 0, atol=1e-9)


def test_kinked_surfaces_have_atoms_with_six_neighbours():
    """(531) is a surface of kinks."""
    slab = stepped_surface(bulk("Cu", cubic=True, a=3.6), (5, 3, 1), layers=12)
    assert coordination_numbers(slab, cutoff=3.0).min() == 6


@pytest.mark.parametrize(
    ("build", "site", "n"),
    [
        (fcc111, "ontop", 1),
        (fcc111, "bridge", 2),
        (fcc111, "fcc", 3),
        (fcc111, "hcp", 3),
        (fcc100, "ontop", 1),
        (fcc100, "bridge", 2),
        (fcc100, "hollow", 4),
        (fcc110, "shortbridge", 2),
    ],
)
def test_a_site_has_as_many_bonds_as_its_name_says(build, site, n):
    """On top 1, bridge 2, hollow 3 or 4 bonds, all of the sum of the covalent radii, 1.98 Å."""
    slab = build("Cu", (2, 2, 3), a=3.6, vacuum=8)
    with_o = with_adsorbate(slab, "O", site)
    d = with_o.get_distances(-1, range(len(slab)), mic=True)
    assert d.min() == pytest.approx(1.32 + 0.66)
    assert (d < 1.01 * d.min()).sum() == n
    assert site in adsorption_sites(slab)


def test_a_molecule_stands_on_its_first_atom(copper):
    """CO upright on top: C at the bond length, O above it; the slab keeps its layers' tags."""
    slab = fcc111("Cu", (2, 2, 3), a=3.6, vacuum=8)
    co = Atoms("CO", [[0, 0, 5], [0, 0, 6.15]])
    covered = with_adsorbate(slab, co, "ontop", bond_length=1.9)
    top = slab.positions[:, 2].max()
    assert covered.positions[-2, 2] == pytest.approx(top + 1.9)
    assert covered.positions[-1, 2] == pytest.approx(top + 1.9 + 1.15)
    assert covered.get_tags().tolist() == [*slab.get_tags(), 0, 0]
    assert co.positions[0, 2] == 5


def test_a_copper_adatom_sits_in_the_hollow(a):
    """By EMT on Cu(111): hollow below bridge below top; fcc and hcp differ by a few meV."""
    slab = fcc111("Cu", (3, 3, 3), a=a, vacuum=8)
    energies = {}
    for site in adsorption_sites(slab):
        covered = with_adsorbate(slab, "Cu", site)
        covered.calc = EMT()
        energies[site] = covered.get_potential_energy()
    assert energies["fcc"] == pytest.approx(energies["hcp"], abs=0.01)
    assert energies["hcp"] < energies["bridge"] - 0.1 < energies["ontop"] - 0.3


def test_sites_survive_relaxation_of_the_slab(a):
    """A relaxed slab still knows its sites."""
    slab = optimised(fcc111("Cu", (1, 1, 3), a=a, vacuum=8), EMT(), force_tolerance=0.02)
    assert len(with_adsorbate(slab, "O", "fcc")) == 4


def test_what_cannot_be_built_is_refused():
    """Unknown sites are told with those known; slabs from elsewhere have none."""
    slab = fcc111("Cu", (2, 2, 3), vacuum=8)
    with pytest.raises(ValueError, match="site must be one of bridge, fcc, hcp, ontop; got 'top'"):
        with_adsorbate(slab, "O", "top")
    with pytest.raises(ValueError, match=r"must be long enough to stay above the slab; got 1.00 Å"):
        with_adsorbate(slab, "O", "bridge", bond_length=1.0)
    cut = stepped_surface(bulk("Cu", cubic=True), (2, 1, 1), layers=4)
    with pytest.raises(ValueError, match=r"slab must be made by ase.build.fcc111"):
        with_adsorbate(cut, "O", "ontop")
    with pytest.raises(ValueError, match="layers must be at least 1"):
        stepped_surface(bulk("Cu", cubic=True), (2, 1, 1), layers=0)
