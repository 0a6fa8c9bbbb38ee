"""Batches in memory: right labels to right frames, references removed in double precision."""

from itertools import chain

import numpy as np
import pytest
import torch

from mlp_course.data.neighbours import neighbour_list
from mlp_course.training.dataset import LabelledGraphs


def test_a_batch_carries_the_labels_of_its_frames(model, train):
    """Frames 7, 3, 21 in this order: their positions, forces, energies and pairs."""
    batch = LabelledGraphs(train, model).batch([7, 3, 21])
    frames = [train[n] for n in (7, 3, 21)]
    expected = np.concatenate([atoms.positions for atoms in frames])
    np.testing.assert_allclose(batch.graph.positions.numpy(), expected, atol=1e-6)
    forces = np.concatenate([atoms.get_forces() for atoms in frames])
    np.testing.assert_allclose(batch.forces.numpy(), forces, atol=1e-5)
    pairs = sum(len(neighbour_list(atoms, model.cutoff).idx_i) for atoms in frames)
    assert len(batch.graph.idx_i) == pairs
    assert batch.n_atoms.tolist() == [3, 3, 3]


def test_references_are_removed_before_rounding(model, train):
    """Residuals of energies near -2,080 eV are right to 1e-6 eV; float32 steps are 2e-4 eV."""
    model.reference_energies[8] = -2079.5
    batch = LabelledGraphs(train, model).batch(list(range(40)))
    energies = np.array([atoms.get_potential_energy() for atoms in train])
    np.testing.assert_allclose(batch.residual.numpy(), energies + 2079.5, atol=1e-6)
    assert batch.residual.dtype == torch.float32


def test_every_frame_comes_once_an_epoch(model, train):
    """Shuffled batches hold each frame once, in another order each epoch."""
    data = LabelledGraphs(train, model)
    generator = torch.Generator().manual_seed(0)
    epochs = [list(chain.from_iterable(data.batches(4, generator))) for _ in range(2)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(40))] * 2
    assert epochs[0] != epochs[1] != list(range(40))


@pytest.mark.parametrize(("size", "kept"), [(12, [12, 12, 12]), (9, [9, 9, 9, 9]), (13, [13] * 3)])
def test_a_small_rest_waits_for_the_next_epoch(model, train, size, kept):
    """A last batch of less than half the size would be a noisy step: it is left out."""
    data = LabelledGraphs(train, model)
    batches = data.batches(size, torch.Generator().manual_seed(0))
    assert [len(batch) for batch in batches] == kept


def test_a_large_rest_and_the_order_of_evaluation_are_kept(model, train):
    """Half a batch or more is trained on; without shuffling nothing is left out."""
    data = LabelledGraphs(train, model)
    shuffled = data.batches(16, torch.Generator().manual_seed(0))
    assert [len(batch) for batch in shuffled] == [16, 16, 8]
    assert list(chain.from_iterable(data.batches(13))) == list(range(40))
