"""Make the outputs of free programs in tests/reference/outputs again (`make codes` installs them).

Run it as ``python tests/reference/make_outputs.py [name ...]``. Versions are in the files.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.reference.codes import write_inputs
from mlp_course.reference.codes.cp2k import DEBIAN_DATA, shortened_log
from mlp_course.reference.codes.runs import COMMANDS
from mlp_course.reference.settings import load_settings

OUTPUTS = Path(__file__).parent / "outputs"

RECORD = """
system: {{name: {name}, composition: {name}}}
functional: PBE
cutoff: 600          # eV
grid_cutoff: 4080    # eV, 300 Ry
k_points: {{mesh: {mesh}}}
smearing: {{method: {smearing}}}
convergence: {{electronic: 1.0e-6, max_cycles: {cycles}}}
"""
METAL = "fermi-dirac, width: 0.1"


def water() -> Atoms:
    """One molecule in a periodic box, one bond too long by 0.05 Å."""
    atoms = molecule("H2O")
    atoms.set_distance(0, 1, atoms.get_distance(0, 1) + 0.05, fix=0)
    atoms.center(vacuum=2.0)
    atoms.pbc = True
    return atoms


def jobs() -> dict[str, tuple[str, Atoms, str]]:
    """Name of the file: program, structure, record."""
    wet = dict(name="H2O", mesh=[1, 1, 1], smearing="none")
    done, stopped = RECORD.format(**wet, cycles=60), RECORD.format(**wet, cycles=3)
    copper = RECORD.format(name="Cu", mesh=[2, 2, 2], smearing=METAL, cycles=60)
    aluminium = RECORD.format(name="Al", mesh=[2, 2, 2], smearing=METAL, cycles=60)
    return {
        "espresso_water": ("espresso", water(), done),
        "espresso_stopped": ("espresso", water(), stopped),
        "espresso_copper": ("espresso", bulk("Cu", a=3.63), copper),
        "cp2k_water": ("cp2k", water(), done),
        "cp2k_stopped": ("cp2k", water(), stopped),
        "cp2k_aluminium": ("cp2k", bulk("Al", a=4.05), aluminium),
        "gpaw_water": ("gpaw", water(), done),
        "gpaw_stopped": ("gpaw", water(), stopped),
        "gpaw_copper": ("gpaw", bulk("Cu", a=3.63), copper),
    }


def make(name: str) -> None:
    """Run one program and keep what it said."""
    program, atoms, record = jobs()[name]
    command, log = COMMANDS[program]
    environment = {"CP2K_DATA_DIR": str(DEBIAN_DATA), "OMP_NUM_THREADS": "1"} | os.environ
    with TemporaryDirectory() as scratch:
        write_inputs(program, load_settings(record), atoms, scratch)
        run = subprocess.run(
            command, cwd=scratch, env=environment, capture_output=True, text=True, check=False
        )
        text = run.stdout if log == "stdout" else (Path(scratch) / log).read_text()
        text = re.sub(rf"\b{os.uname().nodename}\b", "machine", text.replace(scratch, "scratch"))
    (OUTPUTS / f"{name}.out").write_text(shortened_log(text) if program == "cp2k" else text)
    print(name, "exit status", run.returncode, len(text), "characters", run.stderr[-300:])


if __name__ == "__main__":
    OUTPUTS.mkdir(exist_ok=True)
    for job in sys.argv[1:] or jobs():
        make(job)
