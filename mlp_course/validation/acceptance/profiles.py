"""Energies along a path: the turn of a bond and the hop of a proton, against the reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator

from mlp_course.sampling import optimised, transfer_scan
from mlp_course.units import convert
from mlp_course.validation.predict import predict

#: Donor, proton and acceptor of malonaldehyde in the atom order of this course.
DONOR, PROTON, ACCEPTOR = 4, 7, 3


@dataclass(frozen=True)
class Profile:
    """Energies of two methods at the same configurations.

    Attributes:
        coordinate: what changes along the path, shape (n_frames,).
        axis: its name and unit.
        reference: energies above the lowest one of the reference, in meV, shape (n_frames,).
        predicted: in meV, moved by the constant that fits best (least squares).

    Example:
        >>> profile = Profile(np.array([0.0, 90, 180]), "angle / °", np.array([0.0, 50, 0]),
        ...                   np.array([2.0, 46, 2]))
        >>> profile.largest_error, profile.heights  # from the first point to the top
        (4.0, (50.0, 44.0))
    """

    coordinate: np.ndarray
    axis: str
    reference: np.ndarray
    predicted: np.ndarray

    @property
    def largest_error(self) -> float:
        """Largest difference along the path, in meV."""
        return float(np.abs(self.predicted - self.reference).max())

    @property
    def heights(self) -> tuple[float, float]:
        """From the first configuration to the highest, of the reference and the potential, meV."""
        both = (self.reference, self.predicted)
        return tuple(float(energies.max() - energies[0]) for energies in both)


def energy_profile(
    model: Any,
    frames: Sequence[Atoms],
    reference: Sequence[float],
    coordinate: Sequence[float],
    axis: str,
) -> Profile:
    """Predict the energies of a path and lay them over those of the reference (eV)."""
    predicted = convert(predict(model, frames)[0], "eV", "meV")
    reference = convert(np.asarray(reference, dtype=float), "eV", "meV")
    reference = reference - reference.min()
    predicted = predicted - np.mean(predicted - reference)
    return Profile(np.asarray(coordinate, dtype=float), axis, reference, predicted)


def transfer_coordinate(atoms: Atoms) -> float:
    """How far the proton of malonaldehyde has gone over, in Å; 0 half-way."""
    return float(atoms.get_distance(DONOR, PROTON) - atoms.get_distance(ACCEPTOR, PROTON))


def own_barrier(calculator: Calculator, enol: Atoms, middle: Atoms) -> float:
    """Barrier of the proton transfer on a potential's own surface, in meV.

    Both ends are relaxed: the enol freely, the transition state with the proton held half-way
    between the oxygens, where symmetry puts it.

    Args:
        calculator: gives forces.
        enol: near the minimum, in the atom order of this course.
        middle: near the transition state.

    Raises:
        RuntimeError: if one of them does not relax.
    """
    minimum = optimised(enol, calculator, force_tolerance=0.02)
    top = dict(donor=DONOR, moving=PROTON, acceptor=ACCEPTOR, values=[0.0])
    (saddle,) = transfer_scan(middle, calculator, **top)
    height = saddle.info["sampler_energy"] - float(minimum.get_potential_energy())
    return float(convert(height, "eV", "meV"))
