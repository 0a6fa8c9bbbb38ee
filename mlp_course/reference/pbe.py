"""PBE/def2-SVP with density fitting, by PySCF: the level of theory of rMD17 and our own labels."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from ase.units import Bohr, Hartree

from mlp_course.reference.failures import SCFNotConverged

if TYPE_CHECKING:
    from pyscf import dft, gto

#: Everything that fixes the numbers. It goes into the passport of every label.
PBE_SETTINGS = {
    "functional": "PBE",
    "basis": "def2-SVP",
    "density_fitting": "def2-universal-jkfit (PySCF default)",
    "grid_level": 4,
    "small_rho_cutoff": 1e-7,  # drops empty space: an eighth of the points, below 1e-5 meV
    "grid_response": True,
    "scf_energy_tolerance_hartree": 1e-10,
    "scf_gradient_tolerance_hartree": 1e-6,  # forces to 0.01 meV/Å; PySCF's own choice: 0.1
    "dispersion": "none",
}


#: The SCF converges on a coarse grid first; the fine grid has the last word.
#: Grid level, tolerances of energy (Hartree) and orbital gradient.
_STAGES = (
    (1, 1e-6, 1e-3),
    (
        PBE_SETTINGS["grid_level"],
        PBE_SETTINGS["scf_energy_tolerance_hartree"],
        PBE_SETTINGS["scf_gradient_tolerance_hartree"],
    ),
)
_KEPT_BYTES = 1e9  # basis functions on the grid are kept up to this size


class PBE(Calculator):
    """Kohn-Sham DFT of closed shells: PBE functional, def2-SVP basis, density-fitted.

    The settings are those that reproduce the labels of rMD17: on ethanol the energy differs by a
    constant 0.8 meV and forces by 0.08 meV/Å. Energy in eV (total energy, all electrons), forces in
    eV/Å. The integration grid moves with the atoms and its response is included, so that the net
    force on a molecule vanishes.

    Args:
        charge: total charge in units of the elementary charge.
        max_cycles: SCF iterations before giving up.

    Raises:
        SCFNotConverged: from ``get_potential_energy`` or ``get_forces`` when the SCF gives up.
        ValueError: from the same, for a periodic system, an odd number of electrons, or a frame
            with magnetic moments or another charge.

    Source:
        J. P. Perdew, K. Burke, M. Ernzerhof, Phys. Rev. Lett. 77, 3865 (1996);
        F. Weigend, R. Ahlrichs, Phys. Chem. Chem. Phys. 7, 3297 (2005);
        Q. Sun et al., J. Chem. Phys. 153, 024109 (2020).
    """

    implemented_properties = ["energy", "forces"]

    def __init__(self, *, charge: int = 0, max_cycles: int = 100, **kwargs):
        super().__init__(charge=charge, max_cycles=max_cycles, **kwargs)
        self.charge = charge
        self.max_cycles = max_cycles

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Run the SCF and its gradient; both are always computed, because labels need both."""
        super().calculate(atoms, properties, system_changes)
        self._check_molecule()
        mean_field = self._converged_mean_field()
        gradient = mean_field.nuc_grad_method()
        gradient.grid_response = True
        forces = -gradient.kernel() * Hartree / Bohr  # (n_atoms, 3)
        self.results = {"energy": float(mean_field.e_tot * Hartree), "forces": np.asarray(forces)}

    def _check_molecule(self) -> None:
        if self.atoms.pbc.any():
            raise ValueError(
                "PBE is set up for molecules without periodicity; got "
                f"pbc={self.atoms.pbc.tolist()}: set atoms.pbc = False for a molecule in a box"
            )
        moments = self.atoms.get_initial_magnetic_moments()
        if self.atoms.get_initial_charges().sum() not in (0, self.charge) or moments.any():
            raise ValueError(
                f"the frame carries a charge or magnetic moments; PBE computes closed shells with "
                f"charge={self.charge}: name the charge when the calculator is made, for example "
                "reference_calculator('pbe', charge=1), or set the frame's initial charges and "
                "moments to zero"
            )
        n_electrons = int(self.atoms.numbers.sum()) - self.charge
        if n_electrons % 2:
            raise ValueError(
                f"closed shells need an even number of electrons; {self.atoms.symbols} "
                f"with charge={self.charge} has {n_electrons}: check elements and charge"
            )

    def _converged_mean_field(self) -> "dft.rks.RKS":
        from pyscf import dft, gto, lib

        lib.num_threads(1)  # one thread per process: two processes beat one process of two threads
        geometry = list(zip(self.atoms.symbols, self.atoms.positions.tolist(), strict=True))
        molecule = gto.M(
            atom=geometry, basis="def2-svp", unit="Angstrom", charge=self.charge, verbose=0
        )
        mean_field = dft.RKS(molecule, xc="pbe").density_fit()
        mean_field.with_df.build()  # keep the three-centre integrals: PySCF would redo them
        mean_field._numint = _orbital_keeping_numint()
        mean_field.max_cycle = self.max_cycles
        density_matrix = None
        for grid_level, energy_tolerance, gradient_tolerance in _STAGES:
            mean_field.grids = dft.Grids(molecule)
            mean_field.grids.level = grid_level
            mean_field.small_rho_cutoff = PBE_SETTINGS["small_rho_cutoff"]
            mean_field.conv_tol = energy_tolerance
            mean_field.conv_tol_grad = gradient_tolerance
            mean_field.kernel(dm0=density_matrix)
            density_matrix = mean_field.make_rdm1()
        if not mean_field.converged:
            raise SCFNotConverged(
                f"SCF of {self.atoms.get_chemical_formula()} not converged in {self.max_cycles} "
                "cycles; the geometry may be far from any minimum: reject it, or raise max_cycles"
            )
        return mean_field


def _orbital_keeping_numint() -> "dft.numint.NumInt":
    """Make PySCF's integrator keep the basis functions on the grid from cycle to cycle."""
    from pyscf.dft.numint import NumInt

    class OrbitalKeepingNumInt(NumInt):
        kept_grid = None

        def block_loop(
            self,
            mol: "gto.Mole",
            grids: "dft.Grids",
            nao: int | None = None,
            deriv: int = 0,
            *args: object,
            **kwargs: object,
        ) -> Iterator[tuple]:
            blocks = super().block_loop(mol, grids, nao, deriv, *args, **kwargs)
            n_bytes = 8 * 4 * len(grids.weights) * mol.nao  # value and gradient
            if deriv != 1 or n_bytes > _KEPT_BYTES:
                yield from blocks
                return
            if self.kept_grid is not grids.coords:
                self.kept = [(orbitals.copy("K"), *rest) for orbitals, *rest in blocks]
                self.kept_grid = grids.coords
            yield from self.kept

    return OrbitalKeepingNumInt()
