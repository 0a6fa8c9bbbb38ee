"""Quality control: which labelled frames may be learned from, and why the others may not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from ase import Atoms
from ase.data import chemical_symbols, covalent_radii
from ase.neighborlist import neighbor_list
from scipy.spatial import cKDTree

from mlp_course.data.quality import as_frames, label_problem

_FEWEST = 8  # frames of one composition that are needed to call one of them an outlier
_NORMAL = 1.4826  # median absolute deviation of a normal variable to its standard deviation


@dataclass(frozen=True)
class QualityLimits:
    """From where on a frame is rejected.

    Attributes:
        net_force: length of the sum of all forces over the number of atoms, in eV/Å. Zero in an
            exact calculation; not when a grid is too coarse or a constraint was left in.
        torque: the same of the torque about the centre, in eV; of molecules only.
        largest_force: length of the force on one atom, in eV/Å.
        distance: shortest distance of two atoms over the sum of their covalent radii.
        energy: distance of an energy from the median of its composition, in robust standard
            deviations (1.4826 times the median absolute deviation).
        duplicate: largest move of an atom, in Å, below which two frames are the same.
    """

    net_force: float = 0.005
    torque: float = 0.02
    largest_force: float = 50.0
    distance: float = 0.5
    energy: float = 10.0
    duplicate: float = 1e-3

    def __post_init__(self):
        for entry in fields(self):
            if not getattr(self, entry.name) > 0:
                raise ValueError(f"{entry.name} must be positive; got {getattr(self, entry.name)}")


@dataclass(frozen=True, eq=False)
class QualityReport:
    """What a set of frames is worth.

    Attributes:
        kept: frames that no check objects to, in their order.
        findings: one row for each objection: frame (its place in the set), check, value, limit,
            unit, what (in words). A frame may have several.
    """

    kept: list[Atoms]
    findings: pd.DataFrame

    @property
    def rejected(self) -> list[int]:
        """Places of the frames that are not kept."""
        return sorted(set(self.findings["frame"]))

    def __repr__(self) -> str:
        counts = self.findings.groupby("check")["frame"].nunique()
        reasons = ", ".join(f"{check} {n}" for check, n in counts.items()) or "nothing found"
        return f"{len(self.kept)} frames kept, {len(self.rejected)} rejected: {reasons}"


def quality_control(
    frames: Iterable[Atoms], *, limits: QualityLimits | None = None
) -> QualityReport:
    """Check labelled frames one by one and against each other; nothing is dropped in silence.

    | check | what it finds |
    | --- | --- |
    | label | no energy, no forces, not finite, moved since it was labelled |
    | method | labels of another level of theory than most (``info["label_method"]``) |
    | net force, torque | coarse grids, constraints left in, forces of another orientation |
    | largest force, distance | atoms in each other |
    | energy | an SCF that converged to something else, another spin, a wrong unit |
    | duplicate | the same configuration twice, which makes a test easier than it is |

    Args:
        frames: labelled configurations, energies in eV, forces in eV/Å.
        limits: default: :class:`QualityLimits`.

    Returns:
        The frames that pass and a table of findings.

    Raises:
        TypeError: if one is no ``Atoms``.
        ValueError: if there are no frames.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frames = load_embedded("ethanol/500K")[:20]
        >>> quality_control([*frames, frames[3]])  # one of them twice
        20 frames kept, 1 rejected: duplicate 1
    """
    frames = as_frames(frames)
    limits = limits or QualityLimits()
    findings = [
        finding
        for number, atoms in enumerate(frames)
        for finding in _of_one_frame(number, atoms, limits)
    ]
    unusable = {finding["frame"] for finding in findings if finding["check"] == "label"}
    usable = [number for number in range(len(frames)) if number not in unusable]
    findings += _other_methods(frames, usable)
    strange = {finding["frame"] for finding in findings}
    for same in _groups(frames, usable).values():
        findings += _energy_outliers([n for n in same if n not in strange], frames, limits)
        findings += _duplicates(same, frames, limits)
    columns = ["frame", "check", "value", "limit", "unit", "what"]
    table = pd.DataFrame(findings, columns=columns).sort_values("frame", ignore_index=True)
    bad = set(table["frame"])
    return QualityReport([a for n, a in enumerate(frames) if n not in bad], table)


def _of_one_frame(number: int, atoms: Atoms, limits: QualityLimits) -> Iterator[dict]:
    """What can be said without knowing the others."""
    problem = label_problem(atoms)
    if problem:
        yield _finding(number, "label", what=problem)
        return
    forces = atoms.get_forces()
    net = np.linalg.norm(forces.sum(axis=0)) / len(atoms)
    if net > limits.net_force:
        what = "the forces do not add up to zero"
        yield _finding(number, "net force", net, limits.net_force, "eV/Å", what)
    if not atoms.pbc.any():
        arms = atoms.positions - atoms.positions.mean(axis=0)
        torque = np.linalg.norm(np.cross(arms, forces).sum(axis=0)) / len(atoms)
        if torque > limits.torque:
            what = "the forces turn the molecule: do they belong to another orientation of it?"
            yield _finding(number, "torque", torque, limits.torque, "eV", what)
    lengths = np.linalg.norm(forces, axis=1)
    if lengths.max() > limits.largest_force:
        what = f"the force on atom {lengths.argmax()} is that of atoms pushed into each other"
        yield _finding(number, "largest force", lengths.max(), limits.largest_force, "eV/Å", what)
    yield from _too_close(number, atoms, limits)


def _too_close(number: int, atoms: Atoms, limits: QualityLimits) -> Iterator[dict]:
    """Two atoms nearer than a part of the sum of their covalent radii."""
    radii = covalent_radii[atoms.numbers]
    i, j, d = neighbor_list("ijd", atoms, list(limits.distance * radii))
    if len(d):
        worst = int(np.argmin(d / (radii[i] + radii[j])))
        pair = [f"{chemical_symbols[atoms.numbers[n]]}{n}" for n in (i[worst], j[worst])]
        limit = limits.distance * (radii[i[worst]] + radii[j[worst]])
        yield _finding(
            number, "distance", d[worst], limit, "Å", f"{pair[0]} and {pair[1]} lie in each other"
        )


def _other_methods(frames: Sequence[Atoms], usable: Sequence[int]) -> Iterator[dict]:
    """Frames whose level of theory is not that of most."""
    methods = pd.Series({n: frames[n].info.get("label_method") for n in usable}, dtype=object)
    known = methods.dropna()
    if known.nunique() > 1:
        usual = known.value_counts().idxmax()
        for number, method in known[known != usual].items():
            what = f"labelled by {method}, most of the set by {usual}"
            yield _finding(number, "method", what=what)


def _groups(frames: Sequence[Atoms], usable: Sequence[int]) -> dict[bytes, list[int]]:
    """Places of frames with the same atoms in the same order."""
    groups: dict[bytes, list[int]] = {}
    for number in usable:
        groups.setdefault(frames[number].numbers.tobytes(), []).append(number)
    return groups


def _energy_outliers(
    same: Sequence[int], frames: Sequence[Atoms], limits: QualityLimits
) -> Iterator[dict]:
    """Energies far from those of the same atoms elsewhere."""
    if len(same) < _FEWEST:
        return
    energies = np.array([frames[n].get_potential_energy() for n in same])
    away = energies - np.median(energies)
    spread = _NORMAL * np.median(np.abs(away))
    for number, distance in zip(same, away, strict=True):
        if abs(distance) > limits.energy * spread:
            what = f"the energy lies {distance:+.3g} eV from the median of this composition"
            limit = limits.energy * spread
            yield _finding(number, "energy", abs(distance), limit, "eV", what)


def _duplicates(
    same: Sequence[int], frames: Sequence[Atoms], limits: QualityLimits
) -> Iterator[dict]:
    """Frames that were there before."""
    places = np.array([np.r_[frames[n].positions, frames[n].cell.array].ravel() for n in same])
    pairs = cKDTree(places).query_pairs(limits.duplicate, p=np.inf)
    first: dict[int, int] = {}
    for one, other in sorted(pairs):
        first.setdefault(other, one)
    for other, one in first.items():
        moved = np.abs(places[other] - places[one]).max()
        what = f"the same configuration as frame {same[one]}"
        yield _finding(same[other], "duplicate", moved, limits.duplicate, "Å", what)


def _finding(
    frame: int,
    check: str,
    value: float = np.nan,
    limit: float = np.nan,
    unit: str = "",
    what: str = "",
) -> dict:
    return {
        "frame": frame, "check": check, "value": float(value), "limit": float(limit), "unit": unit,
        "what": what,
    }  # fmt: skip
