"""The checkpoints in a run's folder: where they lie, which can be read, what the run was."""

import warnings
from pathlib import Path

import ase.io

from mlp_course.models.store import ModelFileError
from mlp_course.simulation.run_frames import frames_from
from mlp_course.simulation.trajectory import Recorder, Trajectory
from mlp_course.training.checkpoint import load_checkpoint


class CheckpointDamaged(ValueError):
    """No checkpoint of a run's folder can be read."""


def checkpoint_file(path: Path, step: int) -> Path:
    """Where the checkpoint of a step lies."""
    return path / f"checkpoint-{step:09d}.safetensors"


def frames_file(path: Path, step: int) -> Path:
    """Where the frames up to a step, from the checkpoint before, lie."""
    return path / f"frames-{step:09d}.safetensors"


def checkpoint_files(path: Path) -> list[Path]:
    """All checkpoints of a folder, the last one first."""
    return sorted(path.glob("checkpoint-*.safetensors"), reverse=True)


def usable_checkpoint(path: Path, run: dict | None = None) -> tuple[dict, dict, list] | None:
    """Return the last checkpoint that can be read with all its frames; None if there is none.

    Raises:
        CheckpointMismatch: if it belongs to a run with other settings.
        CheckpointDamaged: if there are checkpoints and all are damaged.
    """
    troubles = []
    for file in checkpoint_files(path):
        try:
            tensors, state = load_checkpoint(file, run or {})
            parts = [load_checkpoint(frames_file(path, step), run or {}) for step in state["parts"]]
        except (ModelFileError, FileNotFoundError) as error:
            troubles.append(f"{file.name}: {error}")
            continue
        if troubles:
            warnings.warn(
                f"{path}: going on from step {state['step']}, because a later checkpoint is "
                f"damaged. The steps since are computed again. {'; '.join(troubles)}",
                stacklevel=2,
            )
        return tensors, state, parts
    if troubles:
        raise CheckpointDamaged(
            f"no checkpoint in {path} can be used: {'; '.join(troubles)}. Bring the folder back "
            "from a copy, or delete it (or name another) to start the run again"
        )
    return None


def load_run(path: str | Path) -> Trajectory:
    """Read the frames and the log of a run's folder, up to its last checkpoint.

    Args:
        path: of the folder.

    Returns:
        Frames and log as the run itself would return them, without a calculator that computes.

    Raises:
        FileNotFoundError: if there is no run in the folder.
        CheckpointDamaged: if no checkpoint, or not the start configuration, can be read.
    """
    path = Path(path)
    found = usable_checkpoint(path)
    if found is None:
        raise FileNotFoundError(f"no checkpoint in {path}: give the folder of a run")
    try:
        start = ase.io.read(path / "start.traj")
    except Exception as error:  # whatever a broken file provokes
        raise CheckpointDamaged(f"{path}: start.traj cannot be read: bring back a copy") from error
    recorder = Recorder(start, **found[2][0][1]["about"])
    recorder.constraints = list(start.constraints)
    for part in found[2]:
        frames_from(recorder, *part)
    return recorder.trajectory()
