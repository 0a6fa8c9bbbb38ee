"""Transfer learning, measured: what thousands of cheap labels are worth beside a few good ones."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

#: Where ``benchmarks/transfer.py`` writes and this module reads.
TRANSFER_FOLDER = Path(__file__).parent / "transfer"
#: How PBE labels are used, by key: names to print.
WAYS = {
    "alone": "PBE labels alone",
    "fine_tune": "pre-trained on xTB, fine-tuned",
    "delta": "Δ-learning (PBE − xTB)",
    "xtb": "xTB itself",
    "pretrained": "trained on xTB only",
}
TEST_SETS = ("500K", "1000K")

_KEYS = ("way", "n_labels", "seed", "train_seconds", "pretrain_seconds", "steps")
_PROVENANCE = ("script", "commit", "date", "machine")


def load_transfer(folder: str | Path = TRANSFER_FOLDER) -> pd.DataFrame:
    """Load the stored comparison of ways to use PBE labels of ethanol, one row a trained potential.

    Args:
        folder: with JSON files of ``benchmarks/transfer.py``; by default those that come with the
            course.

    Returns:
        Sorted by way, labels and seed; no rows if nothing has been computed. Columns:

        ==================== ======================================================
        way                  key of :data:`WAYS`
        n_labels, seed       PBE labels learned from; which labels and first weights
        force_mae_500K       against PBE on 250 later frames of the trajectory, meV/Å
        force_mae_1000K      on 150 frames of a trajectory at 1000 K, meV/Å
        energy_mae_500K      of the molecule, mean error taken off, meV; also ..._1000K
        train_seconds        of one core, on the PBE labels
        pretrain_seconds     of one core, on 5,000 xTB labels, before
        steps                of the descent on PBE labels
        script, commit, date, machine   where it comes from
        ==================== ======================================================

    Raises:
        FileNotFoundError: if there is no such folder.
        ValueError: if a file is no result of the script, or two are results of one cell.

    Example:
        >>> transfer = load_transfer()
        >>> {"way", "n_labels", "force_mae_500K", "commit"} <= set(transfer.columns)
        True
    """
    if not Path(folder).is_dir():
        raise FileNotFoundError(
            f"no folder {folder}: give the one that benchmarks/transfer.py writes to, or none for "
            "the results that come with the course"
        )
    rows = [_read(path) for path in sorted(Path(folder).glob("*.json"))]
    columns = [*_KEYS]
    columns += [f"{error}_{name}" for name in TEST_SETS for error in ("force_mae", "energy_mae")]
    table = pd.DataFrame(rows, columns=[*columns, *_PROVENANCE])
    cell = ["way", "n_labels", "seed"]
    if table.duplicated(cell).any():
        twice = table[table.duplicated(cell)][cell].to_numpy().tolist()
        raise ValueError(f"results of the same cell in two files of {folder}: {twice}; delete one")
    return table.sort_values(cell, ignore_index=True)


def _read(path: Path) -> dict:
    """One result as a flat row; refused if something is missing or no number."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        row = {key: result[key] for key in _KEYS}
        if row["way"] not in WAYS:
            raise ValueError(f"way must be one of {', '.join(WAYS)}; got {row['way']}")
        for name in TEST_SETS:
            row |= _errors(name, result["tests"][name])
        return row | {key: result["provenance"][key] for key in _PROVENANCE}
    except (KeyError, TypeError, ValueError) as error:  # ValueError: also no JSON
        raise ValueError(
            f"{path} is no result of benchmarks/transfer.py ({error!r}): delete it and run the "
            "script"
        ) from error


def _errors(name: str, test: Mapping[str, float]) -> dict[str, float]:
    """Errors on one test set, which must be finite numbers.

    Example:
        >>> _errors("500K", {"force_mae": 40.0, "aligned_energy_mae": 9.0})
        {'force_mae_500K': 40.0, 'energy_mae_500K': 9.0}
    """
    errors = {
        f"force_mae_{name}": float(test["force_mae"]),
        f"energy_mae_{name}": float(test["aligned_energy_mae"]),
    }
    if not all(np.isfinite(value) and value > 0 for value in errors.values()):
        raise ValueError(f"errors must be positive and finite, in meV/Å and meV; got {errors}")
    return errors


def transfer_curves(table: pd.DataFrame, *, test: str = "500K") -> pd.DataFrame:
    """Mean force error and its spread over the seeds, one row a way and a number of labels.

    Args:
        table: from :func:`load_transfer`.
        test: one of :data:`TEST_SETS`.

    Returns:
        Columns way, n_labels, mean (meV/Å), low and high (smallest and largest of the seeds,
        meV/Å), repeats.

    Raises:
        ValueError: for an unknown test set.

    Example:
        >>> columns = ["way", "n_labels", "force_mae_500K"]
        >>> rows = [("alone", 50, 90.0), ("alone", 50, 110.0)]
        >>> transfer_curves(pd.DataFrame(rows, columns=columns))
             way  n_labels   mean   low   high  repeats
        0  alone        50  100.0  90.0  110.0        2
    """
    if test not in TEST_SETS:
        raise ValueError(f"test must be one of {', '.join(TEST_SETS)}; got {test}")
    groups = table.groupby(["way", "n_labels"])[f"force_mae_{test}"]
    curves = groups.agg(mean="mean", low="min", high="max", repeats="size")
    return curves.reset_index()
