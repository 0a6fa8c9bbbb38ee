"""A calculator of another environment: a script there answers, line by line."""

import json
import subprocess
from collections.abc import Sequence
from types import TracebackType

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes


class ServedCalculator(Calculator):
    """Ask a running program for energy (eV) and forces (eV/Å), one line of JSON each way.

    Use it in a ``with`` block, at whose end the program is told to stop.

    Args:
        command: starts the program; it reads lines with "numbers" and "positions" (Å) and writes
            lines with "energy" and "forces".
        cwd: folder to start it in.
    """

    implemented_properties = ["energy", "forces"]

    def __init__(self, command: Sequence[str], cwd: str | None = None):
        super().__init__()
        pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        self.program = subprocess.Popen(list(map(str, command)), cwd=cwd, **pipes)

    def __enter__(self) -> "ServedCalculator":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.program.stdin.close()
        self.program.stdout.close()
        self.program.wait(timeout=30)

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Send one structure and wait for the answer."""
        super().calculate(atoms, properties, system_changes)
        question = dict(
            numbers=self.atoms.numbers.tolist(), positions=self.atoms.positions.tolist()
        )
        self.program.stdin.write(json.dumps(question) + "\n")
        self.program.stdin.flush()
        answer = self.program.stdout.readline()
        if not answer:
            raise RuntimeError(f"the program ended with {self.program.wait()}; see its messages")
        self.results = json.loads(answer)
        self.results["forces"] = np.array(self.results["forces"], dtype=float)
