"""One frame against the others: labels in a unit of their own within a set that is in order."""

import numpy as np
from numpy.typing import NDArray

from mlp_course.data.unit_checks.evidence import Stack, all_electron_energy, nearest_image
from mlp_course.data.unit_checks.faults import ENERGY_UNITS, fault_factor
from mlp_course.data.unit_checks.stiffness import Stretches

_SAME = 1.0  # eV per atom: totals of one composition lie closer together
#: Too close to 1 to be seen in one frame: eV/Bohr. Too rare to be told from others: the rest.
_FORCE_FAULTS = (
    "forces: Hartree/Bohr", "forces: Rydberg/Bohr", "forces: kcal/mol/Å", "forces: kJ/mol/Å",
    "forces: meV/Å",
)  # fmt: skip


def no_names(n_frames: int) -> NDArray[np.str_]:
    """No fault for any frame."""
    return np.full(n_frames, "", dtype="U24")


def strange_energies(stack: Stack) -> NDArray[np.str_]:
    """Fault of each frame, by its total energy against those of the same atoms.

    Returns:
        Names of faults, shape (n_frames,); empty where nothing is strange.
    """
    names = no_names(len(stack))
    n_atoms = len(stack.numbers)
    usual = _usual_energy(stack)
    away = np.abs(stack.energies - usual) > _SAME * n_atoms
    if usual == 0 or not away.any():
        return names
    faults = [f"energy: {unit}" for unit in ENERGY_UNITS[1:]]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(stack.energies[away] / usual)  # NaN for the other sign
    factors = np.log([fault_factor(fault, n_atoms) for fault in faults])
    distance = np.abs(logs[:, None] - factors)
    best = np.nanargmin(np.where(np.isnan(distance), np.inf, distance), axis=1)
    close = distance[np.arange(len(best)), best] < 0.1
    names[np.flatnonzero(away)[close]] = np.array(faults)[best[close]]
    return names


def _usual_energy(stack: Stack) -> float:
    """Energy of frames that are in order: near the one of all electrons, or that of most."""
    expected = all_electron_energy(stack.numbers) - 4.0 * len(stack.numbers)
    near = np.abs(stack.energies / expected - 1) < 0.015
    chosen = stack.energies[near] if near.any() else stack.energies
    return float(np.sort(chosen)[(len(chosen) - 1) // 2])


def strange_works(stack: Stack) -> NDArray[np.str_]:
    r"""Fault of each frame of a crystal, by the work on the way to the mean positions.

    .. math:: E - E_0 = -\tfrac12 \sum \mathbf F \cdot \mathbf u

    This finds wrong energies where the totals are small, as with EMT or subtracted references.

    Returns:
        Names of faults, shape (n_frames,); empty where nothing is strange.
    """
    names = no_names(len(stack))
    same = np.abs(stack.cells - stack.cells[:1]).max(axis=(1, 2)) < 1e-6
    if not stack.pbc.any() or len(stack) < 8 or not same.all():
        return names
    moved = nearest_image(stack.positions - stack.positions[:1], stack.cells, stack.pbc)
    work = -0.5 * np.einsum("fax,fax->f", stack.forces, moved - np.median(moved, axis=0))
    usual, width = _densest(stack.energies - work)
    limit = max(8 * width, 0.25 * float(np.median(np.abs(work))))
    away = np.flatnonzero(np.abs(stack.energies - work - usual) > limit)
    faults = [f"energy: {unit}" for unit in ENERGY_UNITS[1:]]
    factors = np.array([fault_factor(fault, len(stack.numbers)) for fault in faults])
    left = np.abs(stack.energies[away, None] / factors - work[away, None] - usual)
    best = np.argmin(left, axis=1)
    fits = left[np.arange(len(away)), best] < 0.5 * limit
    names[away[fits]] = np.array(faults)[best[fits]]
    return names


def _densest(values: NDArray) -> tuple[float, float]:
    """Middle of the narrowest interval that holds 40 % of the values, and its half width."""
    ordered = np.sort(values)
    n = max(2, 2 * len(ordered) // 5)
    widths = ordered[n - 1 :] - ordered[: len(ordered) - n + 1]
    start = int(np.argmin(widths))
    return float(np.median(ordered[start : start + n])), float(widths[start]) / 2


def strange_forces(bonds: Stretches) -> NDArray[np.str_]:
    """Fault of each frame, by how strongly its stretched bonds pull.

    Frames at rest, in which no bond is stretched or stretched bonds do not pull, say nothing and
    are left alone; so is a set whose bonds are not as stiff as bonds are.

    Returns:
        Names of faults, shape (n_frames,); empty where nothing is strange.
    """
    size, alike = bonds.per_frame()
    names = no_names(len(size))
    moving = bonds.in_motion() & (np.abs(alike) > 0.6)
    usual = size[moving & (size > 0.25) & (size < 4.0)]
    few = bonds.stretch.shape[1] < 4 or len(size) < 8
    if few or len(usual) < max(2, 0.1 * moving.sum()):
        return names
    names[moving & (alike < -0.65)] = "forces: sign"
    logs = np.log(np.where(size > 0, size, 1.0) / np.median(usual))
    for side in (logs < -np.log(8.0), logs > np.log(8.0)):
        strange = np.flatnonzero(moving & side)
        if len(strange):
            factors = np.log([fault_factor(fault) for fault in _FORCE_FAULTS])
            away = np.abs(factors - np.median(logs[strange]))
            near = strange[np.abs(logs[strange] - factors[away.argmin()]) < np.log(4.0)]
            names[near] = _FORCE_FAULTS[away.argmin()]
    return names
