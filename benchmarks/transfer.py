"""What are 5,000 cheap labels worth? Transfer learning and Δ-learning on ethanol, GFN2-xTB to PBE.

    python benchmarks/transfer.py           # every cell that has no result yet, one core
    python benchmarks/transfer.py --table   # print what is there

Ways to use n PBE labels, with the same architecture and, for the same n, as many steps:

* ``alone``     train on them, from random weights
* ``fine_tune`` the same from weights that were trained on 5,000 xTB labels before
* ``delta``     learn PBE minus xTB; xTB is then needed at every step of the dynamics
* ``xtb``       xTB itself, which uses no PBE label at all; and ``pretrained``, which imitates it

A *cell* is a way, a number of labels and a seed (which labels, which first weights). Its result is
one JSON file, written whole or not at all; frames and pre-trained weights are kept in build/.
Delete a result to compute it again. The PBE frames come with the course: labels from the first 700
frames of the trajectory at 500 K, tests on its last 250 frames and on the trajectory at 1000 K. The
xTB frames are trajectories of their own.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ase.io
import numpy as np
import torch
from ase import Atoms
from ase.build import molecule
from ase.calculators.singlepoint import SinglePointCalculator
from race import provenance, write
from tqdm import tqdm

from mlp_course.active_learning.transfer_results import TRANSFER_FOLDER, load_transfer
from mlp_course.data import load_embedded
from mlp_course.data.whole_files import write_whole
from mlp_course.models import Potential, atomic_references, build_model, load_model, save_model
from mlp_course.reference import label_here, reference_calculator
from mlp_course.sampling import sample_dynamics
from mlp_course.training import fit
from mlp_course.validation import evaluate, predict

PROJECT = Path(__file__).resolve().parents[1]
WORK = PROJECT / "build" / "transfer"
TEMPERATURES = (300, 500, 700, 1000)  # K, of the xTB trajectories
N_XTB, N_XTB_VALIDATION = 5000, 100
POOL = 700  # frames of the trajectory at 500 K that labels are drawn from
HYPER = dict(n_features=32, n_interactions=2, cutoff=5.0)
ARCHITECTURE = "painn"
PRETRAIN = dict(max_epochs=12, batch_size=10, learning_rate=1e-2)
BATCH = 5  # frames a step of each training on PBE labels
#: Chosen from 0.005 and 0.01 (alone) and from 0.001, 0.002 and 0.005 (fine_tune) with 50 labels of
#: seed 0, on a fifth of the test frames; the choices differ by less than 6 meV/Å.
LEARNING_RATES = {"alone": 1e-2, "fine_tune": 2e-3, "delta": 1e-2}
SEEDS = (0, 1, 2)
#: Numbers of PBE labels of each way.
LABELS = {
    "alone": (25, 50, 100, 200),
    "fine_tune": (10, 25, 50, 100),
    "delta": (10, 25, 50, 100),
}


@dataclass(frozen=True)
class Cell:
    """One result: a way to learn, a number of PBE labels, a seed."""

    way: str
    n_labels: int
    seed: int

    @property
    def result(self) -> Path:
        """Its file."""
        return TRANSFER_FOLDER / f"{self.way}-{self.n_labels}-{self.seed}.json"


CELLS = [
    Cell("xtb", 0, 0),
    *(Cell("pretrained", 0, seed) for seed in SEEDS),
    *(
        Cell(way, n, seed)
        for n in (50, 25, 100, 10, 200)
        for seed in SEEDS
        for way, sizes in LABELS.items()
        if n in sizes
    ),
]


def xtb_frames() -> list[Atoms]:
    """5,000 frames at four temperatures and 100 to watch the errors on, labelled by GFN2-xTB."""
    stored = WORK / "xtb.xyz"
    if not stored.exists():
        each = (N_XTB + N_XTB_VALIDATION) // len(TEMPERATURES)
        frames = []
        for number, temperature in enumerate(TEMPERATURES):
            frames += sample_dynamics(
                molecule("CH3CH2OH"),
                reference_calculator("xtb"),
                temperature=temperature,
                n_frames=each,
                spacing=10.0,
                equilibration=500.0,
                seed=100 + number,
            )
        write_frames(label_here(frames, "xtb"), stored)
    return ase.io.read(stored, ":")


def write_frames(frames: Sequence[Atoms], path: Path) -> None:
    """Write frames whole or not at all."""
    write_whole(path, lambda part: ase.io.write(part, frames, format="extxyz"))


def tests() -> dict[str, list[Atoms]]:
    """PBE test frames: the end of the trajectory at 500 K, and the one at 1000 K."""
    return {"500K": load_embedded("ethanol/500K")[-250:], "1000K": load_embedded("ethanol/1000K")}


def drawn(n_labels: int, seed: int) -> tuple[list[Atoms], list[Atoms]]:
    """PBE frames to learn from, and 5 others to watch (nothing is chosen by them)."""
    pool = load_embedded("ethanol/500K")[:POOL]
    order = np.random.default_rng(seed).permutation(POOL)
    return [pool[n] for n in order[:n_labels]], [pool[n] for n in order[-5:]]


def pretrained(seed: int) -> tuple[Potential, float]:
    """Potential trained on the xTB labels, and its seconds; kept in build/."""
    stored = WORK / f"pretrained-{seed}.safetensors"
    if not stored.exists():
        frames = xtb_frames()
        order = np.random.default_rng(0).permutation(len(frames))
        known = [frames[n] for n in order[:N_XTB]]
        unseen = [frames[n] for n in order[N_XTB:]]
        model = build_model(ARCHITECTURE, seed=seed, **HYPER)
        started = time.process_time()
        options = dict(seed=seed, progress=False, checkpoint=WORK / f"run-{seed}.safetensors")
        last = fit(model, known, unseen, clock=time.process_time, **options, **PRETRAIN).iloc[-1]
        seconds = max(time.process_time() - started, float(last["seconds"]))
        mae = float(last["validation_force_mae"])
        print(f"pre-trained, seed {seed}: {mae:.1f} meV/Å against xTB, {seconds:.0f} s", flush=True)
        save_model(model, stored, provenance={"seconds": seconds, "xtb_force_mae": mae})
    model = load_model(stored)
    return model, float(model.provenance["seconds"])


def moved_to(model: Potential, frames: Sequence[Atoms]) -> Potential:
    """Set atomic references so that the model's mean energy is that of other labels.

    Total energies of two methods differ by thousands of eV. Only the references hold that
    difference; the weights, which hold the shape of the surface, stay.
    """
    energies, _ = predict(model, frames)
    shifted = []
    for atoms, energy in zip(frames, energies, strict=True):
        own = float(model.reference_energies[atoms.numbers].sum())
        copy = atoms.copy()
        rest = atoms.get_potential_energy() - (energy - own)
        copy.calc = SinglePointCalculator(copy, energy=rest)
        shifted.append(copy)
    for z, energy in atomic_references(shifted).items():
        model.reference_energies[z] = energy
    return model


def minus_xtb(frames: Sequence[Atoms]) -> list[Atoms]:
    """The same frames, labelled with what PBE adds to xTB."""
    rest = []
    for pbe, xtb in zip(frames, label_here(frames, "xtb"), strict=True):
        copy = pbe.copy()
        energy = pbe.get_potential_energy() - xtb.get_potential_energy()
        forces = pbe.get_forces() - xtb.get_forces()
        copy.calc = SinglePointCalculator(copy, energy=energy, forces=forces)
        rest.append(copy)
    return rest


def n_steps(n_labels: int) -> int:
    """Steps of the descent: 1,500, and from 100 labels on 75 times through them."""
    return max(1500, 15 * n_labels)


def trained(cell: Cell) -> tuple[Potential, dict]:
    """The potential of a cell, and what its training took."""
    known, watched = drawn(cell.n_labels, cell.seed)
    if cell.way == "delta":
        known, watched = minus_xtb(known), minus_xtb(watched)
    pretraining = 0.0
    if cell.way == "fine_tune":
        model, pretraining = pretrained(cell.seed)
        moved_to(model, known)
    else:
        model = build_model(ARCHITECTURE, seed=cell.seed, **HYPER)
    settings = dict(
        max_epochs=n_steps(cell.n_labels) * BATCH // cell.n_labels,
        batch_size=BATCH,
        learning_rate=LEARNING_RATES[cell.way],
        seed=cell.seed,
    )
    history = fit(model, known, watched, progress=False, clock=time.process_time, **settings)
    return model, {
        "train_seconds": round(float(history["seconds"].iloc[-1]), 1),
        "pretrain_seconds": round(pretraining, 1),
        "steps": int(history["step"].iloc[-1]),
        "settings": settings,
    }


def run_cell(cell: Cell) -> None:
    """Train, test, write the result."""
    origin = provenance() | {"script": "benchmarks/transfer.py"}
    targets = tests()
    nothing = {"train_seconds": 0.0, "pretrain_seconds": 0.0, "steps": 0, "settings": {}}
    if cell.way == "xtb":
        model, record = reference_calculator("xtb"), nothing
    elif cell.way == "pretrained":
        model, seconds = pretrained(cell.seed)
        record = nothing | {"pretrain_seconds": round(seconds, 1)}
    else:
        model, record = trained(cell)
    if cell.way == "delta":  # xTB + model against PBE: the same errors as model against the rest
        targets = {name: minus_xtb(frames) for name, frames in targets.items()}
    result = {
        "way": cell.way,
        "n_labels": cell.n_labels,
        "seed": cell.seed,
        "tests": {name: tested(model, frames) for name, frames in targets.items()},
        "units": "meV/Å (forces), meV (energy of the molecule, mean error taken off)",
        **record,
        "architecture": ARCHITECTURE,
        "hyper": HYPER,
        "provenance": origin,
    }
    write(result, cell.result)


def tested(model: object, frames: Sequence[Atoms]) -> dict[str, float]:
    """Errors on one test set."""
    report = evaluate(model, frames, align_energies=True)
    return {
        "force_mae": round(report.force_mae, 3),
        "force_mae_error": round(report.force_mae_error, 3),
        "aligned_energy_mae": round(report.total_energy_mae, 3),
        "n_frames": len(frames),
    }


def main() -> None:
    """Run what is missing, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)
    if not arguments.table:
        for cell in tqdm(CELLS, unit="cell"):
            if not cell.result.exists():
                run_cell(cell)
    table = load_transfer()
    if table.empty:
        sys.exit(f"no results in {TRANSFER_FOLDER} yet; run without --table")
    print(table.groupby(["way", "n_labels"])[["force_mae_500K", "force_mae_1000K"]].mean().round(1))


if __name__ == "__main__":
    main()
