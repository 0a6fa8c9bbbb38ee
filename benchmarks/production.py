"""Nanoseconds a day against the number of atoms: networks, EMT and xTB on one thread.

    python benchmarks/production.py             # what is missing in the stored table
    python benchmarks/production.py --again     # all, about five minutes

Gas and crystal are timed in an NVE run; the dense box in evaluations at slightly moved positions,
because the networks have never seen two molecules close together, so that a run would fall apart.
What counts is processor time, which other work on the machine disturbs little. The table is saved
after each system; a killed run goes on.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from scipy.spatial.transform import Rotation

from mlp_course.data import load_embedded
from mlp_course.data.neighbours import neighbour_list
from mlp_course.data.whole_files import write_whole
from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.reference import reference_calculator
from mlp_course.simulation import run_nve
from mlp_course.simulation.one_pass import OnePass
from mlp_course.simulation.throughput import THROUGHPUT, growth, load_throughput, ns_per_day

NETWORKS = {"SchNet": "ethanol_schnet", "PaiNN": "ethanol_painn"}
COPIES = (1, 8, 32, 111)
XTB_COPIES = (1, 8, 32, 48)
COPPER = {32: (2, 2, 2), 108: (3, 3, 3), 256: (4, 4, 4), 500: (5, 5, 5), 1000: (5, 5, 10),
          2048: (8, 8, 8)}  # fmt: skip
SPACING = 12.0  # Å between the molecules of the gas: no atom of one sees another
VOLUME = 97.0  # Å³ a molecule in liquid ethanol, 0.789 g/cm³
BLOCK_SECONDS = 0.8  # of processor time, at least
WARM = 60  # evaluations before the recording pays, see models/recording.py


def copies(n_molecules: int, spacing: float, *, pbc: bool = True) -> Atoms:
    """Ethanol on a cubic grid, each molecule turned at random."""
    one = load_embedded("ethanol/300K")[0]
    one.calc, one.info = None, {}
    one.positions -= one.get_center_of_mass()
    edge = int(np.ceil(n_molecules ** (1 / 3) - 1e-9))
    turns = Rotation.random(n_molecules, rng=np.random.default_rng(0)).as_matrix()
    box = Atoms(cell=[edge * spacing] * 3, pbc=pbc)
    for place, turn in zip(np.ndindex(edge, edge, edge), turns, strict=False):
        copy = Atoms(one.numbers, one.positions @ turn + spacing * np.array(place))
        box += copy
    return box


def dense(n_molecules: int) -> Atoms:
    """The same at the density of the liquid; the cell fits the number of molecules."""
    box = copies(n_molecules, 5.5)
    edge = (n_molecules * VOLUME) ** (1 / 3)
    box.positions += np.random.default_rng(1).normal(0, 0.05, (len(box), 3))
    box.set_cell([edge] * 3)
    box.wrap()
    return box


def crystal(repeats: tuple[int, int, int]) -> Atoms:
    """Copper."""
    return bulk("Cu", cubic=True, a=3.62).repeat(repeats)


def in_dynamics(atoms: Atoms, timestep: float) -> Callable[[int], None]:
    """A function that runs so many steps and goes on from there."""
    state = {"atoms": atoms, "temperature": 300.0}

    def run(steps: int) -> None:
        made = run_nve(
            state["atoms"], steps=steps, timestep=timestep, temperature=state["temperature"],
            interval=steps, progress=False,
        )  # fmt: skip
        calc, state["atoms"] = state["atoms"].calc, made.frames[-1]
        state["atoms"].calc, state["temperature"] = calc, None

    return run


def in_evaluations(atoms: Atoms) -> Callable[[int], None]:
    """A function that evaluates so many slightly moved geometries."""
    start, one_pass = atoms.positions.copy(), OnePass(atoms.calc)
    rng = np.random.default_rng(2)

    def run(steps: int) -> None:
        for _ in range(steps):
            atoms.positions = start + rng.normal(0, 0.01, start.shape)
            one_pass.get_forces(atoms)

    return run


def timed(run: Callable[[int], None]) -> dict:
    """Processor time of a step: that of the quickest of five blocks, and the range."""
    started = time.process_time()
    run(2)
    first = (time.process_time() - started) / 2
    steps = 1
    if first < 2:
        run(WARM if first < 0.1 else 1)
        started = time.process_time()
        run(2)
        steps = max(2, round(BLOCK_SECONDS / max((time.process_time() - started) / 2, 1e-5)))
    seconds = []
    for _ in range(5 if first < 0.5 else 3):
        started = time.process_time()
        run(steps)
        seconds.append((time.process_time() - started) / steps)
    return {
        "seconds_per_step": float(f"{min(seconds):.4g}"),
        "median": float(f"{statistics.median(seconds):.4g}"),
        "highest": float(f"{max(seconds):.4g}"),
        "steps_a_block": steps,
    }


def plans() -> dict[tuple[str, str, int], Callable[[], dict]]:
    """All systems, small ones first, each with the function that measures it."""
    found = {}
    for name, shipped in NETWORKS.items():
        for n in COPIES:
            found[name, "ethanol gas", 9 * n] = measure(copies(n, SPACING), shipped, 0.5)
            if n > 1:
                found[name, "ethanol dense", 9 * n] = measure(dense(n), shipped, 0.5, move=False)
    for n, repeats in COPPER.items():
        found["SchNet (copper)", "Cu crystal", n] = measure(
            crystal(repeats), "copper_emt_schnet", 1.0
        )
        found["EMT", "Cu crystal", n] = measure(crystal(repeats), "emt", 1.0)
    for n in XTB_COPIES:
        gas = copies(n, SPACING, pbc=False)
        found["GFN2-xTB", "ethanol gas", 9 * n] = measure(gas, "gfn2-xtb", 0.5, move=False)
    return dict(sorted(found.items(), key=lambda item: item[0][2]))


def measure(atoms: Atoms, name: str, timestep: float, *, move: bool = True) -> Callable[[], dict]:
    """Put off the work: a function that sets the calculator and times it."""

    def work() -> dict:
        n_pairs = None
        if name == "emt":
            atoms.calc = EMT()
        elif name == "gfn2-xtb":
            atoms.calc = reference_calculator(name)
        else:
            model = load_shipped(name)
            atoms.calc = MLPCalculator(model)
            n_pairs = len(neighbour_list(atoms, model.cutoff).idx_i)
        run = in_dynamics(atoms, timestep) if move else in_evaluations(atoms)
        how = "NVE run" if move else "evaluations"
        return {"n_pairs": n_pairs, "timestep": timestep, "how": how, **timed(run)}

    return work


def origin() -> dict:
    """Where the numbers come from."""
    names = ("ase", "numpy", "tblite", "torch")
    return {
        "script": "benchmarks/production.py",
        "what": "processor time of one step, one thread, the quickest block of several; "
        "other work ran on the same machine",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {name: version(name) for name in names},
        "date": date.today().isoformat(),
    }


def main() -> None:
    """Measure what is missing, save after each system, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--again", action="store_true", help="measure what is stored, too")
    parser.add_argument("--most", type=int, default=10**9, help="atoms, to leave out larger ones")
    parser.add_argument("--out", type=Path, default=THROUGHPUT)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    stored = {"cases": [], "origin": origin() | {"seconds": 0.0}}
    if arguments.out.exists() and not arguments.again:
        stored = json.loads(arguments.out.read_text(encoding="utf-8"))
    known = {(case["potential"], case["system"], case["n_atoms"]) for case in stored["cases"]}
    for (potential, system, n_atoms), work in plans().items():
        if (potential, system, n_atoms) in known or n_atoms > arguments.most:
            continue
        started = time.process_time()
        case = dict(potential=potential, system=system, n_atoms=n_atoms) | work()
        stored["cases"].append(case)
        seconds = stored["origin"]["seconds"] + time.process_time() - started
        stored["origin"] |= origin() | {"seconds": round(seconds, 1)}
        save(arguments.out, stored)
        speed = ns_per_day(case["seconds_per_step"], case["timestep"])
        milliseconds = f"{1000 * case['seconds_per_step']:9.2f} ms/step"
        print(f"{potential:16} {system:14} {n_atoms:5} atoms {milliseconds} {speed:9.4f} ns/day")
    print(growth(load_throughput(arguments.out)[0]).round(2).to_string(index=False))


def save(path: Path, stored: dict) -> None:
    """Replace the file in one step."""
    text = json.dumps(stored, indent=1) + "\n"
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


if __name__ == "__main__":
    main()
