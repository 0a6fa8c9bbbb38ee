"""Train on rMD17 ethanol (split 01, 950 + 50 frames) and measure on its 1,000 test frames.

    python benchmarks/accuracy.py --seconds 300           # SchNet and PaiNN, the README's numbers
    python benchmarks/accuracy.py --seconds 1800 --ship   # also put them into models/shipped/
    python benchmarks/accuracy.py --molecule malonaldehyde --models painn --seconds 420 --ship
    python benchmarks/accuracy.py --choose                # how the learning rates were chosen

rMD17's malonaldehyde is the dialdehyde, which has no proton to hop, so the enol is learnt from the
frames that come with the course: 430 for training, 27 for validation, 75 later ones for the test.

A run that is killed goes on where it stopped: checkpoints lie in build/accuracy/.
"""

import argparse
import os
import platform
from datetime import date
from pathlib import Path

import pandas as pd
import torch
from ase import Atoms

import mlp_course
from mlp_course.data import load_embedded, load_rmd17
from mlp_course.models import build_model, save_model
from mlp_course.training import TrainingDiverged, fit
from mlp_course.validation import Report, evaluate

WORK = Path("build/accuracy")
SHIPPED = Path(mlp_course.__file__).parent / "models" / "shipped"
# Half of the best rate of short runs on validation frames (--choose); README.md says why half.
SETTINGS = {
    "schnet": {"learning_rate": 8e-3, "batch_size": 10, "clip_norm": 0.3},
    "painn": {"learning_rate": 1.6e-2, "batch_size": 10, "clip_norm": 0.3},
}
_PREFIX = {"ethanol": "", "malonaldehyde": "malonaldehyde_"}  # of the checkpoints
_WORDS = {
    "ethanol": "rMD17 ethanol, split 01, 950 training and 50 validation frames (CC0)",
    "malonaldehyde": "embedded malonaldehyde (enol), first 320 frames at 500 K and 110 at 1000 K, "
    "27 validation frames, tested on the last 50 and 25 (CC0)",
}
CANDIDATES = (4e-3, 8e-3, 1.6e-2, 3.2e-2)
SHORT_RUN = {"schnet": 30, "painn": 15}  # epochs


def _ethanol() -> tuple[list[Atoms], list[Atoms], list[Atoms]]:
    """Frames for training, validation and test."""
    frames = load_rmd17("ethanol", part="train", split=1)
    return frames[:950], frames[950:], load_rmd17("ethanol", part="test", split=1)


def _malonaldehyde() -> tuple[list[Atoms], list[Atoms], list[Atoms]]:
    """The same in blocks of time with gaps between them, warm and hot."""
    warm, hot = (load_embedded(f"malonaldehyde/{kelvin}K") for kelvin in (500, 1000))
    validation = warm[325:345] + hot[113:120]
    return warm[:320] + hot[:110], validation, warm[350:] + hot[125:]


DATA = {"ethanol": _ethanol, "malonaldehyde": _malonaldehyde}


def train_and_measure(name: str, molecule: str, *, seconds: float, ship: bool) -> dict:
    """Train one architecture and return a row of the table."""
    train, validation, test = DATA[molecule]()
    settings = SETTINGS[name] | {"max_seconds": seconds, "seed": 1}
    model = build_model(name, seed=1)
    checkpoint = WORK / f"{_PREFIX[molecule]}{name}_{seconds:.0f}s.ckpt"
    history = fit(model, train, validation, checkpoint=checkpoint, **settings)
    report = evaluate(model, test)
    last = history.iloc[-1]
    if ship:
        provenance = _provenance(molecule, settings, report, last)
        save_model(model, SHIPPED / f"{molecule}_{name}.safetensors", provenance=provenance)
    return {
        "model": name,
        "seconds": round(last["seconds"]),
        "steps": int(last["step"]),
        "ms/step": round(1000 * last["seconds"] / last["step"], 1),
        "energy MAE / (meV/atom)": round(report.energy_mae, 2),
        "energy MAE / meV": round(report.total_energy_mae, 1),
        "force MAE / (meV/Å)": round(report.force_mae, 1),
    }


def choose_learning_rate(name: str) -> list[dict]:
    """Train briefly at several learning rates and return the errors on the validation frames."""
    frames = load_rmd17("ethanol", part="train", split=1)
    rows = []
    for rate in CANDIDATES:
        settings = SETTINGS[name] | {
            "learning_rate": rate,
            "max_epochs": SHORT_RUN[name],
            "seed": 1,
        }
        row = {"model": name, "learning rate": rate, "steps": 95 * SHORT_RUN[name]}
        try:
            history = fit(build_model(name, seed=1), frames[:950], frames[950:], **settings)
            row["validation force MAE / (meV/Å)"] = history["validation_force_mae"].iloc[-1]
        except TrainingDiverged:
            row["validation force MAE / (meV/Å)"] = float("inf")
        rows.append(row)
    return rows


def _provenance(molecule: str, settings: dict, report: Report, last: pd.Series) -> dict:
    return {
        "data": _WORDS[molecule],
        "level_of_theory": "PBE/def2-SVP",
        "script": "benchmarks/accuracy.py --ship",
        "settings": settings,
        "test_energy_mae_mev_per_atom": round(report.energy_mae, 2),
        "test_force_mae_mev_per_angstrom": round(report.force_mae, 2),
        "steps": int(last["step"]),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}",
        "date": date.today().isoformat(),
    }


def main() -> None:
    """Train what is asked for, one after the other, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--models", nargs="+", default=list(SETTINGS), choices=SETTINGS)
    parser.add_argument("--molecule", default="ethanol", choices=_PREFIX)
    parser.add_argument("--ship", action="store_true")
    parser.add_argument("--choose", action="store_true", help="compare learning rates, no test")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.choose:
        rows = [row for name in arguments.models for row in choose_learning_rate(name)]
        print(pd.DataFrame(rows).to_string(index=False))
        return
    rows = [
        train_and_measure(name, arguments.molecule, seconds=arguments.seconds, ship=arguments.ship)
        for name in arguments.models
    ]
    print(pd.DataFrame(rows).to_string(index=False))


if __name__ == "__main__":
    main()
