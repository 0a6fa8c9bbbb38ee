"""Two records of one learner become one; the order does not matter, nor how often it is done."""

from collections.abc import Callable
from typing import TypeVar

from mlp_course.teaching.progress.records import (
    AssessmentRecord,
    BookTime,
    ProgressRecord,
    QuestionRecord,
    QuizRecord,
    Tally,
    TickRecord,
)

Value = TypeVar("Value")
Latest = TypeVar("Latest", AssessmentRecord, TickRecord)


def merge(ours: ProgressRecord, theirs: ProgressRecord) -> ProgressRecord:
    """Unite two records: best points, latest judgements and ticks, every attempt counted once.

    Args:
        ours: the record whose folder the result belongs to.
        theirs: another record, of the same or another folder.

    Returns:
        A new record.

    Example:
        >>> ours, theirs = ProgressRecord(folder="here"), ProgressRecord(folder="binder")
        >>> merge(ours, theirs) == ours
        True
    """
    return ProgressRecord(
        folder=ours.folder,
        questions=_united(ours.questions, theirs.questions, _question),
        assessments=_united(ours.assessments, theirs.assessments, _later),
        ticks=_united(ours.ticks, theirs.ticks, _later),
        quizzes=_united(ours.quizzes, theirs.quizzes, _quiz),
        books=_united(ours.books, theirs.books, _book),
    )


def _united(
    ours: dict[str, Value], theirs: dict[str, Value], both: Callable[[Value, Value], Value]
) -> dict[str, Value]:
    """All keys of two dictionaries; ``both`` decides where a key is in both."""
    united = {**ours, **theirs}
    return united | {key: both(ours[key], theirs[key]) for key in ours.keys() & theirs.keys()}


def _question(a: QuestionRecord, b: QuestionRecord) -> QuestionRecord:
    best = max(a, b, key=lambda record: (record.points / record.possible, record.possible))
    return QuestionRecord(
        points=best.points,
        possible=best.possible,
        first=min(a.first, b.first),
        last=max(a.last, b.last),
        tallies=_united(a.tallies, b.tallies, _tally),
    )


def _tally(a: Tally, b: Tally) -> Tally:
    """The later of two copies of a growing count."""
    return Tally(
        attempts=max(a.attempts, b.attempts),
        failed=max(a.failed, b.failed),
        seconds=max(a.seconds, b.seconds),
        mistakes=_united(a.mistakes, b.mistakes, max),
    )


def _later(a: Latest, b: Latest) -> Latest:
    """The later of two judgements; in the same instant the text decides, whatever the order."""
    return max(a, b, key=lambda record: (record.time, record.model_dump_json()))


def _quiz(a: QuizRecord, b: QuizRecord) -> QuizRecord:
    best = max(a, b, key=lambda record: (record.right / record.asked, record.asked))
    return QuizRecord(
        right=best.right,
        asked=best.asked,
        last=max(a.last, b.last),
        rounds=_united(a.rounds, b.rounds, max),
    )


def _book(a: BookTime, b: BookTime) -> BookTime:
    return BookTime(last=max(a.last, b.last), seconds=_united(a.seconds, b.seconds, max))
