"""An ASE calculator for exported potentials. It needs torch and ase, and nothing of the course.

    atoms.calc = ExportedCalculator("potential.pth")

This text is also inside the file, under the name calculator.py.
"""

import hashlib
from pathlib import Path

import torch
from ase.calculators.calculator import Calculator, all_changes
from ase.neighborlist import neighbor_list
from ase.stress import full_3x3_to_voigt_6_stress


class ExportedCalculator(Calculator):
    """Energy (eV), forces (eV/Å) and, in a cell, stress (eV/Å³) of a TorchScript file.

    Args:
        path: of a file written by ``export_model``.
    """

    implemented_properties = ["energy", "forces", "stress"]

    def __init__(self, path: str):
        super().__init__()
        self.model = torch.jit.load(str(path), map_location="cpu")
        self._digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]

    def calculate(
        self, atoms: object = None, properties: object = (), system_changes: object = all_changes
    ) -> None:
        """List the pairs within the cutoff and evaluate once."""
        super().calculate(atoms, properties, system_changes)
        idx_i, idx_j, shift = neighbor_list("ijS", self.atoms, self.model.cutoff)
        real = dict(dtype=self.model.like_weights.dtype)
        with torch.jit.optimized_execution(False):
            results = self.model(
                torch.tensor(self.atoms.numbers, dtype=torch.long),
                torch.tensor(self.atoms.positions, **real),
                torch.tensor(self.atoms.cell.array, **real),
                torch.tensor(idx_i, dtype=torch.long),
                torch.tensor(idx_j, dtype=torch.long),
                torch.tensor(shift, **real),
            )
        self.results = {
            "energy": results["energy"].item(),
            "forces": results["forces"].double().numpy(),
        }
        if self.atoms.cell.rank == 3:
            stress = results["strain_gradient"].double().numpy() / self.atoms.get_volume()
            self.results["stress"] = full_3x3_to_voigt_6_stress(stress)

    def fingerprint(self) -> str:
        """Digest of the file: labels by two potentials are not mixed up in a store."""
        return self._digest
