"""Other packages' answers: a script runs in their environment and exchanges files with the test."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

PROJECT = Path(__file__).parents[2]
PYTHON = PROJECT / ".venv-peers" / "bin" / "python"
SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture
def peer(tmp_path):
    """Run a script of ``scripts/`` on named arrays and return the arrays that it wrote."""

    def call(script, **arrays):
        if not PYTHON.exists():
            pytest.fail("the environment of the other packages is missing: run `make peers`")
        given, written = tmp_path / "given.npz", tmp_path / "written.npz"
        np.savez(given, **arrays)
        command = [PYTHON, SCRIPTS / f"{script}.py", given, written]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        with np.load(written) as results:
            return dict(results)

    return call


def as_arrays(atoms):
    """A structure as arrays."""
    return dict(
        numbers=atoms.numbers, positions=atoms.positions, cell=atoms.cell.array, pbc=atoms.pbc
    )


def given_weights(arrays):
    """The weights that a script wrote, as a dictionary of tensors."""
    return {
        name.removeprefix("weight:"): torch.tensor(value)
        for name, value in arrays.items()
        if name.startswith("weight:")
    }
