"""Learning rate and averaged weights."""

import math

import pytest
import torch
from torch import nn

from mlp_course.training import warm_up_cosine
from mlp_course.training.schedule import AveragedWeights


def test_the_rate_rises_in_a_line_and_falls_along_a_cosine():
    """By hand: half way up, top, half way down, zero; never beyond 0 and 1."""
    points = {0.0: 0.0, 0.05: 0.5, 0.1: 1.0, 0.55: 0.5, 1.0: 0.0, 1.5: 0.0}
    for progress, factor in points.items():
        assert warm_up_cosine(progress, warm_up=0.1) == pytest.approx(factor)
    down = warm_up_cosine(0.1 + 0.9 / 3, warm_up=0.1)
    assert down == pytest.approx(0.5 * (1 + math.cos(math.pi / 3)))


def test_without_warm_up_the_run_starts_at_the_top():
    """warm_up=0 divides by nothing."""
    assert warm_up_cosine(0.0, warm_up=0.0) == 1.0


def test_the_average_of_a_constant_is_the_constant():
    """Weights that stand still are their own average."""
    layer = nn.Linear(2, 2)
    average = AveragedWeights(layer, 0.999)
    for step in range(1, 5):
        average.update(step)
    for held, weights in zip(average.average, layer.parameters(), strict=True):
        torch.testing.assert_close(held, weights.detach())


def test_early_steps_count_more():
    """The first step keeps 2/11 of the start: β_1 = (1 + 1)/(10 + 1)."""
    layer = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(layer.weight)
    average = AveragedWeights(layer, 0.999)
    nn.init.ones_(layer.weight)
    average.update(1)
    assert average.average[0].item() == pytest.approx(9 / 11)


def test_swapping_twice_changes_nothing():
    """Weights and average change places, and back, bit for bit."""
    layer = nn.Linear(2, 2)
    average = AveragedWeights(layer, 0.5)
    nn.init.ones_(layer.weight)
    before = [w.detach().clone() for w in layer.parameters()]
    held = [w.clone() for w in average.average]
    average.swap()
    assert torch.equal(layer.weight, held[0])
    average.swap()
    for weights, old in zip(layer.parameters(), before, strict=True):
        assert torch.equal(weights, old)
