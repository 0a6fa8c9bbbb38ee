"""A process of the other packages that times on demand, so that two sides can take turns."""

import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from peers.exchange import PYTHON, SCRIPTS


class Peers:
    """Start a script in .venv-peers; it answers each line with a number.

    Args:
        script: in ``peers/scripts/``.
        folder: handed to the script, for the files it needs.
    """

    def __init__(self, script: str, folder: Path):
        if not PYTHON.exists():
            sys.exit("the environment of the other packages is missing: run `make peers`")
        self.process = subprocess.Popen(
            [PYTHON, SCRIPTS / script, folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def ask(self, *words: object) -> float:
        """Send words, wait for the number."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("the process of the other packages has ended, see above")
        return float(answer)

    def __enter__(self) -> "Peers":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait()


def in_turns(*sides: Callable[[], float], rounds: int) -> list[list[float]]:
    """Times of each side; they take turns, and a first round that warms up is thrown away."""
    times = [[side() for side in sides] for _ in range(rounds + 1)][1:]
    return [list(column) for column in zip(*times, strict=True)]


def median_ratio(above: list[float], below: list[float]) -> float:
    """Median over the rounds of the ratio within a round."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))
