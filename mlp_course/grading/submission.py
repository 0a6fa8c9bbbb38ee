"""A submission: a file that somebody handed in, read without believing anything in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 30_000_000  # a notebook; one with all its pictures has 1 MB
START = re.compile(r"start_exercises\(\s*[\"'](\d\d_\w+)[\"']\s*\)")
CHECK = re.compile(r"^\s*grader\.check\(\s*[\"'](q\d\d_\d+)[\"']\s*\)\s*;?\s*$")
#: Words that an answer has no reason to contain: whoever reads the grader may write his own marks.
SUSPICIOUS = (
    "mlp_course.teaching.exercises",
    "mlp_course.grading",
    "_marks_of_",
    "result.jsonl",
    "sys.settrace",
    "sys.modules",
    "_getframe",
    "importlib",
    "atexit",
)


class Refused(ValueError):
    """A file that is not graded; the message says why."""


@dataclass(frozen=True)
class Submission:
    """A notebook that can be run.

    Attributes:
        book: name of the exercise book, ``"06_descriptors"``.
        cells: text of its code cells, in order.
    """

    book: str
    cells: tuple[str, ...]

    def suspicious(self, handed_out: Submission | None) -> list[str]:
        """Return words that an answer has no reason to contain, in cells that the learner wrote.

        Args:
            handed_out: the learner's book as it was; None if it is not known.
        """
        own = set(self.cells) - set(handed_out.cells if handed_out else ())
        return [word for word in SUSPICIOUS if any(word in cell for cell in own)]


@dataclass
class Graded:
    """What came of one file.

    Attributes:
        file: its name inside the folder of submissions.
        book: name of the exercise book; empty if it is not known.
        points: points of each question that was marked.
        possible: possible points of each question of the book.
        seconds: time it took.
        notes: what an instructor should know, one sentence each.
    """

    file: str
    book: str = ""
    points: dict[str, float] = field(default_factory=dict)
    possible: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> float:
        """Points of all questions."""
        return sum(self.points.values())


def read_submission(path: Path) -> Submission:
    """Read a notebook that was handed in; nothing in it is run, and no pickle is opened.

    Args:
        path: the file.

    Returns:
        Its book and its code.

    Raises:
        Refused: if it is too large, not a notebook, or does not belong to one exercise book.
    """
    if path.is_symlink():
        raise Refused("is a link, not a file; links are not followed")
    if (size := path.stat().st_size) > MAX_BYTES:
        raise Refused(f"has {size / 1e6:.0f} MB; a notebook has at most {MAX_BYTES / 1e6:.0f}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = [_text(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(f"is not a notebook ({type(error).__name__})") from None
    books = sorted({book for cell in found for book in START.findall(cell)})
    if len(books) != 1:
        named = f"it names {len(books)}: {', '.join(books)[:100]}" if books else "it names none"
        raise Refused(f"must start one exercise book with start_exercises(...); {named}")
    return Submission(books[0], tuple(found))


def _text(source: str | list[str]) -> str:
    """Return a cell's source, which may be stored as lines."""
    text = source if isinstance(source, str) else "".join(source)
    if not isinstance(text, str):
        raise TypeError("source must be text")
    return text
