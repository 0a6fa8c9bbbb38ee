"""A learner's progress in one file that survives kills, full disks and two notebooks at once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from mlp_course.teaching.progress import changes
from mlp_course.teaching.progress.files import VARIABLE, find_file
from mlp_course.teaching.progress.merging import merge
from mlp_course.teaching.progress.records import (
    NAME,
    AssessmentRecord,
    ProgressRecord,
    QuestionRecord,
    QuizRecord,
    TickRecord,
)
from mlp_course.teaching.progress.storage import Storage
from mlp_course.teaching.progress.times import book_number


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class Progress:
    """What a learner has done, in a JSON file; every ``record_...`` reads it anew and writes it.

    Two notebooks may record at once. If the file cannot be written (full disk, read-only folder),
    a warning says so, the record is kept in memory, and the next write that succeeds takes it
    along. A damaged file is set aside. Time spent is counted as ``times`` describes.

    Args:
        path: of the file; it and its folder are made by the first record.
        clock: tells the time, with its zone.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     progress = Progress.open(f"{folder}/progress.json")
        ...     first = progress.record_attempt("q06_1", 1, 3, mistake="squared_cutoff")
        ...     again = progress.record_attempt("q06_1", 3, 3)
        ...     first, again, progress.attempt("q06_1").points, progress.attempt("q06_2")
        (1, 1, 3.0, None)
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = _now) -> None:
        self.path = path
        self._storage, self._clock = Storage(path), clock

    @classmethod
    def open(cls, path: str | Path | None = None) -> Progress:
        """Open the progress file of this learner.

        Args:
            path: of the file; None takes what MLP_COURSE_PROGRESS names, else ``progress.json``
                beside the folders ``notebooks`` and ``exercises``, else in the working directory.

        Raises:
            NewerProgress: if a newer version of the course wrote the file.
            ValueError: if it is a folder.

        Warns:
            ProgressSetAside: if the file is damaged; it is kept under another name.
            ProgressNotSaved: if it cannot be read or set aside.
        """
        place = (find_file() if path is None else Path(path).expanduser()).resolve()
        if place.is_dir():
            raise ValueError(f"{place} is a folder: name a file, here or in {VARIABLE}")
        progress = cls(place)
        progress.record()
        return progress

    def record_attempt(
        self, question: str, points: float, possible: float, mistake: str = ""
    ) -> int:
        """Record an attempt at a graded question.

        Args:
            question: its name, such as "q06_1".
            points: what this attempt earned.
            possible: what it could have earned; less than that counts as failed.
            mistake: the mistake that was recognised, if any: its name, or the hint for it; the
                first 300 characters are kept.

        Returns:
            Number of failed attempts at this question so far, this one included.

        Raises:
            ValueError: if points are not between 0 and possible, or a name is not allowed.
        """
        _check_points(question, points, possible)
        record = self._change(
            changes.with_attempt,
            question,
            points=float(points),
            possible=float(possible),
            mistake=mistake,
        )
        return record.questions[question].failed

    def record_assessment(
        self, question: str, earned: float, possible: float, rows: Mapping[str, bool]
    ) -> None:
        """Record how the learner judges an open question; a later judgement replaces this one.

        Args:
            question: its name, such as "r06_1".
            earned: points by the learner's own judgement.
            possible: points of the whole rubric.
            rows: for each row of the rubric, whether it is met.

        Raises:
            ValueError: if points are not between 0 and possible, or a name is not allowed.
        """
        _check_points(question, earned, possible)
        self._change(
            changes.with_assessment,
            question,
            earned=float(earned),
            possible=float(possible),
            rows={row: bool(met) for row, met in rows.items()},
        )

    def tick(
        self, item: str, done: bool, by: Literal["learner", "machine"], evidence: str = ""
    ) -> None:
        """Tick an item of the checklist, or take the tick away.

        Args:
            item: its name, such as "c01".
            done: ticked or not.
            by: who says so.
            evidence: what it rests on, in words.

        Raises:
            ValueError: if ``by`` is neither, or a name is not allowed.
        """
        self._change(changes.with_tick, item, done=bool(done), by=by, evidence=evidence)

    def record_quiz(self, quiz: str, right: int, asked: int) -> None:
        """Record a round of a quiz; the best round is kept.

        Args:
            quiz: its name, such as "02_glossary".
            right: right answers.
            asked: questions that were asked, at least one.

        Raises:
            ValueError: if right is not between 0 and asked, or the name is not allowed.
        """
        _check_points(quiz, right, asked)
        self._change(changes.with_quiz, quiz, right=int(right), asked=int(asked))

    def record_time(self, lesson: str, seconds: float) -> None:
        """Record that a lesson was worked on for so long, up to now.

        Args:
            lesson: its name, such as "06_descriptors".
            seconds: time in s; what the gaps between records have counted is not added again.

        Raises:
            ValueError: if seconds is negative or no number, or the name has no lesson's number.
        """
        if not (math.isfinite(seconds) and seconds >= 0):
            raise ValueError(f"seconds must be a number of s from 0; got {seconds}")
        if not book_number(lesson):
            raise ValueError(f"a lesson's name begins with its number, 06_...; got {lesson!r}")
        self._change(changes.with_time, lesson, seconds=float(seconds))

    @property
    def saved(self) -> bool:
        """Whether everything that was recorded in this process is in the file."""
        return self._storage.saved

    def record(self) -> ProgressRecord:
        """Everything that is known now: the file, and what could not be written to it."""
        return self._storage.read()

    def include(self, other: ProgressRecord) -> ProgressRecord:
        """Take in another record of the same learner; see ``merging``. Twice is as good as once."""
        return self._storage.write(lambda record: merge(record, other))

    def attempt(self, question: str) -> QuestionRecord | None:
        """What is known of a graded question; None before the first attempt."""
        return self.record().questions.get(question)

    def assessment(self, question: str) -> AssessmentRecord | None:
        """The learner's judgement of an open question; None before there is one."""
        return self.record().assessments.get(question)

    def quiz(self, name: str) -> QuizRecord | None:
        """The best round of a quiz; None before the first."""
        return self.record().quizzes.get(name)

    def ticked(self, item: str) -> bool:
        """Whether an item of the checklist is ticked."""
        tick = self.tick_of(item)
        return tick is not None and tick.done

    def tick_of(self, item: str) -> TickRecord | None:
        """Who ticked an item, when and why; None if nobody touched it."""
        return self.record().ticks.get(item)

    def minutes(self, book: str) -> float:
        """Time spent on a lesson and its exercises, in minutes; a lower bound."""
        time = self.record().books.get(book_number(book))
        return sum(time.seconds.values()) / 60 if time else 0.0

    def summary(self) -> dict[str, float]:
        """Sums over everything: counts, points, minutes.

        Returns:
            questions (answered at least once), solved, points, attempts, assessments, earned,
            ticked, quizzes: counts and points, dimensionless; minutes: in min.
        """
        record = self.record()
        questions, judged = record.questions.values(), record.assessments.values()
        return {
            "questions": len(questions),
            "solved": sum(question.solved for question in questions),
            "points": sum(question.points for question in questions),
            "attempts": sum(question.attempts for question in questions),
            "assessments": len(judged),
            "earned": sum(judgement.earned for judgement in judged),
            "ticked": sum(tick.done for tick in record.ticks.values()),
            "quizzes": len(record.quizzes),
            "minutes": sum(sum(book.seconds.values()) for book in record.books.values()) / 60,
        }

    def __repr__(self) -> str:
        known = self.summary()
        return (
            f"Progress in {self.path.name}: {known['questions']} questions answered, "
            f"{known['solved']} solved, {known['points']:g} points"
        )

    def _change(self, change: Callable[..., ProgressRecord], name: str, **values) -> ProgressRecord:
        """Change one thing; a value that the schema refuses is named."""
        now = self._clock()
        if not re.fullmatch(NAME, name):
            raise ValueError(
                f"a name has 1 to 80 letters, digits or _ . : + -, such as 'q06_1'; got {name!r}"
            )
        try:
            return self._storage.write(lambda record: change(record, name, now, **values))
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"{name}: {first['msg']}; got {first['input']!r}") from None


def _check_points(name: str, points: float, possible: float) -> None:
    if not (math.isfinite(possible) and possible > 0 and 0 <= points <= possible):
        raise ValueError(
            f"{name}: points must lie between 0 and the possible ones, which must be positive; "
            f"got {points} of {possible}"
        )
