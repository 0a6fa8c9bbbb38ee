"""Checkpoints: all that a run needs to go on after a kill as if nothing had happened."""

import json
from pathlib import Path

import torch
from torch import Tensor

from mlp_course.models.store import ModelFileError, digest, read_tensors, write_tensors

_FORMAT = "mlp-course checkpoint 1"


class CheckpointMismatch(ValueError):
    """The checkpoint on disk belongs to another run."""


def save_checkpoint(path: Path, tensors: dict[str, Tensor], state: dict, run: dict) -> None:
    """Replace the checkpoint in one step: after a kill the old one or the new one is there, whole.

    Args:
        path: file to write.
        tensors: weights, averages, optimiser moments, random state.
        state: counters and history, anything JSON.
        run: what makes this run this run (data, model, settings); must be equal on resuming.
    """
    metadata = {"format": _FORMAT, "state": json.dumps(state), "run": json.dumps(run)}
    metadata["sha256"] = digest(tensors, metadata["state"] + metadata["run"])
    write_tensors(path, tensors, metadata)


def load_checkpoint(path: Path, run: dict) -> tuple[dict[str, Tensor], dict]:
    """Read tensors and state back, refusing a checkpoint of another run.

    Raises:
        ModelFileError: if the file is damaged or is no checkpoint.
        CheckpointMismatch: if it belongs to a run with other data or settings.
    """
    tensors, metadata = read_tensors(path)
    if metadata.get("format") != _FORMAT:
        raise ModelFileError(
            f"{path} is no checkpoint of this course: delete it or name another file"
        )
    told = metadata.get("state", "") + metadata.get("run", "")
    if metadata.get("sha256") != digest(tensors, told):
        raise ModelFileError(
            f"{path} was changed after it was saved, or comes from an older version: delete it and "
            "start the run again"
        )
    saved = json.loads(metadata["run"])
    run = json.loads(json.dumps(run))
    different = [name for name in run if saved.get(name) != run[name]]
    if different:
        changes = "; ".join(f"{name} was {saved.get(name)}, is {run[name]}" for name in different)
        raise CheckpointMismatch(
            f"{path} belongs to another run ({changes}): "
            "resume with the same arguments, name another checkpoint, or delete this one"
        )
    return tensors, json.loads(metadata["state"])


def optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Flatten the moments of an optimiser into named tensors."""
    return {
        f"optimiser/{index}/{name}": torch.as_tensor(value)
        for index, moments in optimiser.state_dict()["state"].items()
        for name, value in moments.items()
    }


def restore_optimiser(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put the moments back that :func:`optimiser_tensors` flattened."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser/"):
            _, index, name = key.split("/")
            state.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})
