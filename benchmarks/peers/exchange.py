"""Hand arrays to a script that runs in the environment of the other packages; take its answer."""

import subprocess
from pathlib import Path

import numpy as np
import torch
from ase import Atoms

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = PROJECT / ".venv-peers" / "bin" / "python"
SCRIPTS = Path(__file__).resolve().parent / "scripts"


def call(folder: Path, script: str, /, **arrays: object) -> dict[str, np.ndarray]:
    """Run a script of ``scripts/`` on named arrays.

    Args:
        folder: for the two files.
        script: its name without suffix.
        arrays: what it reads.

    Returns:
        The arrays that it wrote.

    Raises:
        FileNotFoundError: if there is no environment.
        RuntimeError: if the script fails, with what it said.
    """
    if not PYTHON.exists():
        raise FileNotFoundError(
            "the environment of the other packages is missing: run `make peers`"
        )
    given, written = folder / "given.npz", folder / "written.npz"
    np.savez(given, **arrays)
    command = [PYTHON, SCRIPTS / f"{script}.py", given, written]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{script}.py ended with {done.returncode}:\n{done.stderr}")
    with np.load(written) as results:
        return dict(results)


def as_arrays(atoms: Atoms) -> dict[str, np.ndarray]:
    """A structure as arrays."""
    return dict(
        numbers=atoms.numbers, positions=atoms.positions, cell=atoms.cell.array, pbc=atoms.pbc
    )


def given_weights(arrays: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """The weights that a script wrote, as tensors by name."""
    return {
        name.removeprefix("weight:"): torch.tensor(value)
        for name, value in arrays.items()
        if name.startswith("weight:")
    }
