"""Neighbour lists: the same pairs as ASE finds, for everything from a molecule to a small cell."""

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.build import bulk, fcc111, molecule, surface
from ase.neighborlist import neighbor_list

from mlp_course.data import neighbours
from mlp_course.data.neighbours import Graph, collate, neighbour_list, sum_over_neighbours


def scattered(n_atoms, span, **cell):
    """Hydrogen atoms anywhere, also far outside of the cell."""
    rng = np.random.default_rng(n_atoms)
    return Atoms(f"H{n_atoms}", rng.uniform(-span / 2, span, (n_atoms, 3)), **cell)


def wrapped_badly():
    """A rattled crystal whose atoms are drawn in other cells than their own."""
    crystal = bulk("NaCl", "rocksalt", a=5.6, cubic=True)
    crystal.rattle(0.1, seed=0)
    crystal.positions += np.random.default_rng(0).integers(-2, 3, (8, 3)) @ crystal.cell.array
    return crystal


SYSTEMS = {
    "molecule": (molecule("CH3CH2OH"), 5.0),
    "molecule in a box that does not count": (scattered(20, 15, cell=[4, 4, 4]), 5.0),
    "one atom": (Atoms("H"), 5.0),
    "molecule at the dense limit": (scattered(neighbours._DENSE_LIMIT, 20), 4.0),
    "molecule over the dense limit": (scattered(neighbours._DENSE_LIMIT + 1, 20), 4.0),
    "over the dense limit, in a line": (Atoms("H150", np.outer(np.arange(150), [1, 0, 0])), 4.5),
    "over the dense limit, in a small box": (scattered(150, 40, cell=[3, 3, 3]), 4.0),
    "bulk": (bulk("Cu", cubic=True).repeat(3), 5.0),
    "skewed cell smaller than the cutoff": (bulk("Si"), 8.0),
    "atoms outside of their cell": (wrapped_badly(), 6.0),
    "slab": (fcc111("Cu", (2, 2, 3), vacuum=8.0), 6.0),
    "slab without a third cell vector": (surface(bulk("Cu"), (1, 1, 1), 3), 6.0),
    "chain with one cell vector": (
        Atoms("C2", [[0, 0, 0], [1, 3, 9]], cell=[2, 0, 0], pbc=[1, 0, 0]),
        10.0,
    ),
}


def sorted_pairs(idx_i, idx_j, shift):
    """Pairs in an order that does not depend on who listed them."""
    return sorted(map(tuple, np.column_stack([idx_i, idx_j, shift]).astype(int).tolist()))


@pytest.mark.parametrize("name", SYSTEMS)
def test_pairs_are_those_of_ase(name):
    """Every pair within the cutoff is listed once each way, images included: ASE agrees."""
    atoms, cutoff = SYSTEMS[name]
    graph = neighbour_list(atoms, cutoff)
    idx_i, idx_j, shift, vectors = neighbor_list("ijSD", atoms, cutoff)
    ours = sorted_pairs(graph.idx_i, graph.idx_j, graph.shift)
    assert ours == sorted_pairs(idx_i, idx_j, shift)
    assert len(set(ours)) == len(ours)
    lengths = np.sort(graph.pair_vectors().norm(dim=1).numpy())
    np.testing.assert_allclose(lengths, np.sort(np.linalg.norm(vectors, axis=1)), atol=1e-10)


@pytest.mark.parametrize("name", SYSTEMS)
def test_pairs_come_sorted_by_centre(name):
    """The pairs of one atom stand together, atom after atom."""
    atoms, cutoff = SYSTEMS[name]
    assert (neighbour_list(atoms, cutoff).idx_i.diff() >= 0).all()


def test_both_ways_of_listing_agree(monkeypatch):
    """The distance matrix of small molecules and the cell list of large ones find the same."""
    atoms = scattered(60, 8)
    dense = neighbour_list(atoms, 4.0)
    monkeypatch.setattr(neighbours, "_DENSE_LIMIT", 0)
    listed = neighbour_list(atoms, 4.0)
    assert len(dense.idx_i) > 100
    assert sorted_pairs(dense.idx_i, dense.idx_j, dense.shift) == sorted_pairs(
        listed.idx_i, listed.idx_j, listed.shift
    )


def test_pair_vectors_point_from_centre_to_neighbour():
    """r_ij = R_j + n H - R_i, so r_ij of i-j is minus r_ij of j-i."""
    chain = Atoms("HF", [[0.5, 0, 0], [2.0, 0, 0]], cell=[4, 9, 9], pbc=[1, 0, 0])
    graph = neighbour_list(chain, 2.6)
    found = {
        (i, j, n): x
        for i, j, n, x in zip(
            graph.idx_i.tolist(),
            graph.idx_j.tolist(),
            graph.shift[:, 0].tolist(),
            graph.pair_vectors()[:, 0].tolist(),
            strict=True,
        )
    }
    assert found == {(0, 1, 0): 1.5, (0, 1, -1): -2.5, (1, 0, 0): -1.5, (1, 0, 1): 2.5}


def test_one_atom_in_a_small_cell_sees_its_images():
    """In fcc copper an atom has 12 neighbours at a/√2 and 6 more at a, all images of itself."""
    copper = bulk("Cu", a=3.6)
    lengths = neighbour_list(copper, 3.7).pair_vectors().norm(dim=1)
    assert len(lengths) == 18
    assert (lengths < 2.6).sum() == 12


def test_the_frame_is_not_touched():
    """Listing neighbours moves no atom and changes no cell of the caller's frame."""
    slab, _ = SYSTEMS["slab without a third cell vector"]
    before = slab.copy()
    graph = neighbour_list(slab, 4.0)
    graph.positions.add_(1.0)
    assert slab == before


@pytest.mark.parametrize("cutoff", [0.0, -1.0, float("nan")])
def test_senseless_cutoff_is_refused(cutoff):
    """There is no neighbourhood of zero or negative radius."""
    with pytest.raises(ValueError, match="cutoff must be positive and finite, in Å; got"):
        neighbour_list(molecule("H2O"), cutoff)


def test_periodicity_without_a_cell_vector_is_refused():
    """A direction cannot repeat after nothing."""
    with pytest.raises(ValueError, match="periodic direction needs a cell vector"):
        neighbour_list(Atoms("H2", [[0, 0, 0], [0, 0, 1]], pbc=[0, 0, 1]), 5.0)


def split(batch):
    """Take a batch apart again, with plain masks."""
    for system in range(batch.n_systems):
        atoms = batch.idx_m == system
        first = int(atoms.nonzero()[0])
        pairs = atoms[batch.idx_i]
        yield Graph(
            batch.atomic_numbers[atoms],
            batch.positions[atoms],
            batch.cell[system : system + 1],
            batch.idx_m[atoms] - system,
            batch.idx_i[pairs] - first,
            batch.idx_j[pairs] - first,
            batch.shift[pairs],
        )


def assert_equal(one, other):
    """Every field of two graphs is the same."""
    for name in Graph.__dataclass_fields__:
        assert torch.equal(getattr(one, name), getattr(other, name)), name


def mixed_graphs():
    """A molecule, a single atom, a crystal and another molecule."""
    systems = [molecule("H2O"), Atoms("He"), bulk("Cu", cubic=True), molecule("CH4")]
    return [neighbour_list(atoms, 4.0) for atoms in systems]


def test_collating_then_splitting_changes_nothing():
    """A batch holds the configurations it was made of, molecules and crystals mixed."""
    graphs = mixed_graphs()
    batch = collate(graphs)
    assert batch.n_systems == 4
    for part, graph in zip(split(batch), graphs, strict=True):
        assert_equal(part, graph)


def test_collating_batches_is_collating_their_members():
    """Batches of batches count systems and atoms on."""
    graphs = mixed_graphs()
    assert_equal(collate([collate(graphs[:2]), collate(graphs[2:])]), collate(graphs))


def test_pair_vectors_of_a_batch_use_the_cell_of_their_system():
    """A crystal beside molecules keeps its distances."""
    graphs = mixed_graphs()
    expected = torch.cat([graph.pair_vectors() for graph in graphs])
    torch.testing.assert_close(collate(graphs).pair_vectors(), expected, atol=1e-12, rtol=0)


def test_precision_changes_numbers_not_indices():
    """Casting to float32 leaves indices whole numbers."""
    graph = neighbour_list(molecule("H2O"), 4.0).to(dtype=torch.float32)
    assert graph.positions.dtype == graph.cell.dtype == graph.shift.dtype == torch.float32
    assert graph.idx_i.dtype == graph.atomic_numbers.dtype == torch.long


def test_sum_over_neighbours_is_the_plain_loop():
    """Each atom collects the rows of its own pairs; an atom without pairs has zero."""
    rng = np.random.default_rng(0)
    idx_i = torch.tensor(rng.integers(0, 5, 40))
    values = torch.tensor(rng.normal(size=(40, 2, 3)))
    expected = torch.zeros(6, 2, 3, dtype=torch.float64)
    for pair, i in enumerate(idx_i.tolist()):
        expected[i] += values[pair]
    torch.testing.assert_close(sum_over_neighbours(values, idx_i, 6), expected)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_lost_position_is_refused(value):
    """An atom at NaN has no neighbours, and would silently count as alone in the world."""
    atoms = Atoms("H2", [[0, 0, 0], [0, 0, value]])
    with pytest.raises(ValueError, match=r"positions must be finite, in Å; atoms \[1\]"):
        neighbour_list(atoms, 5.0)


def test_an_empty_batch_is_refused():
    """There is nothing to put together."""
    with pytest.raises(ValueError, match="graphs must contain at least one configuration"):
        collate([])


def test_an_image_on_the_same_spot_is_refused():
    """A cell that is too short puts an atom on its own image."""
    with pytest.raises(ValueError, match="atoms 0 and 0 lie on the same spot"):
        neighbour_list(Atoms("H", cell=[5e-4, 9, 9], pbc=True), 0.002)


def test_cell_vectors_in_one_plane_are_refused():
    """A cell without volume repeats atoms on top of each other."""
    flat = Atoms("H", cell=[[3.0, 0, 0], [6.0, 0, 0], [0, 0, 3.0]], pbc=True)
    with pytest.raises(ValueError, match="cell vectors must span a volume, in Å³"):
        neighbour_list(flat, 4.0)
