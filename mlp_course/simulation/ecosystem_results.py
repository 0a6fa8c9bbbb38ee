"""Stored results: evidence for each tool, programs that learned from our exports, long runs."""

import json
from pathlib import Path

import pandas as pd

from mlp_course.simulation.ecosystem_tools import ecosystem_tools

#: Where the scripts in ``benchmarks/ecosystem/`` and ``benchmarks/melt.py`` write.
ECOSYSTEM_FOLDER = Path(__file__).parent / "ecosystem"
#: Programs that learned from our exports, and the tools that they are.
_PROGRAMS = {"mace": "MACE", "nequip": "NequIP", "deepmd": "DeePMD-kit"}
_COLUMNS = [
    "program", "seconds", "force_mae_mev_per_angstrom", "mean_force_mev_per_angstrom",
    "energy_mae_mev", "energy_mae_without_offset_mev", "versions", "commands", "data", "script",
    "machine", "date",
]  # fmt: skip
#: Tools beside the chapter's, whose files are read or which run here too.
_ALSO = ("PySCF", "tblite", "Gaussian", "ORCA")
_EVIDENCE = ["evidence", "what", "quantity", "value", "unit", "version", "seconds", "date"]
NO_EVIDENCE = "nothing stored yet"


def load_evidence(folder: str | Path = ECOSYSTEM_FOLDER) -> pd.DataFrame:
    """Load what is known of every tool: it really ran, or its files were really written and read.

    Args:
        folder: with ``evidence.json`` of ``benchmarks/ecosystem/evidence.py`` and the files of
            ``train.py``.

    Returns:
        One row a tool of the chapter, and some more of phase 1: phase, tool, evidence ("really
        ran", "files written and read", or "nothing stored yet"), what was done, which quantity was
        found and its value and unit, version, seconds (computing time of one core), date.

    Raises:
        FileNotFoundError: if there is no such folder.

    Example:
        >>> evidence = load_evidence().set_index("tool")
        >>> evidence.loc["LAMMPS", "evidence"], evidence.loc["VMD", "evidence"]
        ('really ran', 'files written and read')
    """
    folder = Path(folder)
    known = _read(folder / "evidence.json")
    known |= {
        _PROGRAMS[row["program"]]: _trained(row) for _, row in load_ecosystem(folder).iterrows()
    }
    tools = ecosystem_tools()[["phase", "tool"]]
    tools = pd.concat([tools, pd.DataFrame({"phase": 1, "tool": _ALSO})]).sort_values(
        "phase", kind="stable"
    )
    nothing = {"evidence": NO_EVIDENCE, "seconds": float("nan"), "value": float("nan")}
    rows = [known.get(tool, nothing) for tool in tools["tool"]]
    found = pd.DataFrame(rows, columns=_EVIDENCE, index=tools.index)
    return pd.concat([tools, found], axis=1).reset_index(drop=True)


def _trained(row: pd.Series) -> dict:
    """A row of ``train.py`` in the columns of the evidence."""
    return {
        "evidence": "really ran",
        "what": f"trained on our export; {row['data']}",
        "quantity": "force MAE through its ASE calculator",
        "value": row["force_mae_mev_per_angstrom"],
        "unit": "meV/Å",
        "version": row["versions"][0].partition("==")[2],
        "seconds": row["seconds"],
        "date": row["date"],
    }


def load_path_integral(
    folder: str | Path = ECOSYSTEM_FOLDER,
) -> tuple[dict[int, pd.DataFrame], dict]:
    """Load the logs of i-PI's runs of ethanol with one bead and with eight.

    Args:
        folder: with ``path_integral.json`` of ``benchmarks/ecosystem/evidence.py``.

    Returns:
        For each number of beads the log as in ``run_path_integral`` (time in fs, energies in eV),
        and the origin: data, model, temperature (K), script, version, machine, date. Both empty if
        nothing has been computed yet.

    Raises:
        FileNotFoundError: if there is no such folder.

    Example:
        >>> logs, origin = load_path_integral()
        >>> sorted(logs), origin["temperature"]
        ([1, 8], 300.0)
    """
    stored = _read(Path(folder) / "path_integral.json")
    logs = {int(beads): pd.DataFrame(log) for beads, log in stored.pop("logs", {}).items()}
    return logs, stored


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
