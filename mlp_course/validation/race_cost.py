"""What a simulation with a raced potential would cost, at the sizes that were timed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mlp_course.validation.race_curves import error_at
from mlp_course.validation.race_results import check_molecule
from mlp_course.validation.racers import NAMES

#: Of the molecules that were raced.
N_ATOMS = {"ethanol": 9, "malonaldehyde": 9}


def milliseconds_at(times: Mapping[int, float], n_atoms: float) -> float | None:
    """Time of an evaluation for any number of atoms between those that were timed.

    Straight between two sizes on logarithmic axes. The time is *not* in proportion to the atoms: a
    small network pays a fixed price for each call, and 99 atoms may cost hardly more than 9.

    Args:
        times: in ms, by number of atoms.
        n_atoms: of the system.

    Returns:
        In ms; None outside the sizes that were timed.

    Example:
        >>> times = {9: 4.0, 99: 8.0, 999: 80.0}
        >>> round(milliseconds_at(times, (9 * 99) ** 0.5), 2)  # half way between 9 and 99 in log
        5.66
        >>> milliseconds_at(times, 99), milliseconds_at(times, 2000)
        (8.0, None)
    """
    sizes = sorted(times)
    if not sizes or not sizes[0] <= n_atoms <= sizes[-1]:
        return None
    known = np.log([times[size] for size in sizes])
    return round(float(np.exp(np.interp(np.log(n_atoms), np.log(sizes), known))), 10)


def cost_of_plan(
    race: pd.DataFrame, *, n_train: float, n_atoms: int, steps: float, molecule: str = "ethanol"
) -> pd.DataFrame:
    """What each method would reach with so many labels, and how long its simulation would take.

    Args:
        race: from ``load_race``; cells may be missing.
        n_train: labels, between the sizes of the race.
        n_atoms: of the system to simulate.
        steps: of the simulation.
        molecule: whose race counts.

    Returns:
        One row a method whose error is known at ``n_train``, in the order of ``NAMES``; index: the
        name. Columns ``force_mae`` in meV/Å and ``hours`` of one core, NaN where the time was not
        taken at this size.

    Raises:
        ValueError: if there is no race with this molecule.

    Example:
        >>> columns = ["model", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> race = pd.DataFrame([("mace", "ethanol", 50, 40.0, 9.0)], columns=columns)
        >>> cost_of_plan(race, n_train=50, n_atoms=9, steps=1e6).loc["MACE"].tolist()  # 10⁶ · 9 ms
        [40.0, 2.5]
    """
    check_molecule(molecule)
    rows = {}
    for key, name in NAMES.items():
        error = error_at(race, key, n_train, molecule=molecule)
        if error is not None:
            ms = _milliseconds(race, key, n_train, n_atoms, molecule)
            rows[name] = (error, np.nan if ms is None else ms * steps / 3.6e6)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["force_mae", "hours"], dtype=float)


def _milliseconds(
    race: pd.DataFrame, model: str, n_train: float, n_atoms: int, molecule: str
) -> float | None:
    """Along the sizes of the training set, too: GAP keeps fewer environments of few frames."""
    own = race[(race["model"] == model) & (race["molecule"] == molecule)]
    found = {}
    for row in own.to_dict("records"):
        times = row.get("ms_by_atoms")
        if not isinstance(times, dict):  # an older result, timed at one size
            times = {N_ATOMS[molecule]: row["ms_per_evaluation"]}
        ms = milliseconds_at(times, n_atoms)
        if ms is not None:
            found[row["n_train"]] = ms
    return milliseconds_at(found, n_train)
