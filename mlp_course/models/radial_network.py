"""From a distance to the weights of a message: a basis, a cutoff, a small network."""

import itertools
import math
from collections.abc import Sequence

from torch import Tensor, nn

from mlp_course.descriptors.checks import check_count, check_positive, check_widths
from mlp_course.descriptors.cutoffs import polynomial_cutoff
from mlp_course.descriptors.radial_bases import bessel_basis

SILU_SCALE = 1.6768  # makes SiLU of a normal variable have unit second moment


class RadialNetwork(nn.Module):
    r"""Bessel functions, faded out at the cutoff, through a network without biases.

    .. math:: R(d) = W_3\, \sigma(W_2\, \sigma(W_1\, b(d) f_c(d)))

    Without biases the result, like the cutoff function, goes smoothly to zero at the cutoff.

    Args:
        cutoff: in Å.
        n_out: numbers that come out for each distance.
        n_rbf: Bessel functions.
        hidden: widths of the hidden layers.
        p: power of the polynomial cutoff.

    Raises:
        ValueError: if ``p`` is not positive, or ``n_rbf`` or a width no whole number of at least 1.
        TypeError: if ``hidden`` is no list.

    Example:
        >>> import torch
        >>> network = RadialNetwork(4.0, n_out=3)
        >>> network(torch.tensor([2.0, 4.0]))[1].tolist()  # nothing is left at the cutoff
        [0.0, 0.0, 0.0]
    """

    def __init__(
        self,
        cutoff: float,
        n_out: int,
        *,
        n_rbf: int = 8,
        hidden: Sequence[int] = (64, 64),
        p: int = 6,
    ):
        super().__init__()
        check_count(1, n_rbf=n_rbf)
        check_widths(hidden)
        check_positive("dimensionless", p=p)
        self.cutoff, self.n_rbf, self.p = float(cutoff), n_rbf, p
        widths = [n_rbf, *hidden, n_out]
        self.layers = nn.ModuleList(
            nn.Linear(a, b, bias=False) for a, b in itertools.pairwise(widths)
        )
        for layer in self.layers:
            nn.init.normal_(layer.weight, std=1 / math.sqrt(layer.in_features))

    def forward(self, d_ij: Tensor) -> Tensor:
        """Weights, shape (n_pairs, n_out), from distances in Å, shape (n_pairs,)."""
        fade = polynomial_cutoff(d_ij, self.cutoff, p=self.p)
        x = bessel_basis(d_ij, self.n_rbf, self.cutoff) * fade[:, None]
        for layer in self.layers[:-1]:
            x = SILU_SCALE * nn.functional.silu(layer(x))
        return self.layers[-1](x)
