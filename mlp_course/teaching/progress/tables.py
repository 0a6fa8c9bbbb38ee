"""Progress as tables: points, attempts and minutes per question, per lesson and per topic."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from mlp_course.teaching.progress.progress import Progress
from mlp_course.teaching.progress.records import ProgressRecord
from mlp_course.teaching.progress.times import book_number

_KINDS = {
    "name": str, "title": str, "book": str, "topic": str, "open": bool, "points": float,
    "possible": float, "answered": bool, "attempts": int, "minutes": float,
}  # fmt: skip


class Asked(Protocol):
    """A question as the catalogue lists it.

    Attributes:
        name: "q06_1", or "r06_1" if it is an open one that the learner judges.
        title: a few words.
        book: the lesson, "06_descriptors".

    It has its points as a number ``possible`` or ``points``, and may have a ``topic``; else the
    topic is the book's name in words.
    """

    name: str
    title: str
    book: str


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue, for whoever has no question at hand.

    Example:
        >>> Entry("q06_1", "A cutoff", "06_descriptors", 3).topic
        'descriptors'
    """

    name: str
    title: str
    book: str
    possible: float
    topic: str = ""

    def __post_init__(self) -> None:
        if not self.topic:
            words = self.book.partition("_")[2].replace("_", " ")
            object.__setattr__(self, "topic", words or self.book)

    @property
    def is_open(self) -> bool:
        """Whether the learner judges the answer, by the convention on names."""
        return self.name.startswith("r")


@dataclass(frozen=True)
class Summary:
    """What a learner has done, measured by the catalogue.

    Attributes:
        questions: one row a question of the catalogue: name, title, book, topic, points, possible,
            attempts, minutes, answered; ``open`` marks the ones that the learner judges.
        books: per lesson: ``points`` of ``possible`` for checked questions, ``answered`` of
            ``questions``, attempts, ``judged`` of ``judgeable`` points by the learner's own
            judgement, and minutes, with the time in the lesson itself. A lesson without questions
            that time was spent on has its number as name.
        topics: the same per topic; minutes are those of the questions only.
        unknown: recorded questions that the catalogue does not have; they count nowhere.
    """

    questions: pd.DataFrame
    books: pd.DataFrame
    topics: pd.DataFrame
    unknown: tuple[str, ...]

    @property
    def total(self) -> dict[str, float]:
        """The sums over all lessons; minutes in min, the rest dimensionless."""
        return {str(name): float(value) for name, value in self.books.sum().items()}


def list_entries(catalogue: Iterable[Asked]) -> tuple[Entry, ...]:
    """Bring questions and open questions into one form, in the order of books and names.

    Raises:
        TypeError: if an entry has no points.
        ValueError: if two have one name.
    """
    entries = [entry if isinstance(entry, Entry) else _entry(entry) for entry in catalogue]
    names = [entry.name for entry in entries]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"every question needs a name of its own; twice: {', '.join(twice)}")
    return tuple(sorted(entries, key=lambda entry: (entry.book, entry.name)))


def _entry(asked: Asked) -> Entry:
    points = getattr(asked, "possible", None)
    points = getattr(asked, "points", None) if points is None else points
    if isinstance(points, bool) or not isinstance(points, int | float):
        raise TypeError(f"{asked.name}: possible must be its number of points; got {points!r}")
    return Entry(asked.name, asked.title, asked.book, points, getattr(asked, "topic", ""))


def summarise(progress: Progress | ProgressRecord, catalogue: Iterable[Asked]) -> Summary:
    """Measure a learner's progress by the catalogue of questions.

    Points are shares of what the catalogue gives: half of 2 points is half of 10, if a newer course
    gives 10.

    Args:
        progress: of the learner, or the record of it.
        catalogue: all questions, open ones included.

    Returns:
        Tables per question, lesson and topic.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> catalogue = [Entry("q06_1", "A cutoff", "06_descriptors", 3),
        ...              Entry("q06_2", "Two atoms", "06_descriptors", 2)]
        >>> with TemporaryDirectory() as folder:
        ...     progress = Progress.open(f"{folder}/progress.json")
        ...     _ = progress.record_attempt("q06_1", 2, 3)
        ...     summarise(progress, catalogue).books[["points", "possible", "answered"]]
                        points  possible  answered
        book
        06_descriptors     2.0       5.0         1
    """
    record = progress.record() if isinstance(progress, Progress) else progress
    entries = list_entries(catalogue)
    rows = [_row(record, entry) for entry in entries]
    questions = pd.DataFrame(rows, columns=list(_KINDS)).astype(_KINDS)
    recorded = {*record.questions, *record.assessments}
    return Summary(
        questions=questions,
        books=_with_lessons(_sums(questions, "book"), record),
        topics=_sums(questions, "topic"),
        unknown=tuple(sorted(recorded - {entry.name for entry in entries})),
    )


def _row(record: ProgressRecord, entry: Entry) -> dict[str, Any]:
    """What is known of one question."""
    row = {"name": entry.name, "title": entry.title, "book": entry.book, "topic": entry.topic}
    row |= {"open": entry.is_open, "points": 0.0, "possible": entry.possible}
    row |= {"answered": False, "attempts": 0, "minutes": 0.0}
    if judged := record.assessments.get(entry.name):
        row |= {"points": judged.earned / judged.possible * entry.possible, "answered": True}
    if known := record.questions.get(entry.name):
        row |= {"points": known.points / known.possible * entry.possible, "answered": True}
        row |= {"attempts": known.attempts, "minutes": known.seconds / 60}
    return row


def _sums(questions: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sums per lesson or topic; points by one's own judgement are kept apart from checked ones."""
    checked, judged = questions[~questions["open"]], questions[questions["open"]]
    names = pd.Index(sorted(questions[by].unique()), name=by)
    columns = {
        "points": checked.groupby(by)["points"].sum(),
        "possible": checked.groupby(by)["possible"].sum(),
        "answered": questions.groupby(by)["answered"].sum(),
        "questions": questions.groupby(by)["name"].count(),
        "attempts": questions.groupby(by)["attempts"].sum(),
        "judged": judged.groupby(by)["points"].sum(),
        "judgeable": judged.groupby(by)["possible"].sum(),
        "minutes": questions.groupby(by)["minutes"].sum(),
    }
    return pd.DataFrame({n: c.reindex(names, fill_value=0) for n, c in columns.items()}, names)


def _with_lessons(books: pd.DataFrame, record: ProgressRecord) -> pd.DataFrame:
    """Put a book's own time in place of its questions'; a lesson without questions is added."""
    books = books.copy()
    by_number = {book_number(book): book for book in books.index}
    for number, time in sorted(record.books.items()):
        book, minutes = by_number.get(number, number), sum(time.seconds.values()) / 60
        if book not in books.index and minutes > 0:
            books.loc[book] = 0
        if book in books.index:
            books.loc[book, "minutes"] = minutes
    counts = ["answered", "questions", "attempts"]
    return books.sort_index().astype(dict.fromkeys(counts, int))
