"""Costs of the course itself: what its stored results say about labels, trainings and steps."""

import json
from importlib.resources import files

import pandas as pd

from mlp_course.active_learning.cost.campaign import Costs
from mlp_course.active_learning.cost.known import Known, assumed, between, measured
from mlp_course.validation.race_results import check_molecule


def label_seconds(molecule: str = "ethanol") -> Known:
    """Seconds of one core for a PBE label, over the embedded sets of a molecule.

    The sets were labelled beside other work, which is why they differ; the result keeps both ends.

    Args:
        molecule: "ethanol" or "malonaldehyde".

    Raises:
        ValueError: for another molecule.

    Example:
        >>> label_seconds("ethanol").says(unit="s")
        'between 6.3 and 28.8 s'
    """
    path = files("mlp_course.data") / "embedded" / "passport.json"
    sets = json.loads(path.read_text(encoding="utf-8"))["sets"]
    own = {name: entry for name, entry in sets.items() if name.startswith(f"{molecule}/")}
    if not own:
        known = sorted({name.partition("/")[0] for name in sets})
        raise ValueError(f"no labels of {molecule!r}; molecules: {', '.join(known)}")
    seconds = [entry["seconds_per_label"] for entry in own.values()]
    dates = sorted({entry["date"] for entry in own.values()})
    machine = next(iter(own.values()))["labelled_on"]
    source = f"passport of {len(own)} embedded sets of {molecule} ({machine}, {', '.join(dates)})"
    return between(min(seconds), max(seconds), source)


def course_costs(
    race: pd.DataFrame,
    model: str = "painn",
    *,
    molecule: str = "ethanol",
    n_round: int = 50,
    n_bulk: int = 950,
    label: Known | None = None,
) -> Costs:
    """Costs from the stored race and the passports of the embedded data.

    Networks were trained for a time that was set beforehand: what was spent, not what is needed, so
    it counts as assumed. GAP is solved at once, and its training time is measured.

    Args:
        race: from ``load_race``.
        model: key of ``RACERS``.
        molecule: of the race.
        n_round: training frames of the race's cell that stands for one round.
        n_bulk: of the cell that stands for the training on all labels.
        label: in s of one core; None: a PBE label of this course.

    Raises:
        ValueError: if the race has no such cell, or no race with this molecule.

    Example:
        >>> from mlp_course.validation import load_race
        >>> course_costs(load_race(), "gap").bulk_training.says(unit="s")
        '214 s'
        >>> course_costs(load_race(), "painn").training.assumed
        True
    """
    check_molecule(molecule)
    small, large = (_cell(race, model, molecule, n) for n in (n_round, n_bulk))
    return Costs(
        label=label or label_seconds(molecule),
        training=_training(small),
        bulk_training=_training(large),
        step=_step(large),
    )


def _cell(race: pd.DataFrame, model: str, molecule: str, n_train: int) -> pd.Series:
    """The row of one potential."""
    own = race[race["model"] == model]
    own = own[(own["molecule"] == molecule) & (own["n_train"] == n_train)]
    if own.empty:
        there = sorted({f"{row.model}, {row.n_train}" for row in race.itertuples()})
        raise ValueError(
            f"the race has no {model!r} with {n_train} frames of {molecule}; it has "
            f"{'; '.join(there) or 'no cells'}"
        )
    return own.iloc[0]


def _source(row: pd.Series, column: str) -> str:
    """Where a number of the race comes from."""
    what = f"{column} of {row['model']}, {row['n_train']} frames of {row['molecule']}"
    return f"{what} ({row['script']}, {row['date']})"


def _training(row: pd.Series) -> Known:
    """A time that was measured for GAP, and set beforehand for networks."""
    source, seconds = _source(row, "train_seconds"), float(row["train_seconds"])
    return measured(seconds, source) if row["model"] == "gap" else assumed(seconds, source)


def _step(row: pd.Series) -> Known:
    """Energy and forces once, in s."""
    return measured(row["ms_per_evaluation"] / 1000, _source(row, "ms_per_evaluation"))
