"""Outputs of DFT programs as labelled frames; what is no label is named, never passed on.

A program that ran to its end has not necessarily converged. VASP writes "aborting loop because
EDIFF is reached" also when it ran out of cycles, an optimisation may print more geometries than
gradients, and a job that was cut off looks like a shorter one.
"""

import logging
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import ase.io
import numpy as np
import pandas as pd
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import ParseError

from mlp_course.units import convert

_OUTCAR_CHANGE = re.compile(r"total energy-change \(2\. order\) :\s*(\S+)\s+\(")
_OUTCAR_EDIFF = re.compile(r"^\s+EDIFF\s+=\s*(\S+)", re.MULTILINE)
_OUTCAR_NELM = re.compile(r"^\s+NELM\s+=\s*(\d+)", re.MULTILINE)
_LAST_DIGIT = 1e-8  # eV: to which vasprun.xml prints energies


@dataclass
class OutputFile:
    """What a program's output holds.

    Attributes:
        program: that wrote it.
        frames: configurations with energy (eV) and forces (eV/Å) of a converged calculation. With
            smearing the energy is the free energy, whose slope the forces are; the one
            extrapolated to no smearing is in ``info["energy_without_smearing"]``.
        rejected: a table of the others: step, reason.
    """

    program: str
    frames: list[Atoms] = field(default_factory=list)
    rejected: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"step": [], "reason": []}).astype({"step": int})
    )


@dataclass
class _Step:
    """One calculation of an output: the frame, and why it is no label (empty if it is one)."""

    atoms: Atoms
    reason: str = ""


def read_output(path: str | Path) -> OutputFile:
    """Read the labels of a calculation, or say why there are none.

    Args:
        path: OUTCAR or vasprun.xml of VASP, or the output of Gaussian, ORCA, Quantum ESPRESSO,
            CP2K or GPAW (its text log). What it is is recognised by what it says.

    Returns:
        Converged frames, and a table of those that are not.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the program is not recognised, or the file is cut off before a first result.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder) / "notes.txt"
        ...     _ = path.write_text("cutoff 500")
        ...     read_output(path)
        Traceback (most recent call last):
        ValueError: .../notes.txt is no output of VASP, Gaussian, ORCA, Quantum ESPRESSO
    """
    path = Path(path)
    text = path.read_text(encoding="utf-8", errors="replace")
    name = next((name for name, (mark, _) in _READERS.items() if mark in text[:20000]), None)
    if name is None:
        raise ValueError(f"{path} is no output of {', '.join(_PROGRAMS)}")
    try:
        steps = list(_READERS[name][1](path, text))
    except ParseError:  # ASE's word for an output without a first result
        steps = []
    if not steps:
        raise ValueError(
            f"{path} of {name} holds no finished calculation: it was cut off, or stopped with an "
            "error; look at its end"
        )
    rejected = [{"step": n, "reason": step.reason} for n, step in enumerate(steps) if step.reason]
    table = pd.DataFrame(rejected, columns=["step", "reason"])
    return OutputFile(name, [step.atoms for step in steps if not step.reason], table)


def _read_outcar(path: Path, text: str) -> Iterator[_Step]:
    """ASE reads geometry, energy and forces; whether the loop was over is read here."""
    ediff = float(_OUTCAR_EDIFF.search(text)[1])
    nelm = int(_OUTCAR_NELM.search(text)[1])
    whole = "General timing and accounting" in text
    blocks = re.split(r"-+ Iteration\s+\d+\(\s+1\)\s+-+", text)[1:]
    frames = _frames(path, "vasp-out")
    for n, (atoms, block) in enumerate(zip(frames, blocks, strict=False)):
        changes = [float(value) for value in _OUTCAR_CHANGE.findall(block)]
        reason = _unconverged(len(changes), nelm, abs(changes[-1]), ediff)
        if not whole and n == len(blocks) - 1:
            reason = reason or "the file was cut off in this step"
        yield _Step(atoms, reason)


def _read_vasprun(path: Path, text: str) -> Iterator[_Step]:
    """ASE reads what a whole file says; a file that was cut off has no last step."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise ValueError(
            f"{path} was cut off before its end: the calculation did not finish"
        ) from None
    settings = root.find("parameters")
    nelm = int(settings.find(".//i[@name='NELM']").text)
    ediff = float(settings.find(".//i[@name='EDIFF']").text)
    frames = _frames(path, "vasp-xml")
    for atoms, step in zip(frames, root.iter("calculation"), strict=True):
        energies = [
            float(entry.text)
            for cycle in step.iter("scstep")
            for entry in cycle.iterfind("energy/i[@name='e_fr_energy']")
        ]
        change = abs(energies[-1] - energies[-2]) if len(energies) > 1 else np.inf
        yield _Step(atoms, _unconverged(len(energies), nelm, change, max(ediff, _LAST_DIGIT)))


def _unconverged(n_cycles: int, longest: int, change: float, wanted: float) -> str:
    """Say that the electronic loop was not over; empty if it was.

    A loop that stopped before its last cycle may have done so by another of VASP's criteria, so it
    is believed unless the energy still changed a hundred times more than wanted.
    """
    if change <= (wanted if n_cycles >= longest else 100 * wanted):
        return ""
    cycles = f"all {longest} cycles" if n_cycles >= longest else f"{n_cycles} cycles"
    return f"SCF not converged: after {cycles} the energy still changed by {change:.1e} eV"


def _frames(path: Path, form: str) -> list[Atoms]:
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


def _read_quantum_chemistry(path: Path, text: str) -> Iterator[_Step]:
    """Gaussian and ORCA, parsed by cclib; energies and gradients converted with our constants."""
    import cclib

    data = cclib.io.ccread(str(path), loglevel=logging.CRITICAL)
    if data is None or not hasattr(data, "atomcoords"):
        return
    ended = bool(data.metadata.get("success"))
    energies = data.mpenergies[:, -1] if hasattr(data, "mpenergies") else data.scfenergies
    hartree = cclib.parser.utils.convertor(1.0, "hartree", "eV")  # cclib's, to take out again
    gradients = getattr(data, "grads", np.empty((0, data.natom, 3)))
    for n, positions in enumerate(data.atomcoords):
        atoms = Atoms(data.atomnos, positions)
        last = n == len(data.atomcoords) - 1
        if n >= len(energies) or (last and not ended):
            yield _Step(atoms, "the calculation did not finish")
            continue
        energy = convert(energies[n] / hartree, "Hartree", "eV")
        if n >= len(gradients):
            atoms.calc = SinglePointCalculator(atoms, energy=energy)
            yield _Step(atoms, "energy without forces: the output has no gradient of this geometry")
            continue
        forces = -convert(gradients[n], "Hartree/Bohr", "eV/Å")
        atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces)
        yield _Step(atoms)


def _read_by_ase(form: str, failures: dict[str, str]) -> Callable[[Path, str], Iterator[_Step]]:
    """A reader for a program whose outputs ASE knows; ``failures`` are words of a failed loop."""

    def read(path: Path, text: str) -> Iterator[_Step]:
        reason = next((why for words, why in failures.items() if words in text), "")
        for atoms in _frames(path, form):
            missing = {"energy", "forces"} - set(getattr(atoms.calc, "results", {}))
            why = f"no {' and no '.join(sorted(missing))} in the output" if missing else ""
            yield _Step(atoms, reason or why)

    return read


_NOT_CONVERGED = "SCF not converged"
#: How an output is recognised, and who reads it.
_READERS = {
    "VASP (vasprun.xml)": ("<modeling>", _read_vasprun),
    "VASP (OUTCAR)": (" vasp.", _read_outcar),
    "Gaussian": ("Gaussian, Inc.", _read_quantum_chemistry),
    "ORCA": ("* O   R   C   A *", _read_quantum_chemistry),
    "Quantum ESPRESSO": (
        "Program PWSCF",
        _read_by_ase("espresso-out", {"convergence NOT achieved": _NOT_CONVERGED}),
    ),
}
_PROGRAMS = ("VASP", "Gaussian", "ORCA", "Quantum ESPRESSO")
