"""Evidence of phase 1, reference calculations: programs run, their files written and read."""

import json
import os
import re
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import ase.io
import numpy as np
from ase import Atoms
from evidence_rows import DATA, SCRIPT, Missing, ethanol, origin, row

from mlp_course.reference import reference_calculator
from mlp_course.reference.codes import ETHANOL, run_program, write_inputs
from mlp_course.reference.codes.cp2k import shortened_log
from mlp_course.reference.codes.runs import COMMANDS, STORED_RUNS
from mlp_course.reference.outputs import read_output
from mlp_course.reference.settings import load_settings

LIBRARIES = {"tblite": "gfn2-xtb", "PySCF": "pbe"}


def in_a_box(atoms: Atoms) -> Atoms:
    """The same in a periodic box, as programs with plane waves want it."""
    boxed = Atoms(atoms.numbers, atoms.positions)
    boxed.center(vacuum=2.5)
    boxed.pbc = True
    return boxed


def dft_program(name: str) -> dict:
    """A single point; the log is kept for machines without the program."""
    record, box = load_settings(ETHANOL), in_a_box(ethanol())
    run = run_program(name, record, box)
    store_run(name, run)
    if name == "cp2k":
        stopped = load_settings(ETHANOL.replace("max_cycles: 60", "max_cycles: 3"))
        store_run("cp2k_stopped", run_program(name, stopped, box))
    off = run.output.frames[0].get_forces() - ethanol().get_forces()
    return row(
        "ethanol in a box, PBE: energy and forces", "force MAE against PBE/def2-SVP by PySCF",
        1000 * np.abs(off).mean(), "meV/Å", of=run.version,
    )  # fmt: skip


def store_run(name: str, run) -> None:
    """The log without names of machine and folders, and its origin beside the others."""
    STORED_RUNS.mkdir(exist_ok=True)
    log = re.sub(rf"\b{re.escape(os.uname().nodename)}\b", "machine", run.log)
    log = re.sub(r"/tmp/mlp-course-\w+", "scratch", log)
    log = log.replace(str(Path.home()), "~")
    (STORED_RUNS / f"{name}.out").write_text(
        shortened_log(log) if run.name == "cp2k" else log, encoding="utf-8"
    )
    (STORED_RUNS / name).mkdir(exist_ok=True)
    for file, text in run.inputs.items():
        (STORED_RUNS / name / f"{file}.txt").write_text(text, encoding="utf-8")
    path = STORED_RUNS / "origin.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[name] = {
        "program": run.name, "command": " ".join(COMMANDS[run.name][0]), "data": f"{DATA}, frame 0",
        "seconds": round(run.seconds, 1), "script": SCRIPT, **origin(),
    }  # fmt: skip
    path.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", encoding="utf-8")


def files_of_vasp(outputs: Path | None) -> dict:
    """INCAR, KPOINTS, POSCAR for a record, POSCAR read back; real outputs, if there are any."""
    box = in_a_box(ethanol())
    with TemporaryDirectory() as folder:
        write_inputs("vasp", load_settings(ETHANOL), box, folder)
        again = ase.io.read(Path(folder) / "POSCAR")
    order = np.argsort(box.numbers, kind="stable")
    off = np.abs(again.positions - box.positions[order]).max()
    if off > 1e-8:
        raise RuntimeError(f"POSCAR moved an atom by {off} Å")
    if outputs is None:
        return row(
            "INCAR, KPOINTS, POSCAR written, POSCAR read back", "largest change of a position",
            off, "Å", of="files of VASP 6", ran=False,
        )  # fmt: skip
    return outputs_of("vasp", outputs, "inputs written; {} real outputs (of aiida-vasp) read")


def outputs_of(program: str, folder: Path | None, what: str) -> dict:
    """Real outputs, read: labels, and steps that are none."""
    if folder is None:
        raise Missing("name a folder with real outputs: --outputs FOLDER")
    labels, refused, files = 0, 0, 0
    for path in sorted((folder / program).iterdir()):
        files += 1
        try:
            output = read_output(path)
        except ValueError:  # cut off before a first result
            refused += 1
            continue
        labels, refused = labels + len(output.frames), refused + len(output.rejected)
    quantity = f"labels found; {refused} others refused with a reason"
    return row(what.format(files), quantity, labels, "labels", of="see the files", ran=False)


def library(name: str) -> dict:
    """A rung of the ladder in this process."""
    atoms = ethanol()
    forces, atoms = atoms.get_forces(), atoms.copy()
    atoms.calc = reference_calculator(LIBRARIES[name])
    off = 1000 * np.abs(atoms.get_forces() - forces).mean()
    return row(
        "ethanol: energy and forces", "force MAE against the embedded label", off, "meV/Å",
        of=version(name.lower()),
    )  # fmt: skip
