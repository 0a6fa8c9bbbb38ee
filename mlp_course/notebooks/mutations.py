"""Checks, checked: every question against its solution, a blank and typical wrong answers."""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlp_course.notebooks.exercise_masters import (
    ExerciseBook,
    assign,
    question_name,
    read_exercise_master,
)

if TYPE_CHECKING:
    from mlp_course.teaching.exercises import Marks

Namespace = dict[str, Any]
ENTRY = re.compile(r"# loses: (?P<loses>.+)\n# hint: (?P<hint>.+)\n")
CHECK = re.compile(r'grader\.check\("(\w+)"\)')


@dataclass(frozen=True)
class WrongAnswer:
    """A typical wrong answer, stored beside the master.

    Attributes:
        question: name of the question.
        mistake: what is wrong with it, in a few words.
        loses: names of the parts that it must not earn.
        hint: words of the hint that is meant for it.
        code: the answer.
    """

    question: str
    mistake: str
    loses: tuple[str, ...]
    hint: str
    code: str


@dataclass(frozen=True)
class Mutation:
    """What became of one answer.

    Attributes:
        question: name of the question.
        answer: ``"solution"``, ``"blank"`` or the mistake of a wrong answer.
        marks: what the check found.
        expected: the wrong answer as stored; None for solution and blank.
    """

    question: str
    answer: str
    marks: Marks
    expected: WrongAnswer | None = None

    @property
    def problem(self) -> str:
        """What is wrong with the check, in one sentence; empty if it did what it should."""
        earned = f"{self.question}, {self.answer}: earns {self.marks.points:g}"
        earned += f" of {self.marks.possible:g} points"
        if self.answer == "solution":
            return "" if self.marks.passed else f"{earned}\n{self.marks!r}"
        if self.answer == "blank":
            return "" if self.marks.points == 0 else f"{earned}\n{self.marks!r}"
        lost = {part.name for part in self.marks.failed}
        if lost != set(self.expected.loses):
            return f"{earned}, loses {sorted(lost)}, should lose {sorted(self.expected.loses)}"
        hints = [part.hint for part in self.marks.failed]
        if not any(self.expected.hint in hint for hint in hints):
            return f"{earned}; no hint says {self.expected.hint!r} but {hints}"
        return ""

    @property
    def line(self) -> str:
        """Row of the mutation table: question, answer, points, the hint that is shown."""
        hints = [part.hint for part in self.marks.failed] or [""]
        meant = (h for h in hints if self.expected and self.expected.hint in h)
        points = f"{self.marks.points:g} of {self.marks.possible:g}"
        hint = " ".join(next(meant, hints[0]).split()).replace("|", "\\|")
        return f"| {self.question} | {self.answer} | {points} | {hint} |"


TABLE = """# The checks of the exercises, checked

What each question gives to its solution, to a blank, and to the typical wrong answers in
`lessons/exercises/wrong_answers`, with the hint that such a learner reads. Written by
`mlp-course exercises table`; the tests compute every line again.

| question | answer | points | hint |
| --- | --- | --- | --- |
"""


def write_mutations(found: list[Mutation], path: Path) -> None:
    """Write the mutation table as Markdown; rows of books that were not tried stay.

    Args:
        found: every answer of the books that were tried.
        path: the file to write.
    """
    stored = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    tried = {_book_of(mutation.line) for mutation in found}
    rows = [line for line in stored if re.match(r"\| q\d", line) and _book_of(line) not in tried]
    rows = sorted(rows + [mutation.line for mutation in found], key=_book_of)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TABLE + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def _book_of(row: str) -> str:
    """Number of the book of a row of the table, such as ``"06"``."""
    return row.removeprefix("| q")[:2]


def wrong_answers(book: ExerciseBook) -> list[WrongAnswer]:
    """Read the typical wrong answers of a book from ``lessons/exercises/wrong_answers``.

    Raises:
        ValueError: if a cell does not say what it loses and which hint is meant for it.
    """
    path = book.master.parent / "wrong_answers" / book.master.name
    answers = []
    for cell in read_exercise_master(path).cells:
        question, _, mistake = cell.metadata.get("title", "").partition(": ")
        if not mistake:
            continue
        entry = ENTRY.match(cell.source)
        if entry is None:
            raise ValueError(
                f"wrong_answers/{path.name}, {question}: the first two lines must read "
                "'# loses: PART, PART' and '# hint: WORDS OF THE HINT'"
            )
        loses = tuple(name.strip() for name in entry["loses"].split(","))
        answers.append(WrongAnswer(question, mistake, loses, entry["hint"].strip(), cell.source))
    return answers


def mutate(book: ExerciseBook) -> list[Mutation]:
    """Mark the solution, the blank and all wrong answers of every question of a book.

    The book's cells run from the top; each other answer runs in a copy of what was there before
    the solution.

    Args:
        book: the exercise book.

    Returns:
        One entry for each answer, in the order of the book.
    """
    blanks, stored = _blank_answers(book), wrong_answers(book)
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("MLP_COURSE_PROGRESS")
        os.environ["MLP_COURSE_PROGRESS"] = str(Path(folder) / "progress.json")
        try:
            return list(_mutations(book, blanks, stored))
        finally:
            del os.environ["MLP_COURSE_PROGRESS"]
            if before is not None:
                os.environ["MLP_COURSE_PROGRESS"] = before


def _mutations(
    book: ExerciseBook, blanks: dict[str, str], stored: list[WrongAnswer]
) -> Iterator[Mutation]:
    """Walk through the solutions; try the other answers where a question is asked."""
    space: Namespace = {"__name__": "__main__"}
    for name, code in _question_cells(book):
        if name is None:
            _run(code, space)
            continue
        before = dict(space)
        _run(code, space)
        yield Mutation(name, "solution", _marks(name, space))
        yield Mutation(name, "blank", _marks(name, _try(blanks[name], before)))
        for wrong in stored:
            if wrong.question == name:
                marks = _marks(name, _try(wrong.code, before))
                yield Mutation(name, wrong.mistake, marks, wrong)


def _question_cells(book: ExerciseBook) -> Iterator[tuple[str | None, str]]:
    """Yield the code of the master: of a whole solution with its question, else of one cell."""
    name, codes, solving = None, [], False
    for cell in read_exercise_master(book.master).cells:
        if cell.cell_type == "raw":
            name = question_name(cell.source) or name
            solving = cell.source.startswith("# BEGIN SOLUTION") or solving
            if cell.source.startswith("# END SOLUTION"):
                yield name, "\n\n".join(codes)
                codes, solving = [], False
        elif cell.cell_type == "code" and solving:
            codes.append(cell.source)
        elif cell.cell_type == "code":
            yield None, cell.source


def _blank_answers(book: ExerciseBook) -> dict[str, str]:
    """Return what a learner finds in each question: its code cells before the check."""
    blanks, codes = {}, []
    for cell in assign(book).exercise.cells:
        if cell.cell_type != "code":
            continue
        if found := CHECK.match(cell.source):
            blanks[found.group(1)] = "\n\n".join(codes)
            codes = []
        elif "otter_answer_cell" in cell.metadata.get("tags", []):
            codes.append(cell.source)
    return blanks


def _run(code: str, space: Namespace) -> None:
    """Run code as a notebook cell would, without showing anything."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "<exercise>", "exec"), space)  # our own masters


def _try(code: str, before: Namespace) -> Namespace:
    """Run an answer in a copy of the notebook; one that raises has answered as far as it came."""
    space = dict(before)
    with contextlib.suppress(Exception):
        _run(code, space)
    return space


def _marks(name: str, space: Namespace) -> Marks:
    """Mark the answer that a notebook holds."""
    from mlp_course.teaching.exercises import find_question

    asked = find_question(name)
    return asked.check(*(space.get(answer) for answer in asked.answers))
