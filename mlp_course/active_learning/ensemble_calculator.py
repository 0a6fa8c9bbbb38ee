"""The ensemble as an ASE calculator: the mean drives the atoms, the spread is watched."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes

from mlp_course.active_learning.ensemble import Ensemble, EnsemblePrediction
from mlp_course.models import MLPCalculator


class EnsembleCalculator(Calculator):
    """Mean energy (eV) and forces (eV/Å) of an ensemble.

    ``results`` also holds ``energy_std`` (eV) and ``force_std`` (eV/Å, shape (n_atoms,)) of the
    last evaluation. The mean is a potential too: its forces are the gradient of its energy.

    Args:
        ensemble: of trained potentials. An evaluation costs as much as all members together.

    Example:
        >>> from ase.build import molecule
        >>> from mlp_course.models import build_model
        >>> members = [build_model("schnet", species=[1, 8], n_features=8, seed=n) for n in (0, 1)]
        >>> water = molecule("H2O")
        >>> water.calc = EnsembleCalculator(Ensemble(members))
        >>> water.get_forces().shape, water.calc.results["force_std"].shape
        ((3, 3), (3,))
    """

    implemented_properties = ["energy", "forces"]

    def __init__(self, ensemble: Ensemble) -> None:
        super().__init__()
        self.ensemble = ensemble
        self._calculators = [MLPCalculator(member) for member in ensemble.members]

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Evaluate every member once.

        Raises:
            ValueError: if an element is unknown to the members.
        """
        super().calculate(atoms, properties, system_changes)
        forces = np.array([each.get_forces(self.atoms) for each in self._calculators])
        energies = [[each.get_potential_energy(self.atoms)] for each in self._calculators]
        prediction = EnsemblePrediction(np.array(energies), [forces])
        self.results = {
            "energy": float(prediction.mean_energies[0]),
            "forces": prediction.mean_forces[0],
            "energy_std": float(prediction.energy_std[0]),
            "force_std": prediction.force_std[0],
        }

    def uncertainty(self, atoms: Atoms) -> float:
        """Largest σ_i of a configuration in eV/Å; costs nothing if it was just evaluated."""
        self.get_forces(atoms)
        return float(self.results["force_std"].max())
