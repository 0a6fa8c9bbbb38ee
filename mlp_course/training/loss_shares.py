"""Which term of the loss is the larger one, before a single step of training."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from ase import Atoms

from mlp_course.data.quality import check_frames
from mlp_course.models.references import atomic_references
from mlp_course.training.losses import EnergyForceLoss


@dataclasses.dataclass(frozen=True)
class LossShares:
    """The two terms of the loss of a model that answers zero to everything.

    Attributes:
        energy: weighted energy term, dimensionless.
        force: weighted force term, dimensionless.
    """

    energy: float
    force: float

    @property
    def force_share(self) -> float:
        """Part of the loss that asks for forces, 0 to 1."""
        return self.force / (self.energy + self.force)


def loss_shares(
    frames: Sequence[Atoms],
    *,
    energy_weight: float = 0.01,
    force_weight: float = 1.0,
    normalise: bool = False,
    remove_references: bool = True,
) -> LossShares:
    r"""Weigh the two terms of the loss on the labels themselves: what an untrained model owes.

    .. math:: w_E \left\langle (E - E^{\text{ref}})^2 \right\rangle / s_E^2
        \quad\text{against}\quad w_F \left\langle F^2 \right\rangle / s_F^2

    The advice "energies dominate with weights of 1:1" holds for total energies. Once the atomic
    references are removed, as :func:`~mlp_course.training.fit` does, the force term is the larger.

    Args:
        frames: training configurations with energies (eV) and forces (eV/Å).
        energy_weight: w_E, dimensionless.
        force_weight: w_F, dimensionless.
        normalise: measure errors in units of the spread of the labels; needs the references
            removed.
        remove_references: whether the atomic references are removed first.

    Returns:
        Both terms.

    Raises:
        ValueError: if labels are missing, weights make no sense, or totals shall be normalised.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frames = load_embedded("ethanol/500K")[:100]
        >>> one_to_one = dict(energy_weight=1.0, force_weight=1.0)
        >>> loss_shares(frames, **one_to_one, remove_references=False).force_share < 1e-6
        True
        >>> loss_shares(frames, **one_to_one).force_share > 0.9
        True
    """
    frames = check_frames(frames)
    loss = EnergyForceLoss(energy_weight, force_weight)
    if normalise and not remove_references:
        raise ValueError("normalise needs remove_references=True: the spread is that of the rest")
    loss = loss.normalised(frames) if normalise else loss
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    if remove_references:
        references = atomic_references(frames)
        energies = energies - [sum(references[z] for z in a.numbers) for a in frames]
    forces = np.concatenate([atoms.get_forces().ravel() for atoms in frames])
    return LossShares(
        float(loss.energy_weight * np.mean((energies / loss.energy_scale) ** 2)),
        float(loss.force_weight * np.mean((forces / loss.force_scale) ** 2)),
    )
