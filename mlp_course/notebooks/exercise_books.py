"""Exercise books: built from their masters, and checked against them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_course.notebooks.build import execute, stored_digest, write_notebook
from mlp_course.notebooks.exercise_masters import Assigned, ExerciseBook, assign, find_books
from mlp_course.notebooks.masters import cell_content
from mlp_course.notebooks.outputs import clean_outputs

if TYPE_CHECKING:
    from nbformat import NotebookNode


def build_book(book: ExerciseBook, *, force: bool = False) -> bool:
    """Write a learner's book, its tests, and the executed solutions.

    Args:
        book: the exercise book.
        force: execute the solutions even if their text has not changed.

    Returns:
        True if the solutions were executed, False if they were up to date.

    Raises:
        RuntimeError: if a cell of the solutions fails, or a solution does not earn all points.
    """
    assigned = assign(book)
    book.tests.mkdir(parents=True, exist_ok=True)
    for name, text in assigned.tests.items():
        (book.tests / f"{name}.py").write_text(text, encoding="utf-8", newline="\n")
    write_notebook(assigned.exercise, book.exercise)
    digest = assigned.solution.metadata["mlp_course"]["master_sha256"]
    if not force and stored_digest(book.solution) == digest:
        return False
    _execute_solutions(book, assigned)
    write_notebook(assigned.solution, book.solution)
    return True


def check_books(root: Path, selection: str | None = None) -> list[str]:
    """Compare all exercise books with their masters.

    Args:
        root: project folder.
        selection: beginning of a book's name; None for all.

    Returns:
        One sentence for each thing that is wrong; empty if all is well.
    """
    books = find_books(root, selection)
    problems = [] if selection else list(_left_over(root, books))
    return problems + [problem for book in books for problem in check_book(book)]


def check_book(book: ExerciseBook) -> list[str]:
    """Return one sentence for each thing that is wrong with one exercise book."""
    import nbformat

    cure = f"edit lessons/exercises/{book.name}.py, then run: make exercises BOOK={book.name}"
    missing = [path for path in (book.exercise, book.solution) if not path.exists()]
    if missing:
        return [
            f"{book.name}: {path.parent.name}/{path.name} is missing; {cure}" for path in missing
        ]
    assigned = assign(book)
    exercise, solution = (nbformat.read(p, as_version=4) for p in (book.exercise, book.solution))
    problems = []
    for stored, ours in ((exercise, assigned.exercise), (solution, assigned.solution)):
        if [cell_content(c) for c in stored.cells] != [cell_content(c) for c in ours.cells]:
            folder = "exercises" if stored is exercise else "solutions"
            problems.append(f"{book.name}: {folder}/ differs from the master; {cure}")
    for name, text in assigned.tests.items():
        path = book.tests / f"{name}.py"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            problems.append(f"{book.name}: the tests of {name} differ from the registry; {cure}")
    if any(cell.get("outputs") for cell in exercise.cells):
        problems.append(f"{book.name}: the learner's book holds outputs; {cure}")
    return problems + list(_not_solved(book, solution))


def points_in(notebook: NotebookNode) -> dict[str, tuple[float, float]]:
    """Return points and possible points of each check, as they stand in a notebook's outputs."""
    import re

    line = re.compile(r"^(q\d\d_\d+): ([\d.]+) of ([\d.]+) points", flags=re.MULTILINE)
    texts = [
        output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]
    found = (match.groups() for text in texts for match in line.finditer(text))
    return {name: (float(points), float(possible)) for name, points, possible in found}


def _execute_solutions(book: ExerciseBook, assigned: Assigned) -> None:
    """Run the solutions and demand all points."""
    widgets = execute(assigned.solution, book.root / "solutions", name=book.name)
    clean_outputs(assigned.solution, widgets, book.root)
    if problems := list(_not_solved(book, assigned.solution)):
        raise RuntimeError("\n".join(problems))


def _not_solved(book: ExerciseBook, solution: NotebookNode) -> Iterator[str]:
    """Report questions whose stored solution does not show all points."""
    points = points_in(solution)
    for cell in solution.cells:
        if cell.cell_type == "code" and cell.source.startswith("grader.check("):
            name = cell.source.split('"')[1]
            earned, possible = points.get(name, (0.0, 1.0))
            if earned != possible:
                shown = f"{earned:g} of {possible:g} points" if name in points else "no points"
                yield f"{book.name}: the solution of {name} shows {shown}; it must earn all"


def _left_over(root: Path, books: list[ExerciseBook]) -> Iterator[str]:
    """Report notebooks and tests that no master makes."""
    from mlp_course.teaching.exercises import all_questions

    names = {book.name for book in books}
    for folder in ("exercises", "solutions"):
        for path in sorted((root / folder).glob("*.ipynb")):
            if path.stem not in names:
                yield f"{folder}/{path.name}: has no master in lessons/exercises; delete it"
    questions = {asked.name for asked in all_questions()}
    for book in books[:1]:
        for path in sorted(book.tests.glob("*.py")):
            if path.stem not in questions:
                yield f"{path.name}: tests of a question that does not exist; delete it"
