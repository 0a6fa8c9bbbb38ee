"""The stored measurement: complete, coherent, and what it says of active learning."""

import json

import numpy as np
import pytest

from mlp_course.active_learning import load_measurement
from mlp_course.active_learning.measurement import (
    MEASUREMENT_FOLDER,
    STRATEGIES,
    labels_to_reach,
)

REPEATS = 5


@pytest.fixture(scope="module")
def measurement():
    return load_measurement()


def test_a_power_law_is_read_exactly():
    """Errors that fall as 1/√N are straight in logarithms: the answer is exact."""
    sizes = np.array([10, 20, 40, 160, 640])
    errors = 1000 / np.sqrt(sizes)
    for target in (300.0, 100.0, 45.0):
        assert labels_to_reach(sizes, errors, target) == pytest.approx((1000 / target) ** 2)
    assert labels_to_reach(sizes, errors, 2000.0) == 10  # good enough from the start
    assert np.isnan(labels_to_reach(sizes, errors, 1.0))


def test_every_run_is_there(measurement):
    """Five repeats of three strategies on two molecules with xTB, one of each with PBE."""
    runs = measurement.curves.groupby(["molecule", "reference", "strategy"])["repeat"].nunique()
    for molecule in ("ethanol", "malonaldehyde"):
        for strategy in STRATEGIES:
            assert runs[molecule, "xtb", strategy] == REPEATS
    assert [runs["ethanol", "pbe", strategy] for strategy in STRATEGIES] == [1, 1, 1]


def test_all_strategies_begin_with_the_same_error(measurement):
    """The first 20 frames, and so the first error, are the same for all three."""
    first = measurement.curves.query("n_labels == 20")
    for _, own in first.groupby(["molecule", "reference", "repeat"]):
        assert len(own) == len(STRATEGIES)
        assert own["force_mae"].max() - own["force_mae"].min() < 1e-6  # meV/Å


def test_more_labels_are_better(measurement):
    """Every curve ends far below its beginning."""
    for _, curve in measurement.curves.groupby(["molecule", "reference", "strategy", "repeat"]):
        sizes, errors = curve["n_labels"].to_numpy(), curve["force_mae"].to_numpy()
        assert (np.diff(sizes) > 0).all()
        assert errors[-1] < 0.6 * errors[0]


def test_it_took_less_than_two_hours_of_two_cores(measurement):
    """The promise of the exercise: four core hours in all."""
    assert measurement.provenance["cpu_seconds"].sum() < 2 * 2 * 3600


def test_where_it_comes_from_is_written_down(measurement):
    """Script, commit, day and machine of every run."""
    origin = measurement.provenance
    assert (origin["script"] == "benchmarks/active_learning.py").all()
    assert not origin["commit"].str.endswith("-dirty").any()


def test_savings_are_a_ratio_of_labels(measurement):
    """The mean ratio lies between those of the repeats, and has an error bar."""
    target = 80.0  # meV/Å
    needed = measurement.labels_needed("ethanol", target)
    assert needed.shape == (REPEATS, len(STRATEGIES))
    ratio = needed["at_once"] / needed["active"]
    mean, error = measurement.savings("ethanol", target)
    assert ratio.min() <= mean <= ratio.max()
    assert 0 < error < 1


def test_refusals(tmp_path, measurement):
    """No results, foreign files and unknown molecules are told."""
    with pytest.raises(FileNotFoundError, match="no results in"):
        load_measurement(tmp_path)
    (tmp_path / "half.json").write_text('{"molecule": "ethanol"}')
    with pytest.raises(ValueError, match=r"half.json is no result of benchmarks"):
        load_measurement(tmp_path)
    with pytest.raises(ValueError, match="nothing was measured of aspirin"):
        measurement.labels_needed("aspirin", 50.0)


def test_a_result_names_its_settings():
    """Each file says with which settings it was made."""
    for path in MEASUREMENT_FOLDER.glob("*.json"):
        settings = json.loads(path.read_text())["settings"]
        assert settings["n_members"] >= 2
        assert settings["n_test"] >= 50, path.name
