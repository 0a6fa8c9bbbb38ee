"""Answers to the questions of lesson 07, computed from the stored race; what is missing is said."""

import pandas as pd

from mlp_course.validation.race_results import ROUNDS, beside_published, only_racers
from mlp_course.validation.racers import NAMES


def who_moves(race: pd.DataFrame, *, molecule: str = "ethanol") -> str:
    """Say whose place changes most between 50 and 950 frames, and how costly that method is.

    Args:
        race: from ``load_race``; cells may be missing.
        molecule: which one.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> who_moves(pd.DataFrame(columns=columns))
        'places at 50 and 950 frames: not answered, ... methods lack a result'
    """
    rounds = [_round(race, molecule, n) for n in (50, 950)]
    both = [name for name in NAMES.values() if all(name in own.index for own in rounds)]
    if len(both) < len(NAMES):
        return (
            "places at 50 and 950 frames: not answered, "
            f"{len(NAMES) - len(both)} methods lack a result"
        )
    few, full = (own["force_mae"].rank().astype(int) for own in rounds)
    moved = (full - few).abs()
    most = [name for name in both if moved[name] == moved.max()]
    cost, n = rounds[1]["ms_per_evaluation"].rank().astype(int), len(NAMES)
    said = "; ".join(
        f"{name}, from place {few[name]} to {full[name]} (place {cost[name]} of {n} in speed)"
        for name in most
    )
    return f"moves most between 50 and 950 frames of {molecule}: {said}"


def who_is_beaten(race: pd.DataFrame, *, molecule: str = "ethanol", n_train: int = 950) -> str:
    """Say which methods another one beats in force error and in speed.

    Args:
        race: from ``load_race``; cells may be missing.
        molecule: which one.
        n_train: training frames.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "MACE", "ethanol", 950, 8.0, 9.0),
        ...         ("gap", "GAP", "ethanol", 950, 21.0, 10.0)]
        >>> who_is_beaten(pd.DataFrame(rows, columns=columns))
        'beaten in accuracy and speed, of 2 methods: GAP by MACE'
    """
    own = _round(race, molecule, n_train)
    said = []
    for name, row in own.iterrows():
        better = own[
            (own["force_mae"] < row["force_mae"])
            & (own["ms_per_evaluation"] < row["ms_per_evaluation"])
        ]
        if len(better):
            said.append(f"{name} by {', '.join(better.index)}")
    return f"beaten in accuracy and speed, of {len(own)} methods: {'; '.join(said) or 'none'}"


def is_the_best_affordable(
    race: pd.DataFrame, *, n_atoms: int, steps: float, hours: float, n_train: int = 950
) -> str:
    """Say for one plan what the most accurate method takes, and who is the best within the hours.

    The time of an evaluation grows in proportion to the atoms; ethanol has nine.

    Args:
        race: from ``load_race``; cells may be missing.
        n_atoms: of the system.
        steps: of the simulation.
        hours: of one core that may pass.
        n_train: labels, one of the sizes of the race.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "MACE", "ethanol", 950, 8.0, 9.0),
        ...         ("ani", "ANI", "ethanol", 950, 20.0, 2.0)]
        >>> race = pd.DataFrame(rows, columns=columns)
        >>> is_the_best_affordable(race, n_atoms=9, steps=1e6, hours=1)  # 2.5 h and 0.56 h
        '9 atoms, 1e+06 steps, 1 h: MACE is the most accurate and takes 2.5 h; take ANI'
    """
    own = _round(race, "ethanol", n_train)
    plan = f"{n_atoms} atoms, {steps:.0e} steps, {hours:g} h"
    if own.empty:
        return f"{plan}: no result yet"
    needed = own["ms_per_evaluation"] * n_atoms / 9 * steps / 3.6e6  # h
    best = own["force_mae"].idxmin()
    possible = own[needed <= hours]
    take = f"take {possible['force_mae'].idxmin()}" if len(possible) else "nobody is left"
    return f"{plan}: {best} is the most accurate and takes {needed[best]:.3g} h; {take}"


def ours_or_published(race: pd.DataFrame) -> str:
    """Say in how many cells our error is the lower one, and where the ratio is largest.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae"]
        >>> rows = [("mace", "MACE", "ethanol", 950, 8.4), ("gap", "GAP", "ethanol", 950, 12.0)]
        >>> ours_or_published(pd.DataFrame(rows, columns=columns))
        'ours is lower for GAP (ethanol 950), higher for MACE (ethanol 950); at most 4.0 times'
    """
    both = beside_published(race)
    if both.empty:
        return "no cell to compare yet"
    lower = both["ours / (meV/Å)"] < both["published / (meV/Å)"]
    said = []
    for word, which in (("lower", lower), ("higher", ~lower)):
        cells = [f"{r.method} ({r.molecule} {r.n_train})" for r in both[which].itertuples()]
        said.append(f"{word} for {', '.join(cells) or 'none'}")
    return f"ours is {', '.join(said)}; at most {both['ratio'].max():.1f} times"


def order_of_rounds(race: pd.DataFrame) -> pd.DataFrame:
    """Methods of each round from the lowest force error to the highest.

    Returns:
        Columns round, methods (text with errors in meV/Å); one row a round with results.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> row = ("mace", "MACE", "ethanol", 950, 8.4, 9.0)
        >>> order_of_rounds(pd.DataFrame([row], columns=columns))["methods"].item()
        'MACE 8.4'
    """
    rows = []
    for molecule, n_train in ROUNDS:
        own = _round(race, molecule, n_train).sort_values("force_mae")
        if len(own):
            said = ", ".join(f"{name} {error:.1f}" for name, error in own["force_mae"].items())
            rows.append((f"{molecule}, {n_train} frames", said))
    return pd.DataFrame(rows, columns=["round", "methods"])


def _round(race: pd.DataFrame, molecule: str, n_train: int) -> pd.DataFrame:
    """Racers of one round, by name."""
    own = only_racers(race)
    own = own[(own["molecule"] == molecule) & (own["n_train"] == n_train)]
    return own.set_index("method")
