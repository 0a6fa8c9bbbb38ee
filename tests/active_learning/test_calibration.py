"""Error bars are held against errors whose distribution is known."""

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from scipy.integrate import trapezoid
from scipy.stats import kstest, norm, wasserstein_distance

from mlp_course.active_learning import (
    EnsemblePrediction,
    Uncertainty,
    calibration_curve,
    energy_uncertainty,
    error_by_spread,
    find_threshold,
    force_uncertainty,
    miscalibration_area,
    rank_correlation,
    scale_factor,
    sharpness,
    worst_atom_uncertainty,
)
from mlp_course.data import load_embedded
from mlp_course.models import build_model, energy_error_bars
from mlp_course.training import fit
from mlp_course.validation import predict


def honest(n: int = 40_000, seed: int = 0) -> Uncertainty:
    """Normal errors exactly as wide as announced; the widths themselves differ a lot."""
    rng = np.random.default_rng(seed)
    spreads = rng.lognormal(-3, 0.7, n)
    return Uncertainty(spreads * rng.standard_normal(n), spreads, "eV/Å")


def test_honest_error_bars_have_no_miscalibration_area():
    """Normal errors as wide as announced: the curve is the diagonal, up to noise of 1/√n."""
    record = honest()
    assert miscalibration_area(record) < 0.005
    curve = calibration_curve(record)
    np.testing.assert_allclose(curve["observed"], curve["announced"], atol=0.01)
    assert scale_factor(record) == pytest.approx(1, abs=0.01)
    assert kstest(record.levels(), "uniform").pvalue > 0.01


@pytest.mark.parametrize("factor", [0.25, 0.5, 2.0, 4.0])
def test_bars_of_the_wrong_length_have_the_area_of_the_formula(factor):
    """Bars k times too long: A = |2/π arctan k − 1/2|, an integral done by hand."""
    area = abs(2 / np.pi * np.arctan(factor) - 0.5)
    assert miscalibration_area(honest().scaled(factor)) == pytest.approx(area, abs=0.005)


def test_short_bars_lie_below_the_diagonal():
    """Halved bars announce more than they hold: overconfident."""
    curve = calibration_curve(honest().scaled(0.5))
    assert (curve["observed"] < curve["announced"]).all()
    within = curve["observed"][curve["announced"].sub(0.68).abs().idxmin()]
    assert within == pytest.approx(2 * norm.cdf(0.5 * norm.ppf(0.84)) - 1, abs=0.01)


def test_the_area_is_the_integral_of_the_curve_and_a_distance_of_distributions():
    """Exact integral = fine trapezoid = Wasserstein distance of the levels to the uniform law."""
    record = honest(n=57, seed=3).scaled(1.7)
    curve = calibration_curve(record, n_levels=20_000)
    gap = np.abs(curve["observed"] - curve["announced"])
    area = miscalibration_area(record)
    assert area == pytest.approx(trapezoid(gap, curve["announced"]), abs=1e-4)
    uniform = (np.arange(200_000) + 0.5) / 200_000
    assert area == pytest.approx(wasserstein_distance(record.levels(), uniform), abs=1e-4)


def test_the_factor_repairs_the_size_and_leaves_the_order():
    """Scaled by the factor, the bars are as long as the errors; who is least sure stays so."""
    wrong = honest().scaled(0.3)
    factor = scale_factor(wrong)
    assert factor == pytest.approx(1 / 0.3, rel=0.01)
    repaired = wrong.scaled(factor)
    assert miscalibration_area(repaired) < 0.005
    assert rank_correlation(repaired) == pytest.approx(rank_correlation(wrong), abs=1e-12)
    assert sharpness(repaired) == pytest.approx(factor * sharpness(wrong))


def test_the_factor_has_the_highest_likelihood():
    """No other factor makes these errors more probable."""
    record = honest(n=500)

    def surprise(factor):
        return -norm.logpdf(record.errors, scale=factor * record.spreads).sum()

    best = scale_factor(record)
    assert surprise(best) < min(surprise(0.99 * best), surprise(1.01 * best))


def test_groups_of_honest_bars_err_as_much_as_they_say():
    """In each of ten groups the RMSE is the spread, within four standard errors."""
    groups = error_by_spread(honest())
    assert groups["n"].sum() == 40_000
    assert groups["spread"].is_monotonic_increasing
    assert ((groups["rmse"] - groups["spread"]).abs() < 4 * groups["rmse_error"]).all()


def test_the_error_of_an_rmse_is_its_scatter_over_repetitions():
    """Standard error of a group's RMSE against the scatter of 300 independent ones."""
    rng = np.random.default_rng(0)
    draws = [
        error_by_spread(Uncertainty(rng.standard_normal(100), np.ones(100), "eV"), n_bins=1)
        for _ in range(300)
    ]
    scatter = np.std([draw["rmse"][0] for draw in draws])
    assert np.mean([draw["rmse_error"][0] for draw in draws]) == pytest.approx(scatter, rel=0.15)


def test_bars_without_information_do_not_rank():
    """Spreads that have nothing to do with the errors: rank correlation 0."""
    rng = np.random.default_rng(1)
    record = Uncertainty(rng.standard_normal(5000), rng.uniform(0.5, 2, 5000), "eV")
    assert abs(rank_correlation(record)) < 0.05
    assert 0.3 < rank_correlation(honest()) < 0.7  # honest ones do, and do not reach 1


def test_nothing_trusted_below_the_threshold_breaks_the_rule():
    """What the threshold trusts keeps to the limit often enough; any larger one would not."""
    record = honest(n=2000)
    found = find_threshold(record, limit=0.1, wanted=0.9)
    good = np.abs(record.errors) <= 0.1
    trusted = record.spreads <= found.value
    assert good[trusted].mean() == pytest.approx(found.kept)
    assert found.kept >= 0.9
    assert found.caught == pytest.approx((~good & ~trusted).sum() / (~good).sum())
    assert found.trusted == pytest.approx(trusted.mean())
    for larger in np.sort(record.spreads[~trusted]):
        assert good[record.spreads <= larger].mean() < 0.9


def test_equal_spreads_are_trusted_together_or_not_at_all():
    """A limit on the spread cannot tell two equal spreads apart."""
    record = Uncertainty([0.1, 0.1, 0.1, 9.0], [1.0, 2.0, 2.0, 2.0], "eV")
    assert find_threshold(record, limit=1.0, wanted=0.9).value == 1.0


def test_without_a_large_error_the_threshold_is_the_largest_spread():
    """A validation set without a wrong frame says so: nothing to catch."""
    found = find_threshold(Uncertainty([0.1, 0.2], [1.0, 2.0], "eV"), limit=1.0)
    assert (found.value, found.wrong) == (2.0, 0)
    assert np.isnan(found.caught)
    assert "catches nothing" in str(found)


def test_an_ensemble_gives_three_records():
    """Energies, force components and worst atoms of a frame with known answers."""
    atoms = Atoms("H2", [[0, 0, 0], [0, 0, 1.0]])
    atoms.calc = SinglePointCalculator(atoms, energy=-30.0, forces=np.zeros((2, 3)))
    forces = np.zeros((2, 2, 3))  # (n_models, n_atoms, 3)
    forces[0, 0], forces[1, 0] = [0.3, 0, 0.4], [0.3, 0, -0.4]
    forces[:, 1] = [[0, 1.0, 0], [0, 3.0, 0]]
    prediction = EnsemblePrediction(np.array([[-31.0], [-27.0]]), [forces])
    energy = energy_uncertainty(prediction, [atoms])
    assert (energy.errors[0], energy.spreads[0], energy.unit) == (1.0, 2.0, "eV")
    components = force_uncertainty(prediction, [atoms])
    np.testing.assert_allclose(components.errors, [0.3, 0, 0, 0, 2.0, 0], atol=1e-12)
    np.testing.assert_allclose(components.spreads * np.sqrt(3), [0.4] * 3 + [1.0] * 3)
    worst = worst_atom_uncertainty(prediction, [atoms])
    np.testing.assert_allclose([worst.errors[0], worst.spreads[0]], [2.0, 1.0])
    with pytest.raises(ValueError, match="must be that of these frames"):
        force_uncertainty(prediction, [atoms, atoms])


def test_gap_is_judged_by_the_same_record():
    """GAP's own deviations on ethanol rank its errors, and go into the same functions."""
    frames = load_embedded("ethanol/500K")
    hot = load_embedded("ethanol/1000K")
    model = build_model("gap", n_sparse=40, n_max=3, l_max=2)
    fit(model, frames[:40], frames[40:42], progress=False)
    unseen = [*frames[500:530], *hot[:30]]
    energies, _ = predict(model, unseen)
    reference = np.array([atoms.get_potential_energy() for atoms in unseen])
    record = Uncertainty(energies - reference, energy_error_bars(model, unseen), "eV")
    assert rank_correlation(record) > 0.1
    repaired = record.scaled(scale_factor(record))
    assert np.mean((repaired.errors / repaired.spreads) ** 2) == pytest.approx(1)
    assert 0 <= miscalibration_area(repaired) < 0.2


@pytest.mark.parametrize(
    ("errors", "spreads", "message"),
    [
        ([1.0], [1.0, 2.0], "same length"),
        ([], [], "not empty"),
        ([1.0], [0.0], "spreads must be positive, in eV; the smallest is 0"),
        ([np.nan], [1.0], "must be finite"),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(errors, spreads, message):
    """One positive spread for each error, all of them numbers."""
    with pytest.raises(ValueError, match=message):
        Uncertainty(errors, spreads, "eV")


def test_refusals_name_the_cure():
    """Too few errors for the groups, nothing to rank, no spread to trust, no error at all."""
    few = Uncertainty([0.1, 2.0], [1.0, 1.0], "eV")
    with pytest.raises(ValueError, match="take fewer groups"):
        error_by_spread(few)
    with pytest.raises(ValueError, match="must differ"):
        rank_correlation(few)
    with pytest.raises(ValueError, match=r"no spread can be trusted.*raise limit"):
        find_threshold(few, limit=1.0)
    with pytest.raises(ValueError, match="limit must be positive, in eV"):
        find_threshold(few, limit=-1.0)
    with pytest.raises(ValueError, match="wanted must be a part"):
        find_threshold(few, limit=1.0, wanted=1.5)
    with pytest.raises(ValueError, match="all errors are 0"):
        scale_factor(Uncertainty([0.0], [1.0], "eV"))
    with pytest.raises(ValueError, match="factor must be positive"):
        few.scaled(0.0)
