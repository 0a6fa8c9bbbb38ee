"""What is kept of a learner's work: the schema of the progress file, checked when it is read.

Counts and seconds are kept per *folder*, a random name that each progress file gets at birth. Two
files are merged by taking, folder by folder, the larger number: a folder's counts only grow, so
this counts everything, and nothing twice, however often the same file is imported.
"""

import json
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

VERSION = 1
LARGEST = 10_000_000  # bytes; a whole course needs less than 100,000

NAME = r"^\w[\w.:+-]{0,79}$"
Name = Annotated[str, StringConstraints(pattern=NAME)]
Text = Annotated[str, StringConstraints(max_length=2000)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0, description="s")]
Points = Annotated[float, Field(ge=0)]
Possible = Annotated[float, Field(gt=0)]
Record = TypeVar("Record")


class _Part(BaseModel):
    """A part of the file: unknown fields, other types, infinity and NaN are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Tally(_Part):
    """What one folder saw of one question; every number only grows."""

    attempts: Count = 0
    failed: Count = 0
    seconds: Seconds = 0.0
    mistakes: dict[Text, Count] = {}


class QuestionRecord(_Part):
    """A graded question: the best points, and how it went.

    Attributes:
        points: of the best attempt.
        possible: points that this attempt could have had.
        first: time of the first attempt, with time zone.
        last: time of the last attempt.
        tallies: per folder.
    """

    points: Points
    possible: Possible
    first: AwareDatetime
    last: AwareDatetime
    tallies: dict[Name, Tally]

    @model_validator(mode="after")
    def _not_more_than_possible(self) -> "QuestionRecord":
        return _checked_points(self, self.points, self.possible)

    @property
    def attempts(self) -> int:
        """Attempts in all folders."""
        return sum(tally.attempts for tally in self.tallies.values())

    @property
    def failed(self) -> int:
        """Attempts without full points."""
        return sum(tally.failed for tally in self.tallies.values())

    @property
    def seconds(self) -> float:
        """Time spent on it, in s; see ``mlp_course.teaching.progress.times`` for the rule."""
        return sum(tally.seconds for tally in self.tallies.values())

    @property
    def solved(self) -> bool:
        """Whether an attempt had all points."""
        return self.points >= self.possible

    @property
    def mistakes(self) -> dict[str, int]:
        """How often each recognised mistake was made."""
        counts: dict[str, int] = {}
        for tally in self.tallies.values():
            for mistake, n in tally.mistakes.items():
                counts[mistake] = counts.get(mistake, 0) + n
        return counts


class AssessmentRecord(_Part):
    """An open question, judged by the learner along a rubric; the last judgement counts."""

    earned: Points
    possible: Possible
    rows: dict[Text, bool]
    time: AwareDatetime

    @model_validator(mode="after")
    def _not_more_than_possible(self) -> "AssessmentRecord":
        return _checked_points(self, self.earned, self.possible)


class TickRecord(_Part):
    """An item of the checklist: done or not, who says so, and why."""

    done: bool
    by: Literal["learner", "machine"]
    evidence: Text = ""
    time: AwareDatetime


class QuizRecord(_Part):
    """A quiz: the best round, and the number of rounds per folder."""

    right: Count
    asked: Annotated[int, Field(ge=1)]
    last: AwareDatetime
    rounds: dict[Name, Count]

    @model_validator(mode="after")
    def _not_more_than_asked(self) -> "QuizRecord":
        return _checked_points(self, self.right, self.asked)


class BookTime(_Part):
    """Time spent on a lesson and its exercises, in s per folder, and when it was last touched."""

    last: AwareDatetime
    seconds: dict[Name, Seconds]


class ProgressRecord(_Part):
    """The whole file.

    Example:
        >>> record = ProgressRecord(folder="a1b2")
        >>> read_record(record.to_json().encode()) == record
        True
    """

    version: Literal[1] = VERSION
    folder: Name
    questions: dict[Name, QuestionRecord] = {}
    assessments: dict[Name, AssessmentRecord] = {}
    ticks: dict[Name, TickRecord] = {}
    quizzes: dict[Name, QuizRecord] = {}
    books: dict[Name, BookTime] = {}

    def to_json(self) -> str:
        """The text of the file: sorted, indented, one value a line."""
        fields = self.model_dump(mode="json")
        return json.dumps(fields, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


class NewerProgress(ValueError):
    """A progress file was written by a newer version of the course; it is left as it is."""


def read_record(data: bytes) -> ProgressRecord:
    """Read and check the content of a progress file.

    Raises:
        NewerProgress: if a newer version of the course wrote it.
        ValueError: if it is anything else than a progress file; the message says what.

    Example:
        >>> read_record(b'{"version": 1, "fol')
        Traceback (most recent call last):
        ValueError: it is no JSON: Unterminated string starting at: line 1 column 16 (char 15)
        >>> read_record(b'{"version": 7}')
        Traceback (most recent call last):
        mlp_course.teaching.progress.records.NewerProgress: it has version 7, and this course ...
    """
    if len(data) > LARGEST:
        raise ValueError(f"it has {len(data):,} bytes; a progress file has at most {LARGEST:,}")
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {error}") from None
    version = fields.get("version") if isinstance(fields, dict) else None
    if type(version) is not int:  # True is an int, too, but no version
        raise ValueError("it is no progress file: it names no version")
    if version > VERSION:
        raise NewerProgress(
            f"it has version {version}, and this course reads up to {VERSION}: update the course, "
            "or name another file in MLP_COURSE_PROGRESS"
        )
    try:
        return ProgressRecord.model_validate_json(data)
    except ValueError as error:  # pydantic's ValidationError is one
        raise ValueError(f"it is no progress file: {_first_problem(error)}") from None


def _first_problem(error: ValueError) -> str:
    """The first thing that is wrong, in one line; pydantic lists all on many."""
    listed = error.errors() if hasattr(error, "errors") else []
    if not listed:
        return str(error)
    place = ".".join(map(str, listed[0]["loc"])) or "the whole"
    more = f" (and {len(listed) - 1} more)" if len(listed) > 1 else ""
    return f"{place}: {listed[0]['msg']}{more}"


def _checked_points(record: Record, points: float, possible: float) -> Record:
    if points > possible:
        raise ValueError(f"points must not exceed {possible:g}; got {points:g}")
    return record
