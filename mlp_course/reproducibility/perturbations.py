"""What breaks bit-for-bit: one thing changed at a time, and how far the weights drift apart."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import torch
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.models.potential import Potential
from mlp_course.reproducibility.training_record import Rerun, TrainingRecord, rerun

#: Things to change, one at a time; the first changes nothing.
CHANGES = (
    "nothing",
    "one thread more",
    "atoms renumbered",
    "frames in reverse",
    "another seed",
)


@dataclasses.dataclass(frozen=True)
class Divergence:
    """How far runs drift from the recorded one.

    Attributes:
        table: one row a change: identical (bool), largest (difference of a weight, dimensionless),
            force_mae (validation, meV/Å) and announced (what was not as recorded).
        curves: by change, the largest difference of a weight after each epoch.
    """

    table: pd.DataFrame
    curves: dict[str, np.ndarray]


def renumbered(frames: list[Atoms]) -> list[Atoms]:
    """Move the last atom of each frame to the front: the same physics, another order of sums.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frame = load_embedded("ethanol/500K")[0]
        >>> other = renumbered([frame])[0]
        >>> str(frame.symbols), str(other.symbols)
        ('C2OH6', 'HC2OH5')
    """
    moved = []
    for atoms in frames:
        order = np.roll(np.arange(len(atoms)), 1)
        copy = atoms[order]
        copy.info = dict(atoms.info)
        copy.calc = SinglePointCalculator(
            copy, energy=atoms.get_potential_energy(), forces=atoms.get_forces()[order]
        )
        moved.append(copy)
    return moved


def what_breaks(record: TrainingRecord, changes: tuple[str, ...] = CHANGES) -> Divergence:
    """Run a record again with one thing changed at a time.

    Args:
        record: from ``record_training``.
        changes: some of ``CHANGES``.

    Returns:
        A table and, by change, how the weights drift away from those of the recorded run.

    Raises:
        ValueError: if a change is not in ``CHANGES``.
    """
    wrong = [change for change in changes if change not in CHANGES]
    if wrong:
        raise ValueError(f"changes must be among {', '.join(CHANGES)}; got {', '.join(wrong)}")
    base: list[torch.Tensor] = []
    rerun(record, on_epoch=lambda potential: base.append(_flat(potential)))
    rows, curves = {}, {}
    for change in changes:
        other: list[torch.Tensor] = []
        result = _changed(record, change, lambda p, kept=other: kept.append(_flat(p)))
        differences = [float((a - b).abs().max()) for a, b in zip(base, other, strict=True)]
        curves[change] = np.array(differences)
        told = "; ".join(result.differences)
        rows[change] = [result.identical, differences[-1], result.force_mae, told]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=_COLUMNS)
    return Divergence(table.rename_axis("changed"), curves)


_COLUMNS = ["identical", "largest", "force_mae", "announced"]


def _flat(potential: Potential) -> torch.Tensor:
    return torch.cat([p.detach().double().flatten() for p in potential.parameters()])


def _changed(record: TrainingRecord, change: str, on_epoch: Callable[[Potential], None]) -> Rerun:
    match change:
        case "one thread more":
            return rerun(record, threads=record.threads + 1, on_epoch=on_epoch)
        case "atoms renumbered":
            return rerun(record, change=renumbered, on_epoch=on_epoch)
        case "frames in reverse":
            return rerun(record, change=lambda frames: frames[::-1], on_epoch=on_epoch)
        case "another seed":
            new = {"model": record.model | {"seed": record.model["seed"] + 1}}
            return rerun(record.model_copy(update=new), on_epoch=on_epoch)
        case _:
            return rerun(record, on_epoch=on_epoch)
