"""What each event does to a record; every function returns a new record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from mlp_course.teaching.progress.records import (
    AssessmentRecord,
    ProgressRecord,
    QuestionRecord,
    QuizRecord,
    Tally,
    TickRecord,
)
from mlp_course.teaching.progress.times import spend_time

LONGEST_MISTAKE = 300  # characters; an error message of a learner's code may have millions
MOST_MISTAKES = 50  # different ones of a question; the rest are counted together
OTHERS = "others"


def with_attempt(
    record: ProgressRecord,
    question: str,
    now: datetime,
    *,
    points: float,
    possible: float,
    mistake: str = "",
) -> ProgressRecord:
    """Add an attempt at a graded question; the best points stay.

    Example:
        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
        >>> record = ProgressRecord(folder="here")
        >>> for points in (1.0, 3.0, 0.0):
        ...     record = with_attempt(record, "q06_1", noon, points=points, possible=3.0)
        >>> record.questions["q06_1"].points, record.questions["q06_1"].failed
        (3.0, 2)
    """
    record = record.model_copy(deep=True)
    seconds = spend_time(record, question, now)
    old = record.questions.get(question)
    best = (points, possible)
    if old and points / possible < old.points / old.possible:
        best = (old.points, old.possible)
    tallies = old.tallies if old else {}
    own = _counted(tallies.get(record.folder, Tally()), seconds, points < possible, mistake)
    record.questions[question] = QuestionRecord(
        points=best[0],
        possible=best[1],
        first=min(old.first, now) if old else now,
        last=max(old.last, now) if old else now,
        tallies=tallies | {record.folder: own},
    )
    return record


def _counted(tally: Tally, seconds: float, failed: bool, mistake: str) -> Tally:
    """One more attempt; what is recorded as a mistake may be any text, even a learner's own."""
    mistakes = dict(tally.mistakes)
    name = mistake.encode(errors="replace").decode().strip()[:LONGEST_MISTAKE]
    if len(mistakes) >= MOST_MISTAKES and name not in mistakes:
        name = name and OTHERS
    if name:
        mistakes[name] = mistakes.get(name, 0) + 1
    return Tally(
        attempts=tally.attempts + 1,
        failed=tally.failed + failed,
        seconds=round(tally.seconds + seconds, 1),
        mistakes=mistakes,
    )


def with_assessment(
    record: ProgressRecord,
    question: str,
    now: datetime,
    *,
    earned: float,
    possible: float,
    rows: Mapping[str, bool],
) -> ProgressRecord:
    """Put the learner's judgement of an open question in place of an earlier one."""
    record = record.model_copy(deep=True)
    spend_time(record, question, now)
    record.assessments[question] = AssessmentRecord(
        earned=earned, possible=possible, rows=dict(rows), time=now
    )
    return record


def with_tick(
    record: ProgressRecord,
    item: str,
    now: datetime,
    *,
    done: bool,
    by: Literal["learner", "machine"],
    evidence: str = "",
) -> ProgressRecord:
    """Tick an item of the checklist, or take the tick away; no time is counted for it."""
    record = record.model_copy(deep=True)
    record.ticks[item] = TickRecord(done=done, by=by, evidence=evidence, time=now)
    return record


def with_quiz(
    record: ProgressRecord, quiz: str, now: datetime, *, right: int, asked: int
) -> ProgressRecord:
    """Add a round of a quiz; the best one stays, of equal ones the longest."""
    record = record.model_copy(deep=True)
    spend_time(record, quiz, now)
    old = record.quizzes.get(quiz)
    results = [(right, asked)] + ([(old.right, old.asked)] if old else [])
    best = max(results, key=lambda result: (result[0] / result[1], result[1]))
    rounds = old.rounds if old else {}
    record.quizzes[quiz] = QuizRecord(
        right=best[0],
        asked=best[1],
        last=max(old.last, now) if old else now,
        rounds=rounds | {record.folder: rounds.get(record.folder, 0) + 1},
    )
    return record


def with_time(
    record: ProgressRecord, lesson: str, now: datetime, *, seconds: float
) -> ProgressRecord:
    """Add time spent on a lesson, less what the gaps between records have counted already."""
    record = record.model_copy(deep=True)
    spend_time(record, lesson, now, seconds)
    return record
