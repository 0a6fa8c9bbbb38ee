"""A guard at the door: data that look as if they were not in eV and Å do not come in unseen."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from ase import Atoms
from numpy.typing import NDArray

from mlp_course.data.quality import check_frames
from mlp_course.data.unit_checks.evidence import (
    Stack,
    all_electron_energy,
    nearest_ratio,
    stack_frames,
)
from mlp_course.data.unit_checks.faults import UNIT_FAULTS, fault_factor
from mlp_course.data.unit_checks.frames import (
    no_names,
    strange_energies,
    strange_forces,
    strange_works,
)
from mlp_course.data.unit_checks.stiffness import stretched_bonds
from mlp_course.data.unit_checks.work import work_ratio
from mlp_course.units import convert

EXPECTED_UNITS = "eV, Å"
_WORK = (0.6, 1.65)  # energy over work of a set that is let in
_MISREAD = {  # a file that is in another unit than the one it was converted from
    f"energy: {unit} read as {taken}": convert(convert(1.0, "eV", unit), taken, "eV")
    for unit, taken in itertools.permutations(("eV", "Hartree", "kcal/mol"), 2)
    if taken != "eV"
}
_TOTALS = ("energy: Hartree", "energy: kcal/mol", "energy: kJ/mol", "energy: meV")


class SuspiciousUnits(ValueError):
    """Frames that do not look as if they were in eV and Å.

    Attributes:
        findings: what is suspected, and of which frames (their places in the set).
    """

    def __init__(self, message: str, findings: dict[str, list[int]]):
        super().__init__(message)
        self.findings = findings


def check_units(
    frames: Iterable[Atoms], *, expects_units: str | None = EXPECTED_UNITS, source: str = ""
) -> list[Atoms]:
    """Let frames in eV, Å and eV/Å pass; refuse a set in which even one looks otherwise.

    Each frame is held against physics (bond lengths, the energy that nuclei give their electrons,
    the pull of stretched bonds) and against the others (total energies, stiffness); the set as a
    whole also by the work of its forces. What cannot be judged passes: a lone atom, frames at rest,
    a force field with numbers of its own.

    Args:
        frames: labelled structures.
        expects_units: "eV, Å", or None to let everything pass.
        source: where they come from, put in front of an error.

    Returns:
        The same frames, unchanged, as a list.

    Raises:
        SuspiciousUnits: with what is suspected, of which frames, and the cure.
        ValueError: for other units than eV and Å, or unusable labels.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> from mlp_course.data.unit_checks.faults import plant_unit_faults
        >>> frames = load_embedded("ethanol/500K")[:30]
        >>> len(check_units(frames))
        30
        >>> check_units([*frames[:29], *plant_unit_faults(frames[29:], "energy: Hartree")])
        Traceback (most recent call last):
        mlp_course.data.unit_checks.guard.SuspiciousUnits: 1 of 30 frames ... energy: Hartree...
    """
    frames = check_frames(frames, source=source)
    if expects_units is None:
        return frames
    if expects_units != EXPECTED_UNITS:
        raise ValueError(
            f'expects_units must be "{EXPECTED_UNITS}", the units of the course, or None for no '
            f"check; got {expects_units!r}. Convert other units with mlp_course.units.convert"
        )
    findings = suspicious_frames(frames)
    if findings:
        raise SuspiciousUnits(_message(findings, len(frames), source), findings)
    return frames


def suspicious_frames(frames: Sequence[Atoms]) -> dict[str, list[int]]:
    """Find frames that do not look as if they were in eV and Å.

    Args:
        frames: labelled structures with finite numbers.

    Returns:
        For each suspected fault the places of its frames; empty if there is none.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> suspicious_frames(load_embedded("malonaldehyde/500K")[:100])
        {}
    """
    found: dict[str, list[int]] = {}
    for stack in stack_frames(frames):
        for fault, which in _by_fault(stack):
            found.setdefault(fault, []).extend(stack.places[which].tolist())
    return {fault: sorted(set(places)) for fault, places in found.items()}


def _by_fault(stack: Stack) -> Iterator[tuple[str, NDArray]]:
    """Faults of a stack, each with the frames (places in the stack) that have it."""
    bonds = stretched_bonds(stack)
    named = [_strange_positions(stack), strange_energies(stack)]
    named += [strange_forces(bonds)] if bonds is not None else []
    fine = np.flatnonzero((np.array(named) == "").all(axis=0))
    rest = no_names(len(stack))
    rest[fine] = strange_works(stack.take(fine))
    fine = np.flatnonzero((np.array([*named, rest]) == "").all(axis=0))
    if len(fine) > 0.5 * len(stack):  # what most of the set says as a whole
        rest[fine] = _fault_of_all(stack.take(fine))
    for names in [*named, rest]:
        for fault in sorted({str(name) for name in names} - {""}):
            yield fault, np.flatnonzero(names == fault)


def _strange_positions(stack: Stack) -> NDArray[np.str_]:
    """Fault of each frame, by the distances of nearest atoms.

    Noble gases have no bonds, and more than two hydrogens alone are a toy: they are left alone. So
    is a set most of whose distances are those of no unit: it is made up.
    """
    names = no_names(len(stack))
    if len(stack.numbers) < 3 or stack.has_no_bonds() or (stack.numbers == 1).all():
        return names
    ratios = nearest_ratio(stack)
    names[(ratios > 1.55) & (ratios < 2.45)] = "positions: Bohr"
    names[ratios < 0.16] = "positions: nm"
    usual = ((ratios > 0.75) & (ratios < 1.35)) | (names != "")
    made_up = usual.mean() <= 0.9 or ((names != "").all() and _own_lengths(stack))
    return no_names(len(stack)) if made_up else names


def _own_lengths(stack: Stack) -> bool:
    """Whether a set is consistent in lengths of its own, as made-up molecules are.

    Their work fits their energies, and no bonds are seen that pull as weakly as those of a file in
    Hartree and Bohr.
    """
    ratio, bonds = work_ratio(stack, quick=True), stretched_bonds(stack)
    if ratio.error > 0.15 or abs(ratio.value - 1) > 0.25:
        return False
    if bonds is None or not bonds.in_motion().any():
        return True
    expected, found = (x.ravel() for x in bonds.in_expected_units())
    return bool(expected @ found > 0.2 * (expected @ expected))


def _fault_of_all(stack: Stack) -> str:
    """The fault that all frames share, by the work of their forces and their totals."""
    ratio, usual = work_ratio(stack, quick=True), _usual_forces(stack)
    total = _all_electron_fault(stack)
    if ratio.error > 0.25:
        return "" if usual else total
    if ratio.value < 0:
        return "forces: sign"
    surely = abs(np.log(ratio.value)) > 3 * ratio.error
    if _WORK[0] < ratio.value < _WORK[1] or not surely:
        return "" if usual else total
    return total or _nearest_fault(ratio.value, len(stack.numbers), usual)


def _nearest_fault(ratio: float, n_atoms: int, usual: bool) -> str:
    """Fault of energies, if forces are as they should be, else of forces, that is nearest."""
    quantity = "energy" if usual else "forces"
    faults = [f for f in UNIT_FAULTS if f.startswith(quantity) and f != "forces: sign"]
    factors = np.log([fault_factor(fault, n_atoms) for fault in faults])
    if not usual:
        factors = -factors
    away = np.abs(factors - np.log(ratio))
    if usual and away.min() > 0.4:  # what only the forces can do: eV/Bohr
        return _nearest_fault(ratio, n_atoms, usual=False)
    return faults[int(away.argmin())]


def _usual_forces(stack: Stack) -> bool:
    """Whether stretched bonds pull as strongly as bonds do in eV/Å²."""
    bonds = stretched_bonds(stack)
    if bonds is None:
        return False
    expected, found = (x.ravel() for x in bonds.in_expected_units())
    own = expected @ expected
    return bool(own > 0 and 0.2 < expected @ found / own < 5)


def _all_electron_fault(stack: Stack) -> str:
    """Totals that are those of all electrons, in a unit that is not eV."""
    expected = all_electron_energy(stack.numbers) - 4.0 * len(stack.numbers)
    if expected > -300 or not len(stack):  # eV: hydrogen alone proves nothing
        return ""
    energy = float(np.median(stack.energies))
    factors = {fault: fault_factor(fault) for fault in _TOTALS} | _MISREAD
    for fault, factor in factors.items():
        if abs(energy / (expected * factor) - 1) < 0.015:
            return fault
    return ""


def _message(findings: dict[str, list[int]], n_frames: int, source: str) -> str:
    """What was found, in which frames, and what to do."""
    parts = []
    for fault, places in findings.items():
        shown = ", ".join(map(str, places[:3])) + (", ..." if len(places) > 3 else "")
        parts.append(f"{fault} (frame{'s' * (len(places) > 1)} {shown})")
    count = len({place for places in findings.values() for place in places})
    return (
        f"{source}{': ' if source else ''}{count} of {n_frames} frames do not look as if they were "
        f"in eV, Å and eV/Å; it looks like {'; '.join(parts)}. "
        "mlp_course.validation.diagnose_units(frames) names the repair; "
        "if the numbers are as they should be, say expects_units=None"
    )
