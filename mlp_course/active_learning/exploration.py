"""Exploration: dynamics that stops where the ensemble disagrees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ase import Atoms, units
from ase.constraints import FixCom
from ase.md.langevin import Langevin
from numpy.typing import NDArray

from mlp_course.active_learning.ensemble import Ensemble
from mlp_course.data.quality import as_frames
from mlp_course.models import MLPCalculator
from mlp_course.simulation import AlarmLimits, with_thermal_velocities
from mlp_course.simulation.alarms import Alarm, Watch
from mlp_course.simulation.engine import check_run, check_temperature

_TO_THE_END, DISAGREEMENT = "went to the end", "the members disagree"  # why a run ended


@dataclass(frozen=True, eq=False)
class Exploration:
    """What several runs have seen.

    Attributes:
        frames: all configurations visited, without calculator; ``info["walker"]`` and
            ``info["time_fs"]`` say where they come from.
        uncertainties: largest σ_i of each in eV/Å, shape (n_frames,).
        runs: one row a run: walker, time (fs), ended ("went to the end", "the members disagree",
            or what the alarm said), uncertainty of the last frame (eV/Å).
    """

    frames: list[Atoms]
    uncertainties: NDArray[np.float64]
    runs: pd.DataFrame


def explore(
    starts: Sequence[Atoms],
    ensemble: Ensemble,
    *,
    temperature: float,
    steps: int,
    stop_at: float,
    interval: int = 10,
    timestep: float = 0.5,
    friction: float = 0.01,
    seed: int = 0,
    limits: AlarmLimits | None = None,
) -> Exploration:
    """Run Langevin dynamics from each start until the ensemble disagrees, or all steps are done.

    The first member drives the atoms, for one model is cheaper than all; every ``interval`` steps
    all members look at the frame. A frame on which they disagree is kept and ends its run: what a
    potential does beyond it means nothing. A frame that the alarms object to (atoms in each other,
    or gone) is not kept, for its label would teach little.

    Args:
        starts: one run each.
        ensemble: of trained potentials.
        temperature: of thermostat and start velocities, in K.
        steps: longest run, in time steps.
        stop_at: largest σ_i at which a run ends, in eV/Å; ``float("inf")`` never ends it.
        interval: steps between looks.
        timestep: in fs.
        friction: of the thermostat, in fs⁻¹.
        seed: of velocities and thermostat; walker n has a generator of its own.
        limits: when a run has gone wrong.

    Returns:
        An :class:`Exploration`; starts are not among its frames.

    Raises:
        ValueError: if a number is out of range.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> from mlp_course.models import build_model
        >>> ensemble = Ensemble([build_model("schnet", n_features=8, seed=n) for n in (0, 1)])
        >>> start = load_embedded("ethanol/500K")[:1]
        >>> found = explore(start, ensemble, temperature=300, steps=20, stop_at=1e-9)
        >>> found.runs[["time", "ended"]].values.tolist()  # the first look is after 10 steps
        [[5.0, 'the members disagree']]
    """
    starts = as_frames(starts)
    check_temperature(temperature)
    if not stop_at > 0:
        raise ValueError(f"stop_at must be positive, in eV/Å; got {stop_at}")
    calculator = MLPCalculator(ensemble.members[0])
    frames, uncertainties, rows = [], [], []
    for walker, start in enumerate(starts):
        moving = with_thermal_velocities(start, temperature, seed=[seed, walker])
        moving.calc = calculator
        check_run(moving, steps=steps, interval=interval, timestep=timestep, friction=friction)
        watch = Watch(moving, limits or AlarmLimits(), temperature)
        dynamics = _langevin(moving, temperature, timestep, friction, [seed, walker, 1])
        spread, time, ended = np.nan, 0.0, _TO_THE_END
        for done, alarm in _blocks(dynamics, watch, steps, interval):
            time = done * timestep
            if alarm is not None:
                ended = alarm.reason
                break
            frames.append(_visited(moving, walker, time))
            spread = ensemble.predict(frames[-1:]).largest_force_std[0]
            uncertainties.append(spread)
            if spread > stop_at:
                ended = DISAGREEMENT
                break
        rows.append((walker, time, ended, spread))
    runs = pd.DataFrame(rows, columns=["walker", "time", "ended", "uncertainty"])
    return Exploration(frames, np.array(uncertainties), runs)


def _blocks(
    dynamics: Langevin, watch: Watch, steps: int, interval: int
) -> Iterator[tuple[int, Alarm | None]]:
    """Advance block by block: steps done, and what the alarm says of the geometry."""
    if watch.start_alarm is not None:
        yield 0, watch.start_alarm
        return
    done = 0
    while done < steps:
        block = min(interval, steps - done)
        done += block
        try:
            dynamics.run(block)
        except Exception:  # the potential gave up: on a broken geometry, or for a reason of its own
            alarm = watch.look(dynamics.atoms)
            if alarm is None:
                raise
            yield done, alarm
            return
        yield done, watch.look(dynamics.atoms)


def _langevin(
    moving: Atoms, temperature: float, timestep: float, friction: float, seed: list[int]
) -> Langevin:
    """Langevin dynamics about a centre of mass that stays in place."""
    if len(moving) > 1 and not moving.constraints:
        moving.set_constraint(FixCom())
    return Langevin(
        moving,
        timestep=timestep * units.fs,
        temperature_K=temperature,
        friction=friction / units.fs,
        fixcm=False,
        rng=np.random.default_rng(seed),
    )


def _visited(atoms: Atoms, walker: int, time: float) -> Atoms:
    """A copy to be labelled: where it comes from, no calculator, no momenta, no constraint."""
    frame = Atoms(atoms.numbers, atoms.positions, cell=atoms.cell, pbc=atoms.pbc)
    frame.info.update(walker=walker, time_fs=time)
    return frame
