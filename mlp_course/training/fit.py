"""``fit``: the training loop, from frames to a trained potential."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from numbers import Integral
from pathlib import Path

import pandas as pd
from ase import Atoms
from tqdm import tqdm

from mlp_course.data.unit_checks.guard import EXPECTED_UNITS, check_units
from mlp_course.models.potential import Potential, check_potential
from mlp_course.models.references import atomic_references
from mlp_course.training.dataset import LabelledGraphs, mean_errors
from mlp_course.training.losses import EnergyForceLoss
from mlp_course.training.run import Settings, TrainingRun, data_digest

_SECONDS_BETWEEN_CHECKPOINTS = 5.0


def fit(
    model: Potential,
    train: Sequence[Atoms],
    validation: Sequence[Atoms],
    *,
    max_seconds: float | None = None,
    max_epochs: int | None = None,
    batch_size: int = 10,
    learning_rate: float = 4e-3,
    weight_decay: float = 1e-5,
    energy_weight: float = 0.01,
    force_weight: float = 1.0,
    normalise: bool = False,
    warm_up: float = 0.02,
    ema_decay: float = 0.999,
    clip_norm: float = 0.3,
    seed: int = 0,
    expects_units: str | None = EXPECTED_UNITS,
    checkpoint: str | Path | None = None,
    on_epoch: Callable[[pd.DataFrame], None] | None = None,
    progress: bool = True,
    clock: Callable[[], float] = time.perf_counter,
) -> pd.DataFrame:
    """Train a potential on energies and forces; the weights of ``model`` change.

    Neighbour lists are made once. The first time, the atomic references are fitted to ``train`` and
    removed in float64. Then AdamW minimises the loss along a warm-up and a cosine, by epochs or by
    seconds, whichever is over first. At the end the model holds the average of its weights over the
    last steps (EMA); the validation errors in the history are those of the average too.

    A potential that is fitted by a linear system (GAP) has it solved instead; the settings of the
    descent mean nothing to it, and the history has one row.

    Args:
        model: from ``build_model``; a model trained before goes on from its weights.
        train: configurations with energies (eV) and forces (eV/Å).
        validation: configurations to watch the errors on; never trained on.
        max_seconds: length of the run in s, resumptions counted in.
        max_epochs: length of the run in passes through ``train``.
        batch_size: configurations a step.
        learning_rate: highest step width of AdamW, dimensionless.
        weight_decay: of AdamW, dimensionless.
        energy_weight: w_E of :class:`EnergyForceLoss`.
        force_weight: w_F of :class:`EnergyForceLoss`.
        normalise: measure both errors in units of the spread of the training labels.
        warm_up: part of the run in which the learning rate rises.
        ema_decay: memory of the averaged weights; 0.999 remembers about 1,000 steps.
        clip_norm: largest norm of the gradient of the loss.
        seed: of the order of the batches.
        expects_units: "eV, Å": refuse labels that do not look as if they were (see
            ``check_units``). None lets everything pass, such as energies made up for a test.
        checkpoint: file to save to as the run goes; if it exists, the run goes on from it. A run
            counted in epochs ends with the same numbers, killed or not.
        on_epoch: called with the history after every epoch, for example a live plot; in the last
            call ``history.attrs["over"]`` is True.
        progress: show a progress bar with the time left.
        clock: what ``max_seconds`` and the history count; ``time.process_time`` counts what this
            process computes, for comparisons on a machine that does other things too.

    Returns:
        History, one row an epoch: epoch, step, seconds, learning_rate, train_loss (dimensionless),
        validation_energy_mae (meV/atom), validation_force_mae (meV/Å).

    Raises:
        TypeError: if ``model`` is no potential.
        ValueError: for frames without labels, no length of the run, settings that make no sense, or
            a potential without weights.
        SuspiciousUnits: if labels do not look as if they were in eV and Å.
        CheckpointMismatch: if ``checkpoint`` belongs to a run with other data or settings.
        TrainingDiverged: if the loss is no longer a number, or is suddenly back where it began,
            because the network gives the same answer to everything; with advice.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> from mlp_course.models import build_model
        >>> frames = load_embedded("ethanol/500K")[:6]
        >>> model = build_model("schnet", n_features=8)
        >>> settings = dict(max_epochs=2, batch_size=2, progress=False)
        >>> history = fit(model, frames[:4], frames[4:], **settings)
        >>> history["step"].tolist()  # 4 frames are two batches an epoch
        [2, 4]
    """
    check_potential(model)
    train = check_units(train, expects_units=expects_units)
    validation = check_units(validation, expects_units=expects_units)
    if model.architecture.solvable:
        return _solve(model, train, validation, progress, clock)
    _check_trainable(model)
    loss = EnergyForceLoss(energy_weight, force_weight)
    settings = Settings(
        max_epochs=max_epochs, max_seconds=max_seconds, batch_size=batch_size,
        learning_rate=learning_rate, weight_decay=weight_decay, warm_up=warm_up,
        ema_decay=ema_decay, clip_norm=clip_norm, seed=seed,
        loss=loss.normalised(train) if normalise else loss,
    )  # fmt: skip
    _check_settings(settings)
    run = TrainingRun(model, *_prepare(model, train, validation), settings, clock)
    model.provenance = {}  # other weights from here on
    identity = _identity(model, train, validation, settings)
    if checkpoint is not None and Path(checkpoint).exists():
        run.resume(Path(checkpoint), identity)
    try:
        _train(run, Path(checkpoint) if checkpoint else None, identity, on_epoch, progress)
    finally:  # stopped by hand or diverged: the model keeps the average of the steps before
        run.finish()
    return pd.DataFrame(run.history)


def _check_trainable(model: Potential) -> None:
    if not any(weights.requires_grad for weights in model.parameters()):
        raise ValueError(
            f"there is nothing to train: {type(model.architecture).__name__} has no weights, or "
            "none whose requires_grad is True; use the potential as it is"
        )


def _check_settings(s: Settings) -> None:
    if s.max_seconds is None and s.max_epochs is None:
        raise ValueError("say how long to train: max_seconds (in s) or max_epochs")
    _check_positive(max_seconds=s.max_seconds, max_epochs=s.max_epochs, batch_size=s.batch_size)
    _check_whole(max_epochs=s.max_epochs, batch_size=s.batch_size)
    _check_positive(learning_rate=s.learning_rate, clip_norm=s.clip_norm)
    _check_part(warm_up=s.warm_up, ema_decay=s.ema_decay)


def _check_positive(**values: float | None) -> None:
    for name, value in values.items():
        if value is not None and not value > 0:
            raise ValueError(f"{name} must be positive; got {value}")


def _check_whole(**values: float | None) -> None:
    for name, value in values.items():
        if value is not None and not isinstance(value, Integral):
            raise ValueError(f"{name} must be a whole number; got {value}")


def _check_part(**values: float) -> None:
    for name, value in values.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must be at least 0 and below 1; got {value}")


def _prepare(
    model: Potential, train: list[Atoms], validation: list[Atoms]
) -> tuple[LabelledGraphs, LabelledGraphs]:
    """Fit references and constants of an untrained potential; return both sets as graphs."""
    before = model.reference_energies.clone()
    untrained = not before.any()
    if untrained:
        for z, energy in atomic_references(train).items():
            model.reference_energies[z] = energy
    try:
        model.check_species({int(z) for atoms in (*train, *validation) for z in atoms.numbers})
        graphs = LabelledGraphs(train, model), LabelledGraphs(validation, model)
    except ValueError:  # refused frames must leave nothing behind
        model.reference_energies.copy_(before)
        raise
    if untrained:
        model.architecture.adapt(graphs[0].graphs, graphs[0].forces)
    return graphs


def _solve(
    model: Potential,
    train: list[Atoms],
    validation: list[Atoms],
    progress: bool,
    clock: Callable[[], float],
) -> pd.DataFrame:
    """Fit by a linear system; one row of history."""
    started = clock()
    known, unseen = _prepare(model, train, validation)
    model.provenance = {}
    steps = model.architecture.solve(known.graphs, known.residual, known.forces)
    with tqdm(total=len(train), desc="solving", disable=not progress) as bar:
        for done in steps:
            bar.update(done - bar.n)
    model.eval()
    energy_mae, force_mae = mean_errors(model, unseen)
    row = {
        "epoch": 1,
        "step": 1,
        "seconds": round(clock() - started, 3),
        "learning_rate": float("nan"),
        "train_loss": float("nan"),
        "validation_energy_mae": energy_mae,
        "validation_force_mae": force_mae,
    }
    return pd.DataFrame([row])


def _identity(
    model: Potential, train: list[Atoms], validation: list[Atoms], settings: Settings
) -> dict:
    return {
        "model": model.settings,
        "precision": str(model.dtype),
        "references": {z: float(model.reference_energies[z]) for z in model.species},
        "train": data_digest(train),
        "validation": data_digest(validation),
        **dataclasses.asdict(settings),
    }


def _train(
    run: TrainingRun,
    checkpoint: Path | None,
    identity: dict,
    on_epoch: Callable | None,
    progress: bool,
) -> None:
    saved = time.perf_counter()
    with tqdm(total=100, desc="training", unit="%", disable=not progress) as bar:
        while not _is_over(run):
            run.run_epoch()
            bar.n = min(100, round(100 * run.progress))
            bar.set_postfix_str(f"force MAE {run.history[-1]['validation_force_mae']:.1f} meV/Å")
            if on_epoch is not None:
                history = pd.DataFrame(run.history)
                history.attrs["over"] = _is_over(run)
                on_epoch(history)
            due = time.perf_counter() - saved > _SECONDS_BETWEEN_CHECKPOINTS
            if checkpoint is not None and (due or _is_over(run)):
                run.save(checkpoint, identity)
                saved = time.perf_counter()


def _is_over(run: TrainingRun) -> bool:
    s = run.settings
    return bool(
        (s.max_epochs is not None and run.epoch >= s.max_epochs)
        or (s.max_seconds is not None and run.seconds >= s.max_seconds)
    )
