"""The grader of an exercise book: otter-grader's checks, with hints that grow and points kept."""

from __future__ import annotations

import html
import inspect
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlp_course.teaching.exercises.marks import Marks, Part
from mlp_course.teaching.exercises.question import all_questions, find_question
from mlp_course.teaching.progress import Progress

if TYPE_CHECKING:
    import otter

#: Tests as otter-grader reads them, written from the masters. They lie in the package, so that a
#: renamed or copied notebook finds them.
OTTER_TESTS = Path(__file__).with_name("otter_tests")
_MARKS = "_marks_of_{}"


@dataclass(frozen=True, repr=False)
class Feedback:
    """What ``grader.check`` shows: points, and for each missing part a hint.

    Attributes:
        marks: the parts of the answer, with points.
        score: points as otter-grader counts them.
        failures: how often the question has been answered incompletely so far; None if it is
            not known, because the progress could not be stored.
    """

    marks: Marks
    score: float
    failures: int | None = None

    def hints(self, part: Part) -> list[str]:
        """Return the hints of a part: more from the second, and again from the third failure on."""
        asked = find_question(self.marks.question)
        shown = [part.hint] if part.hint else []
        if (self.failures or 1) >= 2:
            shown.append(f"More: {asked.stronger[part.name]}")
        if (self.failures or 1) >= 3:
            shown.append(
                f"Read again: {asked.section.replace('#', ', section ').replace('-', ' ')}"
            )
        return shown

    def __repr__(self) -> str:
        lines = [f"{self.marks.question}: {self.score:g} of {self.marks.possible:g} points"]
        for part in self.marks.parts:
            lines.append(f"  {'✓' if part.passed else '✗'} {part.name}")
            lines += [] if part.passed else [f"      {hint}" for hint in self.hints(part)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(self._row(part) for part in self.marks.parts)
        head = f"{self.marks.question}: {self.score:g} of {self.marks.possible:g} points"
        return f"<p><b>{head}</b></p><ul style='list-style: none; padding-left: 0'>{rows}</ul>"

    def _row(self, part: Part) -> str:
        """Return one part as a list item; the mark is a sign, not a colour alone."""
        sign, colour = ("✓", "#009e73") if part.passed else ("✗", "#d55e00")
        points = self.marks.points_of[part.name]
        text = f"{html.escape(part.name)} ({points:g})"
        if not part.passed:
            text += "".join(f"<br>{html.escape(hint)}" for hint in self.hints(part))
        return (
            f"<li style='border-left: 4px solid {colour}; padding: 2px 10px; margin: 4px 0'>"
            f"<b>{sign}</b> {text}</li>"
        )


def start_exercises(book: str) -> otter.Notebook:
    """Return the grader of an exercise book.

    Args:
        book: name of the book, such as ``"06_descriptors"``.

    Returns:
        An ``otter.Notebook`` whose ``check("q06_1")`` marks the answer in the notebook, shows
        hints that grow with the number of failures, and stores the points with the progress. It
        writes no ``.OTTER_LOG``: that file is a pickle of everything the notebook holds.

    Raises:
        ValueError: if there is no such book.
    """
    known = sorted({asked.book for asked in all_questions()})
    if book not in known:
        raise ValueError(f"no exercise book is called {book!r}; known: {', '.join(known)}")
    return _grader_class()(tests_dir=str(OTTER_TESTS))


def earn(env: dict[str, Any], question: str, part: str) -> None:
    """Pass if a part of an answer is right; this is what each test of otter-grader calls.

    Args:
        env: the notebook's variables. The marks are kept in it, so that the parts of one question
            are marked together.
        question: name of the question.
        part: name of the part.

    Raises:
        AssertionError: if the part is missing; the message is the hint.
    """
    asked = find_question(question)
    key = _MARKS.format(question)
    if key not in env:
        env[key] = asked.check(*(env.get(name) for name in asked.answers))
    found = env[key].part(part)
    if not found.passed:
        raise AssertionError(found.hint)


@cache
def _grader_class() -> type:
    """Return our grader; otter-grader is imported only where exercises are done."""
    import otter

    class Grader(otter.Notebook):
        """otter-grader's notebook interface, see ``start_exercises``."""

        def _log_event(self, *args: Any, **kwargs: Any) -> None:
            """Write no log."""

        def _resolve_nb_path(self, nb_path: str | None, fail_silently: bool = False) -> None:
            """Look at no notebook file: the tests lie in the package."""

        def check(self, question: str, global_env: dict[str, Any] | None = None) -> Feedback:
            """Mark the answer to a question, show hints, keep the points."""
            if global_env is None:
                global_env = inspect.currentframe().f_back.f_globals
            env = dict(global_env)  # the marks that earn() leaves here end with this check
            env.pop(_MARKS.format(question), None)
            find_question(question)  # a clear message for a name that does not exist
            result = super().check(question, global_env=env)
            marks = env[_MARKS.format(question)]
            return Feedback(marks, result.score, _keep(marks, result.score))

    return Grader


def _keep(marks: Marks, score: float) -> int | None:
    """Store an attempt; a progress file that cannot be written costs no points on the screen."""
    mistake = marks.failed[0].hint if marks.failed else ""
    try:
        progress = Progress.open()
        return progress.record_attempt(marks.question, score, marks.possible, mistake)
    except (OSError, ValueError) as error:  # full disk, or a file of a newer course
        warnings.warn(f"Your points are shown, but were not stored: {error}", stacklevel=3)
        return None
