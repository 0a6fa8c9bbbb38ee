"""Our ANI is torchani's, with the same weights."""

import numpy as np
import pytest
import torch
from ase.build import molecule

from benchmarks.peers.exchange import as_arrays, given_weights
from mlp_course.data import neighbour_list
from mlp_course.models import build_model

pytestmark = pytest.mark.peers


@pytest.mark.parametrize("name", ["CH3CH2OH", "C6H6", "H2O"])
def test_energy_and_forces_are_those_of_torchani(peer, name):
    """Weights of torchani in both: energy to 1e-5 eV, forces to 1e-5 eV/Å."""
    atoms = molecule(name)
    atoms.rattle(0.1, seed=0)
    theirs = peer("torchani_energy", **as_arrays(atoms), species=[1, 6, 8])
    model = build_model("ani", cutoff=5.2).double().eval()
    model.architecture.networks.networks.load_state_dict(given_weights(theirs))
    prediction = model(neighbour_list(atoms, 5.2))
    assert prediction.energy.item() == pytest.approx(theirs["energy"].item(), abs=1e-5)
    np.testing.assert_allclose(prediction.forces, theirs["forces"], atol=1e-5)
    assert np.abs(theirs["forces"]).max() > 1e-2  # so small a tolerance means something


def test_a_changed_weight_would_be_seen(peer):
    """One weight of the last layer off by 1e-3: the energies differ by more than 1e-5 eV."""
    atoms = molecule("CH3CH2OH")
    theirs = peer("torchani_energy", **as_arrays(atoms), species=[1, 6, 8])
    model = build_model("ani", cutoff=5.2).double().eval()
    weights = given_weights(theirs)
    weights["0.6.bias"] = weights["0.6.bias"] + torch.tensor(1e-3)
    model.architecture.networks.networks.load_state_dict(weights)
    off = model(neighbour_list(atoms, 5.2)).energy.item() - theirs["energy"].item()
    assert off == pytest.approx(6e-3, abs=1e-5)  # six H atoms
