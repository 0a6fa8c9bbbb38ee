"""What a model knows that has seen one data type only: stored results, one row a data type."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

#: Where ``benchmarks/data_types.py`` writes and this module reads.
TYPE_FOLDER = Path(__file__).parent / "data_types"
#: The data types in the order of the chapter, and the row that has seen some of each.
TYPES = ("equilibrium", "dynamics", "path", "random", "defect")
MIXTURE = "mixture"


@dataclasses.dataclass(frozen=True)
class TypeMatrix:
    """Errors of models that were each trained on one data type, on test sets of all types.

    Attributes:
        results: what ``benchmarks/data_types.py`` wrote, by the data type trained on.

    Example:
        >>> test = dict(force_mae=20.0, force_mae_error=1.0, energy_mae=2.0, zero_force_mae=300.0)
        >>> one = dict(tests=dict(path=test), provenance=dict(commit="1a2b"))
        >>> TypeMatrix({"random": one}).table()
                path
        random  20.0
    """

    results: Mapping[str, dict]

    def table(self, quantity: str = "force_mae") -> pd.DataFrame:
        """One number of each pair: row trained on, column tested on.

        Args:
            quantity: "force_mae" (meV/Å), "force_mae_error" (its standard error), "energy_mae"
                (meV/atom) or "zero_force_mae" (of predicting no force at all, meV/Å).

        Raises:
            ValueError: if nothing of that name was measured.
        """
        known = {name for row in self.results.values() for t in row["tests"].values() for name in t}
        if self.results and quantity not in known:
            raise ValueError(f"quantity must be one of {', '.join(sorted(known))}; got {quantity}")
        rows = {
            trained_on: {name: test[quantity] for name, test in row["tests"].items()}
            for trained_on, row in self.results.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index")

    def zero_forces(self) -> dict[str, float]:
        """Error of predicting no force at all on each test set, in meV/Å: who is worse is lost."""
        return self.table("zero_force_mae").iloc[0].to_dict()

    def provenance(self) -> pd.DataFrame:
        """Where each row comes from: script, commit, date, machine, frames, seconds."""
        keys = ("n_train", "train_seconds")
        origin = ("script", "commit", "date", "machine")
        rows = {
            name: {key: row[key] for key in keys} | {key: row["provenance"][key] for key in origin}
            for name, row in self.results.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index")


def load_type_matrix(folder: str | Path = TYPE_FOLDER) -> TypeMatrix:
    """Load the errors of models that were trained on one data type.

    Args:
        folder: with JSON files of ``benchmarks/data_types.py``; by default those that come with
            the course.

    Returns:
        The rows there are, in the order of :data:`TYPES`, the mixture last.

    Raises:
        FileNotFoundError: if there is no result.
        ValueError: if a file is no result of the script.

    Example:
        >>> load_type_matrix().table().columns.tolist()
        ['equilibrium', 'dynamics', 'path', 'random', 'defect']
    """
    results = {}
    for name in (*TYPES, MIXTURE):
        path = Path(folder) / f"{name}.json"
        if path.exists():
            results[name] = _read(path, name)
    if not results:
        raise FileNotFoundError(
            f"no results in {folder}: give the folder that benchmarks/data_types.py writes to, or "
            "none for the results that come with the course"
        )
    return TypeMatrix(results)


def _read(path: Path, name: str) -> dict:
    """One result; refused if it lacks something or belongs to another row."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        if result["trained_on"] != name or list(result["tests"]) != list(TYPES):
            raise ValueError(
                f"trained on {result['trained_on']}, tested on {result['tests'].keys()}"
            )
        for key in ("n_train", "train_seconds", "provenance"):
            result[key]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is no result of benchmarks/data_types.py ({error!r}): delete it and run the "
            "script"
        ) from error
    return result
