"""Where to stop trusting: a limit on the spread, found on a validation set by a written rule."""

import dataclasses

import numpy as np

from mlp_course.active_learning.calibration import Uncertainty
from mlp_course.descriptors.checks import check_positive


@dataclasses.dataclass(frozen=True)
class Threshold:
    """A limit on the predicted spread, and what it did on the validation set.

    Attributes:
        value: trust a prediction whose spread is at most this, in ``unit``.
        unit: of value and limit.
        limit: error that is not wanted, in ``unit``.
        wanted: part of the trusted predictions that must keep to the limit.
        trusted: part of the validation set that is trusted.
        kept: part of the trusted ones whose error is within the limit.
        caught: part of the errors above the limit that is not trusted; NaN if there was none.
        wrong: number of errors above the limit in the validation set.
        n: size of the validation set.
    """

    value: float
    unit: str
    limit: float
    wanted: float
    trusted: float
    kept: float
    caught: float
    wrong: int
    n: int

    def __str__(self) -> str:
        within = f"{self.kept:.0%} of them within {self.limit:.3g} {self.unit}"
        caught = f"{self.caught:.0%} of the {self.wrong} larger errors" if self.wrong else "nothing"
        return (
            f"spread at most {self.value:.3g} {self.unit}: trusts {self.trusted:.0%} of {self.n}, "
            f"{within}; catches {caught}"
        )


def find_threshold(uncertainty: Uncertainty, limit: float, *, wanted: float = 0.95) -> Threshold:
    """Find the largest spread that may be trusted.

    The rule: of all spreads t that occur in the validation set, take the largest one for which at
    least the part ``wanted`` of the predictions with a spread up to t has an error within
    ``limit``. If no error is above the limit, that is the largest spread seen, and the set says
    nothing about larger ones.

    Args:
        uncertainty: errors and spreads of frames that were not trained on.
        limit: largest error that is tolerable, in the unit of the record.
        wanted: part of the trusted predictions that must keep to the limit, from 0 to 1.

    Returns:
        The threshold and how it performs on the same set.

    Raises:
        ValueError: if limit or wanted make no sense, or not even the smallest spreads can be
            trusted.

    Example:
        >>> record = Uncertainty([0.1, -0.1, 0.2, 0.9], [0.1, 0.2, 0.3, 0.4], "eV/Å")
        >>> found = find_threshold(record, limit=0.5)
        >>> print(found)
        spread at most 0.3 eV/Å: trusts 75% of 4, 100% of them within 0.5 eV/Å; catches 100% of ...
    """
    check_positive(f"in {uncertainty.unit}", limit=limit)
    if not 0 < wanted <= 1:
        raise ValueError(f"wanted must be a part above 0 and at most 1; got {wanted}")
    order = np.argsort(uncertainty.spreads, kind="stable")
    spreads, good = uncertainty.spreads[order], np.abs(uncertainty.errors[order]) <= limit
    kept = np.cumsum(good) / np.arange(1, len(good) + 1)
    last_of_equals = np.append(spreads[1:] > spreads[:-1], True)
    (allowed,) = np.nonzero((kept >= wanted) & last_of_equals)
    if not len(allowed):
        raise ValueError(
            f"no spread can be trusted: even among the smallest, fewer than {wanted:.0%} of the "
            f"errors are within {limit:g} {uncertainty.unit}; raise limit, lower wanted, or train "
            "on more labels"
        )
    end, wrong = allowed[-1], int(np.sum(~good))
    caught = float(np.sum(~good[end + 1 :]) / wrong) if wrong else float("nan")
    return Threshold(
        value=float(spreads[end]), unit=uncertainty.unit, limit=float(limit), wanted=wanted,
        trusted=(end + 1) / len(good), kept=float(kept[end]), caught=caught, wrong=wrong,
        n=len(good),
    )  # fmt: skip
