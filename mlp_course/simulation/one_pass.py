"""One evaluation of the potential for each geometry, whatever is asked and however often."""

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes


class OnePass:
    """Stands between the moving atoms and their calculator.

    ASE's integrators ask for the forces three times a step, and each time the calculator compares
    the whole configuration with the one before; the log then asks for the energy, which some
    calculators compute anew because only forces were requested. Here energy and forces are
    requested together once, and positions are the only thing that changes.

    Args:
        calculator: any ASE calculator.
    """

    def __init__(self, calculator: Calculator) -> None:
        self.calculator = calculator
        self._positions: np.ndarray | None = None
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

    def _evaluate(self, atoms: Atoms) -> None:
        if self._positions is not None and np.array_equal(self._positions, atoms.positions):
            return
        changes = all_changes if self._positions is None else ["positions"]
        if isinstance(self.calculator, Calculator):
            self.calculator.results = {}  # nothing of the geometry before may survive
            self.calculator.calculate(atoms, ["energy", "forces"], changes)
            results = self.calculator.results
            energy, forces = results["energy"], results["forces"]
        else:  # a calculator that only looks like one
            forces = self.calculator.get_forces(atoms)
            energy = self.calculator.get_potential_energy(atoms)
        self._energy, self._forces = float(energy), np.array(forces, dtype=float)
        self._positions = atoms.positions.copy()
