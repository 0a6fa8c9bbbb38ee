"""Loss shares: who owns the loss depends on whether the references were removed."""

import numpy as np
import pytest

from mlp_course.data import load_embedded
from mlp_course.training import loss_shares


@pytest.fixture(scope="module")
def frames():
    """Sixty frames of ethanol at 500 K, PBE."""
    return load_embedded("ethanol/500K")[:60]


def test_totals_drown_the_forces_and_a_weight_of_100_does_not_save_them(frames):
    """(4,200 eV)² against (1 eV/Å)²: seven orders of magnitude; the chapter offers two."""
    share = loss_shares(
        frames, energy_weight=1.0, force_weight=100.0, remove_references=False
    ).force_share
    assert share < 1e-4


def test_without_references_the_forces_own_the_loss(frames):
    """The same weights of 1:1, the opposite verdict."""
    share = loss_shares(frames, energy_weight=1.0, force_weight=1.0).force_share
    assert share > 0.9


def test_normalised_one_to_one_is_one_to_one(frames):
    """Spread of the energies and of the forces as units: half of the loss each."""
    options = dict(energy_weight=1.0, force_weight=1.0, normalise=True)
    assert loss_shares(frames, **options).force_share == pytest.approx(0.5, abs=0.01)


def test_the_terms_are_the_mean_squares(frames):
    """By hand: mean square force component times its weight."""
    shares = loss_shares(frames, energy_weight=0.0, force_weight=2.0)
    squares = np.mean(np.concatenate([a.get_forces().ravel() for a in frames]) ** 2)
    assert shares.force == pytest.approx(2 * squares)
    assert shares.force_share == 1.0


def test_totals_cannot_be_normalised(frames):
    """Their spread is that of the rest, so the two wishes contradict each other."""
    with pytest.raises(ValueError, match="remove_references"):
        loss_shares(frames, normalise=True, remove_references=False)
