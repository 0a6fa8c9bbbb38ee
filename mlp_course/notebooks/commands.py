"""``mlp-course notebooks build | check | measure | links | slides``, and those of exercises."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from mlp_course.notebooks.build import build_notebook
from mlp_course.notebooks.check import check_notebooks
from mlp_course.notebooks.exercise_commands import add_exercise_commands
from mlp_course.notebooks.home_commands import add_home_commands
from mlp_course.notebooks.masters import Lesson, find_lessons
from mlp_course.notebooks.measure import measure_notebook, write_table

PROJECT = Path(__file__).resolve().parents[2]


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the commands ``notebooks`` and ``exercises`` to a command line.

    Args:
        subparsers: what ``ArgumentParser.add_subparsers()`` returned. The chosen part is left
            in ``args.run``, a function that takes ``args`` and returns the exit status.
    """
    add_exercise_commands(subparsers)
    parser = subparsers.add_parser("notebooks", help="build, check, measure or show the notebooks")
    parts = parser.add_subparsers(dest="part", required=True)
    build = parts.add_parser("build", help="execute the masters that have changed")
    build.add_argument("--force", action="store_true", help="execute unchanged masters too")
    build.set_defaults(run=_build)
    check = parts.add_parser("check", help="compare the notebooks with their masters")
    check.set_defaults(run=_check)
    measure = parts.add_parser("measure", help="time and memory of each lesson, into a table")
    measure.set_defaults(run=_measure)
    for part in (build, check, measure):
        part.add_argument("--lesson", help="beginning of a lesson's name, such as 09")
        part.add_argument("--root", type=Path, default=PROJECT, help="project folder")
    add_home_commands(parts, PROJECT)


def _build(args: argparse.Namespace) -> int:
    """Build what has changed; go on after a lesson that fails, and end with 1."""
    failed = 0
    for lesson in _lessons(args):
        start, before = time.perf_counter(), _stored(lesson)
        try:
            ran = build_notebook(lesson, force=args.force)
        except RuntimeError as error:
            print(f"{lesson.name}: FAILED\n{error}", file=sys.stderr)
            failed += 1
            continue
        seconds = time.perf_counter() - start
        renewed = "unchanged" if _stored(lesson) == before else "text renewed, nothing executed"
        print(f"{lesson.name}: " + (f"executed in {seconds:.0f} s" if ran else renewed))
    return min(failed, 1)


def _stored(lesson: Lesson) -> bytes:
    """Return the stored notebook; empty if there is none."""
    return lesson.notebook.read_bytes() if lesson.notebook.exists() else b""


def _check(args: argparse.Namespace) -> int:
    """Print every problem; end with 1 if there is one."""
    lessons = _lessons(args)
    problems = check_notebooks(args.root, args.lesson)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(lessons)} lessons checked, {len(problems)} problems")
    return min(len(problems), 1)


def _measure(args: argparse.Namespace) -> int:
    """Measure the chosen lessons and renew their rows; end with 1 if one needs too much."""
    results = []
    for lesson in _lessons(args):
        results.append(measure_notebook(lesson))
        print(f"{lesson.name}: {results[-1].seconds:.0f} s, {results[-1].peak_mb:.0f} MB")
        write_table(results, find_lessons(args.root), args.root / "notebooks" / "README.md")
    return 0 if all(result.fits for result in results) else 1


def _lessons(args: argparse.Namespace) -> list:
    """Return the chosen lessons; end the program with a sentence if there is none."""
    try:
        lessons = find_lessons(args.root, args.lesson)
    except ValueError as error:
        raise SystemExit(f"mlp-course notebooks: {error}") from error
    if not lessons:
        raise SystemExit(
            f"mlp-course notebooks: no lessons in {args.root}; name the project folder"
        )
    return lessons
