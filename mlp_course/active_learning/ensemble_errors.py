"""An ensemble's spreads beside its errors on labelled frames: input for the calibration."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms

from mlp_course.active_learning.calibration import Uncertainty
from mlp_course.active_learning.ensemble import EnsemblePrediction
from mlp_course.data.quality import check_frames


def energy_uncertainty(prediction: EnsemblePrediction, frames: Sequence[Atoms]) -> Uncertainty:
    """Errors of the mean energies beside the standard deviations over the members.

    Args:
        prediction: of an ensemble, for the frames.
        frames: the same, with energies as labels.

    Returns:
        In eV, one entry a frame.

    Raises:
        ValueError: if prediction and frames do not belong together, or labels are missing.

    Example:
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> atom = Atoms("Ar")
        >>> atom.calc = SinglePointCalculator(atom, energy=1.5, forces=[[0, 0, 0]])
        >>> two = EnsemblePrediction(np.array([[1.0], [3.0]]), [np.zeros((2, 1, 3))])
        >>> record = energy_uncertainty(two, [atom])  # mean 2 eV, spread 1 eV
        >>> record.errors, record.spreads
        (array([0.5]), array([1.]))
    """
    frames = _checked(prediction, frames)
    reference = np.array([atoms.get_potential_energy() for atoms in frames])
    return Uncertainty(prediction.mean_energies - reference, prediction.energy_std, "eV")


def force_uncertainty(prediction: EnsemblePrediction, frames: Sequence[Atoms]) -> Uncertainty:
    r"""Errors of the mean force components beside the spread of a component, σ_i / √3.

    Args:
        prediction: of an ensemble, for the frames.
        frames: the same, with forces as labels.

    Returns:
        In eV/Å, three entries an atom. The three share one spread, so that turning a frame changes
        no spread.

    Raises:
        ValueError: if prediction and frames do not belong together, or labels are missing.
    """
    frames = _checked(prediction, frames)
    errors = np.concatenate(_force_errors(prediction, frames))  # (n_atoms, 3)
    spreads = np.concatenate(prediction.force_std) / np.sqrt(3)  # (n_atoms,)
    return Uncertainty(errors.ravel(), np.repeat(spreads, 3), "eV/Å")


def worst_atom_uncertainty(prediction: EnsemblePrediction, frames: Sequence[Atoms]) -> Uncertainty:
    """Largest force error in each frame beside the largest σ_i: what stops an exploration.

    The two may belong to different atoms. The error is the length of a vector.

    Args:
        prediction: of an ensemble, for the frames.
        frames: the same, with forces as labels.

    Returns:
        In eV/Å, one entry a frame; input of :func:`find_threshold`.

    Raises:
        ValueError: if prediction and frames do not belong together, or labels are missing.
    """
    frames = _checked(prediction, frames)
    errors = [np.linalg.norm(own, axis=1).max() for own in _force_errors(prediction, frames)]
    return Uncertainty(np.array(errors), prediction.largest_force_std, "eV/Å")


def _force_errors(prediction: EnsemblePrediction, frames: list[Atoms]) -> list[np.ndarray]:
    """Mean force minus label of each frame, eV/Å, shape (n_atoms, 3)."""
    pairs = zip(prediction.mean_forces, frames, strict=True)
    return [forces - atoms.get_forces(apply_constraint=False) for forces, atoms in pairs]


def _checked(prediction: EnsemblePrediction, frames: Sequence[Atoms]) -> list[Atoms]:
    frames = check_frames(frames)
    sizes = [forces.shape[1] for forces in prediction.forces]
    if sizes != [len(atoms) for atoms in frames]:
        raise ValueError(
            f"prediction must be that of these frames; it has {len(sizes)} frames, got "
            f"{len(frames)}, or their numbers of atoms differ"
        )
    return frames
