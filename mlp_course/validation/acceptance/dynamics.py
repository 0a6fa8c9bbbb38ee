"""Dynamics: does the system hold together when it is warm, and does its energy stay?"""

from dataclasses import dataclass

import numpy as np
from ase import Atoms, units

from mlp_course.simulation import (
    AtomsFlewApart,
    Drift,
    Trajectory,
    energy_drift,
    run_langevin,
    run_nve,
)
from mlp_course.units import convert

LIGHT = 10  # atomic number below which atoms are light and the time step is short


@dataclass(frozen=True)
class Survival:
    """Runs at one temperature, and those that an alarm stopped.

    Attributes:
        planned: time of all runs together, in ps.
        survived: of it, how much passed before an alarm, in ps.
        accidents: what the alarms said, one sentence each.
        last: final frame of a run that held, with momenta; None if there is none.
    """

    planned: float
    survived: float
    accidents: tuple[str, ...]
    last: Atoms | None

    @property
    def rate_limit(self) -> float:
        """Accidents per ps that runs without one still allow, with 95 % confidence: 3 / time.

        Source:
            J. A. Hanley, A. Lippman-Hand, J. Am. Med. Assoc. 249, 1743 (1983).
        """
        return 3 / self.survived if self.survived else np.inf


def safe_timestep(atoms: Atoms) -> float:
    """Time step in fs: 0.5 with light atoms, 2 without.

    Example:
        >>> safe_timestep(Atoms("CH")), safe_timestep(Atoms("Cu"))
        (0.5, 2.0)
    """
    return 0.5 if (atoms.numbers < LIGHT).any() else 2.0


def survival(
    atoms: Atoms, *, temperature: float, duration: float, n_runs: int, seed: int = 0
) -> Survival:
    """Run Langevin dynamics several times and count the accidents.

    Args:
        atoms: start configuration with a calculator.
        temperature: in K.
        duration: of each run, in ps.
        n_runs: number of runs, each with a seed of its own.
        seed: of the first run.
    """
    timestep, steps = _steps(atoms, duration)
    options = dict(temperature=temperature, timestep=timestep, interval=10, progress=False)
    survived, accidents, last = 0, [], None
    for number in range(n_runs):
        try:
            run = run_langevin(atoms, steps=steps, seed=seed + number, **options)
        except AtomsFlewApart as accident:
            survived += accident.step
            at = convert(accident.time, "fs", "ps")
            accidents.append(f"run {number} after {at:.3g} ps: {accident.reason}")
        else:
            survived += steps
            last = run.frames[-1]
    times = (float(convert(n * timestep, "fs", "ps")) for n in (n_runs * steps, survived))
    return Survival(*times, tuple(accidents), last)


def conserved_run(
    atoms: Atoms, *, duration: float, temperature: float | None, seed: int = 0
) -> tuple[Trajectory, Drift]:
    """Run without a thermostat and fit the drift of the total energy.

    Args:
        atoms: start configuration with a calculator.
        duration: in ps.
        temperature: of the start velocities, in K; None keeps the momenta of ``atoms``.
        seed: of the start velocities.

    Raises:
        AtomsFlewApart: if an alarm stops the run.
    """
    timestep, steps = _steps(atoms, duration)
    options = dict(timestep=timestep, interval=max(1, min(4, steps // 40)), progress=False)
    run = run_nve(atoms, steps=steps, temperature=temperature, seed=seed, **options)
    return run, energy_drift(run)


def _steps(atoms: Atoms, duration: float) -> tuple[float, int]:
    """Time step in fs, and the number of them in a duration in ps."""
    timestep = safe_timestep(atoms)
    return timestep, max(1, round(convert(duration, "ps", "fs") / timestep))


def heating(drift: Drift) -> float:
    """Temperature that a drift means, in K per ns: half the energy becomes motion, 3 k_B an atom.

    Example:
        >>> drift = Drift(0.1, 0.01, 0.1, 1e-6, 1.0, 10.0, 9, 10)  # 0.1 meV/atom/ps
        >>> round(heating(drift))
        387
    """
    per_ns = convert(1000 * drift.slope, "meV", "eV")  # eV per atom and ns
    return float(per_ns / (3 * units.kB))
