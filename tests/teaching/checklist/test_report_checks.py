"""An acceptance report ticks what its numbers show, and nothing by being there."""

import json

import pytest

from mlp_course.simulation import Drift
from mlp_course.teaching.checklist import Evidence, machine_checks
from mlp_course.validation import Effort, accept


def verdicts(*reports, **evidence):
    """Ticks by item."""
    table = machine_checks(Evidence(reports=reports, **evidence))
    return dict(zip(table["item"], table["ticked"], strict=True))


def reason(item, *reports, **evidence):
    """Why an item is ticked or not."""
    table = machine_checks(Evidence(reports=reports, **evidence)).set_index("item")
    return table.loc[item, "why"]


def test_a_good_report_ticks_errors_correlation_extrapolation_and_properties(report):
    """All numbers within their limits: four items."""
    assert verdicts(report()) == {"p09": "yes", "p10": "yes", "p11": "yes", "p12": "yes"}


@pytest.mark.parametrize(
    ("row", "value", "item", "words"),
    [
        ("force_MAE", 151.0, "p09", "force MAE is 151 meV/Å (below 150 demanded)"),
        ("energy_MAE", 5.1, "p09", "energy MAE is 5.1 meV/atom (below 5 demanded)"),
        ("energy_R²", 0.98, "p10", "energy R² is 0.98 (at least 0.99 demanded)"),
        ("rattled", 2308.0, "p11", "force MAE, rattled 0.1 Å is 2308 meV/Å (below 150 demanded)"),
        ("normal_modes,_MAE", 21.0, "p12", "not normal modes, MAE: 21 cm⁻¹ (limit < 20)"),
    ],
)
def test_one_number_beyond_its_limit_takes_the_tick_away(report, row, value, item, words):
    """The item flips with its number alone; the reason says number, unit and limit."""
    changed = report(**{row: value})
    assert {name for name, tick in verdicts(changed).items() if tick == "no"} == {item}
    assert words in reason(item, changed)


def test_a_number_that_is_missing_is_no_success(report):
    """A row without a value misses its limit."""
    assert verdicts(report(force_MAE=None))["p09"] == "no"


def test_a_drift_beyond_a_tenth_of_a_mev_takes_the_tick_away(report):
    """0.1 meV/atom/ps heat by 0.4 K in a picosecond; an own run counts more than the report."""
    values = dict(standard_error=0.001, two_point=0.0, two_point_per_step=0.0, noise=1.0)
    values |= dict(duration=10.0, n_atoms=9, n_blocks=10)
    assert verdicts(report(), drift=Drift(slope=-0.2, **values))["p12"] == "no"
    leaking = report(**{"energy_drift_(NVE)": -0.2})
    assert verdicts(leaking)["p12"] == "no"
    assert verdicts(leaking, drift=Drift(slope=0.01, **values))["p12"] == "yes"


def test_the_word_pass_is_not_believed(report):
    """A report whose verdicts were edited says what its numbers say."""
    edited = report(rattled=2308.0)
    assert {row["verdict"] for row in edited["criteria"]} == {"pass"}
    assert verdicts(edited)["p11"] == "no"


def test_a_raised_limit_is_not_believed(report):
    """Errors are held against the course's limits, not those in the file."""
    edited = report(force_MAE=900.0)
    for row in edited["criteria"]:
        row["limit"] = row["limit"].replace("< 150", "< 1000")
    assert verdicts(edited)["p09"] == "no"


def test_a_demand_that_failed_before_may_not_be_left_out(report):
    """The same model, judged again without its worst frames."""
    assert "was left out" in reason("p11", report(rattled=2308.0), report())
    assert verdicts(report(rattled=2308.0), report(fingerprint="another"))["p11"] == "yes"


def test_few_frames_and_the_reference_itself_are_no_test(report):
    """Three frames say little; errors of exactly zero mean that a method was judged by itself."""
    few = report()
    few["provenance"]["frames"]["300 K"] = 3
    assert reason("p09", few) == "a set has 3 frames (at least 10 demanded)"
    assert "against itself" in reason("p10", report(force_MAE=0.0))


def test_a_repair_is_a_row_that_failed_and_passes_and_nothing_that_broke(report):
    """Both halves are needed."""
    failed, passed = report(rattled=2308.0), report(rattled=120.0, fingerprint="new")
    assert verdicts(failed, passed)["p13"] == "yes"
    assert verdicts(passed, failed)["p13"] == "no"
    broke = report(rattled=120.0, fingerprint="new", **{"normal_modes,_MAE": 25.0})
    assert reason("p13", failed, broke).endswith("but now fails: normal modes, MAE")


def test_a_repair_is_not_done_by_dropping_rows(report):
    """A row that is no longer there counts as failed."""
    failed, passed = report(rattled=2308.0), report(rattled=120.0, fingerprint="new")
    passed["criteria"] = [row for row in passed["criteria"] if "normal modes" not in row["name"]]
    assert verdicts(failed, passed)["p13"] == "no"


def test_files_are_read_and_other_files_refused(report, tmp_path):
    """The JSON of accept ticks as the report does; an empty file ticks nothing."""
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report()), encoding="utf-8")
    assert verdicts(path)["p09"] == "yes"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="there are no criteria in it"):
        verdicts(path)
    with pytest.raises(ValueError, match="cannot be read"):
        verdicts(tmp_path / "missing.json")


@pytest.mark.slow
def test_a_real_report_of_a_calculator_against_itself_ticks_no_accuracy():
    """EMT judged by EMT has no errors: accept says accepted, the list does not."""
    from ase.calculators.emt import EMT

    quick = Effort(frames_per_set=10, n_runs=1, run_time=0.02, nve_time=0.1)
    found = accept(EMT(), system="copper", effort=quick)
    assert found.accepted
    assert set(verdicts(found).values()) == {"no"}


@pytest.mark.parametrize(
    "report",
    [
        {"criteria": [{"value": 1}]},
        {"criteria": [{"name": 3}]},
        {"criteria": [], "provenance": [1]},
        {"criteria": [], "provenance": {"frames": [1]}},
        {"criteria": [], "provenance": {"frames": {"test": "100"}}},
    ],
)
def test_rubbish_is_refused_with_the_rule(report):
    """A file that only looks like a report is named as such, not stumbled over."""
    with pytest.raises(ValueError, match="report must be one of accept"):
        verdicts(report)
