"""The learnt pair potential: a sum over pairs, and nothing else."""

import torch
from ase import Atoms

from mlp_course.data import neighbour_list


def energy(model, atoms):
    """In eV, without the references of the elements."""
    return model(neighbour_list(atoms, 4.0)).energy.item()


def test_three_atoms_have_the_energy_of_their_three_pairs(small_model):
    """Nothing is said about angles: a triangle is three dimers."""
    model = small_model("pair_network")
    triangle = Atoms("H2O", [[0.0, 0.0, 0.0], [1.5, 0.0, 0.0], [0.6, 0.9, 0.0]])
    pairs = sum(energy(model, triangle[list(two)]) for two in ((0, 1), (0, 2), (1, 2)))
    assert abs(energy(model, triangle) - pairs) < 1e-12


def test_a_pair_knows_no_order(small_model):
    """H beside O is O beside H; and H beside H is another curve."""
    model = small_model("pair_network")
    place = [[0.0, 0.0, 0.0], [0.0, 0.0, 1.1]]
    ho, oh, hh = (energy(model, Atoms(symbols, place)) for symbols in ("HO", "OH", "HH"))
    torch.testing.assert_close(ho, oh)
    assert abs(ho - hh) > 1e-3
