"""A training step and energies with forces: our models beside the production packages.

    python benchmarks/models.py                # all rows, about 5 minutes; needs `make peers`
    python benchmarks/models.py --rounds 3     # a quick look
    python benchmarks/models.py --only mace

Ethanol, batch 10, one thread, ready batches, the same loss and optimiser (AdamW). In each round the
two sides take turns, each in its own process; times are those the process computes, and a ratio is
the median over rounds of ours / theirs.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import spk_pipeline
import torch
from ase import Atoms
from asking import Peers, in_turns, median_ratio

from mlp_course.data import has_rmd17, load_embedded, load_rmd17
from mlp_course.models import build_model
from mlp_course.models.schnetpack_compat import load_schnetpack
from mlp_course.training.dataset import LabelledGraphs

BATCH = 10
EQUIVARIANT = dict(n_rbf=8, p=6, hidden=[64, 64])
#: Our name, its hyperparameters, the other package.
CASES = {
    "schnet": ({}, "SchNetPack"),
    "schnet_by_hand": ({}, "SchNetPack"),
    "ani": (dict(cutoff=5.2), "torchani"),
    "nequip": (dict(n_features=32, l_max=2, n_layers=3), "nequip"),
    "mace": (dict(n_features=32, l_max=3, l_hidden=1, correlation=3, n_layers=2), "mace-torch"),
}
REPEATS = {"schnet": 40, "schnet_by_hand": 40, "ani": 30, "nequip": 12, "mace": 8}


class Ours:
    """One of our models with a ready batch."""

    def __init__(self, name: str, frames: list[Atoms]):
        hyper = CASES[name][0]
        if name in ("nequip", "mace"):
            hyper = hyper | {"radial": EQUIVARIANT}
        self.model = build_model(name, **hyper)
        self.batch = LabelledGraphs(frames, self.model).batch(range(len(frames)))
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=1e-4, fused=True)

    def __call__(self, *, training: bool) -> tuple[torch.Tensor, torch.Tensor]:
        self.model.train(training)
        prediction = self.model(self.batch.graph)
        return prediction.residual, prediction.forces


class SchNetPack:
    """SchNetPack's potential with a ready batch, for which it makes distances and forces itself."""

    def __init__(self, frames: list[Atoms]):
        spk = load_schnetpack()
        self.model = spk_pipeline.potential("schnet")
        graph = LabelledGraphs(frames, build_model("schnet")).batch(range(len(frames))).graph
        n_atoms = torch.bincount(graph.idx_m)
        self.inputs = {
            spk.properties.Z: graph.atomic_numbers,
            spk.properties.R: graph.positions,
            spk.properties.idx_i: graph.idx_i,
            spk.properties.idx_j: graph.idx_j,
            spk.properties.idx_m: graph.idx_m,
            spk.properties.offsets: torch.zeros(len(graph.idx_i), 3),
            spk.properties.n_atoms: n_atoms,
        }
        self.model.do_postprocessing = False  # the offset of the energy, in float64
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=1e-4, fused=True)

    def __call__(self, *, training: bool) -> tuple[torch.Tensor, torch.Tensor]:
        self.model.train(training)
        output = self.model(dict(self.inputs))
        return output["energy"], output["forces"]


def milliseconds(side: Ours | SchNetPack, job: str, repeats: int) -> float:
    """Mean over the repeats, of a training step or of energies and forces."""
    started = time.process_time()
    for _ in range(repeats):
        if job == "step":
            side.optimiser.zero_grad(set_to_none=True)
            energy, forces = side(training=True)
            (0.01 * energy.square().mean() + forces.square().mean()).backward()
            side.optimiser.step()
        else:
            side(training=False)
    return 1000 * (time.process_time() - started) / repeats


def hand_over(folder: Path, frames: list[Atoms]) -> None:
    """Write what the other packages need."""
    for name, (hyper, _) in CASES.items():
        np.savez(
            folder / f"{name}.npz", numbers=frames[0].numbers, species=[1, 6, 8], seed=0,
            positions=[atoms.positions for atoms in frames], references=np.zeros(3),
            dtype="float32", n_mean=8.0, scale=1.0, **({"cutoff": 5.0} | EQUIVARIANT | hyper),
        )  # fmt: skip


def row(name: str, job: str, frames: list[Atoms], peers: Peers, rounds: int) -> dict:
    """Time both sides in turns."""
    repeats, package = REPEATS[name], CASES[name][1]
    ours = Ours(name, frames)
    if package == "SchNetPack":
        theirs = SchNetPack(frames)
        other = lambda: milliseconds(theirs, job, repeats)  # noqa: E731
    else:
        other = lambda: peers.ask(name, job, repeats)  # noqa: E731
    mine, theirs = in_turns(lambda: milliseconds(ours, job, repeats), other, rounds=rounds)
    return {
        "model": name,
        "job": {"step": "training step", "evaluate": "energy + forces"}[job],
        "ours / ms": statistics.median(mine),
        "package": package,
        "theirs / ms": statistics.median(theirs),
        "ours : theirs": median_ratio(mine, theirs),
        "smallest": min(a / b for a, b in zip(mine, theirs, strict=True)),
        "largest": max(a / b for a, b in zip(mine, theirs, strict=True)),
    }


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="+", default=list(CASES), choices=CASES)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    frames = load_rmd17("ethanol") if has_rmd17("ethanol") else load_embedded("ethanol/500K")
    with tempfile.TemporaryDirectory() as folder, Peers("time_models.py", Path(folder)) as peers:
        hand_over(Path(folder), frames[:BATCH])
        rows = [
            row(name, job, frames[:BATCH], peers, arguments.rounds)
            for name in arguments.only
            for job in ("step", "evaluate")
        ]
    print(pd.DataFrame(rows).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
