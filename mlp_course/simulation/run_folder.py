"""A folder for a run: after a kill the same call goes on from the last checkpoint, bit for bit."""

import contextlib
import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ase.io
import numpy as np
import torch
from ase import Atoms
from ase.md.md import MolecularDynamics
from filelock import FileLock, Timeout
from safetensors import SafetensorError

from mlp_course.data.whole_files import write_whole
from mlp_course.models.store import digest
from mlp_course.simulation.run_checkpoints import (
    checkpoint_file,
    checkpoint_files,
    frames_file,
    usable_checkpoint,
)
from mlp_course.simulation.run_frames import frames_from, tensors_of
from mlp_course.simulation.trajectory import Recorder
from mlp_course.training.checkpoint import save_checkpoint

KEPT = 2  # checkpoints: if the last is damaged, the one before serves
#: What an integrator remembers from step to step, beside positions, momenta and random numbers.
MEMORY = {
    "Bussi": ("transferred_energy",),
    "NPT": ("p_eps", "gamma_mod", "force_eps", "accel"),
}


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps its frames, its checkpoints and the frame at an alarm.

    Call a run again with the same folder and settings, and it goes on from the last checkpoint:
    trajectory and log are to the last bit those of a run that was never interrupted, on the same
    machine with the same versions and number of threads. For that, the calculator forgets its
    pair list at each checkpoint, with or without a kill; MLPCalculator is slower for 50 steps
    after it. A finished run is read back, or goes on if more steps are asked for.

    Attributes:
        path: of the folder; it is made. One run a folder.
        every: steps between checkpoints, a multiple of the run's ``interval``.

    Raises:
        ValueError: if ``every`` is not a positive whole number.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> from mlp_course.simulation import load_run, run_bussi
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> options = dict(temperature=300, timestep=2.0, progress=False)
        >>> with TemporaryDirectory() as path:
        ...     half = run_bussi(copper, steps=40, folder=RunFolder(path, every=20), **options)
        ...     run = run_bussi(copper, steps=80, folder=RunFolder(path, every=20), **options)
        ...     len(half), len(run), len(load_run(path))  # frames, every 10 steps
        (5, 9, 9)
    """

    path: str | Path
    every: int = 1000

    def __post_init__(self) -> None:
        if not self.every > 0 or self.every != int(self.every):
            raise ValueError(f"every must be a positive whole number of steps; got {self.every}")


class Keeper:
    """Writes a run into its folder, and puts a run back as it was at the last checkpoint."""

    def __init__(
        self, folder: RunFolder, recorder: Recorder, dynamics: MolecularDynamics, settings: dict
    ) -> None:
        self.path, self.every = Path(folder.path), int(folder.every)
        self.recorder, self.dynamics = recorder, dynamics
        if self.every % settings["interval"]:
            raise ValueError(
                "the folder's every must be a multiple of interval, in steps; got "
                f"every={self.every} with interval={settings['interval']}"
            )
        self.identity = identity(recorder, settings)
        self.parts: list[int] = []  # last step of each file of frames
        self.written = 0  # frames

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes out of the folder; a killed one does not hold the lock."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / "run.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise RuntimeError(
                f"another process runs in {self.path}: wait for it, or name another folder"
            ) from None
        try:
            yield
        finally:
            lock.release()

    def resume(self, steps: int) -> int:
        """Put everything back as at the last whole checkpoint; return its step, 0 for a new run."""
        found = usable_checkpoint(self.path, self.identity)
        if found is None:
            write_whole(self.path / "start.traj", lambda part: ase.io.write(part, self._start()))
            self._forget()
            self._begin()
            return 0
        tensors, state, parts = found
        done = state["step"]
        if steps < done or (done < steps and done % self.every):
            raise ValueError(
                f"{self.path} holds a run of {done} steps; got steps={steps}: ask for {done}, or "
                f"for more if {done} is a multiple of every={self.every}, or name another folder"
            )
        self._restore(tensors, state)
        for part in parts:
            frames_from(self.recorder, *part)
        self.parts, self.written = state["parts"], len(self.recorder.frames)
        self._forget()
        return done

    def save(self, step: int) -> None:
        """Write the frames since the last time, then the checkpoint; the older one goes last."""
        recorder = self.recorder
        tensors, state = tensors_of(recorder, self.written)
        try:
            save_checkpoint(frames_file(self.path, step), tensors, state, self.identity)
            parts = [*self.parts, step]
            memory = self._memory(step, parts)
            save_checkpoint(checkpoint_file(self.path, step), *memory, self.identity)
        except (OSError, SafetensorError) as error:
            last = f"that of step {self.parts[-1]} is whole" if self.parts else "there is none yet"
            raise OSError(
                f"the checkpoint of step {step} could not be written to {self.path}: {error}. "
                f"Of the earlier ones {last}: free space on the disk and start the same run again"
            ) from error
        self.parts, self.written = parts, len(recorder.frames)
        for old in checkpoint_files(self.path)[KEPT:]:
            old.unlink()
        self._forget()

    def save_alarm(self, **said: object) -> Path:
        """Write the last frame as extended XYZ, with the reason; return the path."""
        frame = self.recorder.frames[-1].copy() if self.recorder.frames else self._start()
        if self.recorder.frames:
            frame.calc = self.recorder.frames[-1].calc
        frame.info |= {f"alarm_{name}": value for name, value in said.items()}
        path = self.path / f"alarm-{said['step']:09d}.xyz"
        return write_whole(path, lambda part: ase.io.write(part, frame, format="extxyz"))

    def _start(self) -> Atoms:
        """The atoms as they are now, with the caller's constraints."""
        atoms = self.recorder.atoms.copy()
        atoms.set_constraint(self.recorder.constraints)
        return atoms

    def _memory(self, step: int, parts: list[int]) -> tuple[dict[str, torch.Tensor], dict]:
        """All that the next step depends on."""
        atoms, dynamics = self.recorder.atoms, self.dynamics
        arrays = {"positions": atoms.positions, "momenta": atoms.get_momenta()}
        arrays |= {"cell": atoms.cell.array}
        for name in MEMORY.get(self.recorder.ensemble, ()):
            arrays[f"memory/{name}"] = np.asarray(getattr(dynamics, name), dtype=float)
        rng = getattr(dynamics, "rng", None)
        state = {"step": step, "parts": parts, "threads": torch.get_num_threads()}
        state["random"] = rng.bit_generator.state if rng is not None else None
        return {name: torch.tensor(value) for name, value in arrays.items()}, state

    def _restore(self, tensors: dict[str, torch.Tensor], state: dict) -> None:
        """Undo `_memory`."""
        atoms, dynamics = self.recorder.atoms, self.dynamics
        if state["threads"] != torch.get_num_threads():
            warnings.warn(
                f"{self.path} was begun with {state['threads']} threads, now there are "
                f"{torch.get_num_threads()}: the last digits may differ; torch.set_num_threads",
                stacklevel=2,
            )
        atoms.set_cell(tensors["cell"].numpy())
        atoms.arrays["positions"][:] = tensors["positions"].numpy()
        atoms.set_momenta(tensors["momenta"].numpy(), apply_constraint=False)
        for name in MEMORY.get(self.recorder.ensemble, ()):
            value = tensors[f"memory/{name}"]
            setattr(dynamics, name, value.numpy() if value.ndim else value.item())
        if state["random"] is not None:
            dynamics.rng.bit_generator.state = state["random"]
        dynamics.nsteps = state["step"]

    def _begin(self) -> None:
        """Have the barostat compute again what it took from the calculator before it forgot."""
        if self.recorder.ensemble == "NPT":
            self.dynamics._update_accel()
            self.dynamics._update_force_eps()

    def _forget(self) -> None:
        """Let calculator and uncertainty go on as in a new process."""
        self.recorder.atoms.calc.forget()
        if hasattr(self.recorder.uncertainty, "forget"):
            self.recorder.uncertainty.forget()


def keeper_for(
    folder: RunFolder | None, recorder: Recorder, dynamics: MolecularDynamics, **settings: object
) -> Keeper | None:
    """Make the keeper of a run that has a folder."""
    return None if folder is None else Keeper(folder, recorder, dynamics, settings)


def identity(recorder: Recorder, settings: dict) -> dict:
    """What makes this run this run: settings, calculator, and every number of the start."""
    atoms, calculator = recorder.atoms, recorder.atoms.calc.calculator
    arrays = [atoms.numbers, atoms.positions, atoms.get_momenta(), atoms.get_masses()]
    arrays += [atoms.cell.array, atoms.pbc]
    rules = json.dumps([rule.todict() for rule in atoms.constraints], default=str)
    tensors = {str(n): torch.tensor(np.asarray(array)) for n, array in enumerate(arrays)}
    told = type(calculator).__name__
    if hasattr(calculator, "fingerprint"):
        told += f" {calculator.fingerprint()}"
    elif getattr(calculator, "parameters", None):
        told += f" {json.dumps(dict(calculator.parameters), sort_keys=True, default=str)}"
    about = {"ensemble": recorder.ensemble, "timestep": recorder.timestep, "seed": recorder.seed}
    start = {"start": digest(tensors, rules)[:16], "calculator": told}
    return about | settings | start
