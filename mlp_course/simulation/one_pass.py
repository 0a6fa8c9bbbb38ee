"""One evaluation of the potential for each geometry, whatever is asked and however often."""

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes


class OnePass:
    """Stands between the moving atoms and their calculator.

    ASE's integrators ask for the forces three times a step, and each time the calculator compares
    the whole configuration with the one before; the log then asks for the energy, which some
    calculators compute anew because only forces were requested. Here energy and forces are
    requested together once, and positions, and the cell under a barostat, are all that changes.

    Args:
        calculator: any ASE calculator.
        with_stress: request the stress as well, in the same evaluation.
    """

    def __init__(self, calculator: Calculator, *, with_stress: bool = False) -> None:
        self.calculator = calculator
        self.with_stress = with_stress
        self._positions: np.ndarray | None = None
        self._cell = np.zeros((3, 3))
        self._stress = np.empty(0)
        self._energy = np.nan
        self._forces = np.empty((0, 3))

    def get_forces(self, atoms: Atoms) -> np.ndarray:
        """Forces in eV/Å, shape (n_atoms, 3)."""
        self._evaluate(atoms)
        return self._forces.copy()

    def get_potential_energy(self, atoms: Atoms, force_consistent: bool = False) -> float:
        """Energy in eV."""
        self._evaluate(atoms)
        return self._energy

    def get_stress(self, atoms: Atoms) -> np.ndarray:
        """Stress in eV/Å³, ASE's sign and Voigt order, shape (6,); needs ``with_stress``."""
        self._evaluate(atoms)
        return self._stress.copy()

    def forget(self) -> None:
        """Drop all memory of earlier geometries: the next evaluation is that of a new process.

        A pair list or a wave function kept from steps before changes the last digits. Calculators
        of ASE forget on ``reset``; one that keeps more has a method ``forget``.
        """
        self._positions = None
        for name in ("forget", "reset"):
            if hasattr(self.calculator, name):
                getattr(self.calculator, name)()
                return

    def _evaluate(self, atoms: Atoms) -> None:
        changes = self._changes(atoms)
        if not changes:
            return
        results = self._results(atoms, changes)
        self._energy = float(results["energy"])
        self._forces = np.array(results["forces"], dtype=float)
        self._stress = np.array(results.get("stress", []), dtype=float)
        self._positions, self._cell = atoms.positions.copy(), atoms.cell.array.copy()

    def _results(self, atoms: Atoms, changes: list[str]) -> dict:
        """Ask for everything at once."""
        calculator = self.calculator
        wanted = ["energy", "forces"] + ["stress"] * self.with_stress
        if isinstance(calculator, Calculator):
            calculator.results = {}  # nothing of the geometry before may survive
            calculator.calculate(atoms, wanted, changes)
            return calculator.results
        results = {"forces": calculator.get_forces(atoms)}  # one that only looks like a calculator
        results["energy"] = calculator.get_potential_energy(atoms)
        if self.with_stress:
            results["stress"] = calculator.get_stress(atoms)
        return results

    def _changes(self, atoms: Atoms) -> list[str]:
        """Tell what differs from the last evaluation."""
        if self._positions is None:
            return list(all_changes)
        changes = []
        if not np.array_equal(self._positions, atoms.positions):
            changes.append("positions")
        if not np.array_equal(self._cell, atoms.cell.array):
            changes.append("cell")
        return changes
