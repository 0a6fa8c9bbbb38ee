"""Copper: the lattice constant from the energy of volumes, elastic constants from small strains."""

from dataclasses import dataclass

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.calculators.calculator import Calculator
from ase.eos import EquationOfState

from mlp_course.units import convert

#: Measured on copper. Lattice constant at room temperature; elastic constants likewise.
EXPERIMENT = {"a": 3.615, "C11": 168.0, "C12": 121.0, "C44": 75.0}
EXPERIMENT_SOURCE = (
    "C. Kittel, Introduction to Solid State Physics, 8th ed. (Wiley 2005), chapters 1 and 3, "
    "rounded; room temperature"
)
_STRETCHES = np.linspace(0.96, 1.04, 9)  # of the lattice constant, dimensionless
_STRAINS = np.linspace(-0.01, 0.01, 5)  # dimensionless
#: Strain patterns xx, yy, zz, yz, xz, xy (shear as angle); E/V = coefficient × strain² of each.
_PATTERNS = {"C11": (1, 0, 0, 0, 0, 0), "C11+C12": (1, 1, 0, 0, 0, 0), "C44": (0, 0, 0, 1, 0, 0)}


@dataclass(frozen=True)
class Crystal:
    """What the energy of a strained cubic crystal tells.

    Attributes:
        lattices: lattice constants looked at, in Å, shape (n,).
        energies: in eV per atom, shape (n,).
        a: equilibrium lattice constant, in Å.
        bulk_modulus: in GPa, from the equation of state.
        C11, C12, C44: elastic constants in GPa.
    """

    lattices: np.ndarray
    energies: np.ndarray
    a: float
    bulk_modulus: float
    C11: float
    C12: float
    C44: float


def copper_crystal(calculator: Calculator) -> Crystal:
    r"""Measure lattice constant and elastic constants of fcc copper, all from energies.

    The energy of nine volumes is fitted with Birch and Murnaghan's equation of state. At its
    minimum the cell is strained by up to 1 %, and the curvature of the energy gives the constants:

    .. math:: \frac{E}{V} = \tfrac12 C_{11} \epsilon_{xx}^2, \qquad
        \frac{E}{V} = (C_{11} + C_{12})\, \epsilon^2 \; (\epsilon_{xx} = \epsilon_{yy}), \qquad
        \frac{E}{V} = \tfrac12 C_{44} \gamma_{yz}^2

    In fcc no atom moves inside the strained cell, for symmetry.

    Args:
        calculator: gives energies of periodic copper, with lattice constants around 3.615 Å.

    Returns:
        The crystal's numbers, at 0 K.

    Raises:
        ValueError: if an energy is not finite or there is no minimum within the range.

    Source:
        F. Birch, Phys. Rev. 71, 809 (1947). J. F. Nye, Physical Properties of Crystals, Oxford
        1985, chapter VIII.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> found = copper_crystal(EMT())
        >>> f"{found.a:.2f} Å, C11 {found.C11:.0f}, C12 {found.C12:.0f}, C44 {found.C44:.0f} GPa"
        '3.59 Å, C11 ...
    """
    lattices = EXPERIMENT["a"] * _STRETCHES
    energies = np.array([_energy(_cube(a), calculator) for a in lattices]) / 4
    if not 0 < energies.argmin() < len(energies) - 1:
        raise ValueError(
            f"copper has no minimum of the energy between {lattices[0]:.2f} and {lattices[-1]:.2f} "
            f"Å; the lowest is at {lattices[energies.argmin()]:.2f} Å"
        )
    volume, _, stiffness = EquationOfState(lattices**3 / 4, energies, "birchmurnaghan").fit()
    a = float((4 * volume) ** (1 / 3))
    curvature = {name: _curvature(a, pattern, calculator) for name, pattern in _PATTERNS.items()}
    c11 = curvature["C11"]
    constants = dict(C11=c11, C12=curvature["C11+C12"] / 2 - c11, C44=curvature["C44"])
    in_gpa = {name: float(convert(value, "eV/Å³", "GPa")) for name, value in constants.items()}
    bulk_modulus = float(convert(stiffness, "eV/Å³", "GPa"))
    return Crystal(lattices, energies, a, bulk_modulus, **in_gpa)


def _cube(a: float) -> Atoms:
    """Four atoms of fcc copper."""
    return bulk("Cu", cubic=True, a=a)


def _energy(atoms: Atoms, calculator: Calculator) -> float:
    """In eV, or a refusal."""
    atoms.calc = calculator
    energy = float(atoms.get_potential_energy())
    if not np.isfinite(energy):
        raise ValueError(
            f"the predicted energy must be finite, in eV; got {energy} for copper in a cell of "
            f"{atoms.cell.lengths().round(3).tolist()} Å"
        )
    return energy


def _curvature(a: float, pattern: tuple[int, ...], calculator: Calculator) -> float:
    """Second derivative of E/V by the strain, in eV/Å³, by a polynomial of degree 4."""
    xx, yy, zz, yz, xz, xy = pattern
    direction = np.array([[xx, xy / 2, xz / 2], [xy / 2, yy, yz / 2], [xz / 2, yz / 2, zz]])
    energies = []
    for strain in _STRAINS:
        atoms = _cube(a)
        atoms.set_cell(atoms.cell.array @ (np.eye(3) + strain * direction), scale_atoms=True)
        energies.append(_energy(atoms, calculator))
    scale = _STRAINS[-1]
    fit = np.polynomial.Polynomial.fit(_STRAINS / scale, energies, 4, domain=[-1, 1])
    return float(2 * fit.convert().coef[2] / scale**2 / a**3)
