"""Traits: what is measured on a set of frames before anything is concluded about its units."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from ase import Atoms

from mlp_course.data.unit_checks.evidence import Stack, nearest_ratio, stack_frames
from mlp_course.data.unit_checks.faults import LENGTH_UNITS, fault_factor
from mlp_course.data.unit_checks.stiffness import stretched_bonds
from mlp_course.data.unit_checks.work import Ratio, work_ratio

_MOST_STACKS = 4  # of which work and stiffness are measured: those with most frames
_MOST_FRAMES = 200


@dataclasses.dataclass(frozen=True, eq=False)
class Traits:
    """Measurements on a set, all in the numbers of its files.

    Attributes:
        distance: nearest distance over the sum of covalent radii; NaN without bonds to look at.
        work: energy difference over work, for each of the largest compositions.
        n_atoms: of these compositions.
        crystal: whether they are periodic.
        stiffness: for each unit of positions the stiffness over the expected one, and how sure it
            is as a logarithm of odds; empty where nothing is stretched.
        totals: atomic numbers and median energy of up to five compositions.
    """

    distance: float
    work: list[Ratio]
    n_atoms: list[int]
    crystal: list[bool]
    stiffness: dict[str, tuple[float, float]]
    totals: list[tuple[np.ndarray, float]]


def measure_traits(frames: Sequence[Atoms]) -> Traits:
    """Measure everything that units leave a mark on.

    Args:
        frames: labelled frames with finite numbers.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> traits = measure_traits(load_embedded("ethanol/500K")[:30])
        >>> 0.9 < traits.distance < 1.1
        True
    """
    stacks = sorted(stack_frames(frames), key=len, reverse=True)
    large = [stack.some(_MOST_FRAMES) for stack in stacks[:_MOST_STACKS]]
    return Traits(
        distance=_distance(stacks),
        work=[work_ratio(stack) for stack in large],
        n_atoms=[len(stack.numbers) for stack in large],
        crystal=[bool(stack.pbc.any()) for stack in large],
        stiffness=_stiffness(large),
        totals=[(stack.numbers, float(np.median(stack.energies))) for stack in stacks[:5]],
    )


def _distance(stacks: Sequence[Stack]) -> float:
    """Typical nearest distance; NaN for noble gases, lone atoms and what is far apart."""
    found = [nearest_ratio(stack.some(50)) for stack in stacks[:50] if not stack.has_no_bonds()]
    ratios = np.concatenate([*found, [np.nan]])
    ratios = ratios[np.isfinite(ratios)]
    median = float(np.median(ratios)) if len(ratios) else float("nan")
    return median if 0.05 < median < 2.7 else float("nan")


def _stiffness(stacks: Sequence[Stack]) -> dict[str, tuple[float, float]]:
    """Stiffness over the expected one, over all compositions, for each unit of positions."""
    pairs: dict[str, list] = {unit: [] for unit in LENGTH_UNITS}
    alone = True
    for stack in stacks:
        bonds = stretched_bonds(stack)
        if bonds is None or (bonds.stretch**2).mean() < (5e-4 * bonds.lengths.mean()) ** 2:
            continue
        alone &= len(stack) < 3
        for unit in LENGTH_UNITS:
            factor = 1.0 if unit == "Å" else 1 / fault_factor(f"positions: {unit}")
            pairs[unit].append([x.ravel() for x in bonds.in_expected_units(factor)])
    found = {}
    for unit, parts in pairs.items():
        if parts:
            expected, pulled = (np.concatenate(x) for x in zip(*parts, strict=True))
            found[unit] = _ratio(expected, pulled, alone)
    return {unit: value for unit, value in found.items() if value[1] > 2.0}


def _ratio(expected: np.ndarray, pulled: np.ndarray, alone: bool) -> tuple[float, float]:
    """Slope of found against expected restoring forces, and how sure it is."""
    cross, own = float(expected @ pulled), float(expected @ expected)
    size = float(pulled @ pulled)
    if own == 0 or size == 0 or cross == 0:
        return float("nan"), 0.0
    alike = cross**2 / (own * size)
    if alike < (0.4 if alone else 0.25):
        return float("nan"), 0.0
    n = min(len(expected), 60) / (2 if alone else 1)
    return cross / own, float(0.25 * max(n - 2, 0) * alike / (1 - alike + 0.05))
