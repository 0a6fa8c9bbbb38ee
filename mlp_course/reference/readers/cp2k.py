"""CP2K: the output of a run that prints forces, and what the program said when it stopped."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.geometry import cellpar_to_cell
from scipy.spatial.transform import Rotation

from mlp_course.reference.readers.step import CUT_OFF, NOT_CONVERGED, Step
from mlp_course.units import convert

_NUMBER = r"(-?\d+\.\d+(?:E[+-]?\d+)?)"
_THREE = rf"{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}"
_ATOM = r"^\s+\d+\s+\d+\s+[A-Z][a-z]?\s+"
_VECTOR = re.compile(rf"^ CELL\| Vector [abc].*?{_THREE}\s+\|[abc]\| =\s+{_NUMBER}", re.MULTILINE)
_ANGLE = re.compile(rf"^ CELL\| Angle .*?{_NUMBER}\s*$", re.MULTILINE)
_PERIODIC = re.compile(r"^ CELL\| Periodicity\s+(\w+)", re.MULTILINE)
_PLACE = re.compile(rf"{_ATOM}(\d+)\s+{_THREE}", re.MULTILINE)
_FORCE = re.compile(rf"{_ATOM}{_THREE}\s*$", re.MULTILINE)
_ENERGY = re.compile(rf"^ ENERGY\| Total FORCE_EVAL.*?{_NUMBER}\s*$", re.MULTILINE)
_WITHOUT_SMEARING = re.compile(rf"Total energy \(extrapolated to T->0\):\s+{_NUMBER}")
_GEOMETRY = "MODULE QUICKSTEP: ATOMIC COORDINATES IN ANGSTROM"
_LOOP = "SCF WAVEFUNCTION OPTIMIZATION"
_FORCES = "ATOMIC FORCES in [a.u.]"
_END = "SUM OF ATOMIC FORCES"
_FAILED = "SCF run NOT converged"


def read_cp2k_log(path: Path, text: str) -> Iterator[Step]:
    """Single points: geometry, energy (with smearing the free one) and forces, in our units.

    CP2K prints forces only when asked (``&FORCE_EVAL / &PRINT / &FORCES``), and the positions of
    later steps of a dynamics or optimisation into another file; such steps are no labels.
    """
    pieces = text.split(_LOOP)
    for before, loop in pairwise(pieces):
        atoms = _structure(pieces[0], before)
        if atoms is None:
            reason = "no positions of this step in the output; CP2K writes them to another file"
            yield Step(Atoms(), reason)
        else:
            yield Step(atoms, _take_result(atoms, loop))


def _structure(start: str, before: str) -> Atoms | None:
    """Elements, positions and cell; None if the positions are not printed.

    Cell vectors have three decimals only. Lengths and angles have six, so that they give the shape,
    and the vectors only its orientation.
    """
    if _GEOMETRY not in before:
        return None
    rows = np.array(_PLACE.findall(before[before.index(_GEOMETRY) :]), dtype=float)
    vectors = np.array(_VECTOR.findall(start)[:3], dtype=float)  # x, y, z, length
    angles = np.array(_ANGLE.findall(start)[:3], dtype=float)
    shape = cellpar_to_cell([*vectors[:, 3], *angles])
    turn, _ = Rotation.align_vectors(vectors[:, :3], shape)
    periodic = _PERIODIC.search(start)[1]
    return Atoms(
        rows[:, 0].astype(int),
        rows[:, 1:],
        cell=turn.apply(shape),
        pbc=[a in periodic for a in "XYZ"],
    )


def _take_result(atoms: Atoms, loop: str) -> str:
    """Attach energy and forces; say why they are no label, or nothing."""
    if _FAILED in loop:
        return NOT_CONVERGED
    if "[ABORT]" in loop:
        return f"CP2K stopped: {last_words(loop)}"
    energy = _ENERGY.search(loop)
    if energy is None:
        return CUT_OFF
    energy = convert(float(energy[1]), "Hartree", "eV")
    if _FORCES not in loop:
        atoms.calc = SinglePointCalculator(atoms, energy=energy)
        return "energy without forces: the input did not ask for &FORCE_EVAL / &PRINT / &FORCES"
    forces = np.array(_FORCE.findall(loop[loop.index(_FORCES) :])[: len(atoms)], dtype=float)
    if _END not in loop:
        return CUT_OFF
    forces = convert(forces, "Hartree/Bohr", "eV/Å")
    atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces)
    extrapolated = _WITHOUT_SMEARING.findall(loop)
    if extrapolated:
        atoms.info["energy_without_smearing"] = convert(float(extrapolated[-1]), "Hartree", "eV")
    return ""


def failed_to_converge(text: str) -> bool:
    """Tell whether the last loop in a log ran out of cycles."""
    return _FAILED in text.split(_LOOP)[-1]


def last_words(text: str) -> str:
    """What CP2K said in its box when it stopped; empty if it did not stop."""
    if "[ABORT]" not in text:
        return ""
    box = text.split("[ABORT]")[1].split("input", 1)[0]
    return " ".join(re.sub(r"[*\\/|]|_{2,}|\bO\b", " ", box).split())
