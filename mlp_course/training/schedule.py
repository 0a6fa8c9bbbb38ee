"""The learning rate over a run, and the running average of the weights."""

import math

import torch
from torch import Tensor, nn


def warm_up_cosine(progress: float, *, warm_up: float = 0.02) -> float:
    """Rise linearly, then fall along half a cosine to zero.

    Args:
        progress: part of the run that is over, from 0 to 1; epochs or seconds, whatever ends it.
        warm_up: part of the run spent rising.

    Returns:
        Factor on the learning rate, from 0 to 1.

    Source:
        I. Loshchilov, F. Hutter, ICLR 2017, arXiv:1608.03983, without restarts.

    Example:
        >>> [round(warm_up_cosine(p), 2) for p in (0.01, 0.02, 0.51, 1.0)]
        [0.5, 1.0, 0.5, 0.0]
    """
    if progress < warm_up:
        return progress / warm_up
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warm_up) / (1 - warm_up))))


class AveragedWeights:
    r"""Exponential moving average of weights: smoother than the last step, and usually better.

    .. math:: \bar\theta \leftarrow \beta_t \bar\theta + (1 - \beta_t) \theta, \qquad
        \beta_t = \min\left(\beta, \frac{1 + t}{10 + t}\right)

    Args:
        model: whose trainable weights are averaged.
        decay: β, dimensionless; 0 keeps the last weights.
    """

    def __init__(self, model: nn.Module, decay: float):
        self.weights = [weight for weight in model.parameters() if weight.requires_grad]
        self.average = [weight.detach().clone() for weight in self.weights]
        self.decay = decay

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after step number ``step``."""
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self.average, self.weights, 1 - decay)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange weights and average; call again to change back."""
        for weight, average in zip(self.weights, self.average, strict=True):
            held: Tensor = weight.clone()
            weight.copy_(average)
            average.copy_(held)
