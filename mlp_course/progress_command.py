"""The command ``mlp-course progress``: show, export, import and hand in what a learner has done.

It stands outside ``teaching`` so that the command line starts without loading anything heavy.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlp_course.teaching.progress import Progress, Summary

_UNWRITTEN = 1
_UNUSABLE = 2  # exit status of a wrong command line, too


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command ``progress`` to the command line."""
    parser = subparsers.add_parser(
        "progress",
        help="points, attempts and minutes of the exercises",
        description="Show your progress; export it before a Binder session ends, import it in the "
        "next one, write a page to hand in. Exit status: 0, 1 if a file cannot be "
        "written, or 2 if one cannot be used.",
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--export", type=Path, metavar="FILE.json", help="write a copy")
    action.add_argument(
        "--import",
        type=Path,
        metavar="FILE.json",
        dest="source",
        help="take in a copy: best points, latest judgements, nothing counted twice",
    )
    action.add_argument("--summary", type=Path, metavar="PAGE.html", help="write a page to hand in")
    action.add_argument(
        "--check", type=Path, metavar="PAGE.html", help="say whether such a page was edited"
    )
    action.add_argument("--json", action="store_true", help="print for machines")
    parser.add_argument("--name", default="", help="your name, for --summary")
    parser.add_argument(
        "--file", type=Path, help="the progress file; else MLP_COURSE_PROGRESS, else it is found"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    """Do what was asked; files that cannot be used end in one line."""
    try:
        print(_answer(options))
    except ValueError as error:
        return _refuse(str(error), _UNUSABLE)
    except OSError as error:
        why = error.strerror or str(error)
        if target := options.export or options.summary:
            cure = "name a file in a folder that you may write to, on a disk with room"
            return _refuse(f"{target} cannot be written: {why}: {cure}", _UNWRITTEN)
        source = options.source or options.check or error.filename
        return _refuse(f"{source} cannot be read: {why}: is this the file you mean?", _UNUSABLE)
    return 0


def _refuse(message: str, status: int) -> int:
    print(f"mlp-course progress: {message}", file=sys.stderr)
    return status


def _answer(options: argparse.Namespace) -> str:
    """What to print."""
    from mlp_course.teaching.exercises import catalogue
    from mlp_course.teaching.progress import (
        Progress,
        check_summary,
        export_progress,
        import_progress,
        summarise,
        write_summary,
    )

    if options.check is not None:
        return f"{options.check}: {check_summary(options.check)}"
    progress = Progress.open(options.file)
    if options.export is not None:
        return f"written: {export_progress(progress, options.export)}"
    if options.source is not None:
        return f"{options.source}: {import_progress(progress, options.source)}"
    if options.summary is not None:
        page = write_summary(options.summary, catalogue(), progress, name=options.name)
        return f"written: {page}"
    summary = summarise(progress, catalogue())
    return _as_json(progress, summary) if options.json else _as_text(progress, summary)


def _as_json(progress: Progress, summary: Summary) -> str:
    tables = {
        "books": summary.books.reset_index(),
        "topics": summary.topics.reset_index(),
        "questions": summary.questions,
    }
    fields = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
    sums = {"file": str(progress.path), "total": summary.total, "unknown": summary.unknown}
    return json.dumps(sums | fields, indent=2)


def _as_text(progress: Progress, summary: Summary) -> str:
    """Tables per lesson and per topic, and what has no points."""
    from mlp_course.teaching.progress.bars import topics_add_something
    from mlp_course.teaching.progress.panel import other_lines

    total = summary.total
    parts = [f"Progress in {progress.path}", "", summary.books.round(1).to_string()]
    if topics_add_something(summary):
        parts += ["", summary.topics.round(1).to_string()]
    parts += ["", f"{total['points']:.3g} of {total['possible']:.3g} points checked, "]
    parts[-1] += f"{total['judged']:.3g} of {total['judgeable']:.3g} by your own judgement, "
    parts[-1] += f"{total['minutes']:.0f} minutes"
    return "\n".join([*parts, *other_lines(progress.record(), summary)])
