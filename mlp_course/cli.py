"""The command line of the course: ``mlp-course doctor``, ``mlp-course notebooks`` and so on."""

import argparse
import sys
from collections.abc import Sequence

from mlp_course import (
    __version__,
    accept_command,
    doctor,
    grading,
    notebooks,
    progress_command,
    website,
)


def build_parser() -> argparse.ArgumentParser:
    """Collect the commands of all modules that have some."""
    parser = argparse.ArgumentParser(prog="mlp-course", description="Tools of the course.")
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (doctor, notebooks, progress_command, grading, accept_command, website):
        module.add_commands(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: the words after ``mlp-course``; None takes them from the shell.

    Returns:
        Exit status: 0 when all is well, 1 when the command found something wrong.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a letter the screen does not know stops no command
            stream.reconfigure(errors="backslashreplace")
    options = build_parser().parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
