"""A folder of submissions: each file is graded for itself, the table written as it grows."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tqdm import tqdm

from mlp_course.grading.sandbox import PROJECT, RESULT, Limits, can_isolate, run_limited
from mlp_course.grading.submission import Graded, Refused, read_submission

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute a name that begins so
MAX_RESULT = 1_000_000  # characters that are read of what the runner wrote
LEFT_ALONE = {".OTTER_LOG", "__pycache__", ".ipynb_checkpoints"}


def grade_folder(
    submissions: Path, out: Path, *, jobs: int = 2, limits: Limits | None = None
) -> list[Graded]:
    """Grade all notebooks in a folder and write a table.

    Args:
        submissions: folder with notebooks, also in folders inside it.
        out: CSV file: one row for each file, points of each question, notes.
        jobs: submissions that run at once, each on one thread.
        limits: what each of them may use; None for the defaults of ``Limits``.

    Returns:
        What came of each file, in the order of their names. A notebook that hangs, crashes or is
        none costs only its own points.

    Raises:
        ValueError: if the folder does not exist, holds the course itself, or has no files, if
            there is no folder for the table, or ``jobs`` is below 1.
    """
    submissions, out = submissions.resolve(), out.resolve()
    if jobs < 1:
        raise ValueError(f"jobs must be 1 or more submissions at once; got {jobs}")
    if not out.parent.is_dir() or out.is_dir():
        raise ValueError(f"OUT must be a file in a folder that exists; got {out}")
    files = _files(submissions, out)
    results: dict[Path, Graded] = {}
    with ThreadPoolExecutor(jobs) as pool:
        tasks = {
            pool.submit(grade_file, path, submissions, limits or Limits()): path for path in files
        }
        for task in tqdm(as_completed(tasks), total=len(files), desc="graded", disable=None):
            results[tasks[task]] = task.result()
            _write(results, out)
    return [results[path] for path in files]


def grade_file(path: Path, submissions: Path, limits: Limits) -> Graded:
    """Grade one file; whatever it does, this returns.

    Args:
        path: the file.
        submissions: the folder of all files, hidden from this one where the system allows it.
        limits: what it may use.
    """
    graded = Graded(_written(path.relative_to(submissions).as_posix()))
    start = time.perf_counter()
    try:
        submission = read_submission(path)
        graded.book, graded.possible = submission.book, _possible(submission.book)
    except (Refused, OSError) as error:
        graded.notes.append(str(error))
        return graded
    book = PROJECT / "exercises" / f"{submission.book}.ipynb"
    if words := submission.suspicious(read_submission(book) if book.exists() else None):
        graded.notes.append(f"look at it: it contains {', '.join(words)}")
    with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as folder:
        stopped, events = _run(path, Path(folder), submissions, limits)
    for event in events:
        _take(event, graded)
        if event.get("event") == "end":  # the runner writes nothing after it
            break
    if events and events[-1].get("event") != "end" and not stopped:
        graded.notes.append("look at it: its result does not close with its end")
    if stopped or not any(event.get("event") == "end" for event in events):
        graded.notes.append(stopped or "it ended before its last cell")
    graded.seconds = time.perf_counter() - start
    return graded


def _run(path: Path, folder: Path, submissions: Path, limits: Limits) -> tuple[str, list[dict]]:
    """Run one notebook in a folder of its own; return why it was stopped, and its events."""
    notebook, result = folder / "submission.ipynb", folder / RESULT
    shutil.copyfile(path, notebook)
    hidden = [submissions, PROJECT / "solutions", PROJECT / "lessons" / "exercises"]
    command = [sys.executable, "-m", "mlp_course.grading.runner", str(notebook), str(result)]
    stopped = run_limited(command, folder, hidden, limits)
    return stopped, list(_events(result))


def _events(result: Path) -> Iterator[dict]:
    """Yield what the runner wrote; the last line may be cut off."""
    if result.is_symlink() or not result.is_file():
        return
    with result.open(encoding="utf-8", errors="replace") as file:
        for line in file.read(MAX_RESULT).splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                yield event


def _take(event: dict, graded: Graded) -> None:
    """Add one event to a result; points beyond what a question gives are not believed."""
    name = event.get("question")
    if event.get("event") == "points" and name in graded.possible:
        points = event.get("points")
        if not isinstance(points, int | float) or not 0 <= points <= graded.possible[name]:
            graded.notes.append(f"look at it: it claims {points!r} points for {name}"[:200])
            return
        if name in graded.points:  # the runner marks each question once
            graded.notes.append(f"look at it: points for {name} were written twice")
            points = min(points, graded.points[name])
        graded.points[name] = points
    elif event.get("event") == "error":
        text = _written(" ".join(str(event.get("error")).split()))[:300]
        graded.notes.append(f"cell {event.get('cell')}: {text}")


def _possible(book: str) -> dict[str, float]:
    """Return the points of each question of a book."""
    from mlp_course.teaching.exercises import all_questions

    possible = {asked.name: asked.possible for asked in all_questions() if asked.book == book}
    if not possible:
        raise Refused(f"names the exercise book {book!r}, which does not exist")
    return possible


def _files(submissions: Path, out: Path) -> list[Path]:
    """List what was handed in; refuse a folder that cannot be one."""
    if not submissions.is_dir():
        raise ValueError(f"SUBMISSIONS must be a folder of notebooks; {submissions} is none")
    if PROJECT.is_relative_to(submissions):
        raise ValueError(f"SUBMISSIONS must not hold the course itself; got {submissions}")
    found = sorted(path for path in submissions.rglob("*") if path.is_file() or path.is_symlink())
    files = [
        p
        for p in found
        if p not in (out, _part(out)) and not LEFT_ALONE & set(p.relative_to(submissions).parts)
    ]
    if not files:
        raise ValueError(f"SUBMISSIONS holds no files: {submissions}")
    return files


def _write(results: dict[Path, Graded], out: Path) -> None:
    """Write the table in one step, so that a broken-off run leaves the last one."""
    import pandas as pd  # here, because the command line starts without them

    from mlp_course.data.whole_files import write_whole

    rows = [_row(results[path]) for path in sorted(results)]
    write_whole(out, lambda part: pd.DataFrame(rows).to_csv(part, index=False))


def _part(out: Path) -> Path:
    """Name the table while it is written, as ``write_whole`` does."""
    return out.with_suffix(f".part{out.suffix}")


def _row(graded: Graded) -> dict[str, object]:
    """Return one row of the table."""
    row = dict(file=_harmless(graded.file), book=graded.book, points=graded.total)
    row |= dict(possible=sum(graded.possible.values()), seconds=round(graded.seconds, 1))
    row |= dict(notes=_harmless("; ".join(graded.notes)), isolated=can_isolate())
    return row | {name: graded.points.get(name, 0.0) for name in graded.possible}


def _written(text: str) -> str:
    r"""Return a text that can be written as UTF-8: half a character is spelt out.

    Example:
        >>> _written("b\udcff.ipynb")
        'b\\udcff.ipynb'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def _harmless(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula.

    Example:
        >>> _harmless("=1+1.ipynb")
        "'=1+1.ipynb"
    """
    return f"'{text}" if text.startswith(FORMULA) else text
