"""Series with memory: the memory is measured, and the error of the mean is honest."""

import numpy as np
import pytest
from scipy.signal import lfilter

from mlp_course.data.statistics import (
    autocorrelation,
    block_average,
    blocking_curve,
    correlation_time,
)


def remembering(n_samples, keep, seed):
    """AR(1): x_k = keep x_{k-1} + noise, variance 1, so that the correlation is keep^lag."""
    noise = np.random.default_rng(seed).normal(size=n_samples)
    noise[1:] *= np.sqrt(1 - keep**2)
    return lfilter([1.0], [1.0, -keep], noise)


def test_the_fourier_transform_gives_the_double_loop():
    """ρ of a random series equals the sums written out, at every lag."""
    series = np.random.default_rng(0).normal(3.0, 2.0, size=37)
    centred, n = series - series.mean(), len(series)
    loop = [np.mean([centred[i] * centred[i + k] for i in range(n - k)]) for k in range(n)]
    np.testing.assert_allclose(autocorrelation(series), np.array(loop) / loop[0], atol=1e-12)


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.9, 0.98])
def test_a_process_of_known_memory(keep):
    """AR(1) with ρ_k = a^k has τ = 1/2 + a/(1 - a), found within 6 % in 200,000 samples."""
    known = 0.5 * (1 + keep) / (1 - keep)
    assert correlation_time(remembering(200_000, keep, seed=1)) == pytest.approx(known, rel=0.06)


@pytest.mark.parametrize("keep", [0.5, 0.95])
def test_pymbar_counts_the_same_independent_samples(keep):
    """pymbar's statistical inefficiency is 2τ (it sums to the first negative ρ), within 10 %."""
    from pymbar.timeseries import statistical_inefficiency

    series = remembering(50_000, keep, seed=2)
    oracle = statistical_inefficiency(series)
    assert 2 * correlation_time(series) == pytest.approx(oracle, rel=0.1)


def test_no_unit_and_no_zero_matter():
    """τ of a x + b is τ of x."""
    series = remembering(20_000, 0.8, seed=3)
    assert correlation_time(1e-3 * series - 4209.0) == pytest.approx(correlation_time(series))


def test_a_swinging_series_is_never_better_than_independent():
    """Antiphase neighbours would give τ < 1/2; what is returned is 1/2."""
    assert correlation_time(remembering(10_000, -0.8, seed=4)) == 0.5


def test_the_error_of_the_mean_is_honest():
    """400 AR(1) runs with mean 0: mean over error scatters by 1, Student's tail allowed."""
    answers = [block_average(remembering(4000, 0.9, seed)) for seed in range(400)]
    scores = np.array([mean / error for mean, error in answers])
    assert abs(scores.mean()) < 0.2  # 4 standard errors
    assert 0.9 < scores.std() < 1.3
    true_error = np.sqrt((1 + 0.9) / (1 - 0.9) / 4000)  # s √(2τ/n)
    assert np.median([error for _, error in answers]) == pytest.approx(true_error, rel=0.1)


def test_the_textbook_error_would_be_far_too_small():
    """At blocks of one sample the error is s/√n, which misses the factor √(2τ) = 4.4."""
    lengths, errors = blocking_curve(remembering(100_000, 0.9, seed=5))
    assert lengths[0] == 1
    assert errors[0] == pytest.approx(1 / np.sqrt(100_000), rel=0.05)
    assert errors[10] / errors[0] == pytest.approx(np.sqrt(19), rel=0.2)  # blocks of 1024


def test_both_ways_agree():
    """s √(2τ/n) and the plateau of the blocks are one error, within 15 %."""
    series = remembering(100_000, 0.9, seed=6)
    by_time = series.std() * np.sqrt(2 * correlation_time(series) / len(series))
    assert block_average(series)[1] == pytest.approx(by_time, rel=0.15)


def test_a_constant_has_no_error_and_no_memory():
    """Mean 2, error 0; a correlation of nothing is refused."""
    assert block_average(np.full(10, 2.0)) == (2.0, 0.0)
    with pytest.raises(ValueError, match=r"must vary; all 10 samples are 2"):
        correlation_time(np.full(10, 2.0))


def test_too_short_a_series_is_refused():
    """A slow drift, whose memory is the series itself, is told to run longer."""
    drift = np.linspace(0, 1, 500)
    with pytest.raises(ValueError, match="longer than 20 of its correlation times"):
        correlation_time(drift)
    with pytest.raises(ValueError, match="at least 4 blocks longer than its memory"):
        block_average(drift)


@pytest.mark.parametrize("function", [autocorrelation, correlation_time, block_average])
def test_what_is_no_series_is_refused(function):
    """NaN, a table, and a single number."""
    with pytest.raises(ValueError, match="must be finite"):
        function([1.0, 2.0, np.nan, 3.0])
    with pytest.raises(ValueError, match=r"one row of at least \d samples; got shape \(5, 2\)"):
        function(np.zeros((5, 2)))
    with pytest.raises(ValueError, match="got shape"):
        function([1.0])
