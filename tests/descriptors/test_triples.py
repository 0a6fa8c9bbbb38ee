"""Triples of atoms, against a plain loop."""

from itertools import combinations

import pytest
import torch
from ase.build import bulk, molecule

from mlp_course.data import collate, neighbour_list
from mlp_course.descriptors import neighbour_triples


def by_loop(idx_i):
    """Every two pairs with the same central atom."""
    return {(a, b) for a, b in combinations(range(len(idx_i)), 2) if idx_i[a] == idx_i[b]}


@pytest.mark.parametrize(
    "atoms", [molecule("CH3CH2OH"), molecule("H2O"), bulk("Cu"), molecule("H2"), molecule("H")]
)
def test_every_two_neighbours_once(atoms):
    """The list equals that of a double loop; a lone atom and a pair have none."""
    idx_i = neighbour_list(atoms, 4.0).idx_i
    pair_ij, pair_ik = neighbour_triples(idx_i)
    found = list(zip(pair_ij.tolist(), pair_ik.tolist(), strict=True))
    assert len(found) == len(set(found))
    assert set(found) == by_loop(idx_i.tolist())


def test_molecules_of_a_batch_do_not_mix():
    """A batch has the triples of its members."""
    graphs = [neighbour_list(molecule(name), 4.0) for name in ("H2O", "H", "NH3")]
    alone = sum(len(neighbour_triples(graph.idx_i)[0]) for graph in graphs)
    assert len(neighbour_triples(collate(graphs).idx_i)[0]) == alone


def test_pairs_out_of_order_are_refused():
    """Sorting is the caller's work, and a wrong answer is not given."""
    with pytest.raises(ValueError, match="idx_i must be in rising order: sort the pairs"):
        neighbour_triples(torch.tensor([1, 0]))
