"""Training and MD speed beside SchNetPack's pipeline and a bare loop, in one run.

    python benchmarks/training.py              # all rows, about 6 minutes
    python benchmarks/training.py --steps 30   # a quick look

Ratios are what counts: absolute times follow the machine and its other users. In each round the
contestants take turns; a ratio is the median over rounds of the ratio within a round.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import pandas as pd
import spk_pipeline
import torch
from ase import Atoms, units
from ase.calculators.calculator import Calculator
from ase.md.verlet import VelocityVerlet

from mlp_course.data import has_rmd17, load_embedded, load_rmd17
from mlp_course.models import MLPCalculator, build_model
from mlp_course.simulation import with_thermal_velocities
from mlp_course.training import EnergyForceLoss, fit
from mlp_course.training.dataset import LabelledGraphs

N_TRAIN = 950
N_VALIDATION = 10


def fit_ms(name: str, frames: list[Atoms], batch_size: int, steps: int) -> float:
    """Milliseconds a step of `fit`: batches, schedule, clipping, EMA, validation included."""
    train = frames[: min(N_TRAIN, steps * batch_size)]
    history = fit(
        build_model(name),
        train,
        frames[-N_VALIDATION:],
        max_epochs=1 + max(1, steps * batch_size // len(train)),
        batch_size=batch_size,
        progress=False,
    )
    first, last = history.iloc[0], history.iloc[-1]  # the first epoch warms up
    return 1000 * (last["seconds"] - first["seconds"]) / (last["step"] - first["step"])


def bare_ms(name: str, frames: list[Atoms], batch_size: int, steps: int) -> float:
    """Milliseconds a step of the least that trains: ready batches, forward, backward, AdamW."""
    model = build_model(name).train()
    data = LabelledGraphs(frames[: 10 * batch_size], model)
    batches = [data.batch(indices) for indices in data.batches(batch_size)]
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    loss = EnergyForceLoss()
    start = 0.0
    for step in range(steps + 10):
        if step == 10:
            start = time.perf_counter()
        batch = batches[step % len(batches)]
        optimiser.zero_grad(set_to_none=True)
        loss(model(batch.graph), batch).backward()
        optimiser.step()
    return 1000 * (time.perf_counter() - start) / steps


def md_steps_per_second(calculator: Calculator, atoms: Atoms, steps: int) -> float:
    """Steps a second of ASE's velocity Verlet."""
    moving = with_thermal_velocities(atoms, 300, seed=0)
    moving.calc = calculator
    dynamics = VelocityVerlet(moving, 0.1 * units.fs)  # short: the potentials are untrained
    dynamics.run(20)
    start = time.perf_counter()
    dynamics.run(steps)
    return steps / (time.perf_counter() - start)


def training_row(name: str, batch_size: int, frames: list[Atoms], steps: int, rounds: int) -> dict:
    """Time the three ways of training, taking turns."""
    times = {"pipeline": [], "fit": [], "bare": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            times["pipeline"].append(
                spk_pipeline.ms_per_step(name, frames, Path(folder), batch_size, steps)
            )
        times["fit"].append(fit_ms(name, frames, batch_size, steps))
        times["bare"].append(bare_ms(name, frames, batch_size, steps))
    return {
        "model": f"{name}-64",
        "batch": batch_size,
        **{f"{way} / ms": statistics.median(values) for way, values in times.items()},
        "pipeline : fit": _median_ratio(times["pipeline"], times["fit"]),
        "fit : bare": _median_ratio(times["fit"], times["bare"]),
    }


def md_row(name: str, atoms: Atoms, steps: int, rounds: int) -> dict:
    """Time MD through both calculators, taking turns."""
    theirs, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            spk_calculator = spk_pipeline.calculator(name, Path(folder))
            theirs.append(md_steps_per_second(spk_calculator, atoms, steps))
            ours.append(md_steps_per_second(MLPCalculator(build_model(name)), atoms, steps))
    return {
        "model": f"{name}-64",
        "SpkCalculator / (steps/s)": statistics.median(theirs),
        "MLPCalculator / (steps/s)": statistics.median(ours),
        "ours : theirs": _median_ratio(ours, theirs),
    }


def _median_ratio(above: list[float], below: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def main() -> None:
    """Print one table for training and one for MD."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=190)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    frames = load_rmd17("ethanol") if has_rmd17("ethanol") else load_embedded("ethanol/500K")
    steps, rounds = arguments.steps, arguments.rounds
    rows = [
        training_row(name, batch_size, frames, steps, rounds)
        for name in ("schnet", "painn")
        for batch_size in (10, 32)
    ]
    print(pd.DataFrame(rows).round(2).to_string(index=False), end="\n\n")
    md = [md_row(name, frames[0], 2 * steps, rounds) for name in ("schnet", "painn")]
    print(pd.DataFrame(md).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
