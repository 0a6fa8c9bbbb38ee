"""Evidence for every tool: it really runs, or its files are really written and read.

    make codes                                             # Quantum ESPRESSO, CP2K, GPAW
    python benchmarks/ecosystem/evidence.py                # all that is installed
    python benchmarks/ecosystem/evidence.py --only CP2K i-PI
    python benchmarks/ecosystem/evidence.py --only VASP --outputs FOLDER   # real outputs to read

One system, ethanol, frame 0 of the embedded set at 500 K; copper where a crystal is needed. Writes
``simulation/ecosystem/evidence.json`` (a row a tool; rows of tools that are not asked for, or not
installed here, stay as they were), the logs in ``reference/stored_runs/``, and
``simulation/ecosystem/path_integral.json``. Seconds are computing time of one core. MACE, NequIP
and DeePMD-kit have a script of their own, ``train.py``.
"""

import argparse
import json
import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import torch
from evidence_analysis import (
    by_numpy,
    files_of_vmd,
    opened_by_mdanalysis,
    opened_by_mdtraj,
    opened_by_ovito,
)
from evidence_reference import dft_program, files_of_vasp, library, outputs_of
from evidence_rows import ECOSYSTEM, SCRIPT, Missing, origin
from evidence_simulation import by_ase, by_ipi, by_lammps
from evidence_training import schnetpack


def tools(outputs: Path | None) -> dict[str, Callable[[], dict]]:
    """What is done for each tool."""
    return {
        "VASP": lambda: files_of_vasp(outputs),
        "Quantum ESPRESSO": lambda: dft_program("espresso"),
        "CP2K": lambda: dft_program("cp2k"),
        "GPAW": lambda: dft_program("gpaw"),
        "PySCF": lambda: library("PySCF"),
        "tblite": lambda: library("tblite"),
        "Gaussian": lambda: outputs_of("gaussian", outputs, "{} real outputs (of cclib) read"),
        "ORCA": lambda: outputs_of("orca", outputs, "{} real outputs (of cclib) read"),
        "SchNetPack": schnetpack,
        "ASE": by_ase,
        "LAMMPS": by_lammps,
        "i-PI": by_ipi,
        "NumPy": by_numpy,
        "MDAnalysis": opened_by_mdanalysis,
        "MDTraj": opened_by_mdtraj,
        "OVITO": opened_by_ovito,
        "VMD": files_of_vmd,
    }


def main() -> None:
    """Do what is asked for; write after each tool."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=tools(None))
    parser.add_argument("--outputs", type=Path, help="real outputs: vasp/, gaussian/, orca/")
    given = parser.parse_args()
    torch.set_num_threads(1)
    path = ECOSYSTEM / "evidence.json"
    for name, produce in tools(given.outputs).items():
        if given.only and name not in given.only:
            continue
        before = os.times()
        try:
            found = produce()
        except (Missing, FileNotFoundError, ImportError, PackageNotFoundError) as error:
            print(f"{name}: left as it was: {error}", flush=True)
            continue
        seconds = sum(os.times()[:4]) - sum(before[:4])
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        known[name] = found | {"seconds": round(seconds, 1), "script": SCRIPT, **origin()}
        path.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(name, known[name], flush=True)


if __name__ == "__main__":
    main()
