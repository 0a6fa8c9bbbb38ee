"""GPAW: its text log."""

import re
from collections.abc import Iterator
from pathlib import Path

import ase.io
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.reference.readers.step import NOT_CONVERGED, Step, lost_steps

_FREE_ENERGY = re.compile(r"^Free energy:\s*(\S+)", re.MULTILINE)


def read_gpaw_log(path: Path, text: str) -> Iterator[Step]:
    """ASE reads geometry and forces; the energy that belongs to them is read here.

    ASE's energy is extrapolated to no smearing; forces are the slope of the free energy.
    """
    frames = ase.io.read(path, ":", format="gpaw-out")
    blocks = text.split("\nPositions:\n")[1:]
    for atoms, block in zip(frames, blocks, strict=False):
        results = getattr(atoms.calc, "results", {})
        energy = _FREE_ENERGY.search(block)
        atoms.set_initial_charges(None)
        atoms.set_initial_magnetic_moments(None)
        if energy is None:
            ended = "Did not converge" in block
            yield Step(atoms, NOT_CONVERGED if ended else "the calculation did not finish")
        elif "forces" not in results:
            yield Step(atoms, "energy without forces")
        else:
            atoms.info["energy_without_smearing"] = float(results["energy"])  # eV
            atoms.calc = SinglePointCalculator(
                atoms, energy=float(energy[1]), forces=results["forces"]
            )
            yield Step(atoms)
    yield from lost_steps(len(blocks), len(frames))
