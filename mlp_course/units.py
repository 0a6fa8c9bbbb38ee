r"""Units: one function that converts, and refuses what cannot be converted.

The course works in eV, Å, eV/Å, eV/Å³ and fs. Data files and other codes do not; `convert` is the
only door between them. Constants: CODATA 2018, through ASE's `create_units` (ASE itself still
starts with CODATA 2014; for the Hartree the two differ in the eighth digit). e, h, k_B and N_A are
exact since 2019, so only the Hartree and the bohr are measured values.

A unit is a name ("eV", "Å", "fs"), or names joined by "/", "*" and powers: "kcal/mol/Å",
"kcal/(mol·Å)", "Hartree/Bohr", "eV/Å³", "meV/atom/ps", "cm^-1".
"""

import difflib
import re
import unicodedata
from typing import Any

import numpy as np
from ase.units import create_units

__all__ = ["CODATA_YEAR", "convert", "known_units"]

CODATA_YEAR = 2018

Dimension = tuple[int, int, int, int, int]  # powers of: energy, length, time, amount, atom

_CODATA = create_units(str(CODATA_YEAR))
_QUANTITIES = ("energy", "length", "time", "amount", "atom")
_ENERGY: Dimension = (1, 0, 0, 0, 0)
_LENGTH: Dimension = (0, 1, 0, 0, 0)
_TIME: Dimension = (0, 0, 1, 0, 0)
_AMOUNT: Dimension = (0, 0, 0, 1, 0)
_ATOM: Dimension = (0, 0, 0, 0, 1)
_MOLAR: Dimension = (1, 0, 0, 1, 0)  # kcal alone: an energy only once it is divided by mol
_STRESS: Dimension = (1, -3, 0, 0, 0)
_DIMENSION_NAMES: dict[Dimension, str] = {
    (1, 0, 0, 0, -1): "energy per atom",
    (1, -1, 0, 0, 0): "force (energy/length)",
    (1, -2, 0, 0, 0): "force constant (energy/length^2)",
    _STRESS: "stress (energy/length^3)",
    (0, 1, -1, 0, 0): "velocity (length/time)",
    _MOLAR: "energy of a macroscopic amount (did you forget '/mol'?)",
}


def _table() -> dict[str, tuple[float, Dimension]]:
    """Value of each named unit in eV, Å, fs, mol and atoms, with its dimension."""
    ev, femtosecond, mol = 1.0, _CODATA["fs"], _CODATA["mol"]
    inverse_cm = _CODATA["invcm"]
    return {
        "eV": (ev, _ENERGY),
        "meV": (1e-3 * ev, _ENERGY),
        "Hartree": (_CODATA["Hartree"], _ENERGY),
        "mHartree": (1e-3 * _CODATA["Hartree"], _ENERGY),
        "Rydberg": (_CODATA["Rydberg"], _ENERGY),
        "K": (_CODATA["kB"], _ENERGY),  # k_B T
        "cm^-1": (inverse_cm, _ENERGY),  # h c / wavelength
        "THz": (1e12 * _CODATA["_hplanck"] / _CODATA["_e"], _ENERGY),  # h times frequency
        "kcal": (_CODATA["kcal"] / mol, _MOLAR),  # 1 kcal = 4.184 kJ, thermochemical
        "kJ": (_CODATA["kJ"] / mol, _MOLAR),
        "mol": (1.0, _AMOUNT),
        "atom": (1.0, _ATOM),
        "Å": (1.0, _LENGTH),
        "Bohr": (_CODATA["Bohr"], _LENGTH),
        "nm": (10.0, _LENGTH),
        "pm": (0.01, _LENGTH),
        "cm": (1e8, _LENGTH),
        "m": (1e10, _LENGTH),
        "fs": (1.0, _TIME),
        "ps": (1e3, _TIME),
        "ns": (1e6, _TIME),
        "μs": (1e9, _TIME),
        "s": (1e15, _TIME),
        "au_time": (_CODATA["_aut"] * _CODATA["s"] / femtosecond, _TIME),  # ħ/Hartree
        "Pa": (_CODATA["Pascal"], _STRESS),
        "MPa": (1e6 * _CODATA["Pascal"], _STRESS),
        "GPa": (_CODATA["GPa"], _STRESS),
        "bar": (_CODATA["bar"], _STRESS),
        "kbar": (1e3 * _CODATA["bar"], _STRESS),
    }


_UNITS = _table()
_ALIASES = {
    **dict.fromkeys(["A", "Ang", "ang", "Angstrom", "angstrom", "Ångström"], "Å"),
    **dict.fromkeys(["hartree", "Ha", "Eh", "E_h"], "Hartree"),
    **dict.fromkeys(["rydberg", "Ry"], "Rydberg"),
    **dict.fromkeys(["bohr"], "Bohr"),
    **dict.fromkeys(["kelvin", "Kelvin"], "K"),
    **dict.fromkeys(["us", "mus"], "μs"),
    **dict.fromkeys(["atoms"], "atom"),
    **dict.fromkeys(["mHa", "mEh"], "mHartree"),
    **dict.fromkeys(["invcm", "wavenumber"], "cm^-1"),
}
_COMPOUNDS = {
    "energy": ["kcal/mol", "kJ/mol"],
    "energy per atom": ["eV/atom", "meV/atom"],
    "force (energy/length)": ["eV/Å", "meV/Å", "kcal/mol/Å", "Hartree/Bohr"],
    "stress (energy/length^3)": ["eV/Å^3", "Hartree/Bohr^3"],
    "velocity (length/time)": ["Å/fs", "Å/ps"],
}


def known_units() -> dict[str, list[str]]:
    """List the units that `convert` knows, by what they measure.

    Names combine with "/", "*" and powers, so the compounds given here are only the usual ones.

    Returns:
        Names of units for each quantity.

    Example:
        >>> known_units()["time"]
        ['fs', 'ps', 'ns', 'μs', 's', 'au_time']
    """
    groups: dict[str, list[str]] = {}
    for name, (_, dimension) in _UNITS.items():
        if dimension not in (_MOLAR, _AMOUNT, _ATOM):
            groups.setdefault(_dimension_name(dimension), []).append(name)
    for quantity, names in _COMPOUNDS.items():
        groups[quantity] = [*groups.get(quantity, []), *names]
    return groups


def convert(value: Any, from_unit: str, to_unit: str) -> Any:
    """Express a quantity in another unit of the same dimension.

    Temperatures (K), wavenumbers (cm^-1) and frequencies (THz) count as energies, k_B T, h c ν̃
    and h ν.

    Args:
        value: number, sequence, array or tensor, in ``from_unit``. It is not changed.
        from_unit: unit of ``value``, such as "kcal/mol/Å". Case matters: "meV" is not "MeV".
        to_unit: unit wanted.

    Returns:
        The same quantity in ``to_unit``: a number for a number, an array for a sequence or an
        array (of the same shape and precision).

    Raises:
        TypeError: if ``value`` is not numeric or a unit is not text.
        ValueError: if a unit is unknown, or the two units measure different things.

    Source:
        CODATA 2018: E. Tiesinga et al., Rev. Mod. Phys. 93, 025010 (2021). The kilocalorie is the
        thermochemical one, exactly 4.184 kJ.

    Example:
        >>> convert(1.0, "kcal/mol", "kJ/mol")
        4.184
        >>> convert([1.0, 2.0], "eV/Å", "meV/Å")
        array([1000., 2000.])
        >>> round(convert(300, "K", "meV"), 2)  # k_B T at room temperature
        25.85
        >>> convert(10, "kbar", "GPa")
        1.0
        >>> convert(1.0, "eV", "eV/Å")
        Traceback (most recent call last):
        ValueError: cannot convert 'eV' to 'eV/Å': eV is an energy, eV/Å is a force (energy/length)
    """
    from_factor, from_dimension = _parse(from_unit)
    to_factor, to_dimension = _parse(to_unit)
    if from_dimension != to_dimension:
        measured, wanted = _dimension_name(from_dimension), _dimension_name(to_dimension)
        raise ValueError(
            f"cannot convert '{from_unit}' to '{to_unit}': {from_unit} is {_article(measured)}, "
            f"{to_unit} is {_article(wanted)}"
        )
    return _numeric(value) * _rounded(from_factor / to_factor)


def _rounded(factor: float) -> float:
    """Drop the last floating-point digit, so that 10 kbar are 1 GPa and not 0.9999999999999999."""
    return float(f"{factor:.15g}")


def _numeric(value: Any) -> Any:
    """Turn sequences into float arrays; leave numbers, arrays and tensors as they are."""
    if isinstance(value, str | bytes | bool) or value is None:
        raise TypeError(f"value must be a number or an array of numbers; got {value!r}")
    if isinstance(value, list | tuple):
        return np.asarray(value, dtype=float)
    return value


def _parse(unit: str) -> tuple[float, Dimension]:
    """Value of a (compound) unit in the course's units, and its dimension."""
    if not isinstance(unit, str):
        raise TypeError(f"unit must be text such as 'eV/Å'; got {unit!r}")
    factor, dimension = 1.0, np.zeros(len(_QUANTITIES), dtype=int)
    for sign, name, power in _terms(unit):
        value, powers = _UNITS[_known_name(name, unit)]
        factor *= value ** (sign * power)
        dimension += sign * power * np.array(powers)
    return factor, tuple(dimension.tolist())


def _terms(unit: str) -> list[tuple[int, str, int]]:
    """Split 'kcal/(mol·Å²)' into [(1, 'kcal', 1), (-1, 'mol', 1), (-1, 'Å', 2)]."""
    text = unicodedata.normalize("NFKC", unit).replace("\u2212", "-").replace("µ", "μ").strip()
    text = re.sub(r"1\s*/\s*cm\b|\bcm\s*(\^|\*\*)?\s*-1", "invcm", text)
    text = re.sub(r"\*\*", "^", text)
    text = re.sub(r"\s*[·⋅*]\s*|(?<=[\w)])\s+(?=\w)", "*", text)
    text = re.sub(r"/\s*\(([^()]*)\)", lambda found: "/" + found[1].replace("*", "/"), text)
    terms = []
    for operator, factor in re.findall(r"(^|[*/])([^*/]*)", text):
        found = re.fullmatch(r"\s*([^\W\d]+)(?:\^?(-?\d+))?\s*", factor)
        if found is None:
            raise ValueError(_unknown(factor.strip(), unit))
        terms.append((-1 if operator == "/" else 1, found[1], int(found[2] or 1)))
    return terms


def _known_name(name: str, unit: str) -> str:
    """Resolve spellings of one unit to its first name."""
    name = _ALIASES.get(name, name)
    if name not in _UNITS:
        raise ValueError(_unknown(name, unit))
    return name


def _unknown(name: str, unit: str) -> str:
    """Say what is not understood, what may have been meant and what there is."""
    spellings = {known.lower(): known for known in [*_ALIASES, *_UNITS]}
    close = difflib.get_close_matches(name.lower(), spellings, n=2, cutoff=0.6)
    hint = f" Did you mean {' or '.join(repr(spellings[word]) for word in close)}?" if close else ""
    known = "; ".join(f"{what}: {', '.join(names)}" for what, names in known_units().items())
    return f"unknown unit {name!r} in {unit!r}.{hint} Known units: {known}"


def _dimension_name(dimension: Dimension) -> str:
    """Name a dimension in words, or write it as a product of powers."""
    if dimension in _DIMENSION_NAMES:
        return _DIMENSION_NAMES[dimension]
    words = [
        f"{quantity}^{power}" if power != 1 else quantity
        for quantity, power in zip(_QUANTITIES, dimension, strict=True)
        if power
    ]
    return "*".join(words) or "pure number"


def _article(noun: str) -> str:
    """Put the indefinite article in front of a noun."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
