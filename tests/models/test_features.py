"""Learned features: scalars stay, vectors turn, and the energy is made of them."""

import numpy as np
import pytest
import torch
from ase.build import molecule

from mlp_course.data import neighbour_list
from mlp_course.models import build_model, learned_features, vector_features


@pytest.fixture
def painn():
    """A small PaiNN in double precision."""
    return build_model("painn", n_features=8, n_interactions=2).double().eval()


def test_the_readout_of_the_features_is_the_energy(painn):
    """Without references, the energy is the sum of what the readout makes of each atom."""
    atoms = molecule("CH3CH2OH")
    x = torch.tensor(learned_features(painn, atoms))
    with torch.no_grad():
        expected = painn.architecture.readout(x).sum().item()
    assert painn(neighbour_list(atoms, 5.0)).residual.item() == pytest.approx(expected, abs=1e-10)


def test_scalars_stay_and_vectors_turn(painn):
    """Rotated by R, the molecule has the same scalars, and each vector is rotated by R."""
    atoms = molecule("CH3CH2OH")
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    turned = atoms.copy()
    turned.positions = atoms.positions @ rotation
    np.testing.assert_allclose(
        learned_features(painn, turned), learned_features(painn, atoms), atol=1e-10
    )
    vectors = vector_features(painn, atoms)
    assert np.abs(vectors).max() > 1e-3
    np.testing.assert_allclose(vector_features(painn, turned), vectors @ rotation, atol=1e-10)


def test_only_networks_with_such_features_are_asked():
    """SchNet has no vectors, symmetry functions are not learnt, a path is no model."""
    with pytest.raises(TypeError, match="scalars only; a PaiNN potential has vectors"):
        vector_features(build_model("schnet", n_features=8), molecule("H2O"))
    with pytest.raises(TypeError, match="SchNet or PaiNN potential; got a BehlerParrinello"):
        learned_features(build_model("behler_parrinello"), molecule("H2O"))
    with pytest.raises(TypeError, match="model must be a Potential"):
        learned_features("schnet", molecule("H2O"))
    with pytest.raises(ValueError, match=r"\[7\] are unknown"):
        learned_features(build_model("schnet", n_features=8), molecule("NH3"))
