"""Exercise masters: one text from which otter-grader makes the learner's book and the solutions."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_course.notebooks.masters import finish_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

CONFIG = """# ASSIGNMENT CONFIG
init_cell: false
check_all_cell: false
export_cell: false
solutions_pdf: false
generate: false
run_tests: false
tests:
  files: true
  ok_format: false
"""
TEST = '''""" # BEGIN TEST CONFIG
points: {points:g}
""" # END TEST CONFIG
def test_{number}(env):
    import mlp_course.teaching.exercises as m; m.earn(env, {question!r}, {part!r})
'''
MARKS = re.compile(r"^\s*(# (BEGIN|END) SOLUTION.*|\"\"\";? # (BEGIN|END) PROMPT)$")


@dataclass(frozen=True)
class ExerciseBook:
    """One exercise book: its master, the two notebooks, and the tests of otter-grader."""

    name: str
    root: Path

    @property
    def master(self) -> Path:
        """The file that people edit."""
        return self.root / "lessons" / "exercises" / f"{self.name}.py"

    @property
    def exercise(self) -> Path:
        """The learner's book, without answers and outputs."""
        return self.root / "exercises" / f"{self.name}.ipynb"

    @property
    def solution(self) -> Path:
        """The same with answers, executed."""
        return self.root / "solutions" / f"{self.name}.ipynb"

    @property
    def tests(self) -> Path:
        """The folder in the package where a grader looks for tests, of all books."""
        return self.root / "mlp_course" / "teaching" / "exercises" / "otter_tests"


@dataclass(frozen=True)
class Assigned:
    """What a master becomes: two notebooks and the tests by the names of their questions."""

    exercise: NotebookNode
    solution: NotebookNode
    tests: dict[str, str]


def find_books(root: Path, selection: str | None = None) -> list[ExerciseBook]:
    """List the exercise books of a project, in the order of their names.

    Args:
        root: project folder; it holds ``lessons/exercises/``.
        selection: beginning of a book's name, such as ``"06"``; None for all.

    Raises:
        ValueError: if no master's name begins with ``selection``.
    """
    names = [path.stem for path in sorted((root / "lessons" / "exercises").glob("*.py"))]
    chosen = [name for name in names if name.startswith(selection or "")]
    if selection and not chosen:
        raise ValueError(
            f"book must begin the name of a master in lessons/exercises; got {selection!r}. "
            f"Known books: {', '.join(names) or 'none'}"
        )
    return [ExerciseBook(name, root) for name in chosen]


def assign(book: ExerciseBook) -> Assigned:
    """Let otter-grader split a master into the learner's book, the solutions and the tests.

    The tests are one line for each part of a question, written from the registry of questions.

    Args:
        book: the exercise book.

    Returns:
        Notebooks without outputs, whose cells and cell ids depend on the master alone.

    Raises:
        ValueError: if otter-grader cannot read the master, or a question has no check.
    """
    import nbformat
    from otter.assign import main as otter_assign

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{book.name}.ipynb"
        nbformat.write(_with_tests(read_exercise_master(book.master)), source)
        try:
            otter_assign(str(source), str(Path(folder) / "out"), no_pdfs=True)
        except Exception as error:  # otter raises many kinds
            raise ValueError(f"{book.master.name}: otter-grader cannot read it: {error}") from error
        out = Path(folder) / "out"
        exercise, solution = (
            nbformat.read(out / kind / source.name, as_version=4)
            for kind in ("student", "autograder")
        )
        found = sorted((out / "student" / "tests").glob("*.py"))
        tests = {path.stem: path.read_text(encoding="utf-8") for path in found}
    for cell in solution.cells:
        cell.source = _without_marks(cell.source)
    return Assigned(finish_notebook(exercise.cells), finish_notebook(solution.cells), tests)


def read_exercise_master(path: Path) -> NotebookNode:
    """Read a master as a notebook; its raw cells are otter-grader's marks."""
    import jupytext

    return finish_notebook(jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells)


def question_name(source: str) -> str | None:
    r"""Return the question that a raw cell begins, None for any other cell.

    Example:
        >>> question_name("# BEGIN QUESTION\nname: q06_1")
        'q06_1'
    """
    if not source.startswith("# BEGIN QUESTION"):
        return None
    found = re.search(r"^name: (\w+)$", source, flags=re.MULTILINE)
    if found is None:
        raise ValueError(f"a question has no name: {source!r}")
    return found.group(1)


def _with_tests(master: NotebookNode) -> NotebookNode:
    """Add the settings, the points of each question and the tests to a master."""
    from nbformat.v4 import new_raw_cell

    from mlp_course.teaching.exercises import find_question

    cells, name = [new_raw_cell(CONFIG)], None
    for cell in master.cells:
        if cell.cell_type == "raw":
            name = question_name(cell.source) or name
            if cell.source.startswith("# BEGIN QUESTION"):
                cell.source += f"\npoints: {find_question(name).possible:g}"
            if cell.source.startswith("# END QUESTION"):
                cells += _test_cells(name)
                name = None
        elif cell.cell_type == "markdown" and name and cell.source.startswith("## "):
            heading, _, rest = cell.source.partition("\n")
            cell.source = f"{heading} · {find_question(name).possible:g} points\n{rest}"
        cells.append(cell)
    master.cells = cells
    return master


def _test_cells(name: str) -> list[NotebookNode]:
    """Return the test cells of one question, as otter-grader wants them in a master."""
    from nbformat.v4 import new_code_cell, new_raw_cell

    from mlp_course.teaching.exercises import find_question

    tests = [
        new_code_cell(TEST.format(points=points, number=number, question=name, part=part).strip())
        for number, (part, points) in enumerate(find_question(name).points.items(), start=1)
    ]
    return [new_raw_cell("# BEGIN TESTS"), *tests, new_raw_cell("# END TESTS")]


def _without_marks(source: str) -> str:
    """Return a solution's text without otter-grader's marks."""
    lines = [line for line in source.splitlines() if not MARKS.match(line)]
    return "\n".join(re.sub(r"\s*# SOLUTION( NO PROMPT)?$", "", line) for line in lines)
