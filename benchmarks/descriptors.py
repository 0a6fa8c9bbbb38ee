"""Descriptors with and without derivatives: ours beside dscribe and featomic.

    python benchmarks/descriptors.py                # all rows, about 5 minutes; needs `make peers`
    python benchmarks/descriptors.py --only soap    # or: acsf

µs an atom of computing time on one thread, finding the neighbours included, float64. The sides take
turns, each in its own process; ratios are medians over the rounds of ours / theirs. dscribe
differentiates symmetry functions, and periodic SOAP, numerically: so slow that it is measured on a
few molecules and the smallest cells only ("-" otherwise).
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import ase.io
import pandas as pd
import torch
from ase import Atoms
from ase.build import bulk
from asking import Peers, in_turns, median_ratio

from mlp_course.data import collate, has_rmd17, load_embedded, load_rmd17, neighbour_list
from mlp_course.descriptors import SOAP, SymmetryFunctions

CUTOFF = 5.0
SOAP_SETTINGS = dict(n_max=6, l_max=4, sigma=0.5)
SIZES = {
    32: (2, 2, 2),
    108: (3, 3, 3),
    256: (4, 4, 4),
    500: (5, 5, 5),
    1008: (6, 6, 7),
    2048: (8, 8, 8),
}
CHUNK = 100  # molecules at a time
NUMERICAL = ("ethanol x 5", "Cu 32")


def systems() -> dict[str, list[Atoms]]:
    """Frames of each row."""
    found = load_rmd17("ethanol") if has_rmd17("ethanol") else load_embedded("ethanol/500K")
    frames = {"ethanol x 5": found[:5], "ethanol x 1000": (2 * found)[:1000]}
    for size, repeat in SIZES.items():
        crystal = bulk("Cu", cubic=True).repeat(repeat)
        crystal.rattle(0.05, seed=0)
        frames[f"Cu {size}"] = [crystal]
    return frames


def our_descriptor(kind: str, frames: list[Atoms]) -> SOAP | SymmetryFunctions:
    """The one that is timed."""
    species = sorted(set(frames[0].numbers.tolist()))
    if kind == "soap":
        return SOAP(species, CUTOFF, **SOAP_SETTINGS)
    return SymmetryFunctions(species, CUTOFF)


def our_time(kind: str, job: str, frames: list[Atoms]) -> float:
    """µs an atom, from structures to numbers."""
    descriptor = our_descriptor(kind, frames)
    started = time.process_time()
    with torch.no_grad():
        for n in range(0, len(frames), CHUNK):
            graph = collate([neighbour_list(atoms, CUTOFF) for atoms in frames[n : n + CHUNK]])
            inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
            descriptor(*inputs) if job == "values" else descriptor.derivatives(*inputs)
    return 1e6 * (time.process_time() - started) / sum(map(len, frames))


def row(kind: str, job: str, system: str, frames: list[Atoms], peers: Peers, rounds: int) -> dict:
    """One line of the table."""
    packages = ["dscribe"] if job == "values" or system in NUMERICAL else []
    if kind == "soap":
        packages.append("featomic")
        if job == "derivatives" and system == "ethanol x 1000":
            packages.insert(0, "dscribe")  # analytical for molecules
    if system == "ethanol x 1000":
        rounds = 2
    ours, *theirs = in_turns(
        lambda: our_time(kind, job, frames),
        *(
            lambda package=package: peers.ask(package, kind, job, *system_name(system))
            for package in packages
        ),
        rounds=rounds,
    )
    line = {"descriptor": kind, "job": job, "system": system, "ours / µs": statistics.median(ours)}
    for package in ("dscribe", "featomic"):
        times = theirs[packages.index(package)] if package in packages else None
        line[f"{package} / µs"] = statistics.median(times) if times else float("nan")
        line[f"ours : {package}"] = median_ratio(ours, times) if times else float("nan")
    return line


def system_name(system: str) -> list[str]:
    """As a name of a file."""
    return [system.replace(" ", "_")]


def hand_over(folder: Path, system: str, frames: list[Atoms]) -> None:
    """Write what the other packages need."""
    functions = our_descriptor("acsf", frames)
    settings = {
        "species": functions.elements.symbols,
        "cutoff": CUTOFF,
        "radial": functions.radial,
        "angular": functions.angular,
        "soap": SOAP_SETTINGS,
    }
    (name,) = system_name(system)
    (folder / f"{name}.json").write_text(json.dumps(settings), encoding="utf-8")
    bare = [Atoms(a.numbers, a.positions, cell=a.cell, pbc=a.pbc) for a in frames]
    ase.io.write(folder / f"{name}.traj", bare)


def main() -> None:
    """Print one table, and how flat our cost is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=["acsf", "soap"], choices=["acsf", "soap"])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with (
        tempfile.TemporaryDirectory() as folder,
        Peers("time_descriptors.py", Path(folder)) as peers,
    ):
        todo = systems()
        for system, frames in todo.items():
            hand_over(Path(folder), system, frames)
        rows = [
            row(kind, job, system, frames, peers, arguments.rounds)
            for kind in arguments.only
            for job in ("values", "derivatives")
            for system, frames in todo.items()
        ]
    table = pd.DataFrame(rows)
    print(table.round(2).to_string(index=False, na_rep="-"))
    large = table[table["system"].isin([f"Cu {size}" for size in SIZES if size >= 256])]
    costs = large.groupby(["descriptor", "job"])["ours / µs"]
    print("\nCu, 256 to 2,048 atoms: our cost an atom over its mean, smallest and largest")
    print((costs.agg(["min", "max"]).div(costs.mean(), axis=0)).round(2).to_string())


if __name__ == "__main__":
    main()
