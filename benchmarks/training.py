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


def md_ms(calculator: Calculator, atoms: Atoms, steps: int) -> float:
    """Milliseconds a step of ASE's velocity Verlet."""
    moving = with_thermal_velocities(atoms, 300, seed=0)
    moving.calc = calculator
    dynamics = VelocityVerlet(moving, 0.1 * units.fs)  # short: the potentials are untrained
    dynamics.run(100)  # a calculator may need some steps to come up to speed: ours records after 50
    start = time.perf_counter()
    dynamics.run(steps)
    return 1000 * (time.perf_counter() - start) / steps


def training_row(name: str, batch_size: int, frames: list[Atoms], steps: int, rounds: int) -> dict:
    """Time the three ways of training, taking turns."""
    theirs, ours, bare = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            theirs.append(spk_pipeline.ms_per_step(name, frames, Path(folder), batch_size, steps))
        ours.append(fit_ms(name, frames, batch_size, steps))
        bare.append(bare_ms(name, frames, batch_size, steps))
    return _row(name, f"training, batch {batch_size}", theirs, ours, bare)


def md_row(name: str, atoms: Atoms, steps: int, rounds: int) -> dict:
    """Time MD through both calculators, taking turns."""
    theirs, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            theirs.append(md_ms(spk_pipeline.calculator(name, Path(folder)), atoms, steps))
            ours.append(md_ms(MLPCalculator(build_model(name)), atoms, steps))
    return _row(name, "MD, one ethanol", theirs, ours)


def _row(name: str, job: str, theirs: list, ours: list, bare: list | None = None) -> dict:
    """One line of the table: milliseconds a step, and medians of the ratios within a round."""
    return {
        "model": f"{name}-64",
        "job": job,
        "SchNetPack / ms": statistics.median(theirs),
        "ours / ms": statistics.median(ours),
        "bare / ms": statistics.median(bare) if bare else float("nan"),
        "SchNetPack : ours": _median_ratio(theirs, ours),
        "ours : bare": _median_ratio(ours, bare) if bare else float("nan"),
    }


def _median_ratio(above: list[float], below: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def main() -> None:
    """Print one table: training through SchNetPack's pipeline, `fit`, a bare loop; then MD."""
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
    rows += [md_row(name, frames[0], 2 * steps, rounds) for name in ("schnet", "painn")]
    print(pd.DataFrame(rows).round(2).to_string(index=False, na_rep="-"))


if __name__ == "__main__":
    main()
