"""Quantum ESPRESSO: the output of pw.x."""

import io
from collections.abc import Iterator
from pathlib import Path

import ase.io
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.reference.readers.step import NOT_CONVERGED, Step, lost_steps

_LOOP = "Self-consistent Calculation"
_FAILED = "convergence NOT achieved"
_BANDS = "End of self-consistent calculation"  # without it, ASE does not look for bands


def read_pw(path: Path, text: str) -> Iterator[Step]:
    """ASE reads geometry, energy and forces; whether each loop was over is read here.

    The energy is pw.x's "total energy", which with smearing is the free energy.
    """
    file = io.StringIO(text.replace(_BANDS, ""))
    frames = ase.io.read(file, ":", format="espresso-out", results_required=False)
    loops = text.split(_LOOP)[1:]
    for atoms, loop in zip(frames, loops, strict=False):
        results = getattr(atoms.calc, "results", {})
        atoms.calc = None
        missing = [name for name in ("energy", "forces") if name not in results]
        if _FAILED in loop:
            yield Step(atoms, NOT_CONVERGED)
        elif missing:
            yield Step(atoms, f"no {' and no '.join(missing)} in the output")
        else:
            energy, forces = results["energy"], results["forces"]
            atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces)
            yield Step(atoms)
    yield from lost_steps(len(loops), len(frames))
