"""Answers to the questions of lesson 07, computed from the stored race; what is missing is said."""

import pandas as pd

from mlp_course.validation.published import beside_published
from mlp_course.validation.race_results import ROUNDS, check_molecule, only_racers, round_minutes
from mlp_course.validation.racers import NAMES

_FASTER = 0.9  # a time below 90 % of another one is a shorter time


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
    few, full = (own["force_mae"].rank(method="min").astype(int) for own in rounds)
    moved = (full - few).abs()
    if moved.max() == 0:
        return f"between 50 and 950 frames of {molecule} nobody changes place"
    most = [name for name in both if moved[name] == moved.max()]
    cost, n = rounds[1]["ms_per_evaluation"].rank(method="min").astype(int), len(NAMES)
    said = "; ".join(
        f"{name}, from place {few[name]} to {full[name]} (place {cost[name]} of {n} in speed)"
        for name in most
    )
    return f"moves most between 50 and 950 frames of {molecule}: {said}"


def who_is_beaten(race: pd.DataFrame, *, molecule: str = "ethanol", n_train: int = 950) -> str:
    """Say which methods another one beats in force error and in speed.

    Times within 10 % count as equal; who is beaten in error by an equally fast one is named apart.

    Args:
        race: from ``load_race``; cells may be missing.
        molecule: which one.
        n_train: training frames.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "MACE", "ethanol", 950, 8.0, 9.0),
        ...         ("gap", "GAP", "ethanol", 950, 21.0, 20.0)]
        >>> who_is_beaten(pd.DataFrame(rows, columns=columns))
        'beaten in accuracy and speed, of 2 methods: GAP by MACE'
    """
    own = _round(race, molecule, n_train)
    beaten, level = [], []
    for name, row in own.iterrows():
        better = own[own["force_mae"] < row["force_mae"]]
        ratio = better["ms_per_evaluation"] / row["ms_per_evaluation"]
        if (ratio < _FASTER).any():
            beaten.append(f"{name} by {', '.join(better.index[ratio < _FASTER])}")
        elif (ratio <= 1 / _FASTER).any():
            level.append(f"{name} than {', '.join(better.index[ratio <= 1 / _FASTER])}")
    said = f"beaten in accuracy and speed, of {len(own)} methods: {'; '.join(beaten) or 'none'}"
    equal = f"; less accurate at the same speed (within 10 %): {'; '.join(level)}"
    return said + (equal if level else "")


def how_times_grow(race: pd.DataFrame, *, molecule: str = "ethanol", n_train: int = 950) -> str:
    """Say how many times as long an evaluation takes at the largest size that was timed.

    Args:
        race: from ``load_race``; cells may be missing.
        molecule: which one.
        n_train: training frames.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "ms_by_atoms"]
        >>> rows = [("mace", "MACE", "ethanol", 950, {9: 20.0, 999: 1700.0}),
        ...         ("gap", "GAP", "ethanol", 950, None)]
        >>> how_times_grow(pd.DataFrame(rows, columns=columns))
        'from 9 to 999 atoms (111 times as many): MACE 85 times as long; not timed: GAP'
    """
    times = _round(race, molecule, n_train)["ms_by_atoms"]
    timed = {name: own for name, own in times.items() if isinstance(own, dict)}
    unknown = [name for name in times.index if name not in timed]
    if not timed:
        return "no method has been timed at several sizes yet"
    small, large = min(map(min, timed.values())), max(map(max, timed.values()))
    factors = {
        name: own[large] / own[small] for name, own in timed.items() if {small, large} <= set(own)
    }
    order = sorted(factors, key=lambda name: factors[name])
    said = ", ".join(f"{name} {factors[name]:.0f}" for name in order)
    note = f"; not timed: {', '.join(unknown)}" if unknown else ""
    sizes = f"from {small} to {large} atoms ({large / small:.0f} times as many)"
    return f"{sizes}: {said} times as long{note}"


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
        Columns round, "at most / min" (the longest training), methods (text with errors in
        meV/Å); one row a round with results.

    Example:
        >>> columns = ["model", "method", "molecule", "n_train", "force_mae", "train_seconds"]
        >>> row = ("mace", "MACE", "ethanol", 950, 8.4, 1801.0)
        >>> order = order_of_rounds(pd.DataFrame([row], columns=columns))
        >>> order["at most / min"].item(), order["methods"].item()
        (30, 'MACE 8.4')
    """
    rows = []
    for molecule, n_train in ROUNDS:
        own = _round(race, molecule, n_train).sort_values("force_mae")
        if len(own):
            said = ", ".join(f"{name} {error:.1f}" for name, error in own["force_mae"].items())
            minutes = round_minutes(race, molecule, n_train)
            rows.append((f"{molecule}, {n_train} frames", minutes, said))
    return pd.DataFrame(rows, columns=["round", "at most / min", "methods"])


def _round(race: pd.DataFrame, molecule: str, n_train: int) -> pd.DataFrame:
    """Racers of one round, by name; ValueError for a molecule without a race."""
    check_molecule(molecule)
    own = only_racers(race)
    own = own[(own["molecule"] == molecule) & (own["n_train"] == n_train)]
    return own.set_index("method")
