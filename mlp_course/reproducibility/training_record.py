"""The record of a training run: all that decides its weights, so that it can be run again."""

import contextlib
import inspect
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import torch
import yaml
from ase import Atoms
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mlp_course.data import list_embedded, load_embedded
from mlp_course.models.build import build_model
from mlp_course.models.potential import Potential
from mlp_course.models.store import digest
from mlp_course.training import fit
from mlp_course.training.run import data_digest

Slice = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]
_KNOWN = frozenset(inspect.signature(fit).parameters) - {
    "model", "train", "validation", "checkpoint", "on_epoch", "progress", "clock", "max_seconds",
}  # fmt: skip


class TrainingRecord(BaseModel):
    """Data, model, settings, threads, machine and versions of one run, and the weights it gave.

    Attributes:
        data: name of an embedded set.
        train, validation: first frame and the one after the last.
        data_digest: fingerprint of frames and labels that were used.
        model: arguments of ``build_model``, with its seed.
        training: arguments of ``fit``, with its seed; by epochs, as no clock runs twice the same.
        threads: of torch.
        machine: processor and the instructions torch uses on it.
        versions: of Python, torch and NumPy.
        weights: SHA-256 of the trained weights; "" before the first run.
        force_mae: validation force MAE at the end, in meV/Å.

    Example:
        >>> options = dict(data="ethanol/500K", train=(0, 4), validation=(4, 6))
        >>> record, _ = record_training(
        ...     **options, model={"name": "schnet", "n_features": 8, "seed": 0},
        ...     training={"max_epochs": 1, "batch_size": 2, "seed": 0},
        ... )
        >>> rerun(record).identical
        True
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    data: str
    train: Slice
    validation: Slice
    data_digest: str = ""
    model: dict[str, Any]
    training: dict[str, Any]
    threads: Annotated[int, Field(ge=1)] = 1
    machine: str = ""
    versions: dict[str, str] = {}
    weights: str = ""
    force_mae: Annotated[float, Field(ge=0, description="meV/Å")] | None = None

    @field_validator("data")
    @classmethod
    def _is_a_set(cls, value: str) -> str:
        if value not in list_embedded().index:
            raise ValueError(f"no embedded set {value!r}; there are {list(list_embedded().index)}")
        return value

    @model_validator(mode="after")
    def _can_be_repeated(self) -> "TrainingRecord":
        missing = [name for name in ("model", "training") if "seed" not in getattr(self, name)]
        if missing:
            raise ValueError(f"a seed is missing in {' and '.join(missing)}: without it, no repeat")
        if "max_epochs" not in self.training or not set(self.training) <= _KNOWN:
            raise ValueError(
                "training must have max_epochs (not max_seconds, as no clock runs twice the same) "
                f"and else arguments of fit: {', '.join(sorted(_KNOWN))}; got {self.training}"
            )
        if any(not first < end for first, end in (self.train, self.validation)):
            raise ValueError(f"an empty slice: train={self.train}, validation={self.validation}")
        return self

    def save(self, path: str | Path) -> None:
        """Write the record as YAML."""
        text = yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        Path(path).write_text(text, encoding="utf-8")


def load_record(path: str | Path) -> TrainingRecord:
    """Read a record written by ``save``.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it breaks a rule of the record.
    """
    return TrainingRecord.model_validate(yaml.safe_load(Path(path).read_text(encoding="utf-8")))


class Rerun(BaseModel):
    """What came out of a second run.

    Attributes:
        identical: the weights are the recorded ones to the last bit.
        differences: what is not as recorded, announced before the run: "threads: 1, now 2".
        weights: SHA-256 of the weights that came out.
        force_mae: validation force MAE at the end, in meV/Å.
        potential: what was trained.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, protected_namespaces=())

    identical: bool
    differences: list[str]
    weights: str
    force_mae: float
    potential: Potential


def weights_digest(model: Potential) -> str:
    """SHA-256 of all weights, names and shapes; one other bit gives another one.

    Example:
        >>> one, same = (build_model("schnet", n_features=8, seed=3) for _ in range(2))
        >>> weights_digest(one) == weights_digest(same)
        True
    """
    return digest(model.state_dict(), "")


def largest_difference(one: Potential, other: Potential) -> float:
    """Largest difference of a weight between two potentials of the same shape, dimensionless.

    Example:
        >>> largest_difference(*(build_model("schnet", n_features=8, seed=3) for _ in range(2)))
        0.0
    """
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max(float((a.detach().double() - b.detach().double()).abs().max()) for a, b in pairs)


def record_training(**settings: Any) -> tuple[TrainingRecord, Potential]:
    """Train a potential and write down all that decides its weights.

    Args:
        **settings: data, train, validation, model, training and threads of ``TrainingRecord``.

    Returns:
        The record, with the digest of the weights, and the potential.

    Raises:
        ValueError: if something is missing without which the run could not be repeated.
    """
    plan = TrainingRecord(**settings)
    train, validation = _frames(plan)
    potential, history = _train(plan, train, validation)
    found = {
        "data_digest": data_digest([*train, *validation]),
        **_surroundings(),
        "weights": weights_digest(potential),
        "force_mae": float(history["validation_force_mae"].iloc[-1]),
    }
    return plan.model_copy(update=found), potential


def rerun(
    record: TrainingRecord,
    *,
    threads: int | None = None,
    change: Callable[[list[Atoms]], list[Atoms]] | None = None,
    on_epoch: Callable[[Potential], None] | None = None,
) -> Rerun:
    """Train again from a record and compare the weights bit by bit.

    Args:
        record: from :func:`record_training`.
        threads: of torch; as recorded by default.
        change: does something to the frames first, to see what it changes.
        on_epoch: called with the potential after every epoch.

    Returns:
        Whether the weights are the recorded ones, and what was not as recorded.
    """
    train, validation = _frames(record)
    if change is not None:
        train, validation = change(train), change(validation)
    again = record.model_copy(update={"threads": threads or record.threads})
    differences = _differences(record, again.threads, data_digest([*train, *validation]))
    potential, history = _train(again, train, validation, on_epoch)
    weights = weights_digest(potential)
    return Rerun(
        identical=weights == record.weights,
        differences=differences,
        weights=weights,
        force_mae=float(history["validation_force_mae"].iloc[-1]),
        potential=potential,
    )


def _frames(record: TrainingRecord) -> tuple[list[Atoms], list[Atoms]]:
    frames = load_embedded(record.data)
    longest = max(record.train[1], record.validation[1])
    if longest > len(frames):
        raise ValueError(f"{record.data} has {len(frames)} frames, the record wants {longest}")
    return frames[slice(*record.train)], frames[slice(*record.validation)]


def _train(
    record: TrainingRecord,
    train: list[Atoms],
    validation: list[Atoms],
    on_epoch: Callable[[Potential], None] | None = None,
) -> tuple[Potential, pd.DataFrame]:
    with _threads(record.threads):
        potential = build_model(**record.model)
        told = (lambda history: on_epoch(potential)) if on_epoch else None
        history = fit(
            potential, train, validation, progress=False, on_epoch=told, **record.training
        )
    return potential, history


@contextlib.contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _surroundings() -> dict:
    capability = torch.backends.cpu.get_cpu_capability()
    return {
        "machine": f"{platform.system()} {platform.machine()}, {capability}",
        "versions": {
            "python": platform.python_version(),
            "torch": str(torch.__version__),
            "numpy": np.__version__,
        },
    }


def _differences(record: TrainingRecord, threads: int, digest_now: str) -> list[str]:
    """What is not as it was; what the record leaves open cannot differ."""
    now = _surroundings()
    pairs = [("threads", record.threads, threads), ("data", record.data_digest, digest_now)]
    pairs += [("machine", record.machine, now["machine"])]
    pairs += [(n, record.versions.get(n, ""), version) for n, version in now["versions"].items()]
    return [f"{name}: {was}, now {is_now}" for name, was, is_now in pairs if was and was != is_now]
