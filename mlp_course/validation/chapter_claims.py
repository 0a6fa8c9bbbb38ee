"""What the chapter says about the architectures, held against the race by computation."""

import itertools
from collections.abc import Iterable

import numpy as np
import pandas as pd

from mlp_course.validation.published import load_chapter_table
from mlp_course.validation.race_curves import error_at, errors_at
from mlp_course.validation.race_results import ROUNDS, check_molecule

OPEN = "not measured yet"
HOLDS, FAILS = "holds", "does not hold"
_LEVELS = {"low": 0, "medium": 1, "high": 2, "highest": 3}
_OLD, _NEW = "behler_parrinello", "mace"  # first and last method of the chapter's table
_SIZES = tuple(n for molecule, n in ROUNDS if molecule == "ethanol")  # training frames
_FEW, _FULL = _SIZES[0], _SIZES[-1]
_NAMES = "Behler-Parrinello and MACE"


def check_claims(race: pd.DataFrame, *, molecule: str = "ethanol") -> pd.DataFrame:
    """Hold each claim of the chapter's section 2.7 against the measured errors.

    "Ten times" is a factor of at least 10, "similar" one between a half and two.

    Args:
        race: from ``load_race``; cells may be missing.
        molecule: on which the claims are tried.

    Returns:
        Index: the claim. Columns measured (a sentence with numbers and units) and verdict:
        "holds", "does not hold", or "not measured yet" where cells are missing.

    Raises:
        ValueError: if there is no race with this molecule.

    Example:
        >>> from mlp_course.validation import load_race
        >>> check_claims(load_race().iloc[:0])["verdict"].unique().tolist()  # no cells, no verdict
        ['not measured yet']
    """
    check_molecule(molecule)
    own = race[race["molecule"] == molecule]
    checks = {
        "ten times less data for the same error": _less_data(own, molecule),
        "ten times lower energy error": _lower_error(own, "energy_mae_total"),
        "ten times lower force error": _lower_error(own, "force_mae"),
        "ten times lower force error with ten times less data": _both(own, molecule),
        "training time stays similar (here: for each frame shown)": _similar_time(own),
        "data efficiency low < medium < high < highest": _order(own, "data_efficiency", _FEW),
        "accuracy medium < high < highest": _order(own, "accuracy", _FULL),
        "3,000 to 30,000 frames are needed": _enough_data(own),
    }
    table = pd.DataFrame.from_dict(checks, orient="index", columns=["measured", "verdict"])
    return table.rename_axis("claim")


def chapter_ratios() -> dict[str, tuple[float, float]]:
    """How much better MACE is than Behler-Parrinello in the chapter's own table.

    Returns:
        Smallest and largest ratio that its ranges allow, old over new for errors, new over old for
        the training hours; dimensionless.

    Example:
        >>> smallest, largest = chapter_ratios()["force"]  # 80-120 against 20-40 meV/Å
        >>> smallest, largest
        (2.0, 6.0)
    """
    old, new = (load_chapter_table().loc[name] for name in (_OLD, _NEW))
    ratios = {
        quantity: (old[f"{quantity}_low"] / new[f"{quantity}_high"],
                   old[f"{quantity}_high"] / new[f"{quantity}_low"])
        for quantity in ("energy", "force")
    }  # fmt: skip
    ratios["hours"] = (new["hours_low"] / old["hours_high"], new["hours_high"] / old["hours_low"])
    return {name: (float(low), float(high)) for name, (low, high) in ratios.items()}


Check = tuple[str, str]


def _less_data(race: pd.DataFrame, molecule: str) -> Check:
    """How many frames the newest method needs for what the oldest does with all."""
    known = _pair(race, _FULL)
    if known is None or not _complete(race, [_NEW]):
        return OPEN, OPEN
    old, _ = known
    target, full = old["force_mae"], int(old["n_train"])
    curve = race[race["model"] == _NEW].sort_values("n_train")
    fewest = int(curve["n_train"].iloc[0])
    if curve["force_mae"].iloc[0] <= target:
        found, factor = f"at most {fewest}", full / fewest
        return _less_data_says(target, full, found, f"at least {factor:.0f}", factor >= 10)
    if curve["force_mae"].iloc[-1] > target:
        return _less_data_says(target, full, f"more than {full}", "below 1", False)
    sizes = np.arange(fewest, full)
    enough = sizes[errors_at(race, _NEW, sizes, molecule=molecule) <= target]
    frames = int(enough[0]) if len(enough) else full
    factor = full / frames
    return _less_data_says(target, full, f"about {frames}", f"{factor:.1f}", factor >= 10)


def _less_data_says(target: float, full: int, found: str, factor: str, holds: bool) -> Check:
    """The sentence with its verdict; frames and factor as text, as they may be bounds."""
    text = (
        f"{target:.1f} meV/Å: Behler-Parrinello with {full} frames, MACE with {found}; "
        f"factor {factor}"
    )
    return text, HOLDS if holds else FAILS


def _lower_error(race: pd.DataFrame, quantity: str) -> Check:
    """Errors of the oldest and the newest method with all frames."""
    known = _pair(race, _FULL)
    if known is None:
        return OPEN, OPEN
    old, new = known
    unit = "meV/Å" if quantity == "force_mae" else "meV for the molecule"
    factor = old[quantity] / new[quantity]
    text = (
        f"{old[quantity]:.1f} and {new[quantity]:.1f} {unit} for {_NAMES} with "
        f"{old['n_train']} frames; factor {factor:.1f}"
    )
    return text, HOLDS if factor >= 10 else FAILS


def _both(race: pd.DataFrame, molecule: str) -> Check:
    """The newest method with a tenth of the data against the oldest with all."""
    known = _pair(race, _FULL)
    if known is None:
        return OPEN, OPEN
    old, _ = known
    tenth = old["n_train"] / 10
    error = error_at(race, _NEW, tenth, molecule=molecule)
    if error is None:
        return OPEN, OPEN
    factor = old["force_mae"] / error
    text = (
        f"MACE with {tenth:.0f} frames (between the measured sizes) {error:.1f} meV/Å, "
        f"Behler-Parrinello with {old['n_train']} frames {old['force_mae']:.1f}; "
        f"factor {factor:.1f}"
    )
    return text, HOLDS if factor >= 10 else FAILS


def _similar_time(race: pd.DataFrame) -> Check:
    """Computing time for showing one frame to the network once."""
    known = _pair(race, _FULL)
    if known is None:
        return OPEN, OPEN
    per_frame = [
        1000 * row["train_seconds"] / (row["steps"] * row["settings"]["batch_size"])
        for row in known
    ]  # ms
    factor = per_frame[1] / per_frame[0]
    text = (
        f"{per_frame[0]:.1f} and {per_frame[1]:.1f} ms of one core for each frame shown to "
        f"{_NAMES}; factor {factor:.1f}"
    )
    return text, HOLDS if 0.5 <= factor <= 2 else FAILS


def _order(race: pd.DataFrame, column: str, n_train: int) -> Check:
    """Whether methods of a higher class have lower force errors, pair by pair."""
    classes = load_chapter_table()[column].map(_LEVELS)
    errors = race[race["n_train"] == n_train].set_index("model")["force_mae"]
    errors = errors[[name for name in classes.index if name in errors.index]]
    pairs = [(a, b) for a, b in itertools.permutations(errors.index, 2) if classes[a] < classes[b]]
    if len(errors) < len(classes):
        return OPEN, OPEN
    wrong = [(a, b) for a, b in pairs if errors[a] < errors[b]]
    names = load_chapter_table()["method"]
    said = ", ".join(f"{names[a]} beats {names[b]}" for a, b in wrong) or "none against it"
    text = f"{len(pairs) - len(wrong)} of {len(pairs)} pairs at {n_train} frames; {said}"
    return text, HOLDS if not wrong else FAILS


def _enough_data(race: pd.DataFrame) -> Check:
    """Fewest measured frames with which a method is within the chapter's own range of errors."""
    table = load_chapter_table().dropna(subset="frames")
    if not _complete(race, table.index):
        return OPEN, OPEN
    found = {}
    for model, row in table.iterrows():
        own = race[(race["model"] == model) & (race["force_mae"] <= row["force_high"])]
        if len(own):
            found[row["method"]] = int(own["n_train"].min())
    said = ", ".join(f"{name} {n}" for name, n in found.items()) or "none"
    text = f"frames that suffice here for the chapter's own force errors: {said}"
    return text, FAILS if found else HOLDS


def _complete(race: pd.DataFrame, models: Iterable[str]) -> bool:
    """Whether the cells of these methods are there at every size."""
    there = set(zip(race["model"], race["n_train"], strict=True))
    return there >= set(itertools.product(models, _SIZES))


def _pair(race: pd.DataFrame, n_train: int) -> tuple[pd.Series, pd.Series] | None:
    """The cells of the oldest and the newest method at one size, if both are there."""
    cells = [race[(race["model"] == m) & (race["n_train"] == n_train)] for m in (_OLD, _NEW)]
    if any(cell.empty for cell in cells):
        return None
    return cells[0].iloc[0], cells[1].iloc[0]
