"""SchNetPack loads under the pinned torch, through one door."""

import logging
import subprocess
import sys

import pytest
from torch.utils.data import dataloader

from mlp_course.models.schnetpack_compat import load_schnetpack, put_type_variable_back


def import_in_fresh_python(code):
    """Run code in a new interpreter, where nobody has repaired torch yet."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False
    )


def test_schnetpack_brings_the_two_networks_of_the_course():
    """Behind the door stand the real SchNet and PaiNN."""
    representation = load_schnetpack().representation
    assert representation.SchNet.__module__.startswith("schnetpack.")
    assert representation.PaiNN.__module__.startswith("schnetpack.")


@pytest.mark.slow
def test_repair_is_still_needed():
    """A bare import fails for exactly the reason that this module cures."""
    result = import_in_fresh_python("import schnetpack")
    assert result.returncode != 0, (
        "SchNetPack imports without help now: delete the repair in "
        "mlp_course/models/schnetpack_compat.py and this test."
    )
    assert "cannot import name 'T_co'" in result.stderr


def test_an_existing_name_is_left_alone(monkeypatch):
    """Where torch still has T_co, the repair changes nothing."""
    original = object()
    monkeypatch.setattr(dataloader, "T_co", original, raising=False)
    put_type_variable_back()
    assert dataloader.T_co is original


def test_other_programs_logs_stay_as_they_were():
    """SchNetPack's import sets the root logger to INFO; through our door it stays at WARNING."""
    code = (
        "import logging; from mlp_course.models.schnetpack_compat import load_schnetpack\n"
        "load_schnetpack(); log = logging.getLogger(); print(log.level, log.handlers)"
    )
    run = import_in_fresh_python(code)
    assert run.stdout.split("\n")[-2] == f"{logging.WARNING} []"
