"""The state of the list: what the learner says, what the machine found, and where they differ."""

from dataclasses import dataclass

import pandas as pd

from mlp_course.teaching.checklist.bands import Band, band_of
from mlp_course.teaching.checklist.evidence import Evidence
from mlp_course.teaching.checklist.item import PARTS, Item
from mlp_course.teaching.checklist.items import ITEMS, find_item, items_of
from mlp_course.teaching.checklist.machine_checks import (
    machine_checks,
    point_verdicts,
    result_verdicts,
)
from mlp_course.teaching.progress import Progress
from mlp_course.teaching.progress.records import ProgressRecord, TickRecord

_RESULT, _POINTS = ":result", ":points"  # after the id, in the progress file
LONGEST = 2000  # characters of a reason that the progress file takes


@dataclass(frozen=True)
class Rating:
    """One item as it stands.

    Attributes:
        item: of the list.
        claimed: whether the learner ticked it; None if it was never touched.
        measured: whether a result showed it; None if there is none.
        reason: of the machine, "" if it said nothing.
        when: date of the machine's word, "" if there is none.
    """

    item: Item
    claimed: bool | None
    measured: bool | None
    reason: str = ""
    when: str = ""

    @property
    def counts(self) -> bool:
        """Whether it counts for the grade: a result counts more than a tick."""
        return bool(self.claimed if self.measured is None else self.measured)

    @property
    def outcome(self) -> str:
        """How tick and measurement go together."""
        if self.measured is None:
            return "ticked only" if self.claimed else "open"
        if self.measured:
            return "shown" if self.claimed else "shown, not ticked"
        return "ticked, not shown" if self.claimed else "not shown"


class Ratings:
    """The forty-four items of one learner, kept in the progress file.

    Args:
        progress: the learner's file; None opens the one that the whole course uses.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     ratings = Ratings(Progress.open(f"{folder}/progress.json"))
        ...     ratings.claim("p01")
        ...     ratings.find("p01").outcome, ratings.count("Practice")
        ('ticked only', 1)
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self.progress = progress or Progress.open()

    def claim(self, item_id: str, done: bool = True) -> None:
        """Tick an item, or take the tick away: the learner's own judgement.

        Raises:
            ValueError: if there is no such item.
        """
        self.progress.tick(find_item(item_id).id, done, by="learner")

    def check(self, evidence: Evidence) -> pd.DataFrame:
        """Have evidence judged and remember what it said.

        What an earlier result said stays until a newer one says something else; points count where
        there is no result.

        Args:
            evidence: what there is to show.

        Returns:
            The table of ``machine_checks``.
        """
        for kind, verdicts in (
            (_POINTS, point_verdicts(evidence)),
            (_RESULT, result_verdicts(evidence)),
        ):
            for name, verdict in verdicts.items():
                reason = verdict.reason[:LONGEST]
                self.progress.tick(name + kind, verdict.ticked, by="machine", evidence=reason)
        return machine_checks(evidence)

    def all(self) -> list[Rating]:
        """One rating for each item, in the order of the list."""
        record = self.progress.record()
        return [_rating(item, record) for item in ITEMS]

    def find(self, item_id: str) -> Rating:
        """The rating of one item."""
        return _rating(find_item(item_id), self.progress.record())

    def count(self, part: str, *, claims_only: bool = False) -> int:
        """Items of a part that count.

        Args:
            part: "Concepts", "Practice" or "Application".
            claims_only: leave the machine out.
        """
        own = {item.id for item in items_of(part)}
        mine = [rating for rating in self.all() if rating.item.id in own]
        return sum(bool(rating.claimed) if claims_only else rating.counts for rating in mine)

    def band(self, part: str, *, claims_only: bool = False) -> Band:
        """Grade band of a part; see ``count``."""
        return band_of(part, self.count(part, claims_only=claims_only))

    def grades(self) -> pd.DataFrame:
        """One row for each part: by the learner's ticks alone, and with what was measured."""
        rows = []
        for part in PARTS.values():
            claims, counts = self.count(part, claims_only=True), self.count(part)
            rows.append(
                {
                    "part": part,
                    "items": len(items_of(part)),
                    "ticked": claims,
                    "by ticks": band_of(part, claims).grade,
                    "counted": counts,
                    "grade": band_of(part, counts).grade,
                    "what next": band_of(part, counts).advice,
                }
            )
        return pd.DataFrame(rows)

    def disagreements(self) -> pd.DataFrame:
        """Items on which learner and machine differ: item, I can, outcome, why."""
        rows = [
            {"item": r.item.id, "I can": r.item.text, "outcome": r.outcome, "why": r.reason}
            for r in self.all()
            if r.outcome in ("ticked, not shown", "shown, not ticked")
        ]
        return pd.DataFrame(rows, columns=["item", "I can", "outcome", "why"])

    def weakest(self, n: int = 3) -> list[Rating]:
        """What to learn next: ticks that failed first, then measured gaps, then what is open.

        Parts that lack most for their best band come first among equals.

        Args:
            n: how many, at most.
        """
        order = {"ticked, not shown": 0, "not shown": 1, "open": 2}
        share = {part: self.count(part) / len(items_of(part)) for part in PARTS.values()}
        weak = [rating for rating in self.all() if rating.outcome in order]
        weak.sort(key=lambda rating: (order[rating.outcome], share[rating.item.part]))
        return weak[:n]

    def __repr__(self) -> str:
        told = [
            f"{row.part} {row.counted} of {row.items} ({row.grade})"
            for row in self.grades().itertuples()
        ]
        return ", ".join(told)


def _rating(item: Item, record: ProgressRecord) -> Rating:
    own: TickRecord | None = record.ticks.get(item.id)
    points = record.ticks.get(item.id + _POINTS)
    machine: TickRecord | None = record.ticks.get(item.id + _RESULT, points)
    return Rating(
        item,
        claimed=None if own is None else own.done,
        measured=None if machine is None else machine.done,
        reason="" if machine is None else machine.evidence,
        when="" if machine is None else f"{machine.time:%Y-%m-%d}",
    )
