"""The command line of the course: ``mlp-course doctor``, ``mlp-course notebooks`` and so on."""

import argparse
import importlib
from collections.abc import Sequence

from mlp_course import __version__

COMMANDS = ("mlp_course.doctor", "mlp_course.notebooks")


def build_parser() -> argparse.ArgumentParser:
    """Collect the sub-commands of all modules in ``COMMANDS`` into one parser."""
    parser = argparse.ArgumentParser(prog="mlp-course", description="Tools of the course.")
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        importlib.import_module(name).add_commands(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: the words after ``mlp-course``; None takes them from the shell.

    Returns:
        0 when all is well, 1 when the command found something wrong.
    """
    options = build_parser().parse_args(arguments)
    return options.run(options) or 0
