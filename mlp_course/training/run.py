"""One training run as an object: what changes from step to step, how it is saved and resumed."""

import dataclasses
import hashlib
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from ase import Atoms

from mlp_course.models.potential import Potential
from mlp_course.training.checkpoint import (
    load_checkpoint,
    optimiser_tensors,
    restore_optimiser,
    save_checkpoint,
)
from mlp_course.training.dataset import LabelledGraphs, mean_errors
from mlp_course.training.losses import EnergyForceLoss
from mlp_course.training.schedule import AveragedWeights, warm_up_cosine

#: A loss that had fallen by so much (errors ten times as small) and is back where it began is that
#: of a network that no longer answers. One that overshoots at first may still come down.
_COLLAPSE = 100.0


class TrainingDiverged(RuntimeError):
    """The loss is no longer a number, or the network no longer answers."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the learner chooses; see :func:`fit` for meanings and units."""

    max_epochs: int | None
    max_seconds: float | None
    batch_size: int
    learning_rate: float
    weight_decay: float
    warm_up: float
    ema_decay: float
    clip_norm: float
    seed: int
    loss: EnergyForceLoss


class TrainingRun:
    """Weights, optimiser, averages, random numbers, clock and history of one run."""

    def __init__(
        self,
        model: Potential,
        train: LabelledGraphs,
        validation: LabelledGraphs,
        s: Settings,
        clock: Callable[[], float] = time.perf_counter,
    ):
        self.model, self.train, self.validation, self.settings = model, train, validation, s
        self.optimiser = torch.optim.AdamW(
            model.parameters(), lr=s.learning_rate, weight_decay=s.weight_decay, fused=True
        )
        self.average = AveragedWeights(model, s.ema_decay)
        self.steps_per_epoch = len(train.batches(s.batch_size, torch.Generator()))
        self.generator = torch.Generator().manual_seed(s.seed)
        self.epoch = self.step = 0
        self.seconds_before = 0.0
        self.clock, self.started = clock, clock()
        self.history: list[dict] = []

    @property
    def seconds(self) -> float:
        """Training time so far, over all resumptions."""
        return self.seconds_before + self.clock() - self.started

    @property
    def progress(self) -> float:
        """Part of the run that is over, by epochs or seconds, whichever is further."""
        by_epochs = self.epochs_done / self.settings.max_epochs if self.settings.max_epochs else 0.0
        by_seconds = self.seconds / self.settings.max_seconds if self.settings.max_seconds else 0.0
        return max(by_epochs, by_seconds)

    @property
    def epochs_done(self) -> float:
        """Epochs, counting the steps of the current one."""
        return self.step / self.steps_per_epoch

    def run_epoch(self) -> None:
        """Go once through the training data, or until the time is over; write a line of history."""
        self.model.train()
        losses = []
        for indices in self.train.batches(self.settings.batch_size, self.generator):
            losses.append(self._step(indices))
            if self.settings.max_seconds and self.seconds >= self.settings.max_seconds:
                break
        self.epoch += 1
        self.history.append(self._row(torch.stack(losses).mean().item()))

    def _step(self, indices: list[int]) -> torch.Tensor:
        factor = warm_up_cosine(self.progress, warm_up=self.settings.warm_up)
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * factor
        batch = self.train.batch(indices)
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.settings.loss(self.model(batch.graph), batch)
        loss.backward()
        slope = torch.nn.utils.clip_grad_norm_(
            self.model.parameters(), self.settings.clip_norm, foreach=True
        )
        if not math.isfinite(slope):
            raise TrainingDiverged(
                self._advice(f"the loss is no longer a number (its gradient is {slope:.3g})")
            )
        self.optimiser.step()
        self.step += 1
        self.average.update(self.step)
        return loss.detach()

    def _row(self, loss: float) -> dict:
        if not math.isfinite(loss):
            raise TrainingDiverged(
                self._advice(f"the loss is no longer a number (on average {loss:.3g})")
            )
        before = [row["train_loss"] for row in self.history]
        if before and before[0] > _COLLAPSE * min(before) and loss > 0.5 * before[0]:
            raise TrainingDiverged(
                self._advice(
                    f"the training has collapsed: its loss fell to {min(before):.2g} and is back at"
                    f" {loss:.2g}, as at the beginning ({before[0]:.2g}),"
                )
            )
        energy_mae, force_mae = self.validation_errors()
        return {
            "epoch": self.epoch,
            "step": self.step,
            "seconds": round(self.seconds, 3),
            "learning_rate": self.optimiser.param_groups[0]["lr"],
            "train_loss": loss,
            "validation_energy_mae": energy_mae,
            "validation_force_mae": force_mae,
        }

    def _advice(self, finding: str) -> str:
        return (
            f"{finding} after {self.step} steps, at learning rate "
            f"{self.settings.learning_rate:g}: lower learning_rate (try a third), look for wrong "
            "labels (units, huge forces), or lower clip_norm"
        )

    def validation_errors(self) -> tuple[float, float]:
        """Energy MAE (meV/atom) and force MAE (meV/Å) of the averaged weights in validation."""
        self.average.swap()
        self.model.eval()
        try:
            return mean_errors(self.model, self.validation)
        finally:  # also when stopped by hand
            self.model.train()
            self.average.swap()

    def finish(self) -> None:
        """Leave the averaged weights in the model."""
        self.average.swap()
        self.model.eval()

    def save(self, path: Path, identity: dict) -> None:
        """Write the checkpoint."""
        tensors = {f"model/{name}": value for name, value in self.model.state_dict().items()}
        tensors |= {f"average/{n}": value for n, value in enumerate(self.average.average)}
        tensors |= optimiser_tensors(self.optimiser)
        tensors["generator"] = self.generator.get_state()
        state = {
            "epoch": self.epoch,
            "step": self.step,
            "seconds": self.seconds,
            "history": self.history,
        }
        save_checkpoint(path, tensors, state, identity)

    def resume(self, path: Path, identity: dict) -> None:
        """Go on from a checkpoint of the same run."""
        tensors, state = load_checkpoint(path, identity)
        prefix = "model/"
        weights = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        self.model.load_state_dict(weights)
        for n, average in enumerate(self.average.average):
            average.copy_(tensors[f"average/{n}"])
        restore_optimiser(self.optimiser, tensors)
        self.generator.set_state(tensors["generator"])
        self.epoch, self.step, self.history = state["epoch"], state["step"], state["history"]
        self.seconds_before = state["seconds"]


def data_digest(frames: Sequence[Atoms]) -> str:
    """Fingerprint of configurations and labels, to tell one data set from another."""
    total = hashlib.sha256()
    for atoms in frames:
        energy = np.float64(atoms.get_potential_energy())
        total.update(atoms.numbers.tobytes() + atoms.positions.tobytes() + energy.tobytes())
        total.update(
            atoms.get_forces().tobytes() + atoms.cell.array.tobytes() + atoms.pbc.tobytes()
        )
    return total.hexdigest()[:16]
