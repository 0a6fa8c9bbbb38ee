"""Try settings of one architecture for the race: a short run, judged on the validation frames.

    python benchmarks/choose.py mace 900 --hyper '{"n_features": 64}' --fit '{"batch_size": 5}'

950 training and 50 validation frames of rMD17 ethanol, as in the race; the test frames stay unseen.
Seconds are those that the process computes.
"""

import argparse
import json
import time

import torch

from mlp_course.data import load_rmd17
from mlp_course.models import build_model
from mlp_course.training import fit

N_TRAIN = 950


def main() -> None:
    """Train, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("architecture")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--hyper", type=json.loads, default={}, help="of build_model, as JSON")
    parser.add_argument("--fit", type=json.loads, default={}, help="of fit, as JSON")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    frames = load_rmd17("ethanol", part="train", split=1)
    model = build_model(arguments.architecture, **arguments.hyper)
    history = fit(
        model, frames[:N_TRAIN], frames[N_TRAIN:], max_seconds=arguments.seconds,
        clock=time.process_time, progress=False, **arguments.fit,
    )  # fmt: skip
    last = history.iloc[-1]
    print(
        f"{arguments.architecture} {arguments.hyper} {arguments.fit}: {last['step']:.0f} steps, "
        f"validation force MAE {last['validation_force_mae']:.2f} meV/Å"
    )


if __name__ == "__main__":
    main()
