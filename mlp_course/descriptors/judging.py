"""Judge a descriptor: look at its main directions, and at what can be learnt from it."""

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
    x = np.asarray(features, dtype=float)
    if len(x) < 2:
        raise ValueError(f"features must have at least two rows to differ; got {len(x)}")
    spread = x.std(axis=0)
    x = np.divide(x - x.mean(axis=0), spread, out=np.zeros_like(x), where=spread > 1e-9)
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    return u[:, :n_components] * s[:n_components], s[:n_components] ** 2 / (s**2).sum()


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
    unit = np.median(own[own > 0]) if (own > 0).any() else 1.0  # squared median distance
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
