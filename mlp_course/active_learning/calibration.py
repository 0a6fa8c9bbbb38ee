"""Does an error bar tell the truth? Errors beside the spreads that were announced for them.

Works for whatever predicts a standard deviation: an ensemble, or GAP's own variance.
"""

import dataclasses

import numpy as np
import pandas as pd
from scipy.special import erf
from scipy.stats import spearmanr

from mlp_course.descriptors.checks import check_count, check_positive


@dataclasses.dataclass(frozen=True, eq=False)
class Uncertainty:
    """Errors and the standard deviations that were predicted for them.

    Attributes:
        errors: prediction minus reference, of any sign, shape (n,), in ``unit``.
        spreads: predicted standard deviations, positive, shape (n,), in ``unit``.
        unit: of both, for messages and pictures, for example "meV/Å".

    Raises:
        ValueError: if the two do not fit together, or are no usable numbers.

    Example:
        >>> Uncertainty([0.1, -0.3], [0.1, 0.2], "eV").scaled(2.0).spreads
        array([0.2, 0.4])
    """

    errors: np.ndarray
    spreads: np.ndarray
    unit: str

    def __post_init__(self) -> None:
        errors, spreads = np.array(self.errors, float), np.array(self.spreads, float)
        if errors.ndim != 1 or errors.shape != spreads.shape or not len(errors):
            raise ValueError(
                f"errors and spreads, in {self.unit}, must be two lists of the same length, not "
                f"empty; got shapes {errors.shape} and {spreads.shape}"
            )
        if not (np.isfinite(errors).all() and np.isfinite(spreads).all()):
            raise ValueError(f"errors and spreads, in {self.unit}, must be finite numbers")
        if spreads.min() <= 0:
            raise ValueError(
                f"spreads must be positive, in {self.unit}; the smallest is {spreads.min():g}: "
                "members of an ensemble that agree exactly are copies of each other"
            )
        object.__setattr__(self, "errors", errors)
        object.__setattr__(self, "spreads", spreads)

    def __len__(self) -> int:
        return len(self.errors)

    def scaled(self, factor: float) -> "Uncertainty":
        """The same errors with all spreads multiplied by a positive factor."""
        check_positive("dimensionless", factor=factor)
        return dataclasses.replace(self, spreads=factor * self.spreads)

    def levels(self) -> np.ndarray:
        r"""Level of the central interval that just holds each error: erf(\|error\|/(√2 spread)).

        Of errors that are as normal and as wide as announced, the levels are evenly spread over
        0 to 1. Dimensionless, shape (n,).
        """
        return erf(np.abs(self.errors) / (np.sqrt(2) * self.spreads))


def error_by_spread(uncertainty: Uncertainty, *, n_bins: int = 10) -> pd.DataFrame:
    """Root mean square error where the announced spread is small, medium, large.

    Args:
        uncertainty: errors and spreads.
        n_bins: groups of equal size, from the smallest to the largest spread.

    Returns:
        One row a group: spread (root mean square), rmse, rmse_error (its standard error), in the
        unit of the record, and n. An honest error bar gives rmse = spread in each row.

    Raises:
        ValueError: if there are fewer than two errors for each group.

    Source:
        D. Levi, L. Gispan, N. Giladi, E. Fetaya, Sensors 22, 5540 (2022).

    Example:
        >>> record = Uncertainty([1.0, -1.0, 2.0, -2.0], [1.0, 1.0, 3.0, 3.0], "eV")
        >>> error_by_spread(record, n_bins=2)[["spread", "rmse", "n"]]
           spread  rmse  n
        0     1.0   1.0  2
        1     3.0   2.0  2
    """
    check_count(1, n_bins=n_bins)
    if len(uncertainty) < 2 * n_bins:
        raise ValueError(
            f"{n_bins} groups need at least {2 * n_bins} errors; got {len(uncertainty)}: take "
            "fewer groups"
        )
    order = np.argsort(uncertainty.spreads, kind="stable")
    rows = []
    for own in np.array_split(order, n_bins):
        squares = uncertainty.errors[own] ** 2
        rmse = np.sqrt(squares.mean())
        noise = squares.std(ddof=1) / np.sqrt(len(own))  # of the mean square
        rows.append(
            {
                "spread": np.sqrt(np.mean(uncertainty.spreads[own] ** 2)),
                "rmse": rmse,
                "rmse_error": noise / (2 * rmse) if rmse > 0 else 0.0,
                "n": len(own),
            }
        )
    return pd.DataFrame(rows)


def rank_correlation(uncertainty: Uncertainty) -> float:
    """Spearman's rank correlation of the sizes of errors with their spreads, from -1 to 1.

    It asks only whether larger spreads go with larger errors, not whether they are as large. Even
    a perfect error bar does not reach 1: an error is drawn at random from its distribution.

    Raises:
        ValueError: if all errors or all spreads are equal, so that nothing can be ranked.

    Example:
        >>> rank_correlation(Uncertainty([0.1, -0.2, 0.9], [1.0, 2.0, 3.0], "eV"))
        1.0
    """
    sizes = np.abs(uncertainty.errors)
    if np.ptp(sizes) == 0 or np.ptp(uncertainty.spreads) == 0:
        raise ValueError("errors and spreads must differ from each other to be ranked")
    return float(spearmanr(sizes, uncertainty.spreads).statistic)


def calibration_curve(uncertainty: Uncertainty, *, n_levels: int = 99) -> pd.DataFrame:
    r"""Announced against observed share of errors within central intervals.

    .. math:: \hat p(p) = \frac1n \#\Bigl\{ |\epsilon_k| \le \sigma_k \,
        \Phi^{-1}\bigl(\tfrac{1 + p}{2}\bigr) \Bigr\}

    A curve below the diagonal belongs to error bars that are too short (overconfident).

    Args:
        uncertainty: errors and spreads.
        n_levels: points, evenly spaced between 0 and 1 and without these ends.

    Returns:
        Columns announced and observed, dimensionless.

    Source:
        V. Kuleshov, N. Fenner, S. Ermon, ICML 2018, arXiv:1807.00263; K. Tran et al., Mach. Learn.:
        Sci. Technol. 1, 025006 (2020). Both count below one-sided quantiles; we count within
        intervals around the prediction, so that the sign of an error does not matter.

    Example:
        >>> curve = calibration_curve(Uncertainty([0.5, -1.5], [1.0, 1.0], "eV"), n_levels=3)
        >>> curve["observed"].tolist()  # 0.5 spreads are within 50 %, 1.5 are not within 75 %
        [0.0, 0.5, 0.5]
    """
    check_count(1, n_levels=n_levels)
    announced = np.arange(1, n_levels + 1) / (n_levels + 1)
    observed = np.searchsorted(np.sort(uncertainty.levels()), announced, side="right")
    return pd.DataFrame({"announced": announced, "observed": observed / len(uncertainty)})


def miscalibration_area(uncertainty: Uncertainty) -> float:
    r"""Area between the calibration curve and the diagonal: 0 is honest, 0.5 the worst.

    .. math:: A = \int_0^1 |\hat p(p) - p| \, \mathrm dp

    For normal errors and spreads that are k times too large (or small) everywhere,
    :math:`A = |\tfrac2\pi \arctan k - \tfrac12|`. The integral is exact, without a grid.

    Source:
        K. Tran et al., Mach. Learn.: Sci. Technol. 1, 025006 (2020), with intervals in the place of
        one-sided quantiles, which doubles the area of symmetric errors.

    Example:
        >>> miscalibration_area(Uncertainty([0.0, 0.0], [1.0, 1.0], "eV"))  # bars far too long
        0.5
    """
    edges = np.concatenate([[0.0], np.sort(uncertainty.levels()), [1.0]])
    observed = np.arange(len(uncertainty) + 1) / len(uncertainty)  # between one edge and the next

    def integral(p: np.ndarray) -> np.ndarray:
        return (p - observed) * np.abs(p - observed) / 2

    return float(np.sum(integral(edges[1:]) - integral(edges[:-1])))


def sharpness(uncertainty: Uncertainty) -> float:
    r"""Root mean square of the spreads, in the unit of the record.

    Of two honest error bars the shorter is worth more: one that announces the overall error
    everywhere is calibrated, and useless.

    Source:
        K. Tran et al., Mach. Learn.: Sci. Technol. 1, 025006 (2020).

    Example:
        >>> sharpness(Uncertainty([1.0, 1.0], [3.0, 4.0], "eV"))  # √((9 + 16) / 2)
        3.5355
    """
    return float(np.sqrt(np.mean(uncertainty.spreads**2)))


def scale_factor(uncertainty: Uncertainty) -> float:
    r"""One factor that makes the spreads as large as the errors, to be fitted on a validation set.

    .. math:: s^2 = \frac1n \sum_k \frac{\epsilon_k^2}{\sigma_k^2}

    It maximises the likelihood of normal errors of width :math:`s \sigma_k`. It repairs the size of
    error bars, not their order: the rank correlation stays.

    Source:
        D. Levi, L. Gispan, N. Giladi, E. Fetaya, Sensors 22, 5540 (2022), "std scaling"; for
        ensembles of potentials F. Musil et al., J. Chem. Theory Comput. 15, 906 (2019).

    Raises:
        ValueError: if all errors are 0.

    Example:
        >>> scale_factor(Uncertainty([2.0, -2.0], [1.0, 1.0], "eV"))
        2.0
    """
    factor = float(np.sqrt(np.mean((uncertainty.errors / uncertainty.spreads) ** 2)))
    if factor == 0:
        raise ValueError("all errors are 0: these frames were trained on, or are no test")
    return factor
