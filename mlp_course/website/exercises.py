"""Exercise pages: the learner's book, each solution folded under its question."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

ANSWER = "otter_answer_cell"
SOLUTION = "otter_assign_solution_cell"


def with_solutions(exercise: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """Return a learner's book with the solutions in folds that a reader opens.

    The two books have the same cells, except where a question is answered: there the learner's
    has cells with dots, and the solutions have the answer. The fold also holds what the check
    said about it.

    Args:
        exercise: the learner's book.
        solution: the book with answers and results.

    Raises:
        ValueError: if the books do not belong together.
    """
    book = solution.copy()
    book.cells = []
    learner = [list(cells) for _, cells in groupby(exercise.cells, key=_is_answer)]
    solved = [list(cells) for _, cells in groupby(solution.cells, key=_is_answer)]
    if len(learner) != len(solved) or any(
        _is_answer(a[0]) != _is_answer(b[0]) for a, b in zip(learner, solved, strict=True)
    ):
        raise ValueError("exercise and solution have different questions; run `make exercises`")
    for blanks, answers in zip(learner, solved, strict=True):
        if _is_answer(blanks[0]):
            book.cells += [*blanks, *_folded(answers)]
        else:
            book.cells += answers
    return _checks_inside(book)


def _is_answer(cell: NotebookNode) -> bool:
    return bool({ANSWER, SOLUTION} & set(cell.metadata.get("tags", [])))


def _folded(cells: list[NotebookNode]) -> list[NotebookNode]:
    from nbformat.v4 import new_markdown_cell

    opening = '<details class="solution"><summary>Show a solution</summary>'
    return [new_markdown_cell(opening), *cells, new_markdown_cell("</details>")]


def _checks_inside(book: NotebookNode) -> NotebookNode:
    """Show the call of each check without the result that it had for the solution."""
    for cell in book.cells:
        if cell.cell_type == "code" and cell.source.startswith("grader.check("):
            cell.outputs = []
    return book
