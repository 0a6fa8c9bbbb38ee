"""Farthest-point selection: few frames that stand for many, each as unlike the others as can be."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlp_course.descriptors.checks import check_count


def farthest_points(
    features: ArrayLike, n_points: int, *, start: int | None = None, known: ArrayLike | None = None
) -> NDArray[np.int64]:
    r"""Pick rows one by one, each the farthest from all picked before.

    .. math:: n_{k+1} = \arg\max_n \min_{m \in \{n_1 \ldots n_k\}} |\mathbf x_n - \mathbf x_m|

    After each pick the distance of every row to its nearest picked one is known; the next pick
    only can make it shorter, so one pass over the rows a pick is enough. No other choice of as many
    rows leaves every row within less than half the distance that this one does.

    Args:
        features: one row a frame, shape (n, n_features).
        n_points: rows to pick.
        start: the first pick; default: the row nearest to the mean, or, where rows are ``known``,
            the one farthest from them.
        known: rows of features that are in the set already (labelled frames, say).

    Returns:
        Row numbers in the order of picking, shape (n_points,). Equal distances: the first row.

    Raises:
        ValueError: if there are fewer than ``n_points`` different rows, or shapes do not fit.

    Source:
        T. F. Gonzalez, Theor. Comput. Sci. 38, 293 (1985).

    Example:
        >>> farthest_points([[0.0], [1.0], [4.0], [10.0]], 3, start=0).tolist()
        [0, 3, 2]
    """
    x = np.asarray(features, dtype=float)
    check_count(1, n_points=n_points)
    if x.ndim != 2 or not np.isfinite(x).all() or n_points > len(x):
        raise ValueError(
            f"features must be finite, shape (n, n_features), with n at least {n_points}; "
            f"got {x.shape}"
        )
    known_rows = np.empty((0, x.shape[1])) if known is None else np.asarray(known, dtype=float)
    if (
        known_rows.ndim != 2
        or known_rows.shape[1] != x.shape[1]
        or not np.isfinite(known_rows).all()
    ):
        raise ValueError(
            f"known must be finite, shape (n_known, {x.shape[1]}) like features; got "
            f"{known_rows.shape}"
        )
    if start is not None and not 0 <= start < len(x):
        raise ValueError(f"start must be a row, 0 to {len(x) - 1}; got {start}")
    nearest = np.full(len(x), np.inf)  # distance to the nearest row picked or known
    for row in known_rows:
        nearest = np.minimum(nearest, np.linalg.norm(x - row, axis=1))
    if start is None:
        from_mean = np.linalg.norm(x - x.mean(axis=0), axis=1)
        start = int(from_mean.argmin() if known is None else nearest.argmax())
    picked = [start]
    while len(picked) < n_points:
        nearest = np.minimum(nearest, np.linalg.norm(x - x[picked[-1]], axis=1))
        if nearest.max() == 0:
            raise ValueError(
                f"features must have at least {n_points} different rows; found {len(picked)}"
            )
        picked.append(int(nearest.argmax()))
    return np.array(picked)
