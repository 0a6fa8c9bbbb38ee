"""How far a potential comes in a day: measured seconds a step, ns/day, and how long a run takes."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from mlp_course.simulation.ecosystem_results import ECOSYSTEM_FOLDER
from mlp_course.simulation.production import ProductionSettings

#: Where ``benchmarks/production.py`` writes.
THROUGHPUT = ECOSYSTEM_FOLDER / "throughput.json"
LARGE = 250  # atoms; from here on the growth is that of the method, not of Python
COLUMNS = [
    "potential", "system", "n_atoms", "n_pairs", "timestep", "seconds_per_step", "median",
    "highest", "ns_per_day", "how",
]  # fmt: skip


def ns_per_day(seconds_per_step: float, timestep: float) -> float:
    """Simulated nanoseconds in a day of computing.

    Args:
        seconds_per_step: measured, in s.
        timestep: in fs.

    Example:
        >>> ns_per_day(seconds_per_step=0.0432, timestep=0.5)  # 2 million steps of 43.2 ms
        1.0
    """
    return 86400 / seconds_per_step * timestep / 1e6


def load_throughput(path: str | Path = THROUGHPUT) -> tuple[pd.DataFrame, dict]:
    """Load the measured times of a step, and where they come from.

    Args:
        path: the file of ``benchmarks/production.py``.

    Returns:
        One row a system: potential, system, n_atoms, n_pairs (within the cutoff, both ways; NaN
        where there is none), timestep (fs), seconds_per_step (processor time, one thread, the
        quickest of several blocks), median and highest block, ns_per_day, how it was timed. Then
        the origin: script, machine, date, versions.

    Raises:
        FileNotFoundError: if there is no such file.

    Example:
        >>> table, origin = load_throughput()
        >>> sorted(table["potential"].unique())
        ['EMT', 'GFN2-xTB', 'PaiNN', 'SchNet', 'SchNet (copper)']
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"no file {path}: run `python benchmarks/production.py` to make it")
    stored = json.loads(path.read_text(encoding="utf-8"))
    table = pd.DataFrame(stored["cases"])
    table["ns_per_day"] = ns_per_day(table["seconds_per_step"], table["timestep"])
    table = table.sort_values(["potential", "system", "n_atoms"], ignore_index=True)
    return table[COLUMNS], stored["origin"]


def growth(table: pd.DataFrame) -> pd.DataFrame:
    r"""How the time of a step grows with the atoms: :math:`t \propto N^p` for large systems.

    Args:
        table: from `load_throughput`.

    Returns:
        One row for each potential and system with two or more sizes above 250 atoms: p
        (dimensionless, least squares in the logarithms) and the largest system measured.

    Example:
        >>> rows = [("A", "gas", n, 1e-6 * n**3) for n in (300, 600, 900)]
        >>> table = pd.DataFrame(
        ...     rows, columns=["potential", "system", "n_atoms", "seconds_per_step"]
        ... )
        >>> growth(table)["power"].round(6).tolist()
        [3.0]
    """
    rows = []
    for (potential, system), part in table.groupby(["potential", "system"]):
        large = part[part["n_atoms"] >= LARGE].sort_values("n_atoms")
        if len(large) < 2:
            continue
        power = np.polyfit(np.log(large["n_atoms"]), np.log(large["seconds_per_step"]), 1)[0]
        rows.append((potential, system, float(power), int(large["n_atoms"].iloc[-1])))
    return pd.DataFrame(rows, columns=["potential", "system", "power", "largest"])


def production_estimate(
    table: pd.DataFrame, *, n_atoms: int = 1000, total_time: float = 1e6
) -> pd.DataFrame:
    r"""Days of one core for a production run; the chapter's by default, 1,000 atoms for 1 ns.

    The measured size next to it is scaled with the measured growth, :math:`t = t_0 (N/N_0)^p`,
    which changes little where a system of nearly that size was timed.

    Args:
        table: from `load_throughput`.
        n_atoms: of the run.
        total_time: in fs.

    Returns:
        One row for each potential and system: steps, seconds_per_step (s), ns_per_day, days, and
        measured_at, the number of atoms that was timed.

    Raises:
        ValueError: if a number is not positive.

    Example:
        >>> rows = [("A", "gas", n, 0.5, 1e-3 * n) for n in (500, 1000)]
        >>> columns = ["potential", "system", "n_atoms", "timestep", "seconds_per_step"]
        >>> estimate = production_estimate(pd.DataFrame(rows, columns=columns))
        >>> round(float(estimate["days"].iloc[0]), 2)  # 2 million steps of 1 s
        23.15
    """
    powers = growth(table).set_index(["potential", "system"])["power"]
    rows = []
    for (potential, system), part in table.groupby(["potential", "system"]):
        if (potential, system) not in powers.index:
            continue
        near = part.iloc[np.abs(np.log(part["n_atoms"].to_numpy() / n_atoms)).argmin()]
        ratio = (n_atoms / near["n_atoms"]) ** powers[potential, system]
        seconds, timestep = float(near["seconds_per_step"] * ratio), float(near["timestep"])
        run = ProductionSettings(n_atoms=n_atoms, timestep=timestep, total_time=total_time)
        speed = ns_per_day(seconds, timestep)
        found = (run.steps, seconds, speed, run.days(seconds), int(near["n_atoms"]))
        rows.append((potential, system, *found))
    columns = ["potential", "system", "steps", "seconds_per_step", "ns_per_day", "days"]
    return pd.DataFrame(rows, columns=[*columns, "measured_at"])
