"""Bonds of a molecule against those at the start: which one broke or formed, and how long it is."""

import numpy as np
from ase import Atoms
from ase.data import covalent_radii

BONDED = 1.3  # a bond at the start is shorter than this, in units of the summed covalent radii
BROKEN = 1.6  # and has broken when it is longer than this: C-H 1.71 Å, beyond any vibration
FORMED = 1.15  # a new bond is shorter than this: O-H 1.12 Å, well inside every hydrogen bond

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]


class BondWatch:
    """Compare the bonds with those of the start; between the two limits nothing is said.

    Args:
        atoms: the start; positions in Å.
        may_react: atoms whose bonds may break and form, by index, such as a proton that hops.

    Raises:
        ValueError: if ``may_react`` names an atom that is not there.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
        >>> watch = BondWatch(water)
        >>> water.positions[1] = [1.7, 0, 0]
        >>> watch.look(water)
        ('the bond O0-H1 broke: it is 1.70 Å long (limit 1.55 Å; 0.96 Å at the start)', (0, 1))
        >>> BondWatch(water, may_react=[1]).look(water) is None
        True
    """

    def __init__(self, atoms: Atoms, may_react: tuple[int, ...] = ()) -> None:
        lost = [index for index in may_react if not 0 <= index < len(atoms)]
        if lost:
            raise ValueError(
                f"may_react must name atoms from 0 to {len(atoms) - 1}, by index; got {lost}"
            )
        self.may_react = np.array(sorted(may_react), dtype=int)
        self.radii = covalent_radii[atoms.numbers]
        lengths = _distances(atoms)
        self.allowed = self.radii[:, None] + self.radii  # (n_atoms, n_atoms), in Å
        bonded = np.triu(lengths < BONDED * self.allowed, k=1)
        self.bonds = np.argwhere(bonded)  # (n_bonds, 2)
        self.start = lengths
        self._watched = np.ones((len(atoms), len(atoms)), dtype=bool)
        self._watched[self.may_react] = self._watched[:, self.may_react] = False

    def look(self, atoms: Atoms) -> tuple[str, tuple[int, int]] | None:
        """Return what happened to which two atoms, or None while all bonds are the old ones."""
        lengths = _distances(atoms)
        was_bonded = np.zeros_like(self._watched)
        was_bonded[tuple(self.bonds.T)] = True
        broken = was_bonded & self._watched & (lengths > BROKEN * self.allowed)
        formed = np.triu(~was_bonded & self._watched, k=1) & (lengths < FORMED * self.allowed)
        for change, limit, what in ((broken, BROKEN, "broke"), (formed, FORMED, "formed")):
            if change.any():
                i, j = map(int, max(np.argwhere(change), key=lambda ij: lengths[tuple(ij)]))
                said = (
                    f"the bond {atoms.symbols[i]}{i}-{atoms.symbols[j]}{j} {what}: it is "
                    f"{lengths[i, j]:.2f} Å long (limit {limit * self.allowed[i, j]:.2f} Å; "
                    f"{self.start[i, j]:.2f} Å at the start)"
                )
                return said, (i, j)
        return None


def _distances(atoms: Atoms) -> np.ndarray:
    """All distances in Å, the nearest image, shape (n_atoms, n_atoms)."""
    return atoms.get_all_distances(mic=bool(atoms.pbc.any()))
