"""The radial distribution function counts what is there, images included."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.analysis import (
    as_universe,
    coordination_number,
    first_minimum,
    neighbour_counts,
    radial_distribution,
)

LONGEST, N_BINS = 5.3, 53  # Å, less than half of the cell of shaken copper


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
    with pytest.raises(ValueError, match="at least one structure"):
        radial_distribution([], 3.0)


def test_one_frame_is_a_list_of_one():
    """Without brackets the same numbers."""
    copper = bulk("Cu", cubic=True)
    found, expected = radial_distribution(copper, 4.0), radial_distribution([copper], 4.0)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("frames", "options", "error", "message"),
    [
        ([bulk("Cu"), "Cu"], {}, TypeError, "frame 1 must be an ase.Atoms object; got str"),
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


def test_freud_counts_the_same(shaken_copper):
    """g(r) of shaken periodic copper equals freud's in every shell to single precision."""
    import freud

    theirs = freud.density.RDF(bins=N_BINS, r_max=LONGEST)
    for atoms in shaken_copper:
        box = freud.box.Box.from_matrix(atoms.cell.array.T)
        theirs.compute((box, atoms.positions - 5.4), reset=False)  # its box is centred at zero
    r, g = radial_distribution(shaken_copper, LONGEST, n_bins=N_BINS)
    np.testing.assert_allclose(theirs.bin_centers, r, rtol=1e-5)
    np.testing.assert_allclose(theirs.rdf, g, atol=0.01 * g.max())
    assert theirs.rdf @ r**2 == pytest.approx(g @ r**2, rel=1e-3)


def test_mdanalysis_and_mdtraj_count_the_same(shaken_copper):
    """Both divide by the N - 1 other atoms: N/(N - 1) times ours, but for rounding at borders."""
    import mdtraj
    from MDAnalysis.analysis.rdf import InterRDF

    r, g = radial_distribution(shaken_copper, LONGEST, n_bins=N_BINS)
    everyone = as_universe(shaken_copper, spacing=1.0).atoms
    mdanalysis = InterRDF(
        everyone, everyone, nbins=N_BINS, range=(0.0, LONGEST), exclusion_block=(1, 1)
    ).run()
    n_atoms = len(everyone)
    topology = mdtraj.Topology()
    residue = topology.add_residue("Cu", topology.add_chain())
    for _ in range(n_atoms):
        topology.add_atom("Cu", mdtraj.element.copper, residue)
    run = mdtraj.Trajectory([atoms.positions / 10 for atoms in shaken_copper], topology)  # nm
    run.unitcell_vectors = np.array([atoms.cell.array / 10 for atoms in shaken_copper])
    pairs = topology.select_pairs("all", "all")
    theirs = mdtraj.compute_rdf(run, pairs, r_range=(0, LONGEST / 10), n_bins=N_BINS)[1]
    for rdf in (mdanalysis.results.rdf, theirs):
        np.testing.assert_allclose(rdf * (n_atoms - 1) / n_atoms, g, atol=0.01 * g.max())
        assert rdf @ r**2 * (n_atoms - 1) / n_atoms == pytest.approx(g @ r**2, rel=1e-3)


def test_elements_are_told_apart():
    """Rock salt: 6 chlorines about a sodium at a/2, 12 sodiums at a/√2, and nothing between."""
    salt, a = bulk("NaCl", "rocksalt", a=5.6, cubic=True), 5.6
    density = 4 / a**3  # of each element, Å⁻³
    r, unlike = radial_distribution([salt], 4.5, n_bins=450, elements=("Na", "Cl"))
    _, alike = radial_distribution([salt], 4.5, n_bins=450, elements=("Na", "Na"))
    assert coordination_number(r, unlike, density)[-1] == pytest.approx(6)
    assert coordination_number(r, alike, density)[-1] == pytest.approx(12)
    assert r[unlike.argmax()] == pytest.approx(a / 2, abs=0.01)
    assert r[alike.argmax()] == pytest.approx(a / np.sqrt(2), abs=0.01)


def test_the_partial_functions_add_up():
    """g = Σ c_A c_B g_AB with the fractions c of the elements, for a disordered mixture."""
    mixture = gas(90, 9.0, seed=3)
    mixture.symbols[:30] = "Kr"
    fractions = {"Kr": 1 / 3, "Ar": 2 / 3}
    _, total = radial_distribution([mixture], 4.0, n_bins=20)
    parts = sum(
        fractions[a] * fractions[b]
        * radial_distribution([mixture], 4.0, n_bins=20, elements=(a, b))[1]
        for a in fractions
        for b in fractions
    )  # fmt: skip
    np.testing.assert_allclose(parts, total, rtol=1e-12, atol=1e-12)


def test_an_element_that_is_not_there_is_named():
    """Gold in copper."""
    with pytest.raises(ValueError, match=r"must be an element of Cu4 .* got 'Au'"):
        radial_distribution([bulk("Cu", cubic=True)], 3.0, elements=("Cu", "Au"))


def test_the_first_minimum_ends_the_first_shell(shaken_copper):
    """Between a/√2 = 2.55 Å and a = 3.6 Å; with it as cutoff each atom has 12 neighbours."""
    r, g = radial_distribution(shaken_copper, LONGEST, n_bins=N_BINS)
    cutoff = first_minimum(r, g)
    assert 2.7 < cutoff < 3.5
    assert (neighbour_counts(bulk("Cu", cubic=True, a=3.6), cutoff) == 12).all()
    with pytest.raises(ValueError, match="must have two peaks"):
        first_minimum(r[:27], g[:27])


def test_a_surface_atom_has_nine_neighbours():
    """fcc(111): 9 in the outer layers, 12 inside; freud's neighbour list says the same."""
    import freud
    from ase.build import fcc111

    slab = fcc111("Cu", (3, 3, 4), a=3.6, vacuum=8.0, periodic=True)
    counts = neighbour_counts(slab, 3.0)
    outer = np.isin(slab.get_tags(), [1, 4])
    assert (counts[outer] == 9).all()
    assert (counts[~outer] == 12).all()
    box = freud.box.Box.from_matrix(slab.cell.standard_form()[0].T)
    query = freud.locality.AABBQuery(box, box.wrap(slab.positions))
    found = query.query(slab.positions, {"r_max": 3.0, "exclude_ii": True}).toNeighborList()
    np.testing.assert_array_equal(np.sort(found.neighbor_counts), np.sort(counts))


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
