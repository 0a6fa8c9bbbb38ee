"""One calculation of an output, and what all readers share."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ase.io
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

NOT_CONVERGED = "SCF not converged"
CUT_OFF = "the file was cut off in this step"


class CutOff(ValueError):
    """The file ends before its end."""


@dataclass
class Step:
    """One calculation of an output: the frame, and why it is no label (empty if it is one)."""

    atoms: Atoms
    reason: str = ""


def lost_steps(n_begun: int, n_read: int) -> Iterator[Step]:
    """Steps that an output begins and that hold no configuration that could be read.

    Example:
        >>> [step.reason for step in lost_steps(3, 2)]
        ['the file was cut off in this step']
    """
    for _ in range(n_begun - n_read):
        yield Step(Atoms(), CUT_OFF)


def frames_of(path: Path, form: str) -> list[Atoms]:
    """ASE's frames, with the energy that the forces are the slope of.

    With smeared occupations that is the free energy; ASE's "energy" is extrapolated to no smearing.
    """
    frames = ase.io.read(path, ":", format=form)
    for atoms in frames:
        results = getattr(atoms.calc, "results", {})
        if "free_energy" in results and "forces" in results:
            energy, forces = results["free_energy"], results["forces"]
            atoms.info["energy_without_smearing"] = float(results["energy"])  # eV
            atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces)
    return frames
