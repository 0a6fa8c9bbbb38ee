"""Measure the two plots of exercise 05.3: errors of a small SchNet against the energy weight.

Run from the project folder; some minutes on one thread: ``python benchmarks/loss_weights.py``.
"""

import datetime
import json
import platform
import time
from pathlib import Path

import torch

from mlp_course.teaching.exercises.loss_weight_scan import scan_loss_weights

STORED = Path("mlp_course/teaching/exercises/measured/loss_weight_scan.json")


def main() -> None:
    """Scan, and store the table with where it comes from."""
    torch.set_num_threads(1)
    started = time.perf_counter()
    table = scan_loss_weights().round(4)
    provenance = {
        "script": "benchmarks/loss_weights.py",
        "date": datetime.date.today().isoformat(),
        "machine": f"{platform.machine()}, one thread, torch {torch.__version__}",
        "seconds": round(time.perf_counter() - started),
        "what": "SchNet, 32 features, 100 frames of ethanol at 500 K, 40 epochs, two seeds",
    }
    stored = {"provenance": provenance, "rows": table.to_dict("records")}
    STORED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
