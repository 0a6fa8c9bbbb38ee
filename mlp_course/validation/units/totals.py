"""Total energies: which kind of program counts which electrons, and so how large totals are."""

from collections.abc import Sequence

import numpy as np
from ase.data import chemical_symbols
from scipy.special import logsumexp

from mlp_course.data.unit_checks.evidence import all_electron_energy
from mlp_course.data.unit_checks.faults import fault_factor

_BINDING = -4.0  # eV per atom, of a molecule
_VALENCE = {  # eV, sums of the ionisation energies of valence electrons (NIST)
    "H": -13.6, "C": -148.0, "N": -266.9, "O": -433.1, "F": -658.9, "Si": -103.1, "P": -176.7,
    "S": -276.7, "Cl": -409.1,
}  # fmt: skip
_TIGHT_BINDING = {  # eV, free atoms by GFN2-xTB (tblite 0.8); GFN1-xTB differs by a few percent
    "H": -10.7, "He": -47.4, "Li": -4.9, "Be": -15.5, "B": -25.9, "C": -48.8, "N": -71.0,
    "O": -102.6, "F": -125.7, "Ne": -161.4, "Na": -4.5, "Mg": -12.7, "Al": -24.6, "Si": -42.8,
    "P": -64.7, "S": -85.7, "Cl": -122.0, "Ar": -116.4, "K": -4.5, "Ca": -10.1, "Ti": -37.2,
    "Fe": -80.2, "Ni": -127.0, "Cu": -102.0, "Zn": -14.4, "Br": -110.2, "I": -102.8, "Au": -103.5,
}  # fmt: skip
#: Name, spread of the logarithm, weight: how likely a set has totals of this kind.
_KINDS = (
    ("all electrons", 0.008, 0.35),
    ("valence electrons", 0.06, 0.15),
    ("tight binding", 0.06, 0.15),
)
_COHESIVE = (1e-3, 12.0, 0.25)  # eV per atom: energies of binding, or references subtracted
_ANYTHING = (1e-5, 1e5, 0.1)


def total_energy_evidence(unit: str, totals: Sequence[tuple[np.ndarray, float]]) -> float:
    """How well totals fit to any kind of program, if they are in this unit.

    Args:
        unit: of the energies.
        totals: atomic numbers and a typical energy, as it stands, of each composition.

    Returns:
        Logarithm of a density per natural logarithm of the energy, 0 if there are no totals.

    Example:
        >>> water = [(np.array([8, 1, 1]), -76.33)]
        >>> total_energy_evidence("Hartree", water) > total_energy_evidence("eV", water) + 5
        True
    """
    totals = [(numbers, energy) for numbers, energy in totals if energy != 0]
    if not totals:
        return 0.0
    sizes = np.array([len(numbers) for numbers, _ in totals])
    factors = [1.0] * len(totals)
    if unit != "eV":
        factors = [fault_factor(f"energy: {unit}", int(n)) for n in sizes]
    energies = np.array([e for _, e in totals]) / np.array(factors)  # eV, if the unit is right
    logs = [
        np.log(weight) + _near(energies, [_expected(kind, numbers) for numbers, _ in totals], width)
        for kind, width, weight in _KINDS
    ]
    for low, high, weight in (_COHESIVE, _ANYTHING):
        inside = (np.abs(energies / sizes) > low) & (np.abs(energies / sizes) < high)
        flat = -np.log(np.log(high / low))
        logs.append(np.log(weight) + (flat if inside.all() else -30.0))
    return float(logsumexp(logs))


def of_known_program(totals: Sequence[tuple[np.ndarray, float]]) -> bool:
    """Whether totals in eV are those of a program that counts electrons, within its spread.

    Energies of binding, or with references subtracted, may be of any size: they name no unit.

    Example:
        >>> of_known_program([(np.array([8, 1, 1]), -2077.0)])  # PBE
        True
        >>> of_known_program([(np.array([8, 1, 1]), -10.1)])  # atoms subtracted
        False
    """
    given = [(numbers, energy) for numbers, energy in totals if energy != 0]
    energies = np.array([energy for _, energy in given])
    for kind, spread, _ in _KINDS:
        expected = np.array([_expected(kind, numbers) for numbers, _ in given])
        away = np.abs(energies / expected - 1)  # NaN where it is not tabulated
        if given and (away < 3 * spread).all():
            return True
    return False


def _near(energies: np.ndarray, expected: list[float], width: float) -> float:
    """Logarithmic density of energies around what a kind of program gives."""
    expected = np.array(expected)
    if np.isnan(expected).any() or (energies >= 0).any():
        return -np.inf
    away = np.log(energies / expected) / width
    worst = np.abs(away).max()  # the deviations of one program go together
    return float(-0.5 * worst**2 - np.log(width * np.sqrt(2 * np.pi)))


def _expected(kind: str, numbers: np.ndarray) -> float:
    """Total energy in eV as this kind of program counts; NaN where it is not tabulated."""
    if kind == "all electrons":
        return all_electron_energy(numbers) + _BINDING * len(numbers)
    table = _VALENCE if kind == "valence electrons" else _TIGHT_BINDING
    return sum(table.get(chemical_symbols[z], np.nan) + _BINDING for z in numbers)
