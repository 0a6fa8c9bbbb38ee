"""The loop: train an ensemble, explore until it disagrees, label what it does not know, again."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from ase import Atoms

from mlp_course.active_learning.ensemble import Ensemble, train_ensemble
from mlp_course.active_learning.exploration import DISAGREEMENT, Exploration, explore
from mlp_course.active_learning.loop_settings import LoopSettings
from mlp_course.active_learning.rounds import Round, RoundStore, identity
from mlp_course.active_learning.selection import (
    BLIND,
    WITH_FEATURES,
    select,
    selection_features,
)
from mlp_course.data.quality import check_frames
from mlp_course.models import Potential

Labeller = Callable[[Sequence[Atoms]], list[Atoms]]


@dataclass(frozen=True, eq=False)
class LoopResult:
    """What a loop leaves behind.

    Attributes:
        ensemble: of the last round, trained on all frames.
        frames: all labelled frames, the initial ones first.
        rounds: one row a round: round, n_labels (the ensemble was trained on), validation_force_mae
            (mean of the members, meV/Å), force_mae (of the ensemble's mean on the test frames,
            meV/Å; NaN without), explored (frames visited), uncertain (those above the threshold),
            stopped_early (runs), mean_time (of a run, fs), labelled (new frames), train_seconds
            (of all members together, s).
        why: the reason for which it stopped.
    """

    ensemble: Ensemble
    frames: list[Atoms]
    rounds: pd.DataFrame
    why: str


def learn_actively(
    models: Sequence[Potential],
    initial: Sequence[Atoms],
    validation: Sequence[Atoms],
    label: Labeller,
    settings: LoopSettings,
    *,
    test: Sequence[Atoms] | None = None,
    folder: str | Path | None = None,
    on_round: Callable[[pd.DataFrame], None] | None = None,
    workers: int = 2,
    fraction: float = 1.0,
    **fit_options,
) -> LoopResult:
    """Ask for labels where they are needed, until they are no longer.

    A round: train the ensemble (from the weights of the round before) → let its first member
    explore until the members disagree → choose → label → save. Killed at any moment, it goes on
    from the last whole round when called again, and ends with the same numbers.

    Args:
        models: members of the ensemble, from ``build_model`` with different seeds; they change.
        initial: labelled frames to begin with; runs start from the newest labelled ones.
        validation: labelled frames that the training watches.
        label: takes configurations and returns labelled copies, without those that failed; for
            example ``lambda frames: label(frames, "pbe", store="labels.xyz")``.
        settings: how to explore, choose and stop.
        test: labelled frames on which the ensemble's mean is judged each round; never trained on.
        folder: where each round is kept; default: nowhere.
        on_round: called with the table after every round, for example a live plot.
        workers: processes that train at a time.
        fraction: part of the frames that each member sees; below 1 for GAP.
        fit_options: of :func:`mlp_course.training.fit`, for each round.

    Returns:
        A :class:`LoopResult`.

    Raises:
        ValueError: for frames without labels, or a ``folder`` that holds another loop.
        RuntimeError: if nothing could be labelled in a round.

    Source:
        The loop with trust levels: L. Zhang et al., Phys. Rev. Mater. 3, 023804 (2019).

    Example:
        >>> from mlp_course.data import load_embedded
        >>> from mlp_course.models import build_model
        >>> from mlp_course.reference import label_here
        >>> from ase.build import bulk
        >>> from mlp_course.sampling import rattled
        >>> frames = label_here(rattled(bulk("Cu", cubic=True), n_frames=6, amplitude=0.1), "emt")
        >>> small = dict(species=[29], n_sparse=10, n_max=3, l_max=2, cutoff=4.0)
        >>> result = learn_actively(
        ...     [build_model("gap", **small) for _ in range(3)],
        ...     frames[:4], frames[4:], lambda frames: label_here(frames, "emt"),
        ...     LoopSettings(temperature=300, threshold=1e-6, stop_at=1.0, n_per_round=2,
        ...                  n_walkers=1, steps=20, max_labels=6),
        ...     workers=1, fraction=0.7,
        ... )
        >>> result.rounds["n_labels"].tolist(), result.why
        ([4, 6], 'max_labels (6) reached')
    """
    initial, validation = check_frames(initial), check_frames(validation)
    test = check_frames(test) if test is not None else None
    plan = dict(settings=asdict(settings), fraction=fraction, fit=fit_options)
    store = RoundStore(folder, identity(models, initial, validation, test, plan))
    loop = _Loop(
        models, list(initial), validation, test, label, settings, store,
        options=dict(workers=workers, fraction=fraction, **fit_options),
    )  # fmt: skip
    loop.resume()
    while (why := loop.why_stop()) is None:
        loop.run_round()
        if on_round is not None:
            on_round(loop.table())
    return LoopResult(Ensemble(loop.models), loop.frames, loop.table(), why)


@dataclass(eq=False)
class _Loop:
    """What changes from round to round."""

    models: Sequence[Potential]
    frames: list[Atoms]
    validation: list[Atoms]
    test: list[Atoms] | None
    label: Labeller
    settings: LoopSettings
    store: RoundStore
    options: dict
    rows: list[dict] = field(default_factory=list)

    def resume(self) -> None:
        """Take over the rounds that are kept."""
        for kept in self.store.read(self.models):
            self.rows.append(kept.row)
            self.frames += kept.labelled

    def run_round(self) -> None:
        """Train, judge, explore, choose, label, save."""
        number = len(self.rows)
        ensemble, histories = train_ensemble(
            self.models, self.frames, self.validation,
            seed=self.settings.seed + 1000 * number, **self.options,
        )  # fmt: skip
        validation = np.mean([h["validation_force_mae"].iloc[-1] for h in histories])
        seconds = sum(float(h["seconds"].iloc[-1]) for h in histories)
        row = dict(round=number, n_labels=len(self.frames), validation_force_mae=validation)
        row["force_mae"] = ensemble.force_mae(self.test) if self.test else float("nan")
        room = self.settings.max_labels - len(self.frames)
        found, chosen = None, []
        if room > 0:
            found = self._explore(ensemble, number)
            chosen = self._choose(found, min(room, self.settings.n_per_round), number)
        labelled = self._label(chosen)
        row |= _seen(found, self.settings.threshold)
        row |= dict(labelled=len(labelled), train_seconds=round(seconds, 3))
        self.store.write(Round(row, labelled), self.models, number)
        self.rows.append(row)
        self.frames += labelled

    def _explore(self, ensemble: Ensemble, number: int) -> Exploration:
        s = self.settings
        newest = self.frames[-s.n_walkers :]
        return explore(
            [newest[n % len(newest)] for n in range(s.n_walkers)], ensemble,
            temperature=s.temperature, steps=s.steps, stop_at=s.stop_at, interval=s.interval,
            timestep=s.timestep, seed=s.seed + 1000 * number,
        )  # fmt: skip

    def _choose(self, found: Exploration, n_select: int, number: int) -> list[Atoms]:
        s = self.settings
        features = known = None
        if s.strategy in WITH_FEATURES and found.frames:
            species = self.models[0].species
            features = selection_features(found.frames, species)
            known = selection_features(self.frames, species)
        chosen = select(
            found.uncertainties, n_select, s.strategy, threshold=s.threshold, features=features,
            known=known, seed=s.seed + 1000 * number,
        )  # fmt: skip
        return [found.frames[n] for n in chosen]

    def _label(self, chosen: list[Atoms]) -> list[Atoms]:
        if not chosen:
            return []
        labelled = list(self.label(chosen))
        if not labelled:
            raise RuntimeError(
                f"none of {len(chosen)} configurations could be labelled: look at one of them, and "
                "at what the reference method says to it; the rounds before are kept"
            )
        check_frames(labelled, source="label")
        if len(labelled) > len(chosen):
            raise ValueError(
                f"label must return at most one frame for each; got {len(labelled)} for "
                f"{len(chosen)}"
            )
        return labelled

    def why_stop(self) -> str | None:
        """The reason to stop, or None."""
        s = self.settings
        if not self.rows:
            return None
        if self.rows[-1]["n_labels"] >= s.max_labels:
            return f"max_labels ({s.max_labels}) reached"
        calm = [
            row["explored"] > 0
            and row["uncertain"] <= s.enough * row["explored"]
            and row["stopped_early"] == 0
            for row in self.rows[-2:]
        ]
        if s.strategy not in BLIND and len(calm) == 2 and all(calm):
            return f"in two rounds at most {s.enough:.0%} of what was visited was uncertain"
        if len(self.rows) >= s.max_rounds:
            return f"max_rounds ({s.max_rounds}) reached"
        return None

    def table(self) -> pd.DataFrame:
        """All rounds so far."""
        return pd.DataFrame(self.rows)


def _seen(found: Exploration | None, threshold: float) -> dict:
    """What an exploration adds to the row of its round."""
    if found is None:
        return dict(explored=0, uncertain=0, stopped_early=0, mean_time=0.0)
    return dict(
        explored=len(found.frames),
        uncertain=int((found.uncertainties > threshold).sum()),
        stopped_early=int((found.runs["ended"] == DISAGREEMENT).sum()),
        mean_time=float(found.runs["time"].mean()),
    )
