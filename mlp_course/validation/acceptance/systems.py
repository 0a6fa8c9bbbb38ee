"""Which system do frames show? It decides which properties can be asked for."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.neighborlist import natural_cutoffs, neighbor_list

SYSTEMS = ("ethanol", "malonaldehyde", "copper", "unknown")
_STRETCH = 1.3  # of the sum of covalent radii; a C-C bond at 1000 K stays below, 1.98 Å


def recognise(frames: Sequence[Atoms]) -> str:
    """Name the system that frames show, by its elements and bonds, not by the order of atoms.

    Malonaldehyde is the enol with the hydrogen bond, on whichever oxygen the proton sits; its other
    tautomer propanedial (rMD17's "malonaldehyde") has no proton to transfer and is "unknown", as
    dimethyl ether is among the C2H6O.

    Args:
        frames: at least one.

    Returns:
        One of ``SYSTEMS``.

    Example:
        >>> from ase.build import bulk, molecule
        >>> [recognise([x]) for x in (bulk("Cu"), molecule("CH3CH2OH"), molecule("CH3OCH3"))]
        ['copper', 'ethanol', 'unknown']
    """
    if all((atoms.numbers == 29).all() for atoms in frames):
        return "copper"
    formulas = {atoms.get_chemical_formula() for atoms in frames}
    tests = {"C2H6O": ("ethanol", _is_ethanol), "C3H4O2": ("malonaldehyde", _is_enol)}
    if len(formulas) > 1 or not formulas <= set(tests):
        return "unknown"
    name, test = tests[formulas.pop()]
    few = frames[:: max(1, len(frames) // 20)]
    return name if np.mean([test(atoms) for atoms in few]) > 0.5 else "unknown"


def _is_ethanol(atoms: Atoms) -> bool:
    """C-C-O, not C-O-C."""
    return _bond_counts(atoms)[0] == {"CC": 1, "CO": 1}


def _is_enol(atoms: Atoms) -> bool:
    """O-C-C-C-O, and one hydrogen on the middle carbon; propanedial has two."""
    skeleton, neighbours = _bond_counts(atoms)
    middle = [found for found in neighbours if found["self"] == "C" and found["C"] == 2]
    return skeleton == {"CC": 2, "CO": 2} and len(middle) == 1 and middle[0]["H"] == 1


def _bond_counts(atoms: Atoms) -> tuple[dict[str, int], list[Counter]]:
    """Bonds between heavy atoms by kind, and of each atom its neighbours by element."""
    idx_i, idx_j = neighbor_list("ij", atoms, natural_cutoffs(atoms, mult=_STRETCH))
    symbols = atoms.symbols
    heavy = [
        "".join(sorted((symbols[i], symbols[j])))
        for i, j in zip(idx_i, idx_j, strict=True)
        if i < j and "H" not in (symbols[i], symbols[j])
    ]
    neighbours = []
    for atom, symbol in enumerate(symbols):
        found = Counter(symbols[j] for j in idx_j[idx_i == atom])
        neighbours.append(Counter(found) | Counter())
        neighbours[-1]["self"] = symbol
    return dict(Counter(heavy)), neighbours
