"""The acceptance report judges a calculator that lives in another environment: mace-torch."""

import numpy as np
import pytest

from benchmarks.peers.exchange import PYTHON, SCRIPTS
from benchmarks.peers.served import ServedCalculator
from mlp_course.validation import Effort, accept

pytestmark = pytest.mark.peers

QUICK = Effort(frames_per_set=3, n_runs=1, run_time=0.01, nve_time=0.03, time_reference=False)


@pytest.fixture
def mace(tmp_path):
    """An untrained model of mace-torch behind a pipe."""
    if not PYTHON.exists():
        raise FileNotFoundError(
            "the environment of the other packages is missing: run `make peers`"
        )
    given = tmp_path / "given.npz"
    np.savez(
        given, species=[1, 6, 8], references=np.zeros(3), cutoff=5.0, n_features=4, l_max=2,
        l_hidden=1, correlation=2, n_layers=2, n_rbf=8, p=6, hidden=[16, 16], seed=0, n_mean=7.0,
        scale=0.1,
    )  # fmt: skip
    with ServedCalculator([PYTHON, SCRIPTS / "mace_serve.py", given]) as calculator:
        yield calculator


def test_untrained_mace_keeps_the_symmetries_and_misses_every_target(mace):
    """Built right, knows nothing: the physical checks hold, the errors do not."""
    report = accept(mace, system="ethanol", effort=QUICK, align_energies=True)
    verdicts = report.table()["verdict"]
    assert verdicts["physical checks failed"] == "pass"
    assert verdicts["force MAE"] == "fail"
    assert not report.accepted
    assert report.provenance["model"]["calculator"] == "ServedCalculator"
