"""Compare predictions with labels, frame by frame and component by component."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from ase import Atoms
from ase.data import chemical_symbols

from mlp_course.data.quality import as_frames, check_frames
from mlp_course.units import convert
from mlp_course.validation.metrics import (
    coefficient_of_determination,
    mean_absolute_error,
    mean_cosine,
    root_mean_square_error,
    standard_error,
)
from mlp_course.validation.predict import predict_all
from mlp_course.validation.report import Report


def evaluate(model: Any, frames: Sequence[Atoms], *, align_energies: bool = False) -> Report:
    r"""Measure the errors of a potential on labelled frames.

    .. math:: \mathrm{MAE}_E = \frac1M \sum_m \frac{|\hat E_m - E_m|}{N_m}, \qquad
        \mathrm{MAE}_F = \frac{1}{3N} \sum_{i\alpha} |\hat F_{i\alpha} - F_{i\alpha}|

    Two methods may differ by a constant energy (another zero, other pseudopotentials) that no
    force and no energy difference feels, but that can be the whole MAE. ``report.energy_offset``
    shows it. With ``align_energies=True`` the best constant for each element (least squares; for
    one composition simply the mean error) is taken off the predictions first. That answers another
    question, "how good are energy differences?", and with few frames it flatters the model: say so
    where you quote the number. Without it nothing is taken off.

    Args:
        model: a `Potential`, or any ASE calculator.
        frames: with energy and forces as labels, as the loaders return them. They are not changed.
        align_energies: take a constant per element off the predicted energies.

    Returns:
        The errors, the arrays behind them, and ``report.table()`` against the targets.

    Raises:
        TypeError: if ``model`` or a frame is of the wrong kind.
        ValueError: if labels are missing or not finite, a prediction is not finite, or the frames
            carry ``model`` itself as their calculator (their labels would be its own predictions).

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> copper = bulk("Cu", cubic=True)
        >>> energy = EMT().get_potential_energy(copper)
        >>> copper.calc = SinglePointCalculator(copper, energy=energy - 0.4, forces=np.ones((4, 3)))
        >>> report = evaluate(EMT(), [copper])  # 0.4 eV off in 4 atoms, each force 1 eV/Å off
        >>> round(report.energy_mae, 6), round(report.force_mae, 6)
        (100.0, 1000.0)
    """
    frames = _labelled_by_somebody_else(model, frames)
    labels = [atoms.calc.results for atoms in frames]
    has_stress = [labelled.get("stress") is not None for labelled in labels]
    predicted, forces, stresses = predict_all(model, frames, with_stress=has_stress)
    reference = np.array([float(labelled["energy"]) for labelled in labels])
    offset = np.mean((predicted - reference) / _sizes(frames))
    if align_energies:
        predicted = predicted - _element_offsets(frames, predicted - reference)
    return Report(
        **_energy_errors(reference, predicted, _sizes(frames)),
        **_force_errors(frames, [labelled["forces"] for labelled in labels], forces),
        stress_mae=_stress_error(labels, stresses),
        energy_offset=float(convert(offset, "eV", "meV")),
        energies_aligned=align_energies,
        n_frames=len(frames),
        n_atoms=int(_sizes(frames).sum()),
        atomic_numbers=np.concatenate([atoms.numbers for atoms in frames]),
        frame_sizes=_sizes(frames),
    )


def _labelled_by_somebody_else(model: Any, frames: Sequence[Atoms]) -> list[Atoms]:
    """Refuse unlabelled frames, and frames that carry the model itself."""
    frames = as_frames(frames)
    for number, atoms in enumerate(frames):
        calculator = getattr(atoms, "calc", None)
        if calculator is not None and model in (calculator, getattr(calculator, "model", None)):
            raise ValueError(
                f"frame {number}: its calculator is the model itself, so the model would be "
                "compared with itself. Load the frames again; evaluate works on copies"
            )
    return check_frames(frames)


def _sizes(frames: list[Atoms]) -> np.ndarray:
    """Number of atoms of each frame, shape (n_frames,)."""
    return np.array([len(atoms) for atoms in frames])


def _element_offsets(frames: list[Atoms], errors: np.ndarray) -> np.ndarray:
    """Best constants per element (least squares), summed over each frame; eV, shape (n_frames,)."""
    elements = np.unique(np.concatenate([atoms.numbers for atoms in frames]))
    counts = np.array([[np.sum(atoms.numbers == z) for z in elements] for atoms in frames])
    constants = np.linalg.lstsq(counts.astype(float), errors, rcond=None)[0]
    return counts @ constants


def _energy_errors(reference: np.ndarray, predicted: np.ndarray, sizes: np.ndarray) -> dict:
    """Energy fields of the report; energies in eV, shape (n_frames,)."""
    total = convert(predicted - reference, "eV", "meV")
    per_atom = total / sizes
    return {
        "energy_mae": mean_absolute_error(per_atom),
        "energy_mae_error": standard_error(np.abs(per_atom)),
        "energy_rmse": root_mean_square_error(per_atom),
        "total_energy_mae": mean_absolute_error(total),
        "energy_r2": coefficient_of_determination(reference / sizes, predicted / sizes),
        "reference_energies": reference,
        "predicted_energies": predicted,
    }


def _force_errors(frames: list[Atoms], reference: list, predicted: list) -> dict:
    """Force fields of the report; forces in eV/Å, one array per frame."""
    differences = [
        convert(ours - np.asarray(theirs, dtype=float), "eV/Å", "meV/Å")
        for ours, theirs in zip(predicted, reference, strict=True)
    ]
    errors = np.concatenate(differences)  # (n_atoms, 3)
    true, ours = np.concatenate(reference).astype(float), np.concatenate(predicted)
    numbers = np.concatenate([atoms.numbers for atoms in frames])
    return {
        "force_mae": mean_absolute_error(errors),
        "force_mae_error": standard_error(np.array([np.abs(part).mean() for part in differences])),
        "force_rmse": root_mean_square_error(errors),
        "force_r2": coefficient_of_determination(true.ravel(), ours.ravel()),
        "force_cosine": mean_cosine(true, ours),
        "per_element": _per_element(numbers, true, ours, errors),
        "reference_forces": true,
        "predicted_forces": ours,
    }


def _per_element(
    numbers: np.ndarray, reference: np.ndarray, predicted: np.ndarray, errors: np.ndarray
) -> pd.DataFrame:
    """Force errors (meV/Å) by element; ``force_mean`` is the mean size of a reference component."""
    rows = {}
    for number in np.unique(numbers):
        own = numbers == number
        rows[chemical_symbols[number]] = {
            "n_atoms": int(own.sum()),
            "force_mae": mean_absolute_error(errors[own]),
            "force_rmse": root_mean_square_error(errors[own]),
            "force_mean": float(convert(np.abs(reference[own]).mean(), "eV/Å", "meV/Å")),
            "force_cosine": mean_cosine(reference[own], predicted[own]),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("element")


def _stress_error(labels: list[dict], predicted: list[np.ndarray | None]) -> float | None:
    """MAE of the stress components in GPa; None without labels or predictions."""
    errors = [
        ours - _voigt(labelled["stress"])
        for labelled, ours in zip(labels, predicted, strict=True)
        if ours is not None
    ]
    return mean_absolute_error(convert(np.concatenate(errors), "eV/Å³", "GPa")) if errors else None


def _voigt(stress: np.ndarray) -> np.ndarray:
    """Stress as six components xx, yy, zz, yz, xz, xy."""
    stress = np.asarray(stress, dtype=float)
    return stress if stress.shape == (6,) else stress[[0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]]
