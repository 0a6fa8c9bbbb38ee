r"""Statistics of series with memory: how long it lasts, and what the mean is worth.

Neighbouring frames of a trajectory resemble each other, so n frames hold less than n independent
values. Two ways to count them, which must agree:

| way | what is measured | error of the mean |
|---|---|---|
| :func:`correlation_time` | :math:`\tau`, in samples | :math:`s \sqrt{2 \tau / n}` |
| :func:`block_average` | scatter of the means of long blocks | directly |
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import next_fast_len

__all__ = [
    "autocorrelation",
    "block_average",
    "blocking_curve",
    "correlation_time",
    "lagged_products",
]

WINDOW = 5.0  # correlation times that the sum goes on for
FEWEST_TIMES = 20.0  # a series shorter than so many correlation times does not tell its own
FEWEST_BLOCKS = 4  # the scatter of fewer means says nothing


def lagged_products(values: ArrayLike) -> NDArray[np.float64]:
    r"""Average the product of a quantity with itself some samples later.

    .. math:: c_k = \frac{1}{n - k} \sum_{i=0}^{n-k-1} x_i x_{i+k}

    The sums are done by a Fourier transform: n log n operations instead of n².

    Args:
        values: samples in order of time, shape (n_samples, ...), any unit.

    Returns:
        For the lags 0 to n - 1, in that unit squared, the shape of ``values``. The long lags are
        noise: the last one rests on a single product.

    Example:
        >>> lagged_products([1.0, 2.0, 3.0])  # 14/3, 8/2, 3/1
        array([4.6667, 4.    , 3.    ])
    """
    values = np.asarray(values, dtype=float)
    n = len(values)
    n_padded = next_fast_len(2 * n)  # zeros behind: the end must not meet the beginning
    spectrum = np.abs(np.fft.rfft(values, n_padded, axis=0)) ** 2
    sums = np.fft.irfft(spectrum, n_padded, axis=0)[:n]
    return sums / np.arange(n, 0, -1).reshape(-1, *[1] * (values.ndim - 1))


def autocorrelation(series: ArrayLike) -> NDArray[np.float64]:
    r"""Measure how much a series resembles itself later on.

    .. math:: \rho_k = \frac{1}{(n - k)\, s^2} \sum_{i=0}^{n-k-1} (x_i - \bar x)(x_{i+k} - \bar x),
        \qquad s^2 = \frac{1}{n} \sum_i (x_i - \bar x)^2

    Args:
        series: evenly spaced in time, shape (n_samples,), any unit.

    Returns:
        ρ for the lags 0 to n - 1, dimensionless, shape (n_samples,).

    Raises:
        ValueError: if the series has fewer than two samples, is not finite, or is constant.

    Example:
        >>> autocorrelation([1.0, -1.0, 1.0, -1.0])
        array([ 1., -1.,  1., -1.])
    """
    values = _checked(series)
    if np.ptp(values) == 0:
        raise ValueError(
            f"series must vary; all {len(values)} samples are {values[0]:g}: nothing to correlate"
        )
    products = lagged_products(values - values.mean())
    return products / products[0]


def correlation_time(series: ArrayLike) -> float:
    r"""Tell for how many samples a series remembers itself.

    .. math:: \tau = \tfrac{1}{2} + \sum_{k=1}^{M} \rho_k, \qquad M \ge 5 \tau

    The sum must stop somewhere, for each further lag adds noise; Sokal's rule stops it at the
    first M that is five times the τ found so far. A memory that fades as :math:`e^{-k/\tau_e}`
    gives τ = τ_e if τ_e is long; independent samples give 1/2. So 2τ samples are worth one
    independent sample, and the error of the mean is :math:`s \sqrt{2 \tau / n}`.

    Args:
        series: evenly spaced in time, shape (n_samples,), any unit.

    Returns:
        τ in samples; times the spacing of the frames it is a time. At least 1/2: a series that
        swings to and fro is counted as independent samples and not as better ones.

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
    rho = autocorrelation(series)
    sums = 0.5 + np.cumsum(rho[1:])  # over the lags 1 to M
    enough = np.flatnonzero(np.arange(1, len(rho)) >= WINDOW * sums)
    tau = max(0.5, float(sums[enough[0]])) if len(enough) else np.inf
    if len(rho) < FEWEST_TIMES * tau:
        raise ValueError(
            f"series must be longer than {FEWEST_TIMES:g} of its correlation times to tell them; "
            f"got {len(rho)} samples with a correlation time of {tau:.3g} or more. Run longer"
        )
    return tau


def blocking_curve(series: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    r"""Compute the error of the mean from the means of blocks, ever longer ones.

    .. math:: \sigma_B = \sqrt{\frac{1}{n_B (n_B - 1)} \sum_{b=1}^{n_B} (\bar x_b - \bar x)^2}

    With B = 1 this is the textbook error of independent samples. It grows with B and levels off
    when blocks are longer than the memory; the plateau is the error of the mean.

    Args:
        series: evenly spaced in time, shape (n_samples,), any unit.

    Returns:
        Lengths of blocks B = 1, 2, 4, ... as long as there are four blocks, and the errors σ_B in
        the unit of the series. Samples that fill no whole block at the end are left out.

    Raises:
        ValueError: if the series has fewer than four samples or is not finite.

    Source:
        H. Flyvbjerg, H. G. Petersen, J. Chem. Phys. 91, 461 (1989).

    Example:
        >>> lengths, errors = blocking_curve([1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0])
        >>> lengths.tolist(), (errors**2).tolist()  # 8/(8 × 7), then 4/(4 × 3)
        ([1, 2], [0.142857, 0.333333])
    """
    values = _checked(series, fewest=FEWEST_BLOCKS)
    lengths = 2 ** np.arange(int(np.log2(len(values) // FEWEST_BLOCKS)) + 1)
    errors = []
    for length in lengths:
        n_blocks = len(values) // length
        means = values[: n_blocks * length].reshape(n_blocks, length).mean(axis=1)
        errors.append(means.std(ddof=1) / np.sqrt(n_blocks))
    return lengths, np.array(errors)


def block_average(series: ArrayLike) -> tuple[float, float]:
    r"""Average a series with memory, with an honest error.

    The error is read off the :func:`blocking_curve` at the first length B with

    .. math:: B^3 > 2 n \, (\sigma_B / \sigma_1)^4 ,

    where the systematic error of too short blocks and the noise of too few balance.

    Args:
        series: evenly spaced in time, shape (n_samples,), any unit.

    Returns:
        Mean and its standard error, both in the unit of the series. The error of a constant
        series is 0.

    Raises:
        ValueError: if the series is not finite, or its memory is so long that fewer than four
            independent blocks remain.

    Source:
        The choice of B: R. M. Lee et al., Phys. Rev. E 83, 066706 (2011).

    Example:
        >>> series = np.random.default_rng(0).normal(5.0, 2.0, size=10_000)
        >>> mean, error = block_average(series)
        >>> f"{mean:.1f} ± {error:.2f}"  # 2 / √10000
        '5.0 ± 0.02'
    """
    values = _checked(series, fewest=FEWEST_BLOCKS)
    lengths, errors = blocking_curve(values)
    if np.ptp(values) == 0:
        return float(values[0]), 0.0
    longest = lengths.astype(float) ** 3
    long_enough = np.flatnonzero(longest > 2 * len(values) * (errors / errors[0]) ** 4)
    if not len(long_enough):
        raise ValueError(
            f"series must hold at least {FEWEST_BLOCKS} blocks longer than its memory; got "
            f"{len(values)} samples, whose error still grows at blocks of {lengths[-1]} samples. "
            "Run longer"
        )
    return float(values.mean()), float(errors[long_enough[0]])


def _checked(series: ArrayLike, fewest: int = 2) -> NDArray[np.float64]:
    """Array of floats, shape (n_samples,), or a refusal."""
    values = np.asarray(series, dtype=float)
    if values.ndim != 1 or len(values) < fewest:
        raise ValueError(
            f"series must be one row of at least {fewest} samples; got shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError("series must be finite; it has NaN or infinity")
    return values
