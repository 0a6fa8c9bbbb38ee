"""Cutoff advice: shells are found whatever the bins, in four kinds of systems."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, fcc111, molecule

from mlp_course.analysis import cutoff_advice
from mlp_course.analysis.cutoff_advice import kind_of, molecule_labels


def warm(crystal, n_frames=4, amplitude=0.1):
    """Crystals with all atoms displaced at random (Å)."""
    frames = []
    for seed in range(n_frames):
        frame = crystal.copy()
        frame.rattle(amplitude, seed=seed)
        frames.append(frame)
    return frames


@pytest.fixture(scope="module")
def copper():
    """Copper, 108 atoms."""
    return warm(bulk("Cu", cubic=True, a=3.61).repeat(3))


@pytest.mark.parametrize("n_bins", [100, 200, 400])
def test_the_advice_does_not_depend_on_the_bins(copper, n_bins):
    """Copper: between the third shell (4.42 Å) and the fourth (5.11 Å), in any binning."""
    advice = cutoff_advice(copper, n_bins=n_bins)
    assert 4.42 < advice.cutoff < 5.11
    assert round(advice.neighbours) == 12 + 6 + 24


def test_the_first_ends_lie_between_the_shells_of_fcc(copper):
    """Neighbours at a/√2, a and a √1.5."""
    first, second, third = cutoff_advice(copper).shells
    assert 2.55 < first < 3.61 < second < 4.42 < third < 5.11  # Å


def test_ions_are_told_that_no_cutoff_is_enough():
    """Sodium chloride has shells, and charges that act beyond them."""
    advice = cutoff_advice(warm(bulk("NaCl", "rocksalt", a=5.64, cubic=True).repeat(2)))
    assert advice.kind == "ions"
    assert "long-range" in advice.reason


def test_a_small_molecule_is_seen_whole_and_a_large_one_is_not():
    """Water within 2 Å; C60 is 7 Å across, and message passing must hand on the rest."""
    water, ball = cutoff_advice([molecule("H2O")]), cutoff_advice([molecule("C60")])
    assert water.cutoff == 2.0
    assert water.neighbours == 2.0
    assert ball.cutoff == 5.0
    assert "message passing" in ball.reason


def test_a_box_of_molecules_counts_molecules_and_not_bonds():
    """Methane on an fcc lattice of 6 Å: the first shell of molecules at 4.24 Å, no bond at 1.1."""
    box = Atoms(cell=[12.0] * 3, pbc=True)
    rng = np.random.default_rng(0)
    for place in bulk("Ar", cubic=True, a=6.0).repeat(2).positions:
        one = molecule("CH4")
        one.rotate(rng.uniform(0, 360), rng.standard_normal(3))
        one.translate(place - one.positions[0] + rng.normal(scale=0.15, size=3))
        box += one
    assert kind_of(box) == "molecules"
    assert len(set(molecule_labels(box))) == 32
    advice = cutoff_advice([box])
    assert 4.24 < advice.shells[0] < 6.0


def test_a_slab_is_refused():
    """Two periodic directions have no density."""
    with pytest.raises(ValueError, match="slab"):
        cutoff_advice([fcc111("Cu", (2, 2, 3), vacuum=8.0)])


def test_without_shells_there_is_no_advice():
    """A dilute gas, looked at up to 2 Å only."""
    rng = np.random.default_rng(0)
    gas = Atoms("Ar20", rng.uniform(0, 30, (20, 3)), cell=[30.0] * 3, pbc=True)
    with pytest.raises(ValueError, match="at least 1 of its peaks"):
        cutoff_advice([gas], longest=2.0, n_bins=20)
