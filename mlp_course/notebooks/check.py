"""Checking: every notebook says what its master says, ran without error and stays readable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_course.notebooks.masters import Lesson, cell_content, find_lessons, read_lesson

if TYPE_CHECKING:
    from nbformat import NotebookNode

MAX_BYTES = 1_000_000  # a stored notebook
MAX_LINES = 15  # a code cell
MACHINE = re.compile(r"/home/\w|/root/|/Users/\w|/tmp/ipykernel_|[A-Z]:\\\\?Users")


def check_notebooks(root: Path, selection: str | None = None) -> list[str]:
    """Compare all notebooks of a project with their masters and the house rules.

    Args:
        root: project folder with ``lessons/`` and ``notebooks/``.
        selection: beginning of a lesson's name; ``None`` for all.

    Returns:
        One sentence for each thing that is wrong, naming notebook and cell; empty if all is well.
    """
    lessons = find_lessons(root, selection)
    problems = [] if selection else list(_notebooks_without_master(root, lessons))
    for lesson in lessons:
        problems += check_lesson(lesson)
    return problems


def check_lesson(lesson: Lesson) -> list[str]:
    """Return one sentence for each thing that is wrong with one lesson."""
    import nbformat

    master = read_lesson(lesson.master)
    problems = list(_long_cells(lesson.name, master))
    if not lesson.notebook.exists():
        return [*problems, f"{lesson.name}: has no notebook; run: {_cure(lesson)}"]
    notebook = nbformat.read(lesson.notebook, as_version=4)
    problems += _different_cells(lesson, master, notebook)
    problems += _not_executed(lesson, notebook)
    problems += _stored_errors(lesson.name, notebook)
    problems += _machine_paths(lesson.name, notebook)
    problems += _too_large(lesson)
    return problems


def _cure(lesson: Lesson) -> str:
    """Return the command that builds one lesson."""
    return f"mlp-course notebooks build --lesson {lesson.name}"


def _notebooks_without_master(root: Path, lessons: list[Lesson]) -> Iterator[str]:
    known = {lesson.notebook for lesson in lessons}
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        if path not in known:
            yield (
                f"{path.stem}: has no master; write lessons/{path.stem}.py "
                f"or delete notebooks/{path.name}"
            )


def _long_cells(name: str, master: NotebookNode) -> Iterator[str]:
    for index, cell in _code_cells(master):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if len(lines) > MAX_LINES:
            yield (
                f"{name}, cell {index}: a code cell has at most {MAX_LINES} lines; "
                f"this one has {len(lines)}. Split it, or move a function into the package"
            )


def _different_cells(lesson: Lesson, master: NotebookNode, notebook: NotebookNode) -> Iterator[str]:
    """Report the first cell that differs: what follows it is usually only shifted."""
    pairs = zip_longest(master.cells, notebook.cells)
    for index, (ours, theirs) in enumerate(pairs, start=1):
        if ours is None:
            yield f"{lesson.name}, cell {index}: is in the notebook only; " + _edit_advice(lesson)
        elif theirs is None:
            yield f"{lesson.name}, cell {index}: is in the master only; run: {_cure(lesson)}"
        elif cell_content(ours) != cell_content(theirs):
            what = _first_difference(ours, theirs)
            yield f"{lesson.name}, cell {index}: differs from its master ({what}); " + _edit_advice(
                lesson
            )
        else:
            continue
        return


def _edit_advice(lesson: Lesson) -> str:
    return f"edit lessons/{lesson.master.name}, never the notebook, then run: {_cure(lesson)}"


def _first_difference(ours: NotebookNode, theirs: NotebookNode) -> str:
    """Return the first line, or the property, in which two cells differ."""
    if ours.cell_type != theirs.cell_type:
        return f"master: {ours.cell_type}, notebook: {theirs.cell_type}"
    if ours.source == theirs.source:
        return f"master: metadata {dict(ours.metadata)}, notebook: {dict(theirs.metadata)}"
    lines = zip_longest(ours.source.splitlines(), theirs.source.splitlines())
    mine, other = next((pair for pair in lines if pair[0] != pair[1]), ("", "\\n at the end"))
    return f"master: {mine!r}, notebook: {other!r}"


def _not_executed(lesson: Lesson, notebook: NotebookNode) -> Iterator[str]:
    """Report the first code cell that did not run in its place, from the top, in one go."""
    cells = [(index, cell) for index, cell in _code_cells(notebook) if cell.source.strip()]
    for count, (index, cell) in enumerate(cells, start=1):
        if cell.execution_count != count:
            yield (
                f"{lesson.name}, cell {index}: was not executed in order from a fresh kernel "
                f"(run number {cell.execution_count}, expected {count}); "
                f"run: {_cure(lesson)} --force"
            )
            return


def _stored_errors(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in _code_cells(notebook):
        if "raises-exception" in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                yield (
                    f"{name}, cell {index}: stores an error, {output.ename}: {output.evalue}. "
                    'Repair the cell, or tag it "raises-exception" if the error is the lesson'
                )


def _machine_paths(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in _code_cells(notebook):
        texts = [
            str(output.get(key, "")) for output in cell.outputs for key in ("text", "traceback")
        ]
        texts += [
            str(value)
            for output in cell.outputs
            for mime, value in output.get("data", {}).items()
            if mime.startswith("text/")
        ]
        found = next(filter(None, map(MACHINE.search, texts)), None)
        if found:
            yield f"{name}, cell {index}: an output shows a path of one machine, {found.group()!r}"


def _too_large(lesson: Lesson) -> Iterator[str]:
    size = lesson.notebook.stat().st_size
    if size > MAX_BYTES:
        yield (
            f"{lesson.name}: a notebook stays below {MAX_BYTES / 1e6:g} MB; this one has "
            f"{size / 1e6:.2f} MB. Draw smaller figures or fewer of them"
        )


def _code_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield the code cells with their place in the notebook; the count begins at 1."""
    for index, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            yield index, cell
