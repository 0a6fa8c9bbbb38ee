"""A question: what is asked, for how many points, and the check that marks an answer."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mlp_course.teaching.exercises.books import topic_of
from mlp_course.teaching.exercises.marks import Marks, Part

Check = Callable[..., Iterator[Part]]

LONGEST_ERROR = 500  # characters of an error that are shown

_QUESTIONS: dict[str, Question] = {}


@dataclass(frozen=True)
class Question:
    """One graded question of an exercise book.

    Attributes:
        name: ``"q06_1"``: first question of the book that belongs to lesson 06.
        title: a few words, as they stand in the heading of the exercise.
        answers: names of the notebook's variables that hold the answer.
        points: points of each part, by the part's name.
        stronger: for each part, the hint that is shown from the second failed attempt on.
        section: where the lesson explains it, ``"06_descriptors.ipynb#Cutoffs"``.
        check: the function that marks an answer.
    """

    name: str
    title: str
    answers: tuple[str, ...]
    points: Mapping[str, float]
    stronger: Mapping[str, str]
    section: str
    check: Callable[..., Marks]

    @property
    def book(self) -> str:
        """Name of the exercise book, and of the lesson: ``"06_descriptors"``."""
        return self.section.partition(".ipynb")[0]

    @property
    def topic(self) -> str:
        """What the book is about: ``"models"``."""
        return topic_of(self.book)

    @property
    def possible(self) -> float:
        """Points of all parts together."""
        return sum(self.points.values())


def question(
    name: str,
    title: str,
    *,
    answers: tuple[str, ...],
    points: Mapping[str, float],
    stronger: Mapping[str, str],
    section: str,
) -> Callable[[Check], Callable[..., Marks]]:
    """Turn a generator of parts into a check that returns marks, and list it as a question.

    A check may be written as if every answer were reasonable: an answer that is missing, of the
    wrong type, or that raises costs the parts that could not be looked at, and says why.

    Args:
        name: name of the question, such as ``"q06_1"``.
        title: heading of the exercise.
        answers: names of the notebook's variables, in the order of the check's arguments.
        points: points of each part; their order is the order of the marks.
        stronger: stronger hint for each part. It must not contain the answer.
        section: file and heading of the lesson that explains it.

    Returns:
        A decorator. The decorated check takes the answers and returns ``Marks``.

    Raises:
        ValueError: if the parts of ``points`` and ``stronger`` differ, a point is not positive, or
            the name is taken.
    """
    _demand_complete(name, points, stronger)

    def decorate(check: Check) -> Callable[..., Marks]:
        @functools.wraps(check)
        def marked(*given: object) -> Marks:
            return _mark(asked, check, given)

        asked = Question(name, title, answers, dict(points), dict(stronger), section, marked)
        known = _QUESTIONS.get(name)
        if known is not None and _home(known.check) != _home(check):
            raise ValueError(f"the question {name!r} exists already; choose another number")
        _QUESTIONS[name] = asked  # also anew, when a module is loaded again
        return marked

    return decorate


def _home(check: Callable) -> tuple[str, str]:
    """Module and name of a function: what tells a second question from one loaded again."""
    return check.__module__, check.__qualname__


def all_questions() -> tuple[Question, ...]:
    """Return all questions of the course, in the order of their names."""
    load_checks()
    return tuple(_QUESTIONS[name] for name in sorted(_QUESTIONS))


def load_checks() -> None:
    """Import all modules with checks: questions and rubrics sign in when they are imported."""
    from mlp_course.teaching.exercises import checks

    for module in pkgutil.iter_modules(checks.__path__, f"{checks.__name__}."):
        importlib.import_module(module.name)


def find_question(name: str) -> Question:
    """Return the question of a name.

    Raises:
        ValueError: if there is none.

    Example:
        >>> find_question("q06_1").book
        '06_descriptors'
    """
    known = {asked.name: asked for asked in all_questions()}
    if name not in known:
        raise ValueError(f"no question is called {name!r}; known: {', '.join(known)}")
    return known[name]


def _demand_complete(name: str, points: Mapping[str, float], stronger: Mapping[str, str]) -> None:
    """Refuse a question whose parts lack a stronger hint, or are worth nothing."""
    if set(points) != set(stronger):
        different = sorted(set(points) ^ set(stronger))
        raise ValueError(f"{name}: every part needs points and a stronger hint; see {different}")
    if min(points.values(), default=0) <= 0:
        raise ValueError(f"{name}: every part must be worth more than 0 points; got {points}")


def _mark(asked: Question, check: Check, given: tuple[object, ...]) -> Marks:
    """Run a check; whatever the answer does to it becomes part of the marks."""
    if missing := _unanswered(asked, given):
        hint = f"Not answered yet: {', '.join(missing)} is still `...`, missing or not changed."
        return Marks(asked.name, tuple(Part(p, False, hint) for p in asked.points), asked.points)
    found: dict[str, Part] = {}
    reason = "This could not be looked at; first mend what stands above."
    try:
        for part in check(*given):
            found.setdefault(part.name, part)
    except (Exception, SystemExit) as error:  # the learner's code may raise anything
        reason = f"Your answer stopped with {_named(error)}"
    if unknown := set(found) - set(asked.points):
        raise ValueError(f"{asked.name}: the check yields parts without points: {sorted(unknown)}")
    parts = tuple(found.get(name, Part(name, False, reason)) for name in asked.points)
    return Marks(asked.name, parts, asked.points)


def _named(error: BaseException) -> str:
    """Name an error in one line of bearable length, even if its message cannot be made."""
    try:
        told = " ".join(str(error).split())
    except Exception:
        told = "its message cannot be shown"
    return f"{type(error).__name__}: {told}"[:LONGEST_ERROR]


def _unanswered(asked: Question, given: tuple[object, ...]) -> list[str]:
    """Name the answers that are not there; refuse a call with the wrong number of them."""
    if len(given) != len(asked.answers):
        expected = ", ".join(asked.answers)
        raise TypeError(f"{asked.name} needs {len(asked.answers)} answers: {expected}")
    pairs = zip(asked.answers, given, strict=True)
    return [name for name, value in pairs if value is None or value is ...]
