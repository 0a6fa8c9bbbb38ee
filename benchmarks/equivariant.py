"""NequIP and MACE trained beside nequip and mace-torch: the same data, sizes and seconds.

    python benchmarks/equivariant.py                 # 300 s of computing for each of six runs
    python benchmarks/equivariant.py --seconds 60    # a quick look; needs `make peers`

rMD17 ethanol, split 01: 950 training and 50 validation frames, errors on the 1,000 test frames.
Ours is trained by `fit`; theirs with the package's own loss, optimiser and averaging of weights,
once with its own schedule of the learning rate and once with ours. Two runs at a time, one thread
each; the seconds are those a process computes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import torch
from peers.exchange import call
from peers.side_by_side import train_ours, train_theirs

from mlp_course.data import load_rmd17

PACKAGES = {"mace": "mace-torch", "nequip": "nequip"}
WHO = {"ours": "fit", "own": "its own schedule", "cosine": "our schedule"}


def run(kind: str, who: str, seconds: float) -> None:
    """Train once and print the row as text that `main` reads."""
    torch.set_num_threads(1)
    frames = load_rmd17("ethanol", part="train", split=1)
    parts = frames[:950], frames[950:], load_rmd17("ethanol", part="test", split=1)
    if who == "ours":
        errors = train_ours(kind, *parts, seconds)
    else:
        with tempfile.TemporaryDirectory() as folder:
            errors = train_theirs(partial(call, Path(folder)), kind, *parts, seconds, who)
    print(errors["force"], errors["energy"], errors["steps"])


def start(kind: str, who: str, seconds: float) -> dict:
    """One row of the table, computed in a process of its own."""
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, __file__, "--run", kind, who, "--seconds", str(seconds)]
    pipe = dict(stdout=subprocess.PIPE, encoding="utf-8")
    done = subprocess.run(command, env=environment, check=True, **pipe)
    force, energy, steps = map(float, done.stdout.split()[-3:])
    return {
        "model": kind,
        "trained by": "this course" if who == "ours" else PACKAGES[kind],
        "with": WHO[who],
        "steps": int(steps),
        "energy MAE / meV": round(energy, 1),
        "force MAE / (meV/Å)": round(force, 1),
    }


def main() -> None:
    """Train all, two at a time, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        run(*arguments.run, arguments.seconds)
        return
    with ThreadPoolExecutor(2) as pool:
        rows = pool.map(
            lambda job: start(*job, arguments.seconds), [(k, w) for k in PACKAGES for w in WHO]
        )
    print(pd.DataFrame(list(rows)).to_string(index=False))


if __name__ == "__main__":
    main()
