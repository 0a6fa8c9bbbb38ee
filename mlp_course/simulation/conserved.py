"""Is a conserved quantity conserved? A verdict that slow swings and short windows do not fool."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from mlp_course.simulation.drift import Drift, energy_drift
from mlp_course.simulation.trajectory import Trajectory

FEWEST_ROWS = 40  # of a window
SHORTEST = 2000.0  # fs; no vibration of a molecule is as slow
ABOVE_NOISE = 4.0  # the change must exceed this many standard deviations about the line
#: Column of the log that stays constant, by ensemble.
CONSERVED = {"NVE": "total_energy", "Bussi": "conserved_energy"}
CANNOT = (
    "drift cannot be judged in a {} run: its thermostat exchanges heat that ASE does not count; "
    "run NVE, or Bussi, where the heat is counted"
)


def conserved_drift(run: Trajectory) -> Drift:
    r"""Fit the drift of what a run should conserve.

    NVE conserves the total energy. Bussi's thermostat conserves the total energy less the heat
    that it has put in, :math:`E - \sum (\alpha^2 - 1) K`, the log's column conserved_energy.

    Args:
        run: NVE or Bussi.

    Returns:
        As `energy_drift`.

    Raises:
        ValueError: for another ensemble, whose drift cannot be judged, or a run of fewer than 20
            frames.

    Source:
        G. Bussi, D. Donadio and M. Parrinello, J. Chem. Phys. 126, 014101 (2007), Eq. 15.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> from mlp_course.simulation import run_bussi
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_bussi(copper, steps=200, timestep=2.0, temperature=300, progress=False)
        >>> abs(conserved_drift(run).two_point) < 1  # meV/atom/ps
        True
    """
    if run.ensemble not in CONSERVED:
        raise ValueError(CANNOT.format(run.ensemble))
    log = run.log.assign(total_energy=run.log[CONSERVED[run.ensemble]])
    return energy_drift(log, run.n_atoms)


def found_drift(
    time: np.ndarray, energy: np.ndarray, n_atoms: int, *, limit: float, shortest: float = SHORTEST
) -> Drift | None:
    """Find a drift above the limit in the whole run or its last half, quarter, and so on.

    It is one only if, in that window, all of this holds: the slope is above the limit by three of
    its standard errors; the change exceeds four standard deviations about the line; and the mean
    of each quarter lies beyond the one before. A swing of a period up to the window never
    passes, whatever its size. One that takes more than about 1.4 windows looks like a drift until
    it turns, which is why no window is shorter than 2 ps: the energy that an integrator
    makes wobble belongs to the fast modes, (ω Δt)² of theirs.

    Args:
        time: in fs, increasing, shape (n_frames,).
        energy: conserved quantity in eV, shape (n_frames,).
        n_atoms: number of atoms.
        limit: in meV/atom/ps.
        shortest: length of the shortest window, in fs.

    Returns:
        The drift in the longest window that has one; None if there is none.

    Example:
        >>> time = np.arange(0.0, 10_000.0, 50.0)  # 10 ps
        >>> swing = np.sin(2 * np.pi * time / 4000)  # eV, of 10 atoms; period 4 ps
        >>> found_drift(time, swing, 10, limit=1.0) is None
        True
        >>> found = found_drift(time, 1e-4 * time, 10, limit=1.0)  # 0.1 eV/ps
        >>> round(found.slope, 3)  # meV/atom/ps
        10.0
    """
    for window in _windows(time, shortest):
        log = pd.DataFrame({"time": time[window], "total_energy": energy[window]})
        drift = energy_drift(log, n_atoms)
        clear = abs(drift.slope) - 3 * drift.standard_error > limit
        large = abs(drift.slope) * drift.duration > ABOVE_NOISE * drift.noise
        if clear and large and _steady(energy[window], np.sign(drift.slope)):
            return drift
    return None


def due(n_rows: int) -> bool:
    """Tell whether to look after this many rows: every 20, and more rarely in a long run."""
    stride = max(20, 2 ** int(np.log2(max(n_rows, 1) / 16)))
    return n_rows >= FEWEST_ROWS and n_rows % stride == 0


def _windows(time: np.ndarray, shortest: float) -> Iterator[slice]:
    """The whole run, its last half, its last quarter, ..."""
    first = 0
    while len(time) - first >= FEWEST_ROWS and time[-1] - time[first] >= shortest:
        yield slice(first, None)
        first = (first + len(time)) // 2


def _steady(energy: np.ndarray, sign: float) -> bool:
    """Tell whether each quarter's mean lies beyond the one before by a fair share of the way."""
    means = np.array([part.mean() for part in np.array_split(energy, 4)])
    steps = sign * np.diff(means)
    return bool((steps > 0.25 * steps.mean()).all())
