r"""How the power spectra of SOAP change when neighbours move, written out.

A neighbour j adds a radial function times a harmonic, :math:`R_n Y_m`, to the density of its own
element around atom i. Its move changes one factor of each product of coefficients at a time:

| symbol | here | shape |
|---|---|---|
| :math:`R_n, \, d R_n / d d_{ij}` | ``radial, slope`` | (l_max + 1, n_max, n_pairs) |
| :math:`Y_m, \, \nabla Y_m` | ``angular`` | (4, (l_max + 1)², n_pairs) |
| :math:`c_{cm}` of atom i | ``around`` | (n_pairs, channels · (l_max + 1)²) |
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from mlp_course.descriptors.smeared_atom import SmearedAtom
from mlp_course.descriptors.spherical_harmonics import (
    solid_harmonics,
    solid_harmonics_gradient,
)

#: Pairs whose derivatives are made at once: what fits into the cache.
PAIRS_AT_ONCE = 256


class SpectrumDerivatives(nn.Module):
    """Derivatives of the power spectra around atoms by the vectors to their neighbours.

    Args:
        radial: the radial half of the descriptor.
        n_elements: elements it can tell apart.
        n_max: radial functions.
        l_max: highest degree.
    """

    def __init__(self, radial: SmearedAtom, n_elements: int, n_max: int, l_max: int):
        super().__init__()
        self.radial, self.n_max, self.l_max = radial, n_max, l_max
        places = places_of_changes(n_elements, n_max, l_max)
        self.register_buffer("places", places, persistent=False)

    def in_blocks(
        self, pairs: Tensor, r_ij: Tensor, idx_i: Tensor, around: Tensor, z: int
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Derivatives for the pairs whose neighbour is of one element, some pairs at a time.

        Args:
            pairs: places of these pairs, shape (n_chosen,).
            r_ij: of all pairs in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,).
            around: coefficients of each atom, shape (n_atoms, channels · (l_max + 1)²).
            z: place of the element.

        Yields:
            Places of a few pairs, and their derivatives in Å⁵, shape (few, 3, n_components).
        """
        factors = self.pair_slopes(r_ij[pairs])
        blocks = (f.split(PAIRS_AT_ONCE, dim=-1) for f in factors)
        for some, *own in zip(pairs.split(PAIRS_AT_ONCE), *blocks, strict=True):
            change = self.pair_derivatives(*own, around[idx_i[some]], z)
            yield some, change.unflatten(1, (3, -1))

    def pair_slopes(self, r_ij: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What the derivatives need of each pair, with the pairs as the last axis.

        Args:
            r_ij: in Å, shape (n_pairs, 3).

        Returns:
            Directions, shape (3, n_pairs); S_lm and its gradient, shape (4, (l_max + 1)²,
            n_pairs); the radial factor of g_nl and its derivative by the distance, each of shape
            (l_max + 1, n_max, n_pairs).
        """
        d_ij = r_ij.norm(dim=1)
        harmonics = solid_harmonics(r_ij, self.l_max).T[None]
        gradients = solid_harmonics_gradient(r_ij, self.l_max).permute(2, 1, 0)
        radial, slope = self.radial.mixed_with_slope(d_ij)
        return (r_ij / d_ij[:, None]).T, torch.cat([harmonics, gradients]), radial, slope

    def pair_derivatives(
        self,
        direction: Tensor,
        angular: Tensor,
        radial: Tensor,
        slope: Tensor,
        around: Tensor,
        z: int,
    ) -> Tensor:
        r"""How the spectra around atoms i change when their neighbours j, all of one element, move.

        A neighbour adds a radial function times a harmonic, :math:`R_n Y_m`, so that only scalar
        products of harmonics with the coefficients of atom i are needed:

        .. math:: D_{n c} = \sum_m \frac{\partial (R_n Y_m)}{\partial \mathbf r_{ij}} c_{c m}
            = \frac{d R_n}{d d_{ij}} \hat{\mathbf r}_{ij} \Bigl( \sum_m Y_m c_{cm} \Bigr)
            + R_n \Bigl( \sum_m \frac{\partial Y_m}{\partial \mathbf r_{ij}} c_{cm} \Bigr)

        Args:
            direction: the first result of :meth:`pair_slopes`.
            angular: its second.
            radial: its third.
            slope: its fourth.
            around: coefficients of atom i, shape (n_pairs, channels · (l_max + 1)²).
            z: place of the element of the neighbours.

        Returns:
            In Å⁵, shape (n_pairs, 3 · n_components).
        """
        around = around.T.contiguous().unflatten(0, (-1, (self.l_max + 1) ** 2))
        changes = []
        for l in range(self.l_max + 1):
            own = range(l * l, (l + 1) ** 2)
            overlap = sum(angular[:, None, k] * around[:, k] for k in own)  # (4, channels, n_pairs)
            along, across = direction[:, None] * overlap[0], overlap[1:]  # (3, channels, n_pairs)
            change = slope[l][:, None, None] * along + radial[l][:, None, None] * across
            changes.append(math.pi * math.sqrt(16 / (2 * l + 1)) * change)
        return self._both_factors(torch.stack(changes), z)

    def _both_factors(self, changes: Tensor, z: int) -> Tensor:
        """Add the change of the second factor to shape (l_max + 1, n_max, 3, channels, n_pairs)."""
        own = slice(z * self.n_max, (z + 1) * self.n_max)
        square = changes[:, :, :, own]  # both channels belong to the element that moves
        square = square + square.transpose(1, 3)
        once = 1 - (1 - math.sqrt(0.5)) * torch.eye(self.n_max).to(square)
        changes[:, :, :, own] = square * once[:, None, :, None]
        padded = torch.nn.functional.pad(changes.flatten(0, 3), (0, 0, 0, 1))  # the last is zero
        return padded.index_select(0, self.places[z]).T.contiguous()


def places_of_changes(n_elements: int, n_max: int, l_max: int) -> Tensor:
    """Where each component of a derivative stands in the changes of ``pair_derivatives``.

    Those are a list over degree, radial function of the atom that moves, x y z, and channel of the
    other factor, with one zero at its end for components in which no factor moves.

    Args:
        n_elements: elements.
        n_max: radial functions.
        l_max: highest degree.

    Returns:
        Shape (n_elements, 3 · n_components): for each element that may move.

    Example:
        >>> hydrogen, oxygen = places_of_changes(2, n_max=1, l_max=0)  # components HH, HO, OO
        >>> hydrogen.reshape(3, 3).tolist()  # x: with H, with O, nothing (6); then y, z
        [[0, 1, 6], [2, 3, 6], [4, 5, 6]]
        >>> oxygen.reshape(3, 3).tolist()
        [[6, 0, 1], [6, 2, 3], [6, 4, 5]]
    """
    channels, n_l = n_elements * n_max, l_max + 1
    first, second = torch.triu_indices(channels, channels)[:, :, None]  # (n_channel_pairs, 1)
    z, x = torch.arange(n_elements)[:, None, None, None], torch.arange(3)[:, None, None]
    moving = torch.where(first // n_max == z, first, second)
    still = torch.where(first // n_max == z, second, first)
    row = torch.arange(n_l) * n_max + moving % n_max
    place = (row * 3 + x) * channels + still
    nowhere = n_l * n_max * 3 * channels  # no factor belongs to this element
    return torch.where(moving // n_max == z, place, nowhere).flatten(1)
