"""MACE, NequIP and DeePMD-kit train on our exports and run as ASE calculators: a few steps."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SCRIPT = PROJECT / "benchmarks" / "ecosystem" / "train.py"
ENVIRONMENTS = {"mace": ".venv-peers", "nequip": ".venv-peers", "deepmd": ".venv-deepmd"}

pytestmark = pytest.mark.peers


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_it_trains_on_our_export_and_predicts(name, tmp_path):
    """Two batches or 120 steps: energies and forces come back, with version and origin."""
    if not (PROJECT / ENVIRONMENTS[name] / "bin" / "python").exists():
        pytest.fail("the environment of the other packages is missing: run `make peers`")
    command = [
        sys.executable, SCRIPT, "--only", name, "--amount", "0.01", "--n-test", "5",
        "--work", tmp_path / "work", "--out", tmp_path,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / f"{name}.json").read_text())
    assert result["versions"][0].startswith(("mace-torch==", "nequip==", "deepmd-kit=="))
    assert 0 < result["force_mae_mev_per_angstrom"] < 20 * result["mean_force_mev_per_angstrom"]
