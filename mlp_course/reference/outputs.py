"""Outputs of DFT programs as labelled frames; what is no label is named, never passed on.

A program that ran to its end has not necessarily converged. VASP writes "aborting loop because
EDIFF is reached" also when it ran out of cycles, an optimisation may print more geometries than
gradients, and a job that was cut off looks like a shorter one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from ase import Atoms
from ase.io import ParseError

from mlp_course.reference.readers.cp2k import read_cp2k_log
from mlp_course.reference.readers.espresso import read_pw
from mlp_course.reference.readers.gpaw import read_gpaw_log
from mlp_course.reference.readers.quantum_chemistry import read_quantum_chemistry
from mlp_course.reference.readers.step import CutOff, Step
from mlp_course.reference.readers.vasp import read_outcar, read_vasprun


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


def read_output(path: str | Path) -> OutputFile:
    """Read the labels of a calculation, or say why there are none.

    Args:
        path: OUTCAR or vasprun.xml of VASP, or the output of Gaussian, ORCA, Quantum ESPRESSO,
            CP2K or GPAW (its text log). What it is is recognised by what it says.

    Returns:
        Converged frames, and a table of those that are not.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the program is not recognised, the file is cut off before a first result, or
            it holds several runs one after the other, whose parts would be mixed up.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder) / "notes.txt"
        ...     _ = path.write_text("cutoff 500")
        ...     read_output(path)
        Traceback (most recent call last):
        ValueError: .../notes.txt is no output of VASP, Gaussian, ...
    """
    path = Path(path)
    text = path.read_text(encoding="utf-8", errors="replace")
    name = next((name for name, (mark, _) in _READERS.items() if mark in text[:20000]), None)
    if name is None:
        raise ValueError(f"{path} is no output of {', '.join(_PROGRAMS)}")
    runs = len(re.findall(_STARTS[name], text, re.MULTILINE))
    if runs > 1:
        raise ValueError(
            f"{path} holds {runs} runs of {name} one after the other, and what belongs to which "
            "cannot be told: give each a file of its own"
        )
    try:
        steps = list(_READERS[name][1](path, text))
    except CutOff:
        raise
    except _LOST as error:
        raise ValueError(f"{path} of {name} {_NOTHING} ({type(error).__name__})") from error
    if not any(len(step.atoms) for step in steps):
        raise ValueError(f"{path} of {name} {_NOTHING}")
    rejected = [{"step": n, "reason": step.reason} for n, step in enumerate(steps) if step.reason]
    table = pd.DataFrame(rejected, columns=["step", "reason"])
    return OutputFile(name, [step.atoms for step in steps if not step.reason], table)


#: How an output is recognised, and who reads it.
_READERS: dict[str, tuple[str, Callable[[Path, str], Iterator[Step]]]] = {
    "VASP (vasprun.xml)": ("<modeling>", read_vasprun),
    "VASP (OUTCAR)": (" vasp.", read_outcar),
    "Gaussian": ("Gaussian, Inc.", read_quantum_chemistry),
    "ORCA": ("* O   R   C   A *", read_quantum_chemistry),
    "Quantum ESPRESSO": ("Program PWSCF", read_pw),
    "CP2K": ("CP2K|", read_cp2k_log),
    "GPAW": (" |__ |  _|___|_____|", read_gpaw_log),
}
#: What a program writes once, when it begins.
_STARTS = {
    "VASP (vasprun.xml)": r"^<modeling>",
    "VASP (OUTCAR)": r"^ vasp\.\d",
    "Gaussian": r"^ Entering Gaussian System",
    "ORCA": r"\* O   R   C   A \*",
    "Quantum ESPRESSO": r"^ +Program PWSCF",
    "CP2K": r"PROGRAM STARTED AT",
    "GPAW": r"^ \|__ \|  _\|___\|_____\|",
}
#: How ASE and cclib stumble over a file that ends where they expect more.
_LOST = (
    ParseError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    OSError,
    TypeError,
    ValueError,
)
_NOTHING = (
    "holds no finished calculation: it was cut off, or stopped with an error; look at its end"
)
_PROGRAMS = tuple(dict.fromkeys(name.split(" (")[0] for name in _READERS))
