"""Cost of each rung of the reference methods, and how near it comes to the labels of rMD17.

    python benchmarks/ladder.py                          # ethanol, 20 frames
    python benchmarks/ladder.py --frames 5 --rungs gfn2-xtb pbe

rMD17's labels are PBE/def2-SVP without dispersion. Energies are compared after their means are
removed, because methods differ in what they call zero. Needs rMD17 (MLP_COURSE_DATA).
"""

import argparse
import os
import time

import numpy as np
from ase import Atoms

from mlp_course.data import load_rmd17
from mlp_course.reference import reference_calculator

RUNGS = ("emt", "gfn1-xtb", "gfn2-xtb", "pbe", "pbe-d3")


def row(rung: str, frames: list[Atoms]) -> str:
    """Seconds per frame, errors of energy (meV) and forces (meV/Å), correlation of forces."""
    energies, forces = [], []
    copies = [atoms.copy() for atoms in frames]
    copies[0].calc = reference_calculator(rung)
    copies[0].get_forces()  # load the program
    started = time.perf_counter()
    for atoms in copies:
        atoms.calc = reference_calculator(rung)
        energies.append(atoms.get_potential_energy())
        forces.append(atoms.get_forces())
    seconds = (time.perf_counter() - started) / len(frames)
    labels = np.array([atoms.get_forces() for atoms in frames])
    off = np.array(energies) - [atoms.get_potential_energy() for atoms in frames]
    energy_error = 1000 * np.abs(off - off.mean()).mean()
    force_error = 1000 * np.abs(np.array(forces) - labels).mean()
    alike = np.corrcoef(np.ravel(forces), np.ravel(labels))[0, 1]
    return f"| {rung} | {seconds:.4f} | {energy_error:.1f} | {force_error:.2f} | {alike:.4f} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--molecule", default="ethanol")
    parser.add_argument("--frames", type=int, default=20)
    parser.add_argument("--rungs", nargs="+", default=RUNGS, choices=RUNGS)
    options = parser.parse_args()
    frames = load_rmd17(options.molecule, part="test")[: options.frames]
    n_atoms = len(frames[0])
    print(f"{options.molecule}, {n_atoms} atoms, {len(frames)} frames of rMD17, one thread;")
    print(f"load of the machine {os.getloadavg()[0]:.1f}\n")
    print("| rung | s per frame | energy MAE / meV | force MAE / meV/Å | correlation of forces |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for rung in options.rungs:
        print(row(rung, frames), flush=True)


if __name__ == "__main__":
    main()
