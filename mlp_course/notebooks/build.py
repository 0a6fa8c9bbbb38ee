"""Building: a master is executed in a fresh kernel and stored with its outputs."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mlp_course.notebooks.masters import Lesson, read_lesson
from mlp_course.notebooks.outputs import WidgetState, clean_outputs

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_TIMEOUT = 600  # s; the longest training cell takes about 100 s
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def build_notebook(lesson: Lesson, *, force: bool = False) -> bool:
    """Execute a lesson's master and store the notebook, unless it is already up to date.

    The digest of the cells, hover text included, is kept in the notebook
    (``mlp_course.master_sha256``). An equal digest means that nothing has to run again; where only
    text has changed, in the master or in the glossary, the new text is stored beside the old
    outputs. A change in the package does not alter the digest, ``force``
    is for that case.

    Args:
        lesson: the lesson to build.
        force: execute even if the master has not changed.

    Returns:
        True if the notebook was executed, False if it was up to date.

    Raises:
        RuntimeError: if a cell fails; the old notebook then stays as it was.
    """
    notebook = read_lesson(lesson.master)
    digest = notebook.metadata["mlp_course"]["master_sha256"]
    if not force and stored_digest(lesson.notebook) == digest:
        return False
    if not force and _takes_outputs_over(notebook, lesson.notebook):
        write_notebook(notebook, lesson.notebook)
        return False
    lesson.notebook.parent.mkdir(parents=True, exist_ok=True)
    widgets = execute(notebook, lesson.notebook.parent, name=lesson.name)
    clean_outputs(notebook, widgets, lesson.notebook.parent.parent)
    write_notebook(notebook, lesson.notebook)
    return True


def _takes_outputs_over(notebook: NotebookNode, path: Path) -> bool:
    """Fill a notebook with the stored outputs if all code cells and their tags are the same."""
    import nbformat

    if not path.exists():
        return False
    stored = nbformat.read(path, as_version=4)
    old, new = (
        [cell for cell in book.cells if cell.cell_type == "code"] for book in (stored, notebook)
    )
    if [(c.source, c.metadata.get("tags")) for c in old] != [
        (c.source, c.metadata.get("tags")) for c in new
    ]:
        return False
    for before, after in zip(old, new, strict=True):
        after.outputs, after.execution_count = before.outputs, before.execution_count
    return True


def stored_digest(path: Path) -> str | None:
    """Return the master's digest that a built notebook carries; None if there is none."""
    import nbformat

    if not path.exists():
        return None
    metadata = nbformat.read(path, as_version=4).metadata
    return metadata.get("mlp_course", {}).get("master_sha256")


def execute(notebook: NotebookNode, folder: Path, *, name: str) -> WidgetState:
    """Run all cells of a notebook in a fresh kernel; the outputs are written into it.

    Args:
        notebook: the notebook to run.
        folder: working directory of the kernel.
        name: name of the lesson, for messages.

    Returns:
        State of every widget at the end of the run, by model id.

    Raises:
        RuntimeError: if a cell raises, dies or takes longer than the time limit.
    """
    client, failures = _client(notebook, folder)
    metadata = notebook.metadata.copy()
    with TemporaryDirectory() as own:  # a page shows nobody's progress, and makes none
        env = {**os.environ, **ONE_THREAD, "MLP_COURSE_PROGRESS": f"{own}/progress.json"}
        env.pop("COLUMNS", None)  # tables must not depend on the width of a terminal
        try:
            client.execute(env=env)
        except failures as error:
            raise RuntimeError(f"{name}, {_failing_cell(notebook)}: {error}") from error
    notebook.metadata = metadata  # without the widget state and Python's patch version
    return client.widget_state


def _client(notebook: NotebookNode, folder: Path) -> tuple[Any, tuple[type[Exception], ...]]:
    """Return a client that can run a notebook and the errors that a run may end with."""
    from nbclient import NotebookClient
    from nbclient import exceptions as nb

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    return client, (nb.CellExecutionError, nb.CellTimeoutError, nb.DeadKernelError)


def _failing_cell(notebook: NotebookNode) -> str:
    """Return "cell 7" for the last cell that started; the count begins at 1."""
    started = [
        index
        for index, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and (cell.execution_count or cell.outputs)
    ]
    return f"cell {started[-1] if started else 1}"


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook in one step, so that an interrupted build leaves the old one."""
    import nbformat

    from mlp_course.data.whole_files import write_whole

    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    nbformat.validate(notebook)
    text = nbformat.writes(notebook, version=4)
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))
