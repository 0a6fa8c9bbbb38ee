"""Alarms: stop a run when the atoms do what atoms do not do."""

from dataclasses import dataclass

import numpy as np
from ase import Atoms
from ase.data import covalent_radii
from ase.neighborlist import neighbor_list
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import pdist, squareform

from mlp_course.simulation.bonds import BondWatch

DENSE_UP_TO = 500  # atoms; below, all distances at once are faster than a neighbour list
COLLAPSE_REACH = 4.0  # Å; how far to look for collapsing pairs when nothing else limits it


@dataclass(frozen=True)
class AlarmLimits:
    """When a run is stopped.

    Attributes:
        separation: two atoms farther apart than this are not linked, in Å. The alarm rings when
            the atoms fall into more unlinked pieces than at the start; ``float("inf")`` switches
            it off, for runs in which molecules may come off.
        shortest: smallest distance allowed, as a fraction of the sum of the covalent radii,
            dimensionless. A C-H bond (1.09 Å) may not become shorter than 0.54 Å.
        temperature: highest temperature allowed, in K. None means ten times the start or target
            temperature, and at least 5000 K.
        drift: largest slope of the conserved quantity, in meV/atom/ps; None does not look. Judged
            from 2 ps on, see `found_drift`. A Langevin or NPT run warns that it cannot be judged.
        uncertainty: largest uncertainty allowed, in eV/Å; needs the run's ``uncertainty=``.
        keep_bonds: for molecules: ring when a bond of the start breaks or a new one forms.
        may_react: atoms, by index, whose bonds may change all the same (a proton that hops).

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> limits = AlarmLimits(shortest=1.5)  # 1.5 × (0.31 + 0.31) Å
        >>> Watch(h2, limits, temperature=300).start_alarm.reason
        'atoms H0, H1 came within 0.74 Å (limit 0.93 Å)'
    """

    separation: float = 4.0
    shortest: float = 0.5
    temperature: float | None = None
    drift: float | None = None
    uncertainty: float | None = None
    keep_bonds: bool = False
    may_react: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name, unit in (("separation", "in Å"), ("shortest", "dimensionless")):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, {unit}; got {getattr(self, name)}")
        units = {"temperature": "in K", "drift": "in meV/atom/ps", "uncertainty": "in eV/Å"}
        for name, unit in units.items():
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be positive, {unit}; got {value}")
        if self.may_react and not self.keep_bonds:
            raise ValueError("may_react needs keep_bonds=True: otherwise every bond may change")


@dataclass(frozen=True)
class Alarm:
    """What is wrong, and with which atoms."""

    reason: str
    atoms: tuple[int, ...] = ()
    kind: str = "exploding"


class Watch:
    """Looks at the geometry and compares it with the start."""

    def __init__(self, atoms: Atoms, limits: AlarmLimits, temperature: float) -> None:
        self.limits = limits
        self.highest = limits.temperature or max(10 * temperature, 5000.0)
        self.n_pieces = 0  # unknown until the first look
        self.shortest_distance = np.inf
        self.bonds: BondWatch | None = None
        self.start_alarm = self.look(atoms)
        if limits.keep_bonds and self.start_alarm is None:
            self.bonds = BondWatch(atoms, limits.may_react)
        self.n_pieces = len(self._pieces(len(atoms))) if self.start_alarm is None else 0

    def look(self, atoms: Atoms) -> Alarm | None:
        """Inspect the positions; sets ``shortest_distance`` (Å; inf when no pair is close)."""
        if not np.isfinite(atoms.positions).all():
            bad = tuple(np.flatnonzero(~np.isfinite(atoms.positions).all(axis=1)).tolist())
            self.shortest_distance = np.nan
            return Alarm(f"the positions of {_names(atoms, bad)} are not numbers (NaN)", bad)
        reach = self.limits.separation if np.isfinite(self.limits.separation) else COLLAPSE_REACH
        self.pairs = _close_pairs(atoms, reach)
        self.shortest_distance = float(self.pairs[2].min(initial=np.inf))
        return self._collapse(atoms) or self._changed_bond(atoms) or self._departure(atoms)

    def check_numbers(self, row: dict[str, float]) -> Alarm | None:
        """Inspect energies and temperature of a log row."""
        if not np.isfinite(row["total_energy"]):
            return Alarm(f"the energy is not a number ({row['total_energy']} eV)")
        if row["temperature"] > self.highest:
            reached = f"the temperature reached {row['temperature']:.0f} K"
            return Alarm(f"{reached} (limit {self.highest:.0f} K)")
        limit, found = self.limits.uncertainty, row.get("uncertainty")
        if limit is not None and not found <= limit:  # NaN counts as uncertain
            said = f"the uncertainty reached {found:.3g} eV/Å (limit {limit:g} eV/Å)"
            return Alarm(said, kind="uncertainty")
        return None

    def _collapse(self, atoms: Atoms) -> Alarm | None:
        """Find the pair that is closest in units of its covalent radii."""
        idx_i, idx_j, d_ij = self.pairs
        if not len(d_ij):
            return None
        radii = covalent_radii[atoms.numbers]
        allowed = self.limits.shortest * (radii[idx_i] + radii[idx_j])
        worst = int(np.argmin(d_ij / allowed))
        if d_ij[worst] >= allowed[worst]:
            return None
        pair = (int(idx_i[worst]), int(idx_j[worst]))
        return Alarm(
            f"{_names(atoms, pair)} came within {d_ij[worst]:.2f} Å (limit {allowed[worst]:.2f} Å)",
            pair,
        )

    def _changed_bond(self, atoms: Atoms) -> Alarm | None:
        """Compare the bonds with those of the start, if that is wanted."""
        change = self.bonds.look(atoms) if self.bonds is not None else None
        return Alarm(*change, kind="bonds") if change is not None else None

    def _departure(self, atoms: Atoms) -> Alarm | None:
        """Find the smallest piece, if there are more pieces than at the start."""
        if np.isinf(self.limits.separation) or not self.n_pieces:
            return None
        pieces = self._pieces(len(atoms))
        if len(pieces) <= self.n_pieces:
            return None
        lost = min(pieces, key=len)
        return Alarm(
            f"{_names(atoms, lost)} left: no other atom within {self.limits.separation:g} Å", lost
        )

    def _pieces(self, n_atoms: int) -> list[tuple[int, ...]]:
        """Group the atoms that are linked, directly or through others."""
        idx_i, idx_j, _ = self.pairs
        links = coo_array((np.ones(len(idx_i)), (idx_i, idx_j)), shape=(n_atoms, n_atoms))
        n_pieces, label = connected_components(links, directed=False)
        return [tuple(np.flatnonzero(label == number).tolist()) for number in range(n_pieces)]


def _close_pairs(atoms: Atoms, cutoff: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs i < j (with images: all pairs) closer than the cutoff, and their distances in Å."""
    if atoms.pbc.any() or len(atoms) > DENSE_UP_TO:
        return neighbor_list("ijd", atoms, cutoff)
    distances = squareform(pdist(atoms.positions))
    idx_i, idx_j = np.nonzero(np.triu(distances < cutoff, k=1))
    return idx_i, idx_j, distances[idx_i, idx_j]


def _names(atoms: Atoms, indices: tuple[int, ...]) -> str:
    """Write atoms as 'C0, H3', at most six of them."""
    shown = ", ".join(f"{atoms.symbols[index]}{index}" for index in indices[:6])
    more = f" and {len(indices) - 6} more" if len(indices) > 6 else ""
    return ("atom " if len(indices) == 1 else "atoms ") + shown + more
