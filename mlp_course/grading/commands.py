"""The command ``mlp-course grade SUBMISSIONS OUT``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command ``grade`` to the command line."""
    parser = subparsers.add_parser(
        "grade",
        help="grade a folder of exercise books that were handed in",
        description="Grade a folder of exercise books, each in a process of its own with limits. "
        "Exit status: 0 if all files could be graded, 1 if some have notes, 2 for a wrong folder.",
    )
    parser.add_argument("submissions", type=Path, help="folder with notebooks")
    parser.add_argument("out", type=Path, help="CSV file to write")
    parser.add_argument("--jobs", type=int, default=2, help="how many run at once (2)")
    parser.add_argument("--seconds", type=float, default=120, help="time limit of each (120)")
    parser.add_argument("--memory", type=float, default=2000, help="memory limit in MB (2000)")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    """Grade and print what an instructor should look at."""
    from mlp_course.grading.folder import grade_folder
    from mlp_course.grading.sandbox import Limits, can_isolate

    if not can_isolate():
        print(
            "bubblewrap does not work here: submissions run with limits on time, memory, disk and "
            "output, but they can read and delete what you can. Use an account or a container of "
            "their own, or install bubblewrap.",
            file=sys.stderr,
        )
    try:
        limits = Limits(seconds=options.seconds, memory_mb=options.memory)
        graded = grade_folder(options.submissions, options.out, jobs=options.jobs, limits=limits)
    except (ValueError, OSError) as error:
        print(f"mlp-course grade: {error}", file=sys.stderr)
        return 2
    noted = [one for one in graded if one.notes]
    for one in noted:
        print(f"{one.file!r}: {one.total:g} points; {'; '.join(one.notes)}")
    print(f"{len(graded)} files, {len(noted)} with notes; table: {options.out}")
    return 1 if noted else 0
