"""The loop behind every run: advance, look, record, and stop with a sentence."""

import contextlib
import warnings

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from ase.md.md import MolecularDynamics
from tqdm.auto import tqdm

from mlp_course.simulation.alarms import Alarm, AlarmLimits, Watch
from mlp_course.simulation.conserved import CANNOT, CONSERVED, due, found_drift
from mlp_course.simulation.one_pass import OnePass
from mlp_course.simulation.run_folder import Keeper
from mlp_course.simulation.stopped import AtomsFlewApart, RunStopped
from mlp_course.simulation.trajectory import Recorder, Trajectory
from mlp_course.simulation.velocities import with_thermal_velocities


def check_run(atoms: Atoms, **numbers: float) -> None:
    """Refuse atoms without a live calculator, and numbers that are not positive."""
    if not isinstance(atoms, Atoms):
        raise TypeError(f"atoms must be one ase.Atoms; got {type(atoms).__name__}")
    if atoms.calc is None or isinstance(atoms.calc, SinglePointCalculator):
        raise ValueError(
            f"atoms must carry a calculator that computes forces; got {atoms.calc!r}. "
            "Set atoms.calc first, for example atoms.calc = MLPCalculator(model)"
        )
    measures = {"friction": "in fs⁻¹"}
    for name, value in numbers.items():
        whole = name in ("steps", "interval")
        if not value > 0 or (whole and value != int(value)):
            rule = (
                "a positive whole number" if whole else f"positive, {measures.get(name, 'in fs')}"
            )
            raise ValueError(f"{name} must be {rule}; got {value}")


def check_temperature(temperature: float) -> None:
    """Refuse the temperature of a thermostat that cannot work."""
    if not 0 < temperature < float("inf"):
        raise ValueError(f"temperature must be positive, in K; got {temperature}")


def moving_copy(
    atoms: Atoms, temperature: float | None, seed: int, *, with_stress: bool = False
) -> Atoms:
    """Copy atoms, with new velocities if a temperature (K) is given, and one evaluation a step."""
    moving = atoms.copy()
    if temperature is not None:
        moving = with_thermal_velocities(atoms, temperature, seed=seed)
    moving.calc = OnePass(atoms.calc, with_stress=with_stress)
    return moving


def advance(
    dynamics: MolecularDynamics,
    recorder: Recorder,
    *,
    steps: int,
    interval: int,
    progress: bool,
    limits: AlarmLimits,
    temperature: float,
    keeper: Keeper | None = None,
) -> Trajectory:
    """Run all steps; record and look at the atoms every ``interval`` steps."""
    check_alarms(limits, recorder)
    watch = Watch(recorder.atoms, limits, temperature)
    with keeper.lock() if keeper else contextlib.nullcontext():
        done = keeper.resume(steps) if keeper else 0
        if not recorder.frames:
            check_start(recorder, watch)
            record_step(recorder, watch, 0, keeper)
        with tqdm(
            total=steps, initial=done, desc=recorder.ensemble, unit="step", disable=not progress
        ) as bar:
            while done < steps:
                block = min(interval, steps - done)
                _run_block(dynamics, recorder, watch, done, block, keeper)
                done += block
                row = record_step(recorder, watch, done, keeper)
                if keeper and (done % keeper.every == 0 or done == steps):
                    keeper.save(done)
                bar.update(block)
                bar.set_postfix_str(f"{row['temperature']:.0f} K", refresh=False)
    return recorder.trajectory()


def check_alarms(limits: AlarmLimits, recorder: Recorder) -> None:
    """Refuse an alarm that could never ring for want of what it listens to; warn of a deaf one."""
    if limits.uncertainty is not None and recorder.uncertainty is None:
        raise ValueError(
            "limits.uncertainty needs something to watch: give the run uncertainty=, a function "
            "of atoms that returns eV/Å"
        )
    if limits.drift is not None and recorder.ensemble not in CONSERVED:
        warnings.warn(CANNOT.format(recorder.ensemble), stacklevel=4)


def check_start(recorder: Recorder, watch: Watch) -> None:
    """Refuse a start configuration that would ring the alarm at once."""
    if watch.start_alarm is not None:
        raise stopped(watch.start_alarm, recorder, 0)


def _run_block(
    dynamics: MolecularDynamics,
    recorder: Recorder,
    watch: Watch,
    done: int,
    block: int,
    keeper: Keeper | None,
) -> None:
    """Advance; where the potential itself gives up on a broken geometry, say so."""
    try:
        dynamics.run(block)
    except Exception as error:
        alarm = watch.look(recorder.atoms)
        if alarm is None:
            raise
        raise stopped(alarm, recorder, done + block, keeper) from error


def record_step(
    recorder: Recorder, watch: Watch, step: int, keeper: Keeper | None = None
) -> dict[str, float]:
    """Record the frame, then ring the alarm if there is a reason."""
    alarm = watch.look(recorder.atoms)
    row = recorder.record(step, watch.shortest_distance)
    alarm = alarm or watch.check_numbers(row) or _drifts(recorder, watch.limits)
    if alarm is not None:
        raise stopped(alarm, recorder, step, keeper)
    return row


def _drifts(recorder: Recorder, limits: AlarmLimits) -> Alarm | None:
    """Look at the conserved quantity now and then."""
    rows = recorder.rows
    if limits.drift is None or recorder.ensemble not in CONSERVED or not due(len(rows)):
        return None
    time = np.array([row[1] for row in rows])
    energy = np.array([row[2] for row in rows])
    if recorder.heat is not None:
        energy = np.array([extra["conserved_energy"] for extra in recorder.extras])
    drift = found_drift(time, energy, len(recorder.atoms), limit=limits.drift)
    if drift is None:
        return None
    what = "total energy" if recorder.heat is None else "conserved energy"
    return Alarm(f"the {what} drifts: {drift} (limit {limits.drift:g})", kind="drift")


def stopped(
    alarm: Alarm, recorder: Recorder, step: int, keeper: Keeper | None = None
) -> RunStopped:
    """Make the exception, with everything recorded so far; save the last frame."""
    kind = AtomsFlewApart if alarm.kind == "exploding" else RunStopped
    said = dict(kind=alarm.kind, reason=alarm.reason, step=step)
    return kind(
        alarm.reason,
        step=step,
        time=step * recorder.timestep,
        atoms=alarm.atoms,
        trajectory=recorder.trajectory() if recorder.frames else None,
        kind=alarm.kind,
        saved=keeper.save_alarm(**said) if keeper else None,
    )
