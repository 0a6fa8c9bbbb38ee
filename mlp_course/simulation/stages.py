"""Staged heating: a new potential is led from cold to hot, and stops where it is no longer sure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from ase import Atoms

from mlp_course.simulation.alarms import AlarmLimits
from mlp_course.simulation.conserved import CONSERVED, conserved_drift
from mlp_course.simulation.production import ProductionSettings, run_production
from mlp_course.simulation.run_folder import RunFolder
from mlp_course.simulation.stopped import RunStopped
from mlp_course.simulation.trajectory import Trajectory

STAGES = (300.0, 500.0, 700.0, 1000.0)  #: K, the chapter's
FINISHED = "finished"
CANNOT_JUDGE = "cannot be judged"


@dataclass(frozen=True, eq=False, repr=False)
class StagedRun:
    """The runs of all stages that were begun, and what stopped the last one.

    Attributes:
        temperatures: asked for, in K, also of stages that were not reached.
        runs: one trajectory a stage; that of a stopped stage ends with the bad frame.
        stopped: the alarm, whose text says what to do; None if all stages were finished.
    """

    temperatures: tuple[float, ...]
    runs: list[Trajectory]
    stopped: RunStopped | None = None

    @property
    def frames(self) -> list[Atoms]:
        """All frames in order of time."""
        return [frame for run in self.runs for frame in run]

    @property
    def log(self) -> pd.DataFrame:
        """All logs as one, with columns stage (K) and elapsed (fs, since the first stage began)."""
        parts, start = [], 0.0
        for temperature, run in zip(self.temperatures, self.runs, strict=False):
            parts.append(run.log.assign(stage=temperature, elapsed=run.log["time"] + start))
            start += run.log["time"].iloc[-1]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def table(self) -> pd.DataFrame:
        """One row a stage.

        Returns:
            Columns stage (K), picoseconds, mean_temperature (K), largest_uncertainty (eV/Å), drift
            (meV/atom/ps, of the conserved quantity), outcome.
        """
        rows = []
        for number, temperature in enumerate(self.temperatures):
            row: dict[str, object] = {"stage": temperature, "outcome": "not reached"}
            if number < len(self.runs):
                row |= _summary(self.runs[number])
                last = number == len(self.runs) - 1
                ended = self.stopped if last else None
                row["outcome"] = FINISHED if ended is None else f"stopped: {ended.kind}"
            elif number == 0 and self.stopped is not None:
                row["outcome"] = f"stopped: {self.stopped.kind}"
            rows.append(row)
        columns = ["stage", "picoseconds", "mean_temperature", "largest_uncertainty", "drift"]
        return pd.DataFrame(rows, columns=[*columns, "outcome"])

    def __repr__(self) -> str:
        reached = ", ".join(f"{temperature:g} K" for temperature in self.temperatures)
        if self.stopped is None:
            return f"StagedRun({reached}: all finished)"
        return f"StagedRun({reached}: {self.stopped})"


def _summary(run: Trajectory) -> dict[str, object]:
    """Numbers of one stage."""
    log, drift = run.log, CANNOT_JUDGE
    if run.ensemble in CONSERVED and len(log) >= 20:
        found = conserved_drift(run)
        drift = f"{found.slope:.2g} ± {found.standard_error:.1g}"
    return {
        "picoseconds": log["time"].iloc[-1] / 1000,
        "mean_temperature": log["temperature"].mean(),
        "largest_uncertainty": log["uncertainty"].max() if "uncertainty" in log else None,
        "drift": drift,
    }


def run_stages(
    atoms: Atoms,
    stages: Sequence[float] = STAGES,
    *,
    steps: int,
    settings: ProductionSettings | None = None,
    interval: int = 10,
    limits: AlarmLimits | None = None,
    uncertainty: Callable[[Atoms], float] | None = None,
    folder: RunFolder | None = None,
    progress: bool = True,
) -> StagedRun:
    """Heat in stages; each starts with the last frame and momenta of the one before.

    An alarm ends the run, and the result says at which stage and why: where a potential stops is
    what one wants to know. With a folder the frame at the alarm lies there as extended XYZ, and a
    run that was killed goes on bit for bit when the same call is made again.

    Args:
        atoms: start configuration with a calculator; it is not changed.
        stages: temperatures in K, in the order in which they are run.
        steps: of each stage.
        settings: ensemble (NVT by Bussi, or NPT), pressure, time step and seed; its temperature,
            total_time are not used. By default NVT with 0.5 fs.
        interval: a frame is recorded, and the alarms look, every this many steps.
        limits: when to stop.
        uncertainty: of the forces, in eV/Å, as a function of the atoms: the ensemble that watches.
        folder: one subfolder a stage is made in it.
        progress: show progress bars.

    Returns:
        The runs, a joint log, a table, and what stopped them.

    Raises:
        ValueError: if there is no stage, or a setting is out of range.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> staged = run_stages(copper, (300, 500), steps=20, progress=False)
        >>> staged, float(staged.log["elapsed"].iloc[-1])  # 2 × 20 × 0.5 fs
        (StagedRun(300 K, 500 K: all finished), 20.0)
    """
    if not len(stages):
        raise ValueError("stages must name at least one temperature, in K; got none")
    base = settings or ProductionSettings(n_atoms=len(atoms))
    plans = [
        replace(base, temperature=float(temperature), seed=base.seed + number)
        for number, temperature in enumerate(stages)
    ]
    options = dict(steps=steps, interval=interval, limits=limits, uncertainty=uncertainty)
    runs, present = [], atoms
    for number, plan in enumerate(plans):
        own = _own_folder(folder, number, plan.temperature)
        options |= dict(keep_velocities=number > 0, folder=own, progress=progress)
        try:
            runs.append(run_production(present, plan, **options))
        except RunStopped as alarm:
            runs += [alarm.trajectory] if alarm.trajectory is not None else []
            return StagedRun(tuple(p.temperature for p in plans), runs, alarm)
        present = runs[-1].frames[-1].copy()
        present.calc = atoms.calc
    return StagedRun(tuple(plan.temperature for plan in plans), runs)


def _own_folder(folder: RunFolder | None, number: int, temperature: float) -> RunFolder | None:
    """Subfolder of a stage, such as 1-300K."""
    if folder is None:
        return None
    return replace(folder, path=Path(folder.path) / f"{number + 1}-{temperature:g}K")
