"""A run that was stopped: what happened, where the frame is, and what to do about it."""

from pathlib import Path

from mlp_course.simulation.trajectory import Trajectory

#: What to do, by the kind of alarm.
ADVICE = {
    "exploding": (
        "Usual causes: the time step is too long (try 0.5 fs or less with hydrogen), the start "
        "geometry is strained, or the potential was never trained on such geometries (look at the "
        "last frames and label some of them)."
    ),
    "bonds": (
        "If this reaction is wanted, name its atoms: AlarmLimits(keep_bonds=True, "
        "may_react=(...,)). Otherwise the potential has left what it learned: label the last "
        "frame, train again, or run at a lower temperature."
    ),
    "drift": (
        "Repeat with half the time step: an error of the integrator falls by four. What stays is "
        "a fault of the potential (forces that are not the slope of the energy, a jump at the "
        "cutoff, float32 totals): validation.physical_checks finds it."
    ),
    "uncertainty": (
        "Label the last frame with the reference method, add it to the training set and train "
        "again; until then stay below this temperature."
    ),
}


class RunStopped(RuntimeError):
    """An alarm stopped the run; the message says why and what to do.

    Attributes:
        kind: "exploding", "bonds", "drift" or "uncertainty".
        reason: what happened, in words.
        step: number of the step at which it was noticed.
        time: in fs.
        atoms: indices of the atoms involved, possibly empty.
        trajectory: everything recorded until then, the last bad frame included; None only if
            nothing could be recorded.
        saved: extended-XYZ file with the last frame; None for a run without a folder.
    """

    def __init__(
        self,
        reason: str,
        *,
        step: int,
        time: float,
        atoms: tuple[int, ...] = (),
        trajectory: Trajectory | None = None,
        kind: str = "exploding",
        saved: Path | None = None,
    ) -> None:
        self.kind, self.reason, self.step, self.time = kind, reason, step, time
        self.atoms, self.trajectory, self.saved = atoms, trajectory, saved
        kept = len(trajectory) if trajectory is not None else 0
        where = f" The last frame was saved to {saved}." if saved else ""
        super().__init__(
            f"stopped at step {step} ({time:g} fs): {reason}. {ADVICE[kind]} "
            f"The {kept} frames so far are in `error.trajectory`.{where}"
        )


class AtomsFlewApart(RunStopped):
    """The run was stopped: its atoms left, collapsed, overheated or became NaN."""
