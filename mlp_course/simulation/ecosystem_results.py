"""Stored results: other programs trained on our exports, and copper that melted in LAMMPS."""

import json
from pathlib import Path

import pandas as pd

#: Where ``benchmarks/ecosystem/train.py`` and ``benchmarks/melt.py`` write.
ECOSYSTEM_FOLDER = Path(__file__).parent / "ecosystem"
_PROGRAMS = ("mace", "nequip", "deepmd")
_COLUMNS = [
    "program", "seconds", "force_mae_mev_per_angstrom", "mean_force_mev_per_angstrom",
    "energy_mae_mev", "energy_mae_without_offset_mev", "versions", "commands", "data", "script",
    "machine", "date",
]  # fmt: skip


def load_ecosystem(folder: str | Path = ECOSYSTEM_FOLDER) -> pd.DataFrame:
    """Load what MACE, NequIP and DeePMD-kit reached, one row a program.

    Args:
        folder: with the JSON files of ``benchmarks/ecosystem/train.py``.

    Returns:
        Columns program, seconds (computing time of one core), the errors (meV/Å, meV) on frames of
        another trajectory through the program's ASE calculator, versions, commands, data and
        origin; no rows if nothing has been computed yet.

    Raises:
        FileNotFoundError: if there is no such folder.

    Example:
        >>> "force_mae_mev_per_angstrom" in load_ecosystem().columns
        True
    """
    rows = [_read(Path(folder) / f"{name}.json") for name in _PROGRAMS]
    return pd.DataFrame([row for row in rows if row], columns=_COLUMNS)


def load_melt(folder: str | Path = ECOSYSTEM_FOLDER) -> dict:
    """Load the melt of copper that LAMMPS made with our potential.

    Args:
        folder: with the JSON file of ``benchmarks/melt.py``.

    Returns:
        For ``"solid"`` and ``"liquid"``: temperature_k (K), r (Å) and g, lag_fs (fs) and msd (Å²),
        diffusion_cm2_per_s, force_mae_against_emt (meV/Å) and energy_ptp_mev_per_atom (meV/atom);
        beside them n_atoms, timestep_fs and the origin. Empty if nothing has been computed yet.

    Raises:
        FileNotFoundError: if there is no such folder.

    Example:
        >>> melt = load_melt()
        >>> not melt or {"solid", "liquid"} <= set(melt)
        True
    """
    return _read(Path(folder) / "melt.json")


def _read(path: Path) -> dict:
    """One file, or nothing if it is not there yet."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"no folder {path.parent}: give the one that the scripts write to")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
