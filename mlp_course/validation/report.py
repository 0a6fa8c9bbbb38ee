"""The report: every error of one evaluation, and the verdict against the usual targets."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

TARGETS = pd.DataFrame(
    [
        ("energy MAE", "energy_mae", "meV/atom", 1.0, 5.0),
        ("force MAE", "force_mae", "meV/Å", 50.0, 150.0),
        ("stress MAE", "stress_mae", "GPa", 0.1, 0.1),
        ("energy R²", "energy_r2", "1", 0.99, 0.99),
        ("force R²", "force_r2", "1", 0.99, 0.99),
    ],
    columns=["quantity", "field", "unit", "strict", "loose"],
)
TARGETS.attrs["note"] = "usual targets; what is good enough depends on the question asked"


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """Errors of a potential on labelled frames.

    Attributes:
        energy_mae: in meV/atom, mean over frames.
        energy_mae_error: standard error of ``energy_mae`` over frames, meV/atom; NaN for one frame.
        energy_rmse: in meV/atom.
        total_energy_mae: of the whole configuration, in meV.
        energy_offset: mean signed error, predicted - reference, before any alignment, in meV/atom.
        energies_aligned: whether a constant per element was taken off the predictions.
        force_mae: per Cartesian component, in meV/Å.
        force_mae_error: standard error of ``force_mae`` over frames, in meV/Å; NaN for one frame.
        force_rmse: per Cartesian component, in meV/Å.
        energy_r2: R² of the energies per atom, dimensionless; NaN if they do not vary.
        force_r2: R² of the force components, dimensionless.
        force_cosine: mean cosine between predicted and reference forces, dimensionless.
        per_element: force errors by element: n_atoms, force_mae, force_rmse, force_mean (mean size
            of a reference component), all in meV/Å, and force_cosine.
        stress_mae: per component, in GPa; None without labels or without predicted stress.
        n_frames: number of frames.
        n_atoms: number of atoms in all frames together.
        reference_energies: in eV, shape (n_frames,).
        predicted_energies: in eV, shape (n_frames,), after the alignment if there was one.
        reference_forces: in eV/Å, shape (n_atoms, 3).
        predicted_forces: in eV/Å, shape (n_atoms, 3).
        atomic_numbers: of all atoms, shape (n_atoms,).
        frame_sizes: atoms in each frame, shape (n_frames,).

    Example:
        >>> from ase import Atoms
        >>> from ase.calculators.morse import MorsePotential  # 0 eV for an atom alone
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> from mlp_course.validation import evaluate
        >>> atom = Atoms("Ar")
        >>> atom.calc = SinglePointCalculator(atom, energy=0.002, forces=[[0.03, 0, 0]])
        >>> evaluate(MorsePotential(), [atom])  # 2 meV for one atom, 30 / 3 meV/Å
        Report(1 frames: energy MAE 2 meV/atom, force MAE 10 meV/Å)
    """

    energy_mae: float
    energy_mae_error: float
    energy_rmse: float
    total_energy_mae: float
    energy_offset: float
    energies_aligned: bool
    force_mae: float
    force_mae_error: float
    force_rmse: float
    energy_r2: float
    force_r2: float
    force_cosine: float
    per_element: pd.DataFrame
    stress_mae: float | None
    n_frames: int
    n_atoms: int
    reference_energies: np.ndarray
    predicted_energies: np.ndarray
    reference_forces: np.ndarray
    predicted_forces: np.ndarray
    atomic_numbers: np.ndarray
    frame_sizes: np.ndarray

    @property
    def frame_force_mae(self) -> np.ndarray:
        """Force MAE of each frame in meV/Å, shape (n_frames,)."""
        errors = 1000 * np.abs(self.predicted_forces - self.reference_forces).mean(axis=1)
        starts = np.cumsum([0, *self.frame_sizes[:-1]])
        return np.add.reduceat(errors, starts) / self.frame_sizes

    def table(self) -> pd.DataFrame:
        """Compare with the targets.

        Returns:
            One row per quantity; columns value, standard_error, unit, strict, loose (the two ends
            of the target range) and verdict: "strict target met", "loose target met", "missed", or
            "not applicable" (no stress, or energies that do not vary).
        """
        rows = []
        for quantity, name, unit, strict, loose in TARGETS.itertuples(index=False):
            value = getattr(self, name)
            value = float("nan") if value is None else value
            spread = getattr(self, f"{name}_error", float("nan"))
            sign = "> " if name.endswith("r2") else "< "
            verdict = _verdict(value, strict, loose, larger_is_better=name.endswith("r2"))
            limits = (f"{sign}{strict:g}", f"{sign}{loose:g}")
            rows.append((quantity, value, spread, unit, *limits, verdict))
        columns = ["quantity", "value", "standard_error", "unit", "strict", "loose", "verdict"]
        return pd.DataFrame(rows, columns=columns).set_index("quantity")

    def __repr__(self) -> str:
        aligned = " (aligned)" if self.energies_aligned else ""
        return (
            f"Report({self.n_frames} frames: energy MAE {self.energy_mae:.3g} meV/atom{aligned}, "
            f"force MAE {self.force_mae:.3g} meV/Å)"
        )

    def _repr_html_(self) -> str:
        style = {"float_format": "{:.4g}".format, "na_rep": "–"}
        return (
            f"<p>{self.n_frames} frames, {self.n_atoms} atoms. Total energy MAE "
            f"{self.total_energy_mae:.3g} meV, offset {self.energy_offset:.3g} meV/atom"
            f"{' (taken off)' if self.energies_aligned else ''}, force RMSE {self.force_rmse:.3g} "
            f"meV/Å, force cosine {self.force_cosine:.4f}.</p>"
            f"{self.table().to_html(**style)}"
            f"<p>Forces by element, in meV/Å</p>{self.per_element.to_html(**style)}"
        )


def _verdict(value: float, strict: float, loose: float, *, larger_is_better: bool) -> str:
    """Compare one value with the two ends of its target range."""
    if np.isnan(value):
        return "not applicable"
    if larger_is_better:
        value, strict, loose = -value, -strict, -loose
    if value < strict:
        return "strict target met"
    return "loose target met" if value < loose else "missed"
