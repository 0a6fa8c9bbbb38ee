"""Statistics of series with memory: for how long a trajectory remembers itself."""

import numpy as np
from numpy.typing import ArrayLike

_WINDOW, _FEWEST = 5, 20  # in correlation times: where the sum stops, how long a series must be


def correlation_time(series: ArrayLike) -> float:
    r"""Tell for how many samples a series remembers itself.

    .. math:: \tau = \tfrac{1}{2} + \sum_{k=1}^{M} \rho_k, \qquad M \ge 5 \tau

    A memory that fades as :math:`e^{-k/\tau_e}` gives τ = τ_e if τ_e is long; independent samples
    give 1/2. So 2τ samples are worth one independent sample.

    Args:
        series: evenly spaced in time, shape (n_samples,), any unit.

    Returns:
        τ in samples, at least 1/2.

    Raises:
        ValueError: if the series is constant, not finite, or too short to tell (fewer than 20 τ).

    Source:
        A. D. Sokal, in Functional Integration: Basics and Applications (Plenum, 1997), p. 131,
        section 3: the integrated autocorrelation time and the automatic window.

    Example:
        >>> pairs = np.repeat(np.random.default_rng(0).normal(size=50_000), 2)  # each value twice
        >>> round(correlation_time(pairs), 1)  # 1/2 + 1/2: the neighbour is the same half the time
        1.0
    """
    x = np.asarray(series, dtype=float)
    if x.ndim != 1 or len(x) < 2 or not np.isfinite(x).all() or np.ptp(x) == 0:
        raise ValueError("series must be one row of at least two finite samples that vary")
    n = len(x)
    spectrum = np.abs(np.fft.rfft(x - x.mean(), 2 * n)) ** 2
    rho = np.fft.irfft(spectrum, 2 * n)[:n] / np.arange(n, 0, -1)
    sums = 0.5 + np.cumsum(rho[1:] / rho[0])
    enough = np.flatnonzero(np.arange(1, n) >= _WINDOW * sums)
    tau = max(0.5, float(sums[enough[0]])) if len(enough) else np.inf
    if n < _FEWEST * tau:
        raise ValueError(
            f"series must be longer than {_FEWEST} of its correlation times to tell them; got {n} "
            f"samples with a correlation time of {tau:.3g} or more. Run longer"
        )
    return tau
