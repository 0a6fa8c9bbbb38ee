"""Runs of DFT programs as one types them: inputs, one command, a log that is read.

For machines without a program, the logs of some runs come with the course, with their origin.
"""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ase import Atoms

from mlp_course.reference.codes.cp2k import DEBIAN_DATA
from mlp_course.reference.codes.gpaw import SYSTEM_PYTHON
from mlp_course.reference.codes.program import program, write_inputs
from mlp_course.reference.outputs import OutputFile, read_output
from mlp_course.reference.settings import DFTSettings

#: Where ``benchmarks/ecosystem/evidence.py`` keeps logs, and ``origin.json``.
STORED_RUNS = Path(__file__).parents[1] / "stored_runs"

#: The record of the stored runs.
ETHANOL = """\
system:
  name: ethanol
  composition: C2H6O
functional: PBE
cutoff: 500           # eV, of the plane waves
grid_cutoff: 4080     # eV, of the density's grid (CP2K)
k_points:
  mesh: [1, 1, 1]
convergence:
  electronic: 1.0e-5  # eV
  max_cycles: 60
"""

#: What is typed in the folder of the inputs, and the log that appears there.
COMMANDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "espresso": (("pw.x", "-in", "pw.in"), "stdout"),
    "cp2k": (("cp2k.psmp", "-i", "cp2k.inp"), "stdout"),
    "gpaw": ((SYSTEM_PYTHON, "run_gpaw.py"), "gpaw.txt"),
}
_VERSION = {
    "espresso": re.compile(r"Program PWSCF v\.(\S+) starts"),
    "cp2k": re.compile(r"CP2K\| version string:\s+CP2K version (\S+)"),
    "gpaw": re.compile(r"_\|___\|_____\|\s+(\S+)"),
}


@dataclass(frozen=True)
class ProgramRun:
    """One run of a program.

    Attributes:
        name: ``"espresso"``, ``"cp2k"`` or ``"gpaw"``.
        inputs: the files that it was given, as texts by their names.
        log: what the program wrote, as text.
        output: what is read from it: labels, and what is none.
        seconds: computing time.
        origin: where and when; empty for a run made just now.
    """

    name: str
    inputs: dict[str, str]
    log: str
    output: OutputFile
    seconds: float
    origin: dict = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Version of the program, as its log says."""
        return _VERSION[self.name].search(self.log)[1]

    def __str__(self) -> str:
        where = (
            f"stored run of {self.origin['date']}, {self.origin['script']}"
            if self.origin
            else "run here and now"
        )
        return (
            f"{program(self.name).name} {self.version}: {len(self.output.frames)} label, "
            f"{len(self.output.rejected)} refused ({where})"
        )


def run_program(
    name: str, settings: DFTSettings, atoms: Atoms, folder: str | Path | None = None
) -> ProgramRun:
    """Write the inputs, run the program by its command, read its log.

    Args:
        name: ``"espresso"``, ``"cp2k"`` or ``"gpaw"``.
        settings: the record; its composition must be that of ``atoms``.
        atoms: the structure, with a cell.
        folder: where inputs and log stay; default: a temporary folder that is deleted.

    Returns:
        The run. Whether it converged stands in ``output``.

    Raises:
        FileNotFoundError: if the program is not installed, with the way to get it.
        ValueError: if the program is not free or unknown, the record does not fit, or the log holds
            no finished calculation.
    """
    chosen = program(name)
    chosen.require()
    if name not in COMMANDS:
        raise ValueError(f"{chosen.name} is {chosen.licence}: free are {', '.join(COMMANDS)}")
    if folder is None:
        with TemporaryDirectory(prefix="mlp-course-") as temporary:
            return run_program(name, settings, atoms, temporary)
    folder = Path(folder)
    inputs = {
        path.name: path.read_text(encoding="utf-8")
        for path in write_inputs(name, settings, atoms, folder)
    }
    words, log = COMMANDS[name]
    before = os.times()
    with (folder / "stdout").open("w", encoding="utf-8") as file:
        subprocess.run(
            words,
            cwd=folder,
            env=_environment(),
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    after = os.times()
    seconds = sum(after[2:4]) - sum(before[2:4])  # of finished children, user and system
    path = folder / log
    return ProgramRun(name, inputs, path.read_text("utf-8", "replace"), read_output(path), seconds)


def stored_run(name: str) -> ProgramRun:
    """Load a run that comes with the course.

    Args:
        name: ``"espresso"``, ``"cp2k"``, ``"gpaw"``: ethanol as the record ``ETHANOL`` says; or
            ``"cp2k_stopped"``: the same with three cycles only, which are not enough.

    Returns:
        The run with its origin: script, date, machine, data.

    Raises:
        ValueError: if there is none of that name.

    Example:
        >>> run = stored_run("cp2k")
        >>> run.output.frames[0].get_chemical_formula(), len(run.output.rejected)
        ('C2H6O', 0)
    """
    origins = json.loads((STORED_RUNS / "origin.json").read_text(encoding="utf-8"))
    if name not in origins:
        raise ValueError(f"no stored run {name!r}; there are {', '.join(origins)}")
    inputs = {  # kept as NAME.txt, so that no tool takes a script for a part of the package
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted((STORED_RUNS / name).iterdir())
    }
    log, origin = STORED_RUNS / f"{name}.out", origins[name]
    return ProgramRun(
        origin["program"],
        inputs,
        log.read_text("utf-8"),
        read_output(log),
        origin["seconds"],
        origin,
    )


def _environment() -> dict[str, str]:
    """One thread, and where Debian keeps CP2K's data."""
    return {"CP2K_DATA_DIR": str(DEBIAN_DATA), "OMP_NUM_THREADS": "1"} | os.environ
