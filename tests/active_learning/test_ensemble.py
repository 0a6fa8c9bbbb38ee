"""Ensembles: what members agree on, and what they do not."""

import numpy as np
import pytest
import torch
from ase import Atoms

from mlp_course.active_learning import Ensemble, train_ensemble
from mlp_course.data import load_embedded
from mlp_course.models import build_model
from mlp_course.validation import predict
from tests.active_learning.conftest import gaps


def schnets(n_models=3, **hyper):
    return [build_model("schnet", n_features=8, seed=n, **hyper) for n in range(n_models)]


@pytest.fixture(scope="module")
def ethanol():
    return load_embedded("ethanol/500K")[:12]


def test_mean_and_spread_are_those_of_the_members(ethanol):
    """σ_i² is the mean squared distance of the members' forces from their mean."""
    models = schnets()
    prediction = Ensemble(models).predict(ethanol[:1])
    each = np.array([predict(model, ethanol[:1])[1][0] for model in models])
    by_hand = np.sqrt((np.linalg.norm(each - each.mean(axis=0), axis=2) ** 2).mean(axis=0))
    assert prediction.mean_forces[0] == pytest.approx(each.mean(axis=0), abs=1e-9)  # eV/Å
    assert prediction.force_std[0] == pytest.approx(by_hand, abs=1e-9)
    assert prediction.largest_force_std[0] == pytest.approx(by_hand.max(), abs=1e-9)


def test_members_of_one_mind_have_no_spread(ethanol):
    """The same weights twice: σ is zero, whatever the error is."""
    model = build_model("schnet", n_features=8)
    prediction = Ensemble([model, model]).predict(ethanol[:3])
    assert prediction.energy_std.max() == 0
    assert prediction.largest_force_std.max() == 0


def test_processes_train_what_one_process_trains(ethanol):
    """Workers change the time, not the weights."""
    how = dict(max_epochs=2, batch_size=4)
    here, _ = train_ensemble(schnets(), ethanol[:8], ethanol[8:], workers=1, **how)
    there, histories = train_ensemble(schnets(), ethanol[:8], ethanol[8:], workers=2, **how)
    assert [len(history) for history in histories] == [2, 2, 2]
    for one, other in zip(here.members, there.members, strict=True):
        for name, weights in one.state_dict().items():
            assert torch.equal(weights, other.state_dict()[name]), name


def test_training_goes_on_from_the_weights_there_are(ethanol):
    """A second call begins where the first ended: its first loss is not that of new weights."""
    models = schnets(2)
    how = dict(workers=1, max_epochs=15, batch_size=4)
    _, first = train_ensemble(models, ethanol[:8], ethanol[8:], **how)
    _, second = train_ensemble(models, ethanol[:8], ethanol[8:], **how)
    assert second[0]["train_loss"].iloc[0] < 0.9 * first[0]["train_loss"].iloc[0]


def test_each_member_sees_its_own_part(copper):
    """GAPs on all frames are equal; on 70 % of the frames each, they disagree."""
    same, _ = train_ensemble(gaps(), copper[:8], copper[8:], workers=1)
    parts, _ = train_ensemble(gaps(), copper[:8], copper[8:], workers=1, fraction=0.7)
    assert same.predict(copper[8:]).largest_force_std.max() < 1e-9  # eV/Å
    assert parts.predict(copper[8:]).largest_force_std.min() > 1e-6


def test_an_ensemble_comes_back_from_its_files(ethanol, tmp_path):
    """Saved and loaded, it predicts the same."""
    ensemble = Ensemble(schnets(11))  # member_10 comes after member_9
    ensemble.save(tmp_path, provenance={"script": "a test"})
    again = Ensemble.load(tmp_path)
    assert np.array_equal(
        again.predict(ethanol[:1]).energies, ensemble.predict(ethanol[:1]).energies
    )
    assert again.members[0].provenance == {"script": "a test"}


def test_refusals(ethanol, tmp_path):
    """One member, other elements, no potentials, no part of the frames: each is told."""
    with pytest.raises(ValueError, match="at least two potentials; got 1"):
        Ensemble(schnets(1))
    with pytest.raises(ValueError, match="must know the same elements"):
        Ensemble([*schnets(1), build_model("schnet", species=[1, 8], n_features=8)])
    with pytest.raises(TypeError, match="must be a Potential"):
        Ensemble(["model.safetensors", "other.safetensors"])
    with pytest.raises(ValueError, match="fraction must be above 0 and at most 1; got 0"):
        train_ensemble(schnets(), ethanol[:8], ethanol[8:], fraction=0, max_epochs=1)
    with pytest.raises(FileNotFoundError, match="name a saved ensemble"):
        Ensemble.load(tmp_path)
    with pytest.raises(ValueError, match="unknown to this potential"):
        Ensemble(schnets()).predict([Atoms("Fe")])
