"""VASP: OUTCAR and vasprun.xml, and whether the electronic loop was really over."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from mlp_course.reference.readers.step import (
    CUT_OFF,
    NOT_CONVERGED,
    CutOff,
    Step,
    frames_of,
    lost_steps,
)

_OUTCAR_CHANGE = re.compile(r"total energy-change \(2\. order\) :\s*(\S+)\s+\(")
_OUTCAR_EDIFF = re.compile(r"^\s+EDIFF\s+=\s*(\S+)", re.MULTILINE)
_OUTCAR_NELM = re.compile(r"^\s+NELM\s+=\s*(\d+)", re.MULTILINE)
_LAST_DIGIT = 1e-8  # eV: to which vasprun.xml prints energies


def read_outcar(path: Path, text: str) -> Iterator[Step]:
    """ASE reads geometry, energy and forces; whether the loop was over is read here."""
    ediff = float(_OUTCAR_EDIFF.search(text)[1])
    nelm = int(_OUTCAR_NELM.search(text)[1])
    whole = "General timing and accounting" in text
    blocks = re.split(r"-+ Iteration\s+\d+\(\s+1\)\s+-+", text)[1:]
    frames = frames_of(path, "vasp-out")
    for n, (atoms, block) in enumerate(zip(frames, blocks, strict=False)):
        changes = [float(value) for value in _OUTCAR_CHANGE.findall(block)]
        reason = _unconverged(len(changes), nelm, abs(changes[-1]), ediff)
        if not whole and n == len(blocks) - 1:
            reason = reason or CUT_OFF
        yield Step(atoms, reason)
    yield from lost_steps(len(blocks), len(frames))


def read_vasprun(path: Path, text: str) -> Iterator[Step]:
    """ASE reads what a whole file says; a file that was cut off has no last step."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise CutOff(f"{path} was cut off before its end: the calculation did not finish") from None
    settings = root.find("parameters")
    nelm = int(settings.find(".//i[@name='NELM']").text)
    ediff = float(settings.find(".//i[@name='EDIFF']").text)
    frames = frames_of(path, "vasp-xml")
    for atoms, step in zip(frames, root.iter("calculation"), strict=True):
        energies = [
            float(entry.text)
            for cycle in step.iter("scstep")
            for entry in cycle.iterfind("energy/i[@name='e_fr_energy']")
        ]
        change = abs(energies[-1] - energies[-2]) if len(energies) > 1 else np.inf
        yield Step(atoms, _unconverged(len(energies), nelm, change, max(ediff, _LAST_DIGIT)))


def _unconverged(n_cycles: int, longest: int, change: float, wanted: float) -> str:
    """Say that the electronic loop was not over; empty if it was.

    A loop that stopped before its last cycle may have done so by another of VASP's criteria, so it
    is believed unless the energy still changed a hundred times more than wanted.
    """
    if change <= (wanted if n_cycles >= longest else 100 * wanted):
        return ""
    cycles = f"all {longest} cycles" if n_cycles >= longest else f"{n_cycles} cycles"
    return f"{NOT_CONVERGED}: after {cycles} the energy still changed by {change:.1e} eV"
