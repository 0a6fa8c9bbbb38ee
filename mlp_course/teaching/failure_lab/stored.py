"""Stored outcomes of the lab, made by the same code, with their provenance."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from mlp_course.teaching.failure_lab.record import Outcome
from mlp_course.validation.finding import Finding

#: Where ``benchmarks/failures.py`` writes.
MEASURED = Path(__file__).parent / "measured.json"


def load_measured(
    path: str | Path = MEASURED,
) -> tuple[dict[str, tuple[Outcome, Outcome]], pd.DataFrame]:
    """Load failed and cured outcomes, and where they come from.

    Args:
        path: file written by ``benchmarks/failures.py``.

    Returns:
        Failed and cured outcome by key of the failure; and their provenance, one row each: script,
        commit, date, machine, seconds (of computing, failure and cure together).

    Raises:
        FileNotFoundError: if nothing is stored; ``python benchmarks/failures.py`` measures.

    Example:
        >>> results, provenance = load_measured()
        >>> failed, cured = results["kink"]
        >>> failed.number > cured.number, provenance.loc["kink", "script"]
        (True, 'benchmarks/failures.py')
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"no {path.name}: run `python benchmarks/failures.py` to measure")
    stored = json.loads(path.read_text(encoding="utf-8"))
    results = {
        key: (from_plain(pair["failed"]), from_plain(pair["cured"])) for key, pair in stored.items()
    }
    rows = {
        key: pair["provenance"] | {"seconds": round(sum(o.seconds for o in results[key]), 1)}
        for key, pair in stored.items()
    }
    return results, pd.DataFrame.from_dict(rows, orient="index")


def to_plain(outcome: Outcome) -> dict:
    """As numbers, texts and lists, curves thinned to 200 points and four digits.

    Example:
        >>> from mlp_course.validation import at_most
        >>> outcome = Outcome(1.0, at_most("jump", 2.0, 1.0, "meV"), {"a": ([0.0], [1.23456])})
        >>> from_plain(to_plain(outcome)).curves["a"]
        ([0.0], [1.235])
    """
    curves = {name: [_short(xs), _short(ys)] for name, (xs, ys) in outcome.curves.items()}
    return asdict(outcome) | {"finding": asdict(outcome.finding), "curves": curves}


def from_plain(stored: dict) -> Outcome:
    """The outcome again."""
    curves = {name: (xs, ys) for name, (xs, ys) in stored["curves"].items()}
    return Outcome(**(stored | {"finding": Finding(**stored["finding"]), "curves": curves}))


def _short(values: object) -> list:
    values = list(values)
    values = values[:: max(1, len(values) // 200)]
    return [v if isinstance(v, str) else float(f"{np.float64(v):.4g}") for v in values]
