"""The two plots from which exercise 05 chooses a loss weight: errors against w_E, measured."""

from __future__ import annotations

import json
from importlib import resources

import pandas as pd

from mlp_course.data import load_embedded
from mlp_course.models import build_model
from mlp_course.training import fit
from mlp_course.validation import evaluate

WEIGHTS = (1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0, 1000.0)
_FILE = "loss_weight_scan.json"


def scan_loss_weights() -> pd.DataFrame:
    """Train a small SchNet with one energy weight after the other, at a force weight of 1.

    Everything else is the same: 100 frames of ethanol at 500 K, 32 features, 40 epochs. Errors are
    those of 50 later frames, kept for validation.

    Returns:
        One row for each of ``WEIGHTS``, means over two seeds of network and batches:
        ``energy_weight``, ``energy_mae`` in meV/atom, ``force_mae`` in meV/Å.
    """
    frames = load_embedded("ethanol/500K")
    train, validation = frames[:400:4], frames[500:700:4]
    settings = dict(max_epochs=40, learning_rate=8e-3, force_weight=1.0, progress=False)
    rows = []
    for weight in WEIGHTS:
        for seed in (0, 1):
            model = build_model("schnet", n_features=32, species=[1, 6, 8], seed=seed)
            fit(model, train, validation, energy_weight=weight, seed=seed, **settings)
            found = evaluate(model, validation)
            rows.append((weight, found.energy_mae, found.force_mae))
    table = pd.DataFrame(rows, columns=["energy_weight", "energy_mae", "force_mae"])
    return table.groupby("energy_weight", as_index=False).mean()


def load_loss_weight_scan() -> pd.DataFrame:
    """Return the stored result of `scan_loss_weights`; its ``attrs`` say where it comes from.

    Example:
        >>> load_loss_weight_scan().columns.tolist()
        ['energy_weight', 'energy_mae', 'force_mae']
    """
    folder = resources.files("mlp_course.teaching.exercises") / "measured"
    stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    table = pd.DataFrame(stored["rows"])
    table.attrs = stored["provenance"]
    return table
