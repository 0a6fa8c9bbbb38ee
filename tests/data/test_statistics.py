"""Series with memory: the memory is measured."""

import numpy as np
import pytest
from scipy.signal import lfilter

from mlp_course.data.statistics import correlation_time


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.9, 0.98])
def test_a_process_of_known_memory(keep):
    """AR(1) with ρ_k = a^k has τ = 1/2 + a/(1 - a), found within 6 % in 200,000 samples."""
    noise = np.random.default_rng(1).normal(size=200_000)
    noise[1:] *= np.sqrt(1 - keep**2)
    known = 0.5 * (1 + keep) / (1 - keep)
    series = lfilter([1.0], [1.0, -keep], noise)
    assert correlation_time(series) == pytest.approx(known, rel=0.06)


def test_too_short_a_series_is_refused():
    """A slow drift, whose memory is the series itself, is told to run longer."""
    with pytest.raises(ValueError, match="longer than 20 of its correlation times"):
        correlation_time(np.linspace(0, 1, 500))
    with pytest.raises(ValueError, match="finite samples that vary"):
        correlation_time(np.ones(10))
