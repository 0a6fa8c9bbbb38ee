"""The race: what every architecture reached on the same frames in the same minutes of one core."""

import json
import math
from numbers import Integral, Real
from pathlib import Path

import pandas as pd

from mlp_course.validation.racers import NAMES

#: Where ``benchmarks/race.py`` writes and this module reads.
RACE_FOLDER = Path(__file__).parent / "race"

#: NequIP with lower degrees: no racers, but part of the same run.
ABLATION = {"nequip_l0": "NequIP l_max = 0", "nequip_l1": "NequIP l_max = 1"}

#: Molecule and number of training frames of each round.
ROUNDS = (("ethanol", 50), ("ethanol", 200), ("ethanol", 950), ("malonaldehyde", 950))

#: A result was timed alone if everything else took less than this part of one core meanwhile.
QUIET = 0.2

_PROVENANCE = ("script", "commit", "date", "machine")
_COLUMNS = (
    "model", "molecule", "n_train", "force_mae", "force_mae_error", "energy_mae_total",
    "validation_force_mae", "parameters", "train_seconds", "steps", "ms_per_evaluation", "peak_mb",
    "hyper", "settings",
)  # fmt: skip


def load_race(folder: str | Path = RACE_FOLDER) -> pd.DataFrame:
    """Load the results of the race, one row a trained potential.

    Args:
        folder: with JSON files of ``benchmarks/race.py``; by default those that come with the
            course.

    Returns:
        One row a cell, sorted by molecule, frames and force error; no rows if nothing has been
        computed yet. The keys of ``RACERS`` are those of ``build_model``; ``nequip_l0`` and
        ``nequip_l1`` of ``ABLATION`` are its ``"nequip"`` with that ``l_max``. Columns:

        ==================== ======================================================
        model, method        key of ``RACERS`` or ``ABLATION``, name to print
        molecule, n_train    which rMD17 molecule, training frames of split 01
        force_mae            on 1,000 test frames, meV/Å; force_mae_error: its standard error
        energy_mae_total     of the whole molecule, meV
        validation_force_mae on the 50 validation frames, meV/Å
        parameters, steps    numbers of weights and of steps of the descent
        train_seconds        computing time of one core, s
        ms_per_evaluation    energy and forces of one molecule on one core, ms
        peak_mb              peak memory of the run, MB (10⁶ bytes)
        hyper, settings      dictionaries: of ``build_model``, of ``fit``
        ms_by_atoms          dictionary, atoms to ms: the same for several molecules in one system;
                             None in results that ``race.py --time`` has not timed
        timed_alone          whether that was done with nothing beside
        script, commit, date where it comes from; also machine, versions
        ==================== ======================================================

    Raises:
        FileNotFoundError: if there is no such folder.
        ValueError: if a file is no result of the race, or two are results of one cell.

    Example:
        >>> race = load_race()
        >>> {"model", "n_train", "force_mae", "commit"} <= set(race.columns)
        True
    """
    if not Path(folder).is_dir():
        raise FileNotFoundError(
            f"no folder {folder}: give the one that benchmarks/race.py writes to, or none for the "
            "results that come with the course"
        )
    paths = sorted(Path(folder).glob("*.json"))
    rows = [_read(path) for path in paths]
    _check_once(rows, paths)
    columns = ["model", "method", *_COLUMNS[1:], "ms_by_atoms", "timed_alone"]
    race = pd.DataFrame(rows, columns=[*columns, *_PROVENANCE, "versions"])
    race["timed_alone"] = race["timed_alone"].astype(bool)
    return race.sort_values(["molecule", "n_train", "force_mae"], ignore_index=True)


def _read(path: Path) -> dict:
    """One result as a flat row."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        row = {name: result[name] for name in _COLUMNS}
        origin = {name: result["provenance"][name] for name in (*_PROVENANCE, "versions")}
        for name, value in (row | origin).items():
            _check_kind(name, value)
        row |= _timing(result)
    except (KeyError, TypeError, ValueError) as error:  # ValueError: also no JSON, or no text
        raise ValueError(
            f"{path} is no result of benchmarks/race.py ({error!r}): delete it and run the script"
        ) from error
    return row | {"method": (NAMES | ABLATION).get(result["model"], result["model"])} | origin


def _timing(result: dict) -> dict:
    """What ``race.py --time`` wrote: ms by atoms, and whether nothing else ran; it may be absent.

    Example:
        >>> timing = {"other_load": 0.1}  # of one core
        >>> _timing({"ms_by_atoms": {"9": 4.0}, "provenance": {"timing": timing}})
        {'ms_by_atoms': {9: 4.0}, 'timed_alone': True}
    """
    times = result.get("ms_by_atoms")
    if times is None:
        return {"ms_by_atoms": None, "timed_alone": False}
    if not isinstance(times, dict):
        raise TypeError(f"ms_by_atoms must be a dictionary, got {times!r}")
    for ms in times.values():
        _check_kind("ms_by_atoms", ms)
    other = result["provenance"]["timing"]["other_load"]
    _check_kind("other_load", other)
    times = {int(n_atoms): float(ms) for n_atoms, ms in times.items()}
    return {"ms_by_atoms": times, "timed_alone": other < QUIET}


def _check_kind(name: str, value: object) -> None:
    """Raise TypeError or ValueError for a value of the wrong kind."""
    if name in ("hyper", "settings", "versions"):
        kind: type = dict
    elif name in ("model", "molecule", *_PROVENANCE):
        kind = str
    else:
        kind = Integral if name in ("n_train", "parameters", "steps") else Real
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{name} must be {kind.__name__}, got {value!r}")
    if kind is Real and not math.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}")


def _check_once(rows: list[dict], paths: list[Path]) -> None:
    """Raise ValueError if two files hold results of the same cell."""
    found: dict[tuple, Path] = {}
    for row, path in zip(rows, paths, strict=True):
        cell = (row["model"], row["molecule"], row["n_train"])
        if cell in found:
            raise ValueError(
                f"{found[cell]} and {path} are both results of {cell[0]} on {cell[2]} frames of "
                f"{cell[1]}: delete one of them"
            )
        found[cell] = path


def check_molecule(molecule: str) -> None:
    """Raise ValueError for a molecule without a race.

    Example:
        >>> check_molecule("water")
        Traceback (most recent call last):
        ValueError: no race with 'water'; molecules: ethanol, malonaldehyde
    """
    raced = list(dict.fromkeys(raced for raced, _ in ROUNDS))
    if molecule not in raced:
        raise ValueError(f"no race with {molecule!r}; molecules: {', '.join(raced)}")


def only_racers(race: pd.DataFrame) -> pd.DataFrame:
    """Rows of the racers, without NequIP of lower degrees.

    Example:
        >>> only_racers(pd.DataFrame({"model": ["nequip", "nequip_l0"]}))["model"].tolist()
        ['nequip']
    """
    return race[race["model"].isin(NAMES)].reset_index(drop=True)


def round_minutes(race: pd.DataFrame, molecule: str, n_train: int) -> int:
    """Longest training of a round in minutes of one core, at least 1; GAP takes what it takes.

    Example:
        >>> columns = ["model", "molecule", "n_train", "train_seconds"]
        >>> rows = [("gap", "ethanol", 950, 214.0), ("mace", "ethanol", 950, 1801.0)]
        >>> round_minutes(pd.DataFrame(rows, columns=columns), "ethanol", 950)
        30
    """
    own = race[(race["molecule"] == molecule) & (race["n_train"] == n_train)]
    return max(1, round(own["train_seconds"].max() / 60))


def missing_cells(race: pd.DataFrame) -> list[str]:
    """What has not been computed yet, as text.

    Args:
        race: from :func:`load_race`.

    Returns:
        One line a round, for example "ethanol, 50 frames: ANI, MACE"; empty if all are there.

    Example:
        >>> missing_cells(load_race().iloc[:0])[0]  # with no result at all, everything is missing
        'ethanol, 50 frames: Behler-Parrinello, GAP, ANI, ...'
    """
    there = set(zip(race["model"], race["molecule"], race["n_train"], strict=True))
    lines = []
    for molecule, n_train in ROUNDS:
        names = [name for key, name in NAMES.items() if (key, molecule, n_train) not in there]
        if names:
            lines.append(f"{molecule}, {n_train} frames: {', '.join(names)}")
    return lines
