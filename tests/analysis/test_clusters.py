"""Clusters: who can be reached by small steps, images included."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk

from mlp_course.analysis import cluster_labels, cluster_sizes


def test_two_droplets_one_of_them_cut_by_the_wall():
    """Thirteen atoms around a corner of the cell are one cluster, six in the middle another."""
    rng, side = np.random.default_rng(0), 20.0
    corner = rng.uniform(-1.2, 1.2, (13, 3)) % side
    middle = rng.uniform(8.8, 11.2, (6, 3))
    atoms = Atoms("Ar19", np.vstack([middle, corner]), cell=[side] * 3, pbc=True)
    labels = cluster_labels(atoms, 4.2)  # the diagonal of the small cubes
    np.testing.assert_array_equal(labels, [1] * 6 + [0] * 13)
    atoms.pbc = False
    assert len(cluster_sizes([atoms], 4.2)[0]) > 2  # without periodicity the corner falls apart


def test_freud_finds_the_same_clusters():
    """A dilute gas just below the percolation: sizes equal those of freud."""
    import freud

    positions = np.random.default_rng(1).uniform(0, 15.0, (300, 3))
    gas = Atoms("Ar300", positions, cell=[15.0] * 3, pbc=True)
    theirs = freud.cluster.Cluster()
    theirs.compute((freud.box.Box.cube(15.0), positions - 7.5), neighbors={"r_max": 1.2})
    ours = cluster_labels(gas, 1.2)
    assert 20 < len(np.unique(ours)) < 280
    np.testing.assert_array_equal(
        np.sort(np.bincount(theirs.cluster_idx)), np.sort(np.bincount(ours))
    )
    together = ours[:, None] == ours
    np.testing.assert_array_equal(theirs.cluster_idx[:, None] == theirs.cluster_idx, together)


def test_a_crystal_is_one_cluster_until_it_is_thinned():
    """Copper hangs together at 2.6 Å and is single atoms at 2.5 Å (a/√2 = 2.55 Å)."""
    copper = bulk("Cu", cubic=True, a=3.6).repeat(2)
    whole, single = cluster_sizes([copper], 2.6)[0], cluster_sizes([copper], 2.5)[0]
    assert whole.tolist() == [32]
    assert single.tolist() == [1] * 32


def test_sizes_over_time_and_for_one_element():
    """Two carbons meet; the hydrogen between them does not count."""
    apart = Atoms("CHC", [[0, 0, 0], [1.2, 0, 0], [2.4, 0, 0]])
    met = Atoms("CHC", [[0, 0, 0], [5.0, 0, 0], [1.4, 0, 0]])
    sizes = cluster_sizes([apart, met], 1.5, which="C")
    assert [size.tolist() for size in sizes] == [[1, 1], [2]]
    assert cluster_sizes([apart], 1.5)[0].tolist() == [3]
    with pytest.raises(ValueError, match="must be an element of CHC"):
        cluster_sizes([apart], 1.5, which="O")
