"""What a trajectory format keeps: written, read again, compared, in numbers."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from ase import Atoms, units

from mlp_course.simulation.trajectory import Trajectory
from mlp_course.simulation.trajectory_files import SUFFIXES, read_frames, write_frames

#: What is compared, and the unit of the largest difference.
KEPT = {
    "elements": "",
    "positions": "Å",
    "cell": "Å",
    "times": "fs",
    "velocities": "Å/fs",
    "forces": "eV/Å",
    "energies": "eV",
}


def survey_formats(run: Trajectory) -> pd.DataFrame:
    """Write a trajectory in each format, read them as a stranger would, and compare.

    A stranger knows the file, the time step of a run and, for ``.dcd``, how many atoms there are,
    but not which elements.

    Args:
        run: the trajectory to write.

    Returns:
        One row a suffix. For each quantity in ``KEPT`` the largest difference in its unit, 0 for
        the same; NaN if the file does not hold it. Column kB: size of the file.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> from mlp_course.simulation import run_nve
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_nve(copper, steps=20, timestep=2.0, temperature=300, progress=False)
        >>> survey = survey_formats(run)
        >>> float(survey.loc[".traj", "energies"]), float(survey.loc[".dcd", "energies"])
        (0.0, nan)
    """
    frames = list(run)
    unknown = Atoms(numbers=np.zeros(len(frames[0])), cell=frames[0].cell, pbc=frames[0].pbc)
    rows = {}
    with TemporaryDirectory() as folder:
        for suffix in SUFFIXES:
            path = write_frames(frames, Path(folder) / f"run{suffix}", timestep=run.timestep)
            like = unknown if suffix == ".dcd" else None
            again = read_frames(path, like=like, timestep=run.timestep)
            rows[suffix] = _differences(again, frames) | {"kB": path.stat().st_size / 1000}
    return pd.DataFrame.from_dict(rows, orient="index")


def _differences(again: list[Atoms], frames: list[Atoms]) -> dict[str, float]:
    """Largest difference of each quantity; NaN where it is gone."""
    pairs = list(zip(map(_quantities, again), map(_quantities, frames), strict=True))
    found = {}
    for name in KEPT:
        read, written = ([pair[k][name] for pair in pairs] for k in (0, 1))
        gone = any(value is None for value in read) or (name == "velocities" and not np.any(read))
        found[name] = np.nan if gone else float(np.abs(np.array(read) - written).max())
    return found


def _quantities(atoms: Atoms) -> dict[str, np.ndarray | None]:
    """Each quantity as an array, None if it is not there; cells and places without orientation."""
    results = getattr(atoms.calc, "results", {})
    turn = atoms.cell.standard_form()[1].T if atoms.pbc.any() else np.eye(3)
    return {
        "elements": atoms.numbers if atoms.numbers.any() else None,
        "positions": atoms.positions @ turn,
        "cell": atoms.cell.array @ turn,
        "times": atoms.info.get("time_fs"),
        "velocities": atoms.get_velocities() * units.fs @ turn,
        "forces": results["forces"] @ turn if "forces" in results else None,
        "energies": results.get("energy"),
    }
