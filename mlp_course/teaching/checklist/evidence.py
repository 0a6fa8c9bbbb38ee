"""Evidence: what a learner has made, handed over to be looked at. Nothing is believed unread."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ase import Atoms

from mlp_course.active_learning import Uncertainty
from mlp_course.sampling.composition import Composition
from mlp_course.simulation import Drift
from mlp_course.teaching.games.unit_game import UnitGame
from mlp_course.teaching.progress import Progress
from mlp_course.validation import AcceptanceReport

Report = AcceptanceReport | Mapping[str, Any] | str | Path


@dataclass(frozen=True)
class Split:
    """Parts of one trajectory, to be measured for leakage.

    Attributes:
        trajectory: all frames in the order of time.
        train: frames for training.
        validation: frames for choosing settings.
        test: frames for the final error.
        gap: frames after which the trajectory has forgotten itself.
    """

    trajectory: Sequence[Atoms]
    train: Sequence[Atoms]
    validation: Sequence[Atoms]
    test: Sequence[Atoms]
    gap: int


@dataclass(frozen=True)
class Evidence:
    """What there is to show; everything may be missing.

    Attributes:
        progress: the learner's progress file, for the points of the exercises.
        reports: acceptance reports in the order they were made: from ``accept``, or its JSON file.
        models: files written by ``save_model``.
        frames: labelled frames of the learner's system, none of them trained on; eV and Å.
        settings: the record of the DFT settings: a YAML file, or its text.
        plans: of data sets.
        split: of a trajectory.
        cutoff: read off a g(r) of ``frames``, in Å.
        games: rounds of the unit game.
        drift: of a run without thermostat, in meV/atom/ps.
        uncertainty: errors and spreads of an ensemble on frames that it was not trained on.

    Example:
        >>> Evidence(cutoff=5.0).given
        ('cutoff',)
    """

    progress: Progress | None = None
    reports: Sequence[Report] = ()
    models: Sequence[str | Path] = ()
    frames: Sequence[Atoms] = ()
    settings: str | Path | None = None
    plans: Sequence[Composition] = ()
    split: Split | None = None
    cutoff: float | None = None
    games: Sequence[UnitGame] = ()
    drift: Drift | None = None
    uncertainty: Uncertainty | None = field(default=None)

    @property
    def given(self) -> tuple[str, ...]:
        """Names of what there is."""
        return tuple(
            name
            for name, value in vars(self).items()
            if value is not None and not (isinstance(value, Sequence) and len(value) == 0)
        )

    def read_reports(self) -> list[dict[str, Any]]:
        """All reports as dictionaries.

        Raises:
            ValueError: if one of them is no acceptance report.
        """
        return [read_report(report) for report in self.reports]


def read_report(report: Report) -> dict[str, Any]:
    """Read an acceptance report, whatever form it has.

    Args:
        report: from ``accept``, its dictionary, or its JSON file.

    Raises:
        ValueError: if it is no acceptance report.

    Example:
        >>> read_report({"rows": []})
        Traceback (most recent call last):
        ValueError: report must be one of accept(...), or the JSON file it writes; there are no ...
    """
    rule = "report must be one of accept(...), or the JSON file it writes"
    if isinstance(report, AcceptanceReport):
        return report.to_dict()
    if isinstance(report, str | Path):
        try:
            report = json.loads(Path(report).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ValueError(f"{rule}; {report} cannot be read: {error}") from error
    rows = report.get("criteria") if isinstance(report, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError(f"{rule}; there are no criteria in it")
    if not all(isinstance(row.get("name"), str) for row in rows):
        raise ValueError(f"{rule}; a criterion in it has no name")
    provenance: Any = report.get("provenance") or {}
    for key in ("frames", "model"):
        if not isinstance(provenance, Mapping) or not isinstance(
            provenance.get(key) or {}, Mapping
        ):
            raise ValueError(f"{rule}; its provenance is no table")
    if not all(isinstance(n, int) for n in (provenance.get("frames") or {}).values()):
        raise ValueError(f"{rule}; its numbers of frames are none")
    return dict(report)
