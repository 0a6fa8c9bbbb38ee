"""Throughput of label(): one worker against two, and what a job costs beyond its calculation.

    python benchmarks/labelling.py            # 1,000 GFN2-xTB labels of ethanol
    python benchmarks/labelling.py --labels 40 --rounds 1

Seconds are medians over rounds in which the three take turns. Let nothing else run: two workers
cannot be quicker than one on a machine without a free core.
"""

import argparse
import os
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from ase import Atoms
from ase.build import molecule

from mlp_course.reference import label, local_client, reference_calculator

RUNG = "gfn2-xtb"


def ethanols(n_frames: int) -> list[Atoms]:
    """Ethanol molecules, each a little different."""
    rng = np.random.default_rng(0)
    frames = [molecule("CH3CH2OH") for _ in range(n_frames)]
    for atoms in frames:
        atoms.positions += rng.normal(scale=0.03, size=atoms.positions.shape)
    return frames


def bare_seconds(frames: list[Atoms]) -> float:
    """Seconds of the calculations alone, in this process; a calculator for each, as in a job."""
    started = time.perf_counter()
    for atoms in frames:
        computed = atoms.copy()
        computed.calc = reference_calculator(RUNG)
        computed.get_forces()
    return time.perf_counter() - started


def labelling_seconds(frames: list[Atoms], n_workers: int) -> float:
    """Seconds of label() with workers that are running and have loaded the program."""
    with local_client(n_workers) as client, TemporaryDirectory() as folder:
        warm = ethanols(len(frames) + 4 * n_workers)[len(frames) :]
        label(warm, RUNG, store=Path(folder) / "warm.xyz", client=client, progress=False)
        started = time.perf_counter()
        label(frames, RUNG, store=Path(folder) / "labels.xyz", client=client, progress=False)
        return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labels", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    n_labels = options.labels
    frames = ethanols(n_labels)
    bare_seconds(frames[:10])  # load the program
    rounds = [
        (bare_seconds(frames), labelling_seconds(frames, 1), labelling_seconds(frames, 2))
        for _ in range(options.rounds)
    ]
    bare, one, two = (statistics.median(taken) for taken in zip(*rounds, strict=True))
    print(f"{n_labels} labels by {RUNG}, ethanol; load of the machine {os.getloadavg()[0]:.1f}\n")
    print("| | s | labels/s |\n| --- | ---: | ---: |")
    print(f"| calculations alone | {bare:.2f} | {n_labels / bare:.0f} |")
    for workers, taken in ((1, one), (2, two)):
        print(f"| label(), {workers} worker(s) | {taken:.2f} | {n_labels / taken:.0f} |")
    gains = [one / two for _, one, two in rounds]
    overheads = [1000 * (one - bare) / n_labels for bare, one, _ in rounds]
    for what, values, goal in (
        ("Two workers against one, times", gains, "at least 1.7"),
        ("Overhead per job, ms", overheads, "below 5"),
    ):
        middle, low, high = statistics.median(values), min(values), max(values)
        print(f"\n{what}: {middle:.2f} ({low:.2f} to {high:.2f}); goal: {goal}", end="")
    print()


if __name__ == "__main__":
    main()
