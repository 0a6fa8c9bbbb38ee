"""Leakage: a test frame that is nearly a training frame measures memory, not prediction.

The yardstick are frames of one trajectory that are far apart in time: as near to each other as
chance brings them. Test frames that are nearer to the training set than that are its neighbours in
time.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist


def unrelated_distance(trajectory: ArrayLike, *, gap: int, quantile: float = 0.05) -> float:
    """How near frames come to each other by chance: those at least ``gap`` frames apart.

    Args:
        trajectory: features of the frames in the order of time, shape (n, n_features); any
            description that does not change with a turn of the molecule (distances between atoms,
            SOAP).
        gap: frames after which the trajectory has forgotten itself; well above twice its
            correlation time.
        quantile: of the distances to the nearest such frame; 0 to 1.

    Returns:
        In the unit of the features: only a part ``quantile`` of unrelated frames is nearer.

    Raises:
        ValueError: if the trajectory is not longer than two gaps, or a number makes no sense.

    Example:
        >>> unrelated_distance([[0.0], [0.1], [5.0], [5.1], [1.0], [1.1]], gap=2, quantile=1.0)
        4.0
    """
    x = np.asarray(trajectory, dtype=float)
    if not 0 < quantile <= 1 or gap < 1:
        raise ValueError(
            f"gap must be at least 1 and quantile above 0 and at most 1; got {gap}, {quantile}"
        )
    if x.ndim != 2 or len(x) <= 2 * gap:
        raise ValueError(
            f"trajectory must have shape (n, n_features) with n above two gaps of {gap} frames; "
            f"got {x.shape}"
        )
    nearest = []
    for n, row in enumerate(x):  # one row at a time: a table of all pairs may not fit into memory
        far_in_time = np.concatenate([x[: max(0, n - gap + 1)], x[n + gap :]])
        nearest.append(np.linalg.norm(far_in_time - row, axis=1).min())
    return float(np.quantile(nearest, quantile))


def leakage(train: ArrayLike, test: ArrayLike, *, closer_than: float) -> float:
    r"""Measure which part of the test frames is nearly a training frame.

    .. math:: \text{leakage} = \frac{1}{n} \sum_{a \in \text{test}}
        \left[ \min_{b \in \text{train}} |\mathbf x_a - \mathbf x_b| < d \right]

    With d from :func:`unrelated_distance` an honest split has the ``quantile`` chosen there (5 %)
    or less, a random split of a finely spaced trajectory nearly 100 %. Train on many more frames
    than the trajectory had that gave d, and chance alone brings more of them close.

    Args:
        train: features of the training frames, shape (n_train, n_features).
        test: features of the test frames, shape (n_test, n_features).
        closer_than: d, in the unit of the features.

    Returns:
        0 to 1.

    Raises:
        ValueError: if a set is empty, shapes do not fit, or ``closer_than`` is not positive.

    Example:
        >>> leakage([[0.0], [10.0]], [[0.1], [5.0]], closer_than=1.0)
        0.5
    """
    a, b = np.asarray(train, dtype=float), np.asarray(test, dtype=float)
    if a.ndim != 2 or b.ndim != 2 or not len(a) or not len(b) or a.shape[1] != b.shape[1]:
        raise ValueError(
            "train and test must have shapes (n_train, n_features) and (n_test, n_features); "
            f"got {a.shape} and {b.shape}"
        )
    if not closer_than > 0:
        raise ValueError(
            f"closer_than must be positive, in the unit of the features; got {closer_than}"
        )
    return float((cdist(b, a).min(axis=1) < closer_than).mean())
