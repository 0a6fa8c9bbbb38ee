"""Gaussian and ORCA: energies and gradients, parsed by cclib, in our units."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.reference.readers.step import NOT_CONVERGED, Step
from mlp_course.units import convert

if TYPE_CHECKING:
    from cclib.parser.data import ccData

#: The energy that ORCA's gradient belongs to: all corrections are in it.
_FINAL = re.compile(r"^FINAL SINGLE POINT ENERGY\s*(\(.*?\))?\s+(-?\d+\.\d+)\s*$", re.MULTILINE)


def read_quantum_chemistry(path: Path, text: str) -> Iterator[Step]:
    """Gaussian and ORCA, parsed by cclib; converted with our constants.

    What cclib calls ``grads`` are gradients for ORCA and, as Gaussian prints them, forces for
    Gaussian.
    """
    import cclib

    data = cclib.io.ccread(str(path), loglevel=logging.CRITICAL)
    if data is None or not hasattr(data, "atomcoords"):
        return
    of_orca = data.metadata["package"] == "ORCA"
    energies = _orca_energies(text) if of_orca else _energies(data)
    gradients = getattr(data, "grads", np.empty((0, data.natom, 3)))
    forces = (-1 if of_orca else 1) * convert(gradients, "Hartree/Bohr", "eV/Å")
    n_steps = len(data.atomcoords)
    ended = bool(data.metadata.get("success"))
    for n, positions in enumerate(data.atomcoords):
        atoms = Atoms(data.atomnos, positions)
        if len(energies) > n_steps:
            reason = f"{len(energies)} energies for {n_steps} geometries: whose they are is unknown"
        elif n >= len(energies) or (n == n_steps - 1 and not ended):
            reason = "the SCF did not converge, or the calculation did not finish"
        elif np.isnan(energies[n]):
            reason = NOT_CONVERGED
        else:
            reason = _take_result(atoms, energies[n], forces[n] if n < len(forces) else None)
        yield Step(atoms, reason)


def _take_result(atoms: Atoms, energy: float, forces: np.ndarray | None) -> str:
    """Attach energy and forces; say why they are no label, or nothing."""
    if forces is None:
        atoms.calc = SinglePointCalculator(atoms, energy=energy)
        return "energy without forces: the output has no gradient of this geometry"
    atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces)
    return ""


def _orca_energies(text: str) -> list[float]:
    """One in eV for each calculation; NaN where the wave function had not converged.

    cclib keeps the energies of the SCF alone and leaves out those of loops that did not converge,
    after which each energy would stand beside the wrong geometry.
    """
    return [
        np.nan if "not fully converged" in note else float(convert(float(value), "Hartree", "eV"))
        for note, value in _FINAL.findall(text)
    ]


def _energies(data: "ccData") -> list[float]:
    """Energies of the highest level that was computed, in eV; of converged loops only."""
    import cclib

    hartree = cclib.parser.utils.convertor(1.0, "hartree", "eV")  # cclib's, to take out again
    names = [name for name in ("ccenergies", "mpenergies", "scfenergies") if hasattr(data, name)]
    if not names:
        return []
    values = np.asarray(getattr(data, names[0]), dtype=float)
    last = values[:, -1] if values.ndim == 2 else values  # MP2, MP3 ... of each geometry
    return convert(last / hartree, "Hartree", "eV").tolist()
