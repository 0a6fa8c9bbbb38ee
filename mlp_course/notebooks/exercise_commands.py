"""The commands ``mlp-course exercises build | check | table``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def add_exercise_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command ``exercises`` with its three parts to a command line."""
    parser = subparsers.add_parser("exercises", help="build or check the exercise books")
    parts = parser.add_subparsers(dest="part", required=True)
    build = parts.add_parser("build", help="exercises/ and solutions/ from lessons/exercises/")
    build.add_argument("--force", action="store_true", help="execute unchanged solutions too")
    build.set_defaults(run=_build)
    check = parts.add_parser("check", help="compare both with their masters")
    check.set_defaults(run=_check)
    table = parts.add_parser("table", help="try the checks on wrong answers; write the table")
    table.set_defaults(run=_table)
    for part in (build, check, table):
        part.add_argument("--book", help="beginning of a book's name, such as 06")
        part.add_argument("--root", type=Path, default=PROJECT, help="project folder")


def _build(args: argparse.Namespace) -> int:
    """Build the chosen books; go on after one that fails, and end with 1."""
    from mlp_course.notebooks.exercise_books import build_book
    from mlp_course.notebooks.exercise_masters import find_books

    failed = 0
    for book in find_books(args.root, args.book):
        start = time.perf_counter()
        try:
            ran = build_book(book, force=args.force)
        except (RuntimeError, ValueError) as error:
            print(f"{book.name}: FAILED\n{error}", file=sys.stderr)
            failed += 1
            continue
        seconds = time.perf_counter() - start
        print(f"{book.name}: " + (f"solved in {seconds:.0f} s" if ran else "unchanged"))
    return min(failed, 1)


def _check(args: argparse.Namespace) -> int:
    """Print every problem; end with 1 if there is one."""
    from mlp_course.notebooks.exercise_books import check_books

    problems = check_books(args.root, args.book)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"exercise books checked, {len(problems)} problems")
    return min(len(problems), 1)


def _table(args: argparse.Namespace) -> int:
    """Try the checks and write what came out; end with 1 if one does not do what it should."""
    from mlp_course.notebooks.exercise_masters import find_books
    from mlp_course.notebooks.mutations import mutate, write_mutations

    found = [mutation for book in find_books(args.root, args.book) for mutation in mutate(book)]
    problems = [problem for mutation in found if (problem := mutation.problem)]
    for problem in problems:
        print(problem, file=sys.stderr)
    write_mutations(found, args.root / "docs" / "exercise_checks.md")
    print(f"{len(found)} answers marked, {len(problems)} problems; table written")
    return min(len(problems), 1)
