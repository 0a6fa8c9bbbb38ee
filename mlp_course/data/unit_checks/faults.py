"""Faults of units: what is planted, found and repaired, under the same names everywhere."""

from collections.abc import Iterable, Sequence

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.units import convert

#: Units that energies, forces and positions are found in; in the course it is the first of each.
ENERGY_UNITS = ("eV", "Hartree", "kcal/mol", "kJ/mol", "meV", "Rydberg", "per atom")
FORCE_UNITS = (
    "eV/Å", "Hartree/Bohr", "kcal/mol/Å", "eV/Bohr", "kJ/mol/Å", "meV/Å", "Hartree/Å",
    "Rydberg/Bohr", "kJ/mol/nm",
)  # fmt: skip
LENGTH_UNITS = ("Å", "Bohr", "nm")
SIGN = "sign"
#: Names of all single faults: the quantity and the unit that its numbers are really in.
UNIT_FAULTS = (
    *(f"energy: {unit}" for unit in ENERGY_UNITS[1:]),
    *(f"forces: {unit}" for unit in FORCE_UNITS[1:]),
    f"forces: {SIGN}",
    *(f"positions: {unit}" for unit in LENGTH_UNITS[1:]),
)


def fault_factor(fault: str, n_atoms: int = 1) -> float:
    """What a value in eV and Å is multiplied by to give the wrong number.

    Example:
        >>> round(fault_factor("energy: Hartree"), 6), fault_factor("forces: sign")
        (0.036749, -1.0)
        >>> fault_factor("energy: per atom", n_atoms=9) == 1 / 9
        True
    """
    if fault not in UNIT_FAULTS:
        raise ValueError(f"no fault {fault!r}; known: {', '.join(UNIT_FAULTS)}")
    quantity, unit = fault.split(": ")
    if unit == SIGN:
        return -1.0
    if unit == "per atom":
        return 1.0 / n_atoms
    home = {"energy": "eV", "forces": "eV/Å", "positions": "Å"}[quantity]
    return float(convert(1.0, home, unit))


def plant_unit_faults(frames: Iterable[Atoms], faults: str | Sequence[str]) -> list[Atoms]:
    """Copy labelled frames with their numbers in a wrong unit; a cell is scaled with positions.

    Args:
        frames: labelled configurations in eV and Å.
        faults: one or more of :data:`UNIT_FAULTS`.

    Returns:
        Copies with energy and forces; other labels, such as stress, are left out. The frames
        themselves stay as they are.

    Raises:
        ValueError: for an unknown fault.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frames = load_embedded("ethanol/500K")[:1]
        >>> spoilt = plant_unit_faults(frames, "energy: Hartree")
        >>> [round(f[0].get_potential_energy()) for f in (frames, spoilt)]
        [-4210, -155]
    """
    return [_scaled(atoms, faults, power=1) for atoms in frames]


def repair_unit_faults(frames: Iterable[Atoms], faults: str | Sequence[str]) -> list[Atoms]:
    """Undo what :func:`plant_unit_faults` does: copies in eV and Å.

    Args:
        frames: labelled configurations in other units.
        faults: what is wrong with them, of :data:`UNIT_FAULTS`.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frames = load_embedded("ethanol/500K")[:1]
        >>> spoilt = plant_unit_faults(frames, ["energy: Hartree", "forces: sign"])
        >>> again = repair_unit_faults(spoilt, ["energy: Hartree", "forces: sign"])
        >>> bool(np.allclose(again[0].get_forces(), frames[0].get_forces()))
        True
    """
    return [_scaled(atoms, faults, power=-1) for atoms in frames]


def _scaled(atoms: Atoms, faults: str | Sequence[str], power: int) -> Atoms:
    """Copy with the factors of the faults, or their inverses, applied."""
    factors = {"energy": 1.0, "forces": 1.0, "positions": 1.0}
    for fault in [faults] if isinstance(faults, str) else faults:
        factor = fault_factor(fault, len(atoms))  # refuses what is no fault
        factors[fault.split(":")[0]] *= factor**power
    copy = atoms.copy()
    if factors["positions"] != 1.0:
        copy.set_cell(atoms.cell.array * factors["positions"], scale_atoms=False)
        copy.positions = atoms.positions * factors["positions"]
    labels = atoms.calc.results
    copy.calc = SinglePointCalculator(
        copy,
        energy=float(np.asarray(labels["energy"]).item()) * factors["energy"],
        forces=np.asarray(labels["forces"]) * factors["forces"],
    )
    return copy
