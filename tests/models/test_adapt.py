"""What a potential takes from the training data before its first step."""

import pytest
import torch

from mlp_course.data import load_embedded, neighbour_list
from mlp_course.training import fit


@pytest.fixture(scope="module")
def frames():
    """A few labelled frames of ethanol."""
    return load_embedded("ethanol/500K")[:4]


def trained(model, frames):
    """Take one step so small that only the constants change."""
    fit(model, frames, frames, max_epochs=1, batch_size=4, learning_rate=1e-30, progress=False)
    return model.architecture


def test_symmetry_functions_are_centred_and_scaled(small_model, frames):
    """Over the training frames each function has mean 0 and range 6; less if it hardly changes."""
    model = small_model("behler_parrinello")
    network = trained(model, frames)
    graphs = [neighbour_list(atoms, model.cutoff) for atoms in frames]
    g = torch.cat(
        [network.descriptor(x.atomic_numbers, x.pair_vectors(), x.idx_i, x.idx_j) for x in graphs]
    )
    element = network.descriptor.elements(torch.cat([x.atomic_numbers for x in graphs]))
    scaled = (g - network.mean[element]) / network.spread[element]
    for place in range(3):
        own = scaled[element == place]
        torch.testing.assert_close(own.mean(dim=0), torch.zeros_like(own[0]), atol=1e-5, rtol=0)
        width = own.amax(dim=0) - own.amin(dim=0)
        raw = g[element == place].amax(dim=0) - g[element == place].amin(dim=0)
        varies = raw > 0.06
        torch.testing.assert_close(width[varies], torch.full_like(width[varies], 6.0))
        torch.testing.assert_close(width[~varies], 100 * raw[~varies])
        assert varies.any()
        assert (~varies).any()


@pytest.mark.parametrize("name", ["mace", "nequip"])
def test_messages_and_energies_are_scaled(small_model, frames, name):
    """Sums are divided by the mean number of neighbours; energies count in the spread of forces."""
    model = small_model(name)
    network = trained(model, frames)
    graphs = [neighbour_list(atoms, model.cutoff) for atoms in frames]
    n_pairs = sum(len(graph.idx_i) for graph in graphs)
    assert network.n_mean.item() == pytest.approx(n_pairs / (9 * len(frames)), rel=1e-6)
    squares = sum((atoms.get_forces() ** 2).mean() for atoms in frames) / len(frames)
    assert network.scale.item() == pytest.approx(squares**0.5, rel=1e-5)


def test_a_trained_potential_keeps_its_constants(small_model, frames):
    """Going on with other frames moves neither the references nor the scale."""
    model = small_model("mace")
    scale = trained(model, frames[:2]).scale.clone()
    assert trained(model, frames[2:]).scale == scale
