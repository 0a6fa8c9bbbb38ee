"""Gaussian and ORCA: energies and gradients, parsed by cclib, in our units."""

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.reference.readers.step import Step
from mlp_course.units import convert


def read_quantum_chemistry(path: Path, text: str) -> Iterator[Step]:
    """Gaussian and ORCA, parsed by cclib; converted with our constants.

    What cclib calls ``grads`` are gradients for ORCA and, as Gaussian prints them, forces for
    Gaussian.
    """
    import cclib

    data = cclib.io.ccread(str(path), loglevel=logging.CRITICAL)
    if data is None or not hasattr(data, "atomcoords"):
        return
    ended = bool(data.metadata.get("success"))
    energies = getattr(data, "scfenergies", ())  # cclib keeps those of converged loops only
    if hasattr(data, "mpenergies"):
        energies = data.mpenergies[:, -1]
    hartree = cclib.parser.utils.convertor(1.0, "hartree", "eV")  # cclib's, to take out again
    gradients = getattr(data, "grads", np.empty((0, data.natom, 3)))
    sign = 1 if data.metadata["package"] == "Gaussian" else -1
    for n, positions in enumerate(data.atomcoords):
        atoms = Atoms(data.atomnos, positions)
        last = n == len(data.atomcoords) - 1
        if n >= len(energies) or (last and not ended):
            yield Step(atoms, "the SCF did not converge, or the calculation did not finish")
            continue
        energy = float(convert(energies[n] / hartree, "Hartree", "eV"))
        if n >= len(gradients):
            atoms.calc = SinglePointCalculator(atoms, energy=energy)
            yield Step(atoms, "energy without forces: the output has no gradient of this geometry")
            continue
        forces = sign * convert(gradients[n], "Hartree/Bohr", "eV/Å")
        atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces)
        yield Step(atoms)
