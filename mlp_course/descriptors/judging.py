"""Judge a descriptor: look at its main directions, and at what can be learnt from it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def principal_components(
    features: ArrayLike, n_components: int = 2
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Project descriptions onto the directions in which they differ most.

    Each feature is shifted to mean 0 and scaled to spread 1; one that never changes is left at 0.

    .. math:: X = U S V^T, \qquad \text{projections } U S, \qquad
        \text{part of the variance } S_k^2 / \textstyle\sum_n S_n^2

    Args:
        features: one row a description, shape (n, n_features).
        n_components: how many directions.

    Returns:
        Projections, dimensionless, shape (n, n_components), and the part of the variance of each,
        shape (n_components,).

    Raises:
        ValueError: if there are fewer than two rows.

    Source:
        K. Pearson, Phil. Mag. 2, 559 (1901).

    Example:
        >>> points, part = principal_components([[0.0, 0.0], [1.0, 10.0], [2.0, 20.0]], 1)
        >>> abs(points[:, 0]).round(2).tolist(), part.round(6).tolist()  # all on one line
        ([1.73, 0.0, 1.73], [1.0])
    """
    if len(features) < 2:
        raise ValueError(f"features must have at least two rows to differ; got {len(features)}")
    u, s, _ = np.linalg.svd(_scaled(features), full_matrices=False)
    return u[:, :n_components] * s[:n_components], s[:n_components] ** 2 / (s**2).sum()


def nearest_label_accuracy(features: ArrayLike, labels: Sequence[str]) -> float:
    """Ask whether alike means alike: is the nearest description one of the same label?

    Features are scaled as in :func:`principal_components`. Each row of the second half is compared
    with all rows of the first half, so that no row meets its own frame of a trajectory.

    Args:
        features: one row a description, shape (n, n_features).
        labels: of each row.

    Returns:
        The part of the rows with the right nearest label, from 0 to 1.

    Raises:
        ValueError: if there is not one label for each row.

    Source:
        T. Cover, P. Hart, IEEE Trans. Inf. Theory 13, 21 (1967).

    Example:
        >>> nearest_label_accuracy([[0.0], [5.0], [0.1], [4.9]], ["H", "O", "H", "H"])
        0.5
    """
    x = _scaled(features)
    if len(labels) != len(x):
        raise ValueError(f"labels must be one for each of {len(x)} rows; got {len(labels)}")
    half, names = len(x) // 2, np.array(labels)
    nearest = _squares(x[half:], x[:half]).argmin(axis=1)
    return float((names[:half][nearest] == names[half:]).mean())


def _scaled(features: ArrayLike) -> NDArray[np.float64]:
    """Columns of mean 0 and spread 1; a column that never changes is left at 0."""
    x = np.asarray(features, dtype=float)
    spread = x.std(axis=0)
    return np.divide(x - x.mean(axis=0), spread, out=np.zeros_like(x), where=spread > 1e-9)


def kernel_ridge_error(
    train: tuple[ArrayLike, ArrayLike],
    test: tuple[ArrayLike, ArrayLike],
    *,
    widths: tuple[float, ...] = (0.5, 1, 2, 4, 8, 16, 32),
    noises: tuple[float, ...] = (1e-8, 1e-6, 1e-4, 1e-2),
) -> float:
    r"""Learn energies from descriptions by kernel ridge regression; return the test error.

    .. math:: \hat E(\mathbf x) = \bar E + \sum_n a_n e^{-|\mathbf x - \mathbf x_n|^2 / 2 w^2},
        \qquad (K + \lambda \mathbb 1) \mathbf a = \mathbf E - \bar E

    Width w (in units of the median distance) and noise λ are chosen by the last quarter of the
    training rows (in a trajectory: the latest frames); the test rows have no say.

    Args:
        train: descriptions, shape (n, ...), and energies in eV, shape (n,).
        test: the same for the rows to be judged by.
        widths: to choose from, dimensionless.
        noises: to choose from, dimensionless.

    Returns:
        Mean absolute error on the test rows, in the unit of the energies.

    Source:
        M. Rupp et al., Phys. Rev. Lett. 108, 058301 (2012), Eqs. 2-4, here with a Gaussian kernel.

    Example:
        >>> x = np.random.default_rng(0).uniform(0, 3, (60, 1))
        >>> y = np.sin(x[:, 0])
        >>> kernel_ridge_error((x[::2], y[::2]), (x[1::2], y[1::2])) < 1e-3
        True
    """
    x, y = _as_rows(*train)
    new, labels = _as_rows(*test)
    own, theirs = _squares(x, x), _squares(new, x)
    unit = np.median(own[np.triu_indices(len(y), k=1)]) or 1.0  # squared median distance
    held = np.arange(len(y)) >= len(y) * 3 // 4
    best, error = None, np.inf
    for width in widths:
        k = np.exp(-own / (2 * width**2 * unit))
        for noise in noises:
            guess = _fit_predict(k[~held][:, ~held], y[~held], k[held][:, ~held], noise)
            if (missed := np.abs(guess - y[held]).mean()) < error:
                best, error = (width, noise), missed
    width, noise = best
    k, k_new = (np.exp(-square / (2 * width**2 * unit)) for square in (own, theirs))
    return float(np.abs(_fit_predict(k, y, k_new, noise) - labels).mean())


def _as_rows(features: ArrayLike, energies: ArrayLike) -> tuple[NDArray, NDArray]:
    """Descriptions as a matrix, energies as a vector."""
    x = np.asarray(features, dtype=float)
    return x.reshape(len(x), -1), np.asarray(energies, dtype=float)


def _squares(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances between rows, shape (n_a, n_b)."""
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.maximum(squares, 0.0)


def _fit_predict(k: NDArray, y: NDArray, k_new: NDArray, noise: float) -> NDArray:
    """Solve for the weights and apply them."""
    weights = np.linalg.solve(k + noise * np.eye(len(y)), y - y.mean())
    return y.mean() + k_new @ weights
