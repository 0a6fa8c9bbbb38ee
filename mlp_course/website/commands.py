"""``mlp-course site build``: the course as a website."""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
#: Modules of the extra ``site``.
NEEDED = ("sphinx", "myst_nb", "sphinx_book_theme", "sphinx-mathjax-offline")


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command ``site`` to a command line.

    Args:
        subparsers: what ``ArgumentParser.add_subparsers()`` returned.
    """
    parser = subparsers.add_parser("site", help="build the course as a website")
    parts = parser.add_subparsers(dest="part", required=True)
    build = parts.add_parser("build", help="from the executed notebooks, docs and docstrings")
    build.add_argument("--out", type=Path, help="folder for the site (default: site)")
    build.add_argument("--work", type=Path, help="folder for sources (default: build/site)")
    build.add_argument("--root", type=Path, default=PROJECT, help="project folder")
    build.set_defaults(run=_build)


def _build(args: argparse.Namespace) -> int:
    """Build the site; end with 1 if something is wrong with it."""
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        cure = 'pip install -c constraints.txt -e ".[site]"'
        print(f"Not installed: {', '.join(missing)}. To build the site: {cure}", file=sys.stderr)
        return 1
    from mlp_course.website.build import build_site

    root = args.root.resolve()
    out = (args.out or root / "site").resolve()
    try:
        problems = build_site(root, out, (args.work or root / "build" / "site").resolve())
    except shutil.Error as error:  # one entry for each file that could not be copied
        problems = [f"The site was not built: {error.args[0][0][2]}"]
    except (OSError, ValueError) as error:
        problems = [f"The site was not built: {error}"]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        pages = len(list(out.rglob("*.html")))
        size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6
        print(f"{out}: {pages} pages, {size:.0f} MB. Molecules and search need a server:")
        print(f'  python -m http.server -d "{out}"')
        print("then open http://localhost:8000")
    return min(len(problems), 1)
