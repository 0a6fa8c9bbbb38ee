"""The catalogue of failures: all of them, one of them, and what they measured."""

import pandas as pd

from mlp_course.teaching.failure_lab import (
    cutoff_choice,
    cutoff_kink,
    direct_forces,
    energy_bias,
    extrapolation,
    float32_totals,
    ignored_drift,
    loss_weights,
    mixed_levels,
    neighbouring_frames,
    one_temperature,
    same_run,
    short_distance,
    wrong_units,
)
from mlp_course.teaching.failure_lab.record import Failure, Outcome


def failures() -> tuple[Failure, ...]:
    """All failures of the lab, in the order of a project: data, training, physics, simulation.

    Example:
        >>> len(failures()) >= 13, sum(failure.in_chapter for failure in failures())
        (True, 7)
    """
    return (
        energy_bias.FAILURE,
        one_temperature.FAILURE,
        neighbouring_frames.FAILURE,
        same_run.FAILURE,
        mixed_levels.FAILURE,
        cutoff_choice.FAILURE,
        loss_weights.FAILURE,
        float32_totals.FAILURE,
        short_distance.FAILURE,
        cutoff_kink.FAILURE,
        direct_forces.FAILURE,
        ignored_drift.FAILURE,
        extrapolation.FAILURE,
        wrong_units.FAILURE,
    )


def failure(key: str) -> Failure:
    """Find a failure by its key.

    Raises:
        ValueError: if there is none of that key.

    Example:
        >>> failure("hole").name
        'a hole at short distance'
    """
    known = {entry.key: entry for entry in failures()}
    if key not in known:
        raise ValueError(f"key must be one of {', '.join(known)}; got {key!r}")
    return known[key]


def before_and_after(results: dict[str, tuple[Outcome, Outcome]]) -> pd.DataFrame:
    """Measured numbers of failures and cures, one row each.

    Args:
        results: failed and cured outcome by key.

    Returns:
        Columns failure, measured, before, after, unit, alarm before, alarm after.
    """
    rows = []
    for key, (before, after) in results.items():
        entry = failure(key)
        rows.append(
            {
                "failure": entry.name,
                "measured": entry.quantity,
                "before": f"{before.number:.2g}",
                "after": f"{after.number:.2g}",
                "unit": "" if entry.unit == "1" else entry.unit,
                "alarm before": "rings" if before.finding.rings else "silent",
                "alarm after": "rings" if after.finding.rings else "silent",
            }
        )
    return pd.DataFrame(rows)
