"""Judge a descriptor: look at its main directions, and at what can be learnt from it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlp_course.descriptors.checks import check_count


def principal_components(
    features: ArrayLike, n_components: int = 2
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Project descriptions onto the directions in which they differ most.

    Each feature is shifted to mean 0 and scaled to spread 1; one that never changes is left at 0.

    .. math:: X = U S V^T, \qquad \text{projections } U S, \qquad
        \text{part of the variance } S_k^2 / \textstyle\sum_n S_n^2

    Args:
        features: one row a description, shape (n, n_features).
        n_components: how many directions; there are no more of them than rows or features.

    Returns:
        Projections, dimensionless, shape (n, n_components), and the part of the variance of each,
        shape (n_components,).

    Raises:
        ValueError: if there are fewer than two rows, all are the same, or a number is not finite.

    Source:
        K. Pearson, Phil. Mag. 2, 559 (1901).

    Example:
        >>> points, part = principal_components([[0.0, 0.0], [1.0, 10.0], [2.0, 20.0]], 1)
        >>> abs(points[:, 0]).round(2).tolist(), part.round(6).tolist()  # all on one line
        ([1.73, 0.0, 1.73], [1.0])
    """
    check_count(1, n_components=n_components)
    x = _scaled(features)
    if not x.any():
        raise ValueError("features must differ somewhere; got the same numbers in all rows")
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    return u[:, :n_components] * s[:n_components], s[:n_components] ** 2 / (s**2).sum()


def nearest_label_accuracy(features: ArrayLike, labels: Sequence[str]) -> float:
    """Ask whether alike means alike: is the nearest description one of the same label?

    Features are scaled as in :func:`principal_components`. Each row of the second half is compared
    with all rows of the first half. Give an even number of whole frames, one after the other: then
    no row meets its own frame of a trajectory.

    Args:
        features: one row a description, shape (n, n_features).
        labels: of each row.

    Returns:
        The part of the rows with the right nearest label, from 0 to 1.

    Raises:
        ValueError: if there is not one label for each row, there are fewer than two rows, or a
            number is not finite.

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
    x = _finite("features", features)
    if x.ndim != 2 or x.shape[1] < 1:
        raise ValueError(
            f"features must be one row a description, shape (n, n_features); got shape {x.shape}"
        )
    if len(x) < 2:
        raise ValueError(f"features must have at least two rows to differ; got {len(x)}")
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

    Raises:
        ValueError: if there are fewer than two training rows or no test row, an energy is missing,
            rows are of different shapes, a number is not finite, or there is no width or noise to
            choose from.

    Source:
        M. Rupp et al., Phys. Rev. Lett. 108, 058301 (2012), with the same Gaussian kernel, there of
        the sorted eigenvalues of Coulomb matrices. Changes: the mean energy is taken off first,
        and the width is measured in median distances.

    Example:
        >>> x = np.random.default_rng(0).uniform(0, 3, (60, 1))
        >>> y = np.sin(x[:, 0])
        >>> kernel_ridge_error((x[::2], y[::2]), (x[1::2], y[1::2])) < 1e-3
        True
    """
    x, y = _as_rows("train", *train, at_least=2)
    new, labels = _as_rows("test", *test, at_least=1)
    if np.shape(train[0])[1:] != np.shape(test[0])[1:]:
        raise ValueError(
            "a description must have the same shape in train and test; got "
            f"{np.shape(train[0])[1:]} and {np.shape(test[0])[1:]}"
        )
    if not len(widths) or not len(noises) or not min(*widths, *noises) > 0:
        raise ValueError(
            "widths and noises must hold positive numbers to choose from, dimensionless; got "
            f"{widths} and {noises}"
        )
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


def learning_errors(
    features: ArrayLike,
    energies: ArrayLike,
    splits: Sequence[tuple[Sequence[int], Sequence[int]]],
    sizes: Sequence[int],
) -> NDArray[np.float64]:
    """Return the errors of a learning curve: one for each split and each number of labels.

    Args:
        features: one row a configuration, shape (n, ...).
        energies: in eV, shape (n,).
        splits: rows to learn from and rows to be tested on, several times.
        sizes: how many to learn from, each a divisor of the number of training rows; they are taken
            evenly from them.

    Returns:
        Mean absolute errors of a kernel ridge regression in eV, shape (n_splits, n_sizes).

    Raises:
        ValueError: if a size does not divide the number of training rows.

    Example:
        >>> x = np.linspace(0, 3, 90)[:, None]
        >>> splits = [(range(0, 80, 2), range(1, 80, 2))]
        >>> many, few = learning_errors(x, np.sin(x[:, 0]), splits, [40, 10])[0]
        >>> bool(many < few)
        True
    """
    x, y = np.asarray(features, dtype=float), np.asarray(energies, dtype=float)
    return np.array([[_learn(x, y, *split, size) for size in sizes] for split in splits])


def _learn(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    train: Sequence[int],
    test: Sequence[int],
    size: int,
) -> float:
    """Error on the test rows after so many training rows, evenly taken."""
    if size < 1 or len(train) % size:
        raise ValueError(f"sizes must divide the {len(train)} training rows; got {size}")
    some, test = list(train)[:: len(train) // size], list(test)
    return kernel_ridge_error((x[some], y[some]), (x[test], y[test]))


def _as_rows(
    name: str, features: ArrayLike, energies: ArrayLike, *, at_least: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Descriptions as a matrix, energies as a vector."""
    x = _finite(f"descriptions of {name}", features)
    y = _finite(f"energies of {name} (eV)", energies)
    if x.ndim < 2 or len(x) < at_least:
        raise ValueError(
            f"{name} must hold at least {at_least} descriptions, shape (n, ...); got shape "
            f"{x.shape}"
        )
    if y.shape != (len(x),):
        raise ValueError(
            f"{name} must hold one energy for each of {len(x)} descriptions, in eV; got shape "
            f"{y.shape}"
        )
    return x.reshape(len(x), -1), y


def _finite(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """As an array of finite numbers."""
    array = np.asarray(values, dtype=float)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers; got NaN or infinity")
    return array


def _squares(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances between rows, shape (n_a, n_b)."""
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.maximum(squares, 0.0)


def _fit_predict(k: NDArray, y: NDArray, k_new: NDArray, noise: float) -> NDArray:
    """Solve for the weights and apply them."""
    weights = np.linalg.solve(k + noise * np.eye(len(y)), y - y.mean())
    return y.mean() + k_new @ weights
