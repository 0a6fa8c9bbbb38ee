"""The commands ``mlp-course notebooks links | pages | slides``: the lessons in other places."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mlp_course.notebooks.launch import (
    check_address,
    launch_line,
    links_table,
    repository_address,
    write_links,
)
from mlp_course.notebooks.masters import find_lessons
from mlp_course.notebooks.pages import write_pages
from mlp_course.notebooks.slides import write_deck


def add_home_commands(parts: argparse._SubParsersAction, project: Path) -> None:
    """Add the parts ``links``, ``pages`` and ``slides`` to the command ``notebooks``.

    Args:
        parts: what ``ArgumentParser.add_subparsers()`` returned.
        project: default of ``--root``.
    """
    links = parts.add_parser("links", help="where each lesson opens on the web")
    links.add_argument("--repository", help="instead of the one in pyproject.toml")
    links.add_argument("--hub", help="address of a JupyterHub that has nbgitpuller")
    links.add_argument("--write", action="store_true", help="into README.md and docs/homes.md")
    links.set_defaults(run=_links)
    pages = parts.add_parser("pages", help="numbers and layers into README.md and docs/")
    pages.set_defaults(run=_pages)
    pages.add_argument("--root", type=Path, default=project, help="project folder")
    slides = parts.add_parser("slides", help="one page of slides for each lesson")
    slides.add_argument("--out", type=Path, help="folder for them (default: build/slides)")
    slides.set_defaults(run=_slides)
    for part in (links, slides):
        part.add_argument("--lesson", help="beginning of a lesson's name, such as 09")
        part.add_argument("--root", type=Path, default=project, help="project folder")


def _links(args: argparse.Namespace) -> int:
    """Print the table of links, or write it where its marks are."""
    try:
        given = args.repository
        repository = check_address(given) if given else repository_address(args.root)
        names = [lesson.name for lesson in find_lessons(args.root, args.lesson)]
        table = links_table(names, repository, args.hub)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if args.write:
        written = write_links(args.root, table, launch_line(repository))
        print("written:", ", ".join(written) or "no page has the marks")
    else:
        print(table)
    return 0


def _pages(args: argparse.Namespace) -> int:
    """Write what README.md and docs/architecture.md quote; name the pages that have changed."""
    try:
        print("changed:", ", ".join(write_pages(args.root)) or "nothing")
    except (ValueError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _slides(args: argparse.Namespace) -> int:
    """Write the slides of the chosen lessons; end with 1 if one has none."""
    folder = args.out or args.root / "build" / "slides"
    failed = 0
    try:
        lessons = find_lessons(args.root, args.lesson)
    except ValueError as error:
        raise SystemExit(f"mlp-course notebooks: {error}") from error
    for lesson in lessons:
        try:
            print(write_deck(lesson, folder))
        except (ValueError, FileNotFoundError) as error:
            print(error, file=sys.stderr)
            failed = 1
    return failed
