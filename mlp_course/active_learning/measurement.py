"""The measurement: labels that each strategy needs to reach a stated error, stored."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

#: Where ``benchmarks/active_learning.py`` writes and this module reads.
MEASUREMENT_FOLDER = Path(__file__).parent / "measurement"
#: In the order of the pictures.
STRATEGIES = ("active", "random", "at_once")
_KEYS = ["molecule", "reference", "strategy", "repeat"]


def labels_to_reach(n_labels: np.ndarray, force_mae: np.ndarray, target: float) -> float:
    """Number of labels at which a learning curve first comes down to a target.

    Between two sizes, the curve is taken as straight in the logarithms of both.

    Args:
        n_labels: sizes of the training set, rising, shape (n,).
        force_mae: errors, in meV/Å, shape (n,).
        target: in meV/Å.

    Returns:
        Number of labels, not rounded; NaN if the curve never gets there.

    Example:
        >>> round(labels_to_reach(np.array([10, 40, 160]), np.array([200.0, 100.0, 50.0]), 70.71))
        80
        >>> labels_to_reach(np.array([10, 40]), np.array([200.0, 100.0]), 50.0)
        nan
    """
    below = np.flatnonzero(np.asarray(force_mae) <= target)
    if not len(below):
        return float("nan")
    first = int(below[0])
    if first == 0:
        return float(n_labels[0])
    x, y = np.log(n_labels[first - 1 : first + 1]), np.log(force_mae[first - 1 : first + 1])
    return float(np.exp(x[0] + (np.log(target) - y[0]) * (x[1] - x[0]) / (y[1] - y[0])))


@dataclass(frozen=True, eq=False)
class Measurement:
    """Learning curves of all strategies and repeats.

    Attributes:
        curves: one row a size: molecule, reference, strategy, repeat, n_labels, force_mae (meV/Å).
        provenance: one row a run: script, commit, date, machine, cpu_seconds.
    """

    curves: pd.DataFrame
    provenance: pd.DataFrame

    def labels_needed(self, molecule: str, target: float, reference: str = "xtb") -> pd.DataFrame:
        """Labels until the error is down to a target.

        Args:
            molecule: "ethanol" or "malonaldehyde".
            target: in meV/Å.
            reference: "xtb" or "pbe".

        Returns:
            One row a repeat, one column a strategy; NaN where the target was not reached.

        Raises:
            ValueError: if nothing was measured of that name.
        """
        own = self.curves.query("molecule == @molecule and reference == @reference")
        if own.empty:
            known = sorted(set(zip(self.curves.molecule, self.curves.reference, strict=True)))
            raise ValueError(f"nothing was measured of {molecule}, {reference}; known: {known}")
        rows = {
            key: labels_to_reach(curve.n_labels.to_numpy(), curve.force_mae.to_numpy(), target)
            for key, curve in own.groupby(["repeat", "strategy"])
        }
        table = pd.Series(rows).unstack()
        return table.reindex(columns=[s for s in STRATEGIES if s in table]).rename_axis("repeat")

    def savings(
        self, molecule: str, target: float, reference: str = "xtb", *, against: str = "at_once"
    ) -> tuple[float, float]:
        """How many times fewer labels active learning needs: mean over repeats, standard error.

        Only repeats in which both reached the target count; the standard error of fewer than two
        is NaN.
        """
        needed = self.labels_needed(molecule, target, reference)
        ratio = (needed[against] / needed["active"]).dropna()
        if ratio.empty:
            return float("nan"), float("nan")
        return float(ratio.mean()), float(ratio.std(ddof=1) / np.sqrt(len(ratio)))

    def summary(self) -> pd.DataFrame:
        """Mean and standard error of the force MAE over the repeats, in meV/Å, by size."""
        keys = ["molecule", "reference", "n_labels", "strategy"]
        found = self.curves.groupby(keys)["force_mae"].agg(["mean", "sem", "count"])
        return found.unstack("strategy")


def load_measurement(folder: str | Path = MEASUREMENT_FOLDER) -> Measurement:
    """Load the learning curves of ``benchmarks/active_learning.py``.

    Args:
        folder: with its JSON files; by default those that come with the course.

    Raises:
        FileNotFoundError: if there is no result.
        ValueError: if a file is no result of the script.

    Example:
        >>> sorted(load_measurement().curves["molecule"].unique().tolist())
        ['ethanol', 'malonaldehyde']
    """
    curves, origins = [], []
    for path in sorted(Path(folder).glob("*.json")):
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
            key = {name: result[name] for name in _KEYS}
            curves += [
                key | {"n_labels": row["n_labels"], "force_mae": row["force_mae"]}
                for row in result["rounds"]
            ]
            origins.append(key | result["provenance"] | {"cpu_seconds": result["cpu_seconds"]})
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path} is no result of benchmarks/active_learning.py ({error!r}): delete it and "
                "run the script"
            ) from error
    if not curves:
        raise FileNotFoundError(
            f"no results in {folder}: give the folder that benchmarks/active_learning.py writes to"
        )
    return Measurement(pd.DataFrame(curves), pd.DataFrame(origins))
