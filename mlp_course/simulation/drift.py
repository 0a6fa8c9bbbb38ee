"""Does the total energy stay? The slope of a fit, with an error bar that means something."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlp_course.simulation.trajectory import Trajectory
from mlp_course.units import convert

FEWEST_BLOCKS = 3  # a line through two block means has no residual


@dataclass(frozen=True)
class Drift:
    """Drift of the total energy in an NVE run.

    Attributes:
        slope: least-squares slope, in meV/atom/ps.
        standard_error: of the slope, by block averaging, in meV/atom/ps.
        two_point: (last - first) / duration, in meV/atom/ps. Two single energies: mostly noise.
        two_point_per_step: (last - first) / steps, in eV per step for the whole system; the
            estimate to which the rule of thumb "below 0.001 eV per step" belongs.
        noise: standard deviation about the line, in meV/atom.
        duration: in ps.
        n_atoms: number of atoms.
        n_blocks: number of blocks behind the standard error.

    Example:
        >>> drift = Drift(
        ...     slope=0.3, standard_error=0.2, two_point=0.5, two_point_per_step=2.25e-6,
        ...     noise=2.0, duration=10.0, n_atoms=9, n_blocks=10,
        ... )
        >>> print(drift)  # 0.3 is less than 3 × 0.2
        drift 0.3 ± 0.2 meV/atom/ps over 10 ps (cannot be told from zero); from the two ...
    """

    slope: float
    standard_error: float
    two_point: float
    two_point_per_step: float
    noise: float
    duration: float
    n_atoms: int
    n_blocks: int

    @property
    def significant(self) -> bool:
        """Whether the slope is more than three standard errors away from zero."""
        return abs(self.slope) > 3 * self.standard_error

    def __str__(self) -> str:
        verdict = "differs from" if self.significant else "cannot be told from"
        return (
            f"drift {self.slope:.3g} ± {self.standard_error:.2g} meV/atom/ps over "
            f"{self.duration:.3g} ps ({verdict} zero); from the two end points {self.two_point:.3g}"
        )


def energy_drift(
    run: Trajectory | pd.DataFrame, n_atoms: int | None = None, *, n_blocks: int = 10
) -> Drift:
    r"""Fit a line through the total energy and divide by the number of atoms.

    .. math:: b = \frac{\sum_k (t_k - \bar t)(E_k - \bar E)}{N \sum_k (t_k - \bar t)^2}

    The energies of neighbouring frames are alike, so the textbook error of a slope (independent
    points) would come out too small. The run is therefore cut into ``n_blocks`` blocks, and the
    textbook formula is applied to the block means, which are independent as soon as a block is
    longer than the memory of the noise. With few blocks the error is itself uncertain (by about
    25 % with ten); too many blocks bring the mistake back.

    Two habits that mislead. Two end points measure the noise, however long the run. And a limit of
    0.001 eV per *step* permits 2 eV per ps for the whole system at 0.5 fs, whatever its size. A
    thermostat removes the heat that a bad potential makes, so test with NVE.

    Args:
        run: a trajectory, or its log with columns time (fs) and total_energy (eV); a column step
            gives the estimate per step.
        n_atoms: number of atoms; taken from a trajectory.
        n_blocks: number of blocks for the standard error, at least 3.

    Returns:
        Slope and its standard error, in meV/atom/ps, with the two-point estimates beside them.

    Raises:
        TypeError: if ``run`` is a log and ``n_atoms`` is missing.
        ValueError: if a column is missing, there are fewer than two rows per block, an energy is
            not finite, or the time does not increase from row to row.

    Source:
        Block averaging: H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91, 461 (1989). There for
        the error of a mean; here for a slope.

    Example:
        >>> time = np.arange(100.0)  # fs
        >>> log = pd.DataFrame({"time": time, "total_energy": 1e-3 * time})  # 1 meV each fs
        >>> round(energy_drift(log, n_atoms=10).slope, 6)  # 1 eV/ps over 10 atoms, in meV
        100.0
    """
    log = run.log if isinstance(run, Trajectory) else run
    n_atoms = run.n_atoms if isinstance(run, Trajectory) else n_atoms
    time, energy = _checked_columns(log, n_atoms, n_blocks)
    line = np.polynomial.Polynomial.fit(time, energy, 1)
    duration = time[-1] - time[0]
    change = energy[-1] - energy[0]
    n_steps = log["step"].iloc[-1] - log["step"].iloc[0] if "step" in log else np.nan
    return Drift(
        slope=float(line.convert().coef[1]),
        standard_error=_slope_error(time, energy, n_blocks),
        two_point=float(change / duration),
        two_point_per_step=float(convert(change * n_atoms, "meV", "eV") / n_steps),
        noise=float(np.std(energy - line(time))),
        duration=float(duration),
        n_atoms=int(n_atoms),
        n_blocks=n_blocks,
    )


def _checked_columns(
    log: pd.DataFrame, n_atoms: int | None, n_blocks: int
) -> tuple[np.ndarray, np.ndarray]:
    """Time in ps and energy in meV/atom, shape (n_frames,), or a refusal."""
    if n_atoms is None:
        raise TypeError("n_atoms is needed with a log; give energy_drift(log, n_atoms=...)")
    if n_atoms < 1:
        raise ValueError(f"n_atoms must be at least 1, dimensionless; got {n_atoms}")
    if n_blocks < FEWEST_BLOCKS:
        raise ValueError(f"n_blocks must be at least 3, dimensionless; got {n_blocks}")
    if len(log) < 2 * n_blocks:
        raise ValueError(
            f"log must have at least {2 * n_blocks} rows for {n_blocks} blocks; got {len(log)}. "
            "Run longer, record more often (interval=) or take fewer blocks (n_blocks=)"
        )
    missing = {"time", "total_energy"} - set(log.columns)
    if missing:
        raise ValueError(f"log must have the columns time (fs) and total_energy (eV); no {missing}")
    time = convert(log["time"].to_numpy(dtype=float), "fs", "ps")
    energy = convert(log["total_energy"].to_numpy(dtype=float), "eV", "meV") / n_atoms
    if not (np.isfinite(energy).all() and np.isfinite(time).all()):
        raise ValueError("time (fs) and total_energy (eV) must be finite; got NaN or infinity")
    if not (np.diff(time) > 0).all():
        row = int(np.argmax(np.diff(time) <= 0)) + 1
        raise ValueError(
            f"time (fs) must increase from row to row; row {row} has {log['time'].iloc[row]} after "
            f"{log['time'].iloc[row - 1]}. Give one run at a time"
        )
    return time, energy - energy[0]


def _slope_error(time: np.ndarray, energy: np.ndarray, n_blocks: int) -> float:
    """Textbook standard error of a slope, on block means."""
    t_block = np.array([block.mean() for block in np.array_split(time, n_blocks)])  # (n_blocks,)
    e_block = np.array([block.mean() for block in np.array_split(energy, n_blocks)])
    line = np.polynomial.Polynomial.fit(t_block, e_block, 1)
    variance = np.sum((e_block - line(t_block)) ** 2) / (n_blocks - 2)
    return float(np.sqrt(variance / np.sum((t_block - t_block.mean()) ** 2)))
