"""The four DFT programs of the chapter: what each needs, and how its inputs are written."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ase import Atoms
from ase.calculators.calculator import Calculator

from mlp_course.reference.codes.cp2k import cp2k_calculator, write_cp2k_inputs
from mlp_course.reference.codes.espresso import espresso_calculator, write_espresso_inputs
from mlp_course.reference.codes.gpaw import (
    SYSTEM_PYTHON,
    can_import,
    gpaw_calculator,
    write_gpaw_inputs,
)
from mlp_course.reference.codes.vasp import write_vasp_inputs
from mlp_course.reference.settings import DFTSettings


@dataclass(frozen=True)
class Program:
    """A DFT program.

    Attributes:
        name: to print.
        licence: under which conditions one gets it.
        package: of Debian and Ubuntu, or empty if it is not free.
        executable: what has to be found.
        write_inputs: function of record, structure and folder that writes its inputs.
        calculator: function of the same that builds an ASE calculator; None if it is not free.
        module: that the executable, a Python, has to be able to import; or empty.
    """

    name: str
    licence: str
    package: str
    executable: str
    write_inputs: Callable[[DFTSettings, Atoms, Path], list[Path]]
    calculator: Callable[[DFTSettings, Atoms, Path], Calculator] | None = None
    module: str = ""

    def is_installed(self) -> bool:
        """Tell whether the executable is found, and its module."""
        if shutil.which(self.executable) is None:
            return False
        return not self.module or can_import(self.executable, self.module)

    def require(self) -> None:
        """Raise FileNotFoundError, with the way to get it, if it is not installed."""
        if self.is_installed():
            return
        if self.package:
            how = f"run `make codes` (Debian and Ubuntu: `apt install {self.package}`)"
        else:
            how = f"its licence is {self.licence}; the inputs are written without it"
        what = f"module {self.module} of {self.executable}" if self.module else self.executable
        raise FileNotFoundError(f"{self.name} ({what}) is not installed: {how}")


PROGRAMS = {
    "vasp": Program("VASP", "commercial", "", "vasp_std", write_vasp_inputs),
    "espresso": Program(
        "Quantum ESPRESSO",
        "GPL-2",
        "quantum-espresso quantum-espresso-data",
        "pw.x",
        write_espresso_inputs,
        espresso_calculator,
    ),
    "cp2k": Program(
        "CP2K", "GPL-2", "cp2k cp2k-data", "cp2k.psmp", write_cp2k_inputs, cp2k_calculator
    ),
    "gpaw": Program(
        "GPAW", "GPL-3", "gpaw gpaw-data", SYSTEM_PYTHON, write_gpaw_inputs, gpaw_calculator, "gpaw"
    ),
}


def program(name: str) -> Program:
    """Look a program up.

    Raises:
        ValueError: if there is none of that name.

    Example:
        >>> program("espresso").executable
        'pw.x'
    """
    if name not in PROGRAMS:
        raise ValueError(f"no program {name!r}; known: {', '.join(PROGRAMS)}")
    return PROGRAMS[name]


def write_inputs(name: str, settings: DFTSettings, atoms: Atoms, folder: str | Path) -> list[Path]:
    r"""Write the inputs of one program from a settings record.

    Args:
        name: ``"vasp"``, ``"espresso"``, ``"cp2k"`` or ``"gpaw"``.
        settings: the record; its composition must be that of ``atoms``.
        atoms: the structure, with a cell.
        folder: where to write; made if missing.

    Returns:
        Paths of what was written.

    Raises:
        ValueError: for an unknown program, another structure than that of the record, no cell, or a
            setting that the program does not have.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from ase.build import bulk
        >>> from mlp_course.reference.settings import load_settings
        >>> record = load_settings(
        ...     "system: {name: copper, composition: Cu}\nfunctional: PBE\ncutoff: 400\n"
        ...     "convergence: {electronic: 1.0e-6}"
        ... )
        >>> with TemporaryDirectory() as folder:
        ...     [path.name for path in write_inputs("vasp", record, bulk("Cu"), folder)]
        ['INCAR', 'KPOINTS', 'POSCAR', 'POTCAR.order']
    """
    return program(name).write_inputs(settings, atoms, Path(folder))
