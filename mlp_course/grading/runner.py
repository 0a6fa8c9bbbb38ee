"""Inside the sandbox: run one submission cell by cell and write the points of each question.

It is a program of its own, ``python -m mlp_course.grading.runner NOTEBOOK RESULT``. Each question
is marked where the notebook checks it, so that a cell that hangs costs only what comes after it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlp_course.grading.submission import CHECK, Submission, read_submission

MEMORY_MB = "MLP_COURSE_GRADING_MEMORY_MB"
MAX_NOTE = 300  # characters of an error message


def main(notebook: Path, result: Path) -> None:
    """Run a submission.

    Args:
        notebook: the file that was handed in.
        result: file to which one line of JSON is added for each event.
    """
    _limit_memory(float(os.environ[MEMORY_MB]))
    submission = read_submission(notebook)
    with result.open("a", encoding="utf-8") as file:

        def write(**event: Any) -> None:
            file.write(json.dumps(event) + "\n")
            file.flush()

        run_cells(submission, write)
        write(event="end")


def run_cells(submission: Submission, write: Callable[..., None]) -> None:
    """Run the cells of a submission in one IPython shell and mark its questions.

    Args:
        submission: what was handed in.
        write: takes the events: points of a question, or the error of a cell.
    """
    from mlp_course.teaching.exercises import all_questions

    questions = {q.name: q for q in all_questions() if q.book == submission.book}
    shell = _shell()
    write(event="begin")
    for number, cell in enumerate(submission.cells, start=1):
        found = CHECK.match(cell)
        if found and found.group(1) in questions:
            write(**_mark(questions.pop(found.group(1)), shell.user_ns, number))
            continue
        ran = shell.run_cell(cell, store_history=False, silent=False)
        error = ran.error_before_exec or ran.error_in_exec
        if error is not None:
            write(event="error", cell=number, error=_named(error))
    for question in questions.values():  # the check was deleted; the answer may be there
        write(**_mark(question, shell.user_ns, "at the end"))


def _mark(question: Any, space: dict[str, Any], cell: int | str) -> dict[str, Any]:
    """Return the event of one question: its points, or that its answer broke the check."""
    try:
        marks = question.check(*(space.get(name) for name in question.answers))
    except BaseException as error:  # an answer may raise anything; the next one is marked still
        return dict(event="error", cell=cell, error=f"{question.name}: {_named(error)}")
    return dict(
        event="points", question=question.name, points=marks.points, possible=marks.possible
    )


def _named(error: BaseException) -> str:
    """Name an error, even if its message cannot be made."""
    try:
        return f"{type(error).__name__}: {error}"[:MAX_NOTE]
    except BaseException:
        return type(error).__name__[:MAX_NOTE]


def _limit_memory(memory_mb: float) -> None:
    """Let the system refuse memory beyond a limit; on Windows only the watch outside sees it."""
    try:
        import resource
    except ImportError:
        return
    size = int(memory_mb * 1e6)
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _shell() -> Any:
    """Return an IPython shell that keeps no history and draws into memory."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    shell.showtraceback = lambda *args, **kwargs: None  # errors are written as events
    return shell


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
