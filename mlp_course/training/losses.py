r"""Losses: how errors of energies and forces are weighed against each other.

.. math:: L = w_E \frac{1}{B} \sum_b (\hat E_b - E_b)^2 / s_E^2
    + w_F \frac{1}{3N} \sum_{ia} (\hat F_{ia} - F_{ia})^2 / s_F^2

In the code E is the ``residual``, the energy without the atomic references: they are the same in
prediction and label, and cancel in the difference.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from ase import Atoms
from torch import Tensor

from mlp_course.models.potential import Prediction
from mlp_course.models.references import atomic_references
from mlp_course.training.dataset import Batch


@dataclasses.dataclass(frozen=True)
class EnergyForceLoss:
    """Weighted mean squared errors of energies and forces.

    Attributes:
        energy_weight: w_E, dimensionless.
        force_weight: w_F, dimensionless.
        energy_scale: s_E in eV: 1, or the spread of the training energies.
        force_scale: s_F in eV/Å: 1, or the spread of the training forces.

    Example:
        >>> EnergyForceLoss(energy_weight=0.01, force_weight=1.0)
        EnergyForceLoss(energy_weight=0.01, force_weight=1.0, energy_scale=1.0, force_scale=1.0)
    """

    energy_weight: float = 0.01
    force_weight: float = 1.0
    energy_scale: float = 1.0
    force_scale: float = 1.0

    def __post_init__(self) -> None:
        if (
            min(self.energy_weight, self.force_weight) < 0
            or not self.energy_weight + self.force_weight
        ):
            raise ValueError(
                "energy_weight and force_weight must not be negative and not both zero; "
                f"got {self.energy_weight} and {self.force_weight}"
            )

    def __call__(self, prediction: Prediction, batch: Batch) -> Tensor:
        """Return the loss of a batch, a dimensionless scalar that can be differentiated."""
        energy, force = self.terms(prediction, batch)
        return energy + force

    def terms(self, prediction: Prediction, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the weighted energy term and the weighted force term."""
        energy_error = (prediction.residual - batch.residual) / self.energy_scale
        force_error = (prediction.forces - batch.forces) / self.force_scale
        return (
            self.energy_weight * energy_error.square().mean(),
            self.force_weight * force_error.square().mean(),
        )

    def normalised(self, frames: Sequence[Atoms]) -> "EnergyForceLoss":
        """Measure errors in units of the spread of the labels, so that 1:1 weights mean 1:1.

        Args:
            frames: training configurations with energies and forces.

        Returns:
            The same weights with s_E the standard deviation of the energies of the configurations
            without their atomic references (eV) and s_F the root mean square force component
            (eV/Å).

        Raises:
            ValueError: if all energies or all forces are equal.
        """
        references = atomic_references(frames)
        energies = np.array(
            [
                atoms.get_potential_energy() - sum(references[z] for z in atoms.numbers)
                for atoms in frames
            ]
        )
        forces = np.concatenate([atoms.get_forces().ravel() for atoms in frames])
        scales = float(energies.std()), float(np.sqrt((forces**2).mean()))
        if min(scales) <= 1e-9:  # eV and eV/Å: rounding, no spread
            raise ValueError(
                "a normalised loss needs energies and forces that differ between frames"
            )
        return dataclasses.replace(self, energy_scale=scales[0], force_scale=scales[1])
