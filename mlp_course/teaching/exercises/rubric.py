"""Open questions: a rubric by which the learner marks a text of her own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlp_course.teaching.exercises.books import topic_of
from mlp_course.teaching.exercises.question import load_checks

_RUBRICS: dict[str, Rubric] = {}


@dataclass(frozen=True)
class Rubric:
    """What a good answer to an open question contains.

    Attributes:
        name: ``"r03_1"``: first open question of the book that belongs to lesson 03.
        title: a few words, as they stand in the heading of the exercise.
        book: name of the exercise book: ``"03_training_data"``.
        rows: points of each criterion, by a sentence that can be answered with yes or no.
        model_answer: one good answer, as Markdown, shown on request.
    """

    name: str
    title: str
    book: str
    rows: Mapping[str, float]
    model_answer: str

    def __post_init__(self) -> None:
        if len(self.rows) < 2 or min(self.rows.values()) <= 0:
            raise ValueError(f"{self.name}: a rubric needs two or more rows with positive points")
        if _RUBRICS.setdefault(self.name, self) != self:
            raise ValueError(f"the rubric {self.name!r} exists already; choose another number")

    @property
    def topic(self) -> str:
        """What the book is about: ``"data"``."""
        return topic_of(self.book)

    @property
    def possible(self) -> float:
        """Points of all rows."""
        return sum(self.rows.values())

    def points(self, met: Mapping[str, bool]) -> float:
        """Return the points of the rows that the learner finds in her answer.

        Raises:
            ValueError: if a row is not one of the rubric's.
        """
        if unknown := set(met) - set(self.rows):
            raise ValueError(f"{self.name} has no rows {sorted(unknown)}; it has {list(self.rows)}")
        return sum(self.rows[row] for row, there in met.items() if there)


def all_rubrics() -> tuple[Rubric, ...]:
    """Return the rubrics of all open questions, in the order of their names."""
    load_checks()
    return tuple(_RUBRICS[name] for name in sorted(_RUBRICS))


def find_rubric(name: str) -> Rubric:
    """Return the rubric of a name.

    Raises:
        ValueError: if there is none.
    """
    known = {rubric.name: rubric for rubric in all_rubrics()}
    if name not in known:
        raise ValueError(f"no open question is called {name!r}; known: {', '.join(known)}")
    return known[name]
