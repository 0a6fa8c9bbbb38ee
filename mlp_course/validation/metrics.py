"""Measures of error: plain numbers from two arrays, and how sure they are."""

import numpy as np

NO_FORCE = 1e-6  # eV/Å; below, a reference force has no direction worth comparing


def mean_absolute_error(errors: np.ndarray) -> float:
    """Mean of the absolute values, in the unit of ``errors``."""
    return float(np.mean(np.abs(errors)))


def root_mean_square_error(errors: np.ndarray) -> float:
    """Root of the mean square, in the unit of ``errors``; large errors weigh more than in a MAE."""
    return float(np.sqrt(np.mean(np.square(errors))))


def standard_error(values: np.ndarray) -> float:
    r"""Standard error of a mean, :math:`s/\sqrt{n}`, from one value per frame; NaN for one frame.

    It takes the frames as independent. Frames of one trajectory resemble each other, and the true
    error is then larger.

    Example:
        >>> standard_error(np.array([1.0, 3.0]))
        1.0
    """
    if len(values) < 2:
        return float("nan")
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))


def coefficient_of_determination(reference: np.ndarray, predicted: np.ndarray) -> float:
    r"""Share of the variance that is explained, R²; NaN when the reference does not vary.

    .. math:: R^2 = 1 - \frac{\sum (y - \hat y)^2}{\sum (y - \bar y)^2}

    1 is perfect, 0 is as good as the mean, and it may be negative. It depends on how much the
    reference varies, so it cannot be compared between data sets.

    Example:
        >>> y = np.array([0.0, 1.0, 2.0])
        >>> coefficient_of_determination(y, np.array([0.0, 1.0, 1.0]))
        0.5
    """
    variation = np.sum((reference - np.mean(reference)) ** 2)
    scale = np.sum(np.square(reference)) * np.finfo(float).eps
    if variation <= scale:
        return float("nan")
    return float(1 - np.sum((reference - predicted) ** 2) / variation)


def mean_cosine(reference: np.ndarray, predicted: np.ndarray) -> float:
    r"""Mean cosine of the angle between predicted and reference force, dimensionless.

    .. math:: \frac1N \sum_i \frac{F_i \cdot \hat F_i}{|F_i|\,|\hat F_i|}

    Atoms whose reference force vanishes (below 1e-6 eV/Å) have no direction and are left out; a
    predicted force that vanishes counts as 0.

    Args:
        reference: in eV/Å, shape (n_atoms, 3).
        predicted: in eV/Å, shape (n_atoms, 3).

    Returns:
        Between -1 and 1; NaN if every reference force vanishes.

    Example:
        >>> x, y = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
        >>> mean_cosine(np.array([x, x]), np.array([x, y]))
        0.5
    """
    length = np.linalg.norm(reference, axis=1)
    pushed = length > NO_FORCE
    if not pushed.any():
        return float("nan")
    products = np.sum(reference[pushed] * predicted[pushed], axis=1)
    other = np.linalg.norm(predicted[pushed], axis=1)
    norms = length[pushed] * other
    return float(np.mean(np.divide(products, norms, out=np.zeros_like(norms), where=other > 0)))
