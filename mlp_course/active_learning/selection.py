"""Selection: which of many configurations are worth a label."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from numpy.typing import ArrayLike, NDArray

from mlp_course.descriptors import SOAP
from mlp_course.descriptors.checks import check_count
from mlp_course.sampling import average_descriptions, farthest_points

#: What :func:`select` can do.
STRATEGIES = ("threshold", "top_k", "farthest", "random")
#: Those that need features, and those that do not look at uncertainties.
WITH_FEATURES, BLIND = ("farthest",), ("random",)


def select(
    uncertainties: ArrayLike,
    n_select: int,
    strategy: str = "farthest",
    *,
    threshold: float = 0.0,
    features: ArrayLike | None = None,
    known: ArrayLike | None = None,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Choose configurations to label.

    | strategy | takes |
    | --- | --- |
    | threshold | some of those above the threshold, at random |
    | top_k | the most uncertain: often the same accident several times |
    | farthest | of those above the threshold, the ones most unlike each other and the known |
    | random | any, uncertain or not: the control |

    Args:
        uncertainties: one number a configuration, in eV/Å; shape (n,).
        n_select: how many to take; fewer are returned where fewer are above the threshold.
        strategy: one of :data:`STRATEGIES`.
        threshold: in eV/Å; what is below it is not worth a label. "random" does not look at it.
        features: for "farthest": one row a configuration, shape (n, n_features).
        known: for "farthest": the same of what is labelled already, shape (n_known, n_features).
        seed: of the random choices.

    Returns:
        Row numbers, the first the most wanted, shape (at most n_select,); may be empty.

    Raises:
        ValueError: for an unknown strategy, uncertainties that are not finite, or "farthest"
            without features.

    Example:
        >>> spreads = [0.3, 0.1, 0.9, 0.8]  # eV/Å
        >>> select(spreads, 2, "top_k", threshold=0.2).tolist()
        [2, 3]
        >>> places = [[0.0], [5.0], [1.0], [1.1]]  # the second and third of top_k are alike
        >>> select(spreads, 2, "farthest", threshold=0.2, features=places).tolist()
        [2, 0]
    """
    sigma = np.asarray(uncertainties, dtype=float)
    check_count(1, n_select=n_select)
    if strategy not in STRATEGIES:
        raise ValueError(f"strategy must be one of {', '.join(STRATEGIES)}; got {strategy!r}")
    if sigma.ndim != 1 or not np.isfinite(sigma).all():
        raise ValueError("uncertainties must be finite, in eV/Å, one number a configuration")
    if not threshold >= 0:
        raise ValueError(f"threshold must not be negative, in eV/Å; got {threshold}")
    rng = np.random.default_rng(seed)
    if strategy == "random":
        return rng.permutation(len(sigma))[:n_select]
    worth = np.flatnonzero(sigma > threshold)
    if strategy == "threshold":
        return rng.permutation(worth)[:n_select]
    by_size = worth[np.argsort(-sigma[worth], kind="stable")]
    if strategy == "top_k" or len(worth) <= n_select:
        return by_size[:n_select]
    if features is None:
        raise ValueError('features must be given for "farthest": one row a configuration')
    rows = np.asarray(features, dtype=float)[by_size]
    start = 0 if known is None or not len(known) else None
    return by_size[farthest_points(rows, n_select, start=start, known=known)]


def selection_features(frames: Sequence[Atoms], species: Sequence[int]) -> NDArray[np.float64]:
    """Describe configurations for "farthest": mean SOAP of each element, shape (n_frames, n).

    Args:
        frames: configurations.
        species: all atomic numbers that may occur.

    Example:
        >>> selection_features([Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])], [1]).shape
        (1, 40)
    """
    soap = SOAP(sorted(species), cutoff=4.0, n_max=4, l_max=3)
    return average_descriptions(soap, frames)
