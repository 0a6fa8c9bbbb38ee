"""Train a small network on copper (EMT), then melt copper with it in LAMMPS.

    python benchmarks/melt.py --train     # labels by EMT, 120 s of training, into models/shipped/
    python benchmarks/melt.py             # solid and liquid in LAMMPS, into simulation/ecosystem/

The test frames come from runs of their own, with other seeds, densities and temperatures between
those of the training runs.
"""

import argparse
import json
import platform
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT

import mlp_course
from mlp_course.analysis import (
    diffusion_coefficient,
    mean_square_displacement,
    radial_distribution,
)
from mlp_course.models import MLPCalculator, build_model, load_shipped, save_model
from mlp_course.simulation import run_langevin
from mlp_course.simulation.lammps import run_lammps
from mlp_course.training import fit
from mlp_course.units import convert
from mlp_course.validation import evaluate

PACKAGE = Path(mlp_course.__file__).parent
MODEL = "copper_emt_schnet"
RESULT = PACKAGE / "simulation" / "ecosystem" / "melt.json"
# temperature in K and lattice constants in Å (3.61 at 0 K); above 2,000 K the crystal melts at once
TRAIN = {300: (3.55, 3.62, 3.70), 800: (3.58, 3.65, 3.75), 1300: (3.62, 3.70, 3.80),
         2000: (3.75, 3.85), 2700: (3.70, 3.80, 3.90), 3500: (3.80, 3.95)}  # fmt: skip
TEST = {500: (3.60, 3.68), 1000: (3.65, 3.72), 2300: (3.78, 3.88), 3000: (3.75, 3.92)}
SOLID, LIQUID = 800.0, 2500.0  # K, in LAMMPS
TIMESTEP = 4.0  # fs


def frames_of(table: dict, first_seed: int) -> list[Atoms]:
    """Frames of Langevin runs with EMT, 0.2 ps apart after 1 ps to settle."""
    frames = []
    for temperature, lattices in table.items():
        for lattice in lattices:
            atoms = bulk("Cu", cubic=True, a=lattice).repeat(2)
            atoms.calc = EMT()
            options = dict(timestep=5.0, friction=0.02, interval=40, progress=False)
            run = run_langevin(
                atoms, steps=800, temperature=temperature, seed=first_seed + len(frames), **options
            )
            frames += run.frames[6:]
    return frames


def train(seconds: float) -> None:
    """Label, train, measure on unseen runs, ship."""
    frames, test = frames_of(TRAIN, 0), frames_of(TEST, 5000)
    order = np.random.default_rng(0).permutation(len(frames))
    frames = [frames[n] for n in order]
    hyper = dict(n_features=32, n_interactions=2, n_rbf=24)
    model = build_model("schnet", species=[29], cutoff=5.5, seed=1, **hyper)
    settings = dict(learning_rate=8e-3, batch_size=5, max_seconds=seconds, seed=1)
    history = fit(
        model, frames[20:], frames[:20], clock=time.process_time, progress=False, **settings
    )
    report = evaluate(model, test)
    errors = {
        "test_energy_mae_mev_per_atom": round(report.energy_mae, 2),
        "test_force_mae_mev_per_angstrom": round(report.force_mae, 2),
    }
    print(len(frames), "frames,", len(test), "test frames,", errors)
    provenance = {
        "data": f"{len(frames) - 20} frames of 32 Cu atoms, solid and liquid, 300 to 3,500 K; "
        f"tested on {len(test)} frames of other runs",
        "level_of_theory": "EMT (ASE)",
        "script": "benchmarks/melt.py --train",
        "settings": settings,
        **errors,
        "steps": int(history["step"].iloc[-1]),
        **origin(),
    }
    save_model(
        model, PACKAGE / "models" / "shipped" / f"{MODEL}.safetensors", provenance=provenance
    )


def origin() -> dict:
    """Versions, machine, date."""
    return {
        "versions": {name: version(name) for name in ("ase", "lammps", "torch")},
        "machine": f"{platform.machine()}, one thread",
        "date": date.today().isoformat(),
    }


def stage(atoms: Atoms, temperature: float, steps: int, seed: int) -> tuple[list[Atoms], dict]:
    """Heat with a thermostat, then let it run freely; what g(r) and the MSD say of the free run."""
    options = dict(timestep=TIMESTEP, interval=10, progress=False)
    heated = run_lammps(
        atoms, steps=steps, temperature=temperature, damping=100.0, seed=seed, **options
    ).frames[-1]
    heated.calc = atoms.calc
    run = run_lammps(heated, steps=steps, **options)
    r, g = radial_distribution(run.frames, 5.4, n_bins=108)
    lag, msd = mean_square_displacement(run.frames[:-1])
    length = steps * TIMESTEP  # fs
    diffusion = diffusion_coefficient(run.frames[:-1], fit=(0.03 * length, 0.09 * length))
    reference = evaluate(EMT(), run.frames[::20])  # the network's forces as labels, EMT as model
    return run.frames, {
        "temperature_k": round(float(run.log["temperature"].mean()), 1),
        "r": r.round(3).tolist(),
        "g": g.round(4).tolist(),
        "lag_fs": lag.round(2).tolist(),
        "msd": msd.round(5).tolist(),
        "diffusion_cm2_per_s": convert(diffusion.coefficient, "Å^2/fs", "cm^2/s"),
        "force_mae_against_emt": round(reference.force_mae, 2),
        "energy_ptp_mev_per_atom": round(1000 * np.ptp(run.log["total_energy"]) / len(atoms), 3),
    }


def melt(repeats: int, steps: int) -> dict:
    """Solid and liquid, one after the other, in LAMMPS."""
    started = time.process_time()
    atoms = bulk("Cu", cubic=True, a=3.75).repeat(repeats)
    atoms.calc = MLPCalculator(load_shipped(MODEL))
    frames, solid = stage(atoms, SOLID, steps, 1)
    last = frames[-1]
    last.calc = atoms.calc
    _, liquid = stage(last, LIQUID, steps, 2)
    return {
        "n_atoms": len(atoms),
        "timestep_fs": TIMESTEP,
        "steps_of_each_run": steps,
        "solid": solid,
        "liquid": liquid,
        "script": "benchmarks/melt.py",
        "model": MODEL,
        "seconds": round(time.process_time() - started, 1),
        **origin(),
    }


def main() -> None:
    """Train or melt."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--seconds", type=float, default=120.0, help="of computing, to train")
    parser.add_argument("--repeats", type=int, default=3, help="cubic cells along each edge")
    parser.add_argument("--steps", type=int, default=1500, help="of each of the four runs")
    parser.add_argument("--out", type=Path, default=RESULT)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.train:
        train(arguments.seconds)
        return
    result = melt(arguments.repeats, arguments.steps)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for phase in ("solid", "liquid"):
        shown = {key: value for key, value in result[phase].items() if not isinstance(value, list)}
        print(phase, shown, "last MSD", result[phase]["msd"][-1])


if __name__ == "__main__":
    main()
