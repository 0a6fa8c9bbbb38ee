"""Coverage: which region of configurations a set fills, and how much of another lies outside."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from ase import Atoms
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from mlp_course.descriptors import Descriptor, describe_structure
from mlp_course.descriptors.checks import check_count


def average_descriptions(descriptor: Descriptor, frames: Sequence[Atoms]) -> NDArray[np.float64]:
    r"""Describe each frame by the mean over its atoms, element by element.

    .. math:: \bar{\mathbf p}^Z = \frac{1}{N_Z} \sum_{i \in Z} \mathbf p_i

    Means, unlike sums, compare frames of different size.

    Args:
        descriptor: ``SOAP`` or another of :mod:`mlp_course.descriptors`.
        frames: any sizes; elements of the descriptor.

    Returns:
        The means of the elements of ``descriptor`` one after the other (0 where an element is
        missing), shape (n_frames, n_elements · n_components).

    Raises:
        ValueError: if there are no frames, or one has an element the descriptor was not made for.

    Source:
        S. De, A. P. Bartók, G. Csányi, M. Ceriotti, Phys. Chem. Chem. Phys. 18, 13754 (2016),
        the average kernel.

    Example:
        >>> from ase.build import bulk
        >>> from mlp_course.descriptors import SOAP
        >>> soap = SOAP([29], cutoff=4.0, n_max=2, l_max=2)
        >>> one, two = average_descriptions(soap, [bulk("Cu"), bulk("Cu").repeat(2)])
        >>> np.allclose(one, two)  # the same crystal
        True
    """
    if not len(frames):
        raise ValueError("frames must hold at least one configuration; got none")
    species = descriptor.elements.species
    rows = []
    for atoms in frames:
        sums = describe_structure(descriptor, atoms).reshape(len(species), -1)
        counts = np.array([(atoms.numbers == z).sum() for z in species])
        rows.append((sums / np.maximum(counts, 1)[:, None]).ravel())
    return np.array(rows)


@dataclasses.dataclass(frozen=True)
class PrincipalMap:
    """The directions in which one set differs most; any set can be drawn on them.

    Attributes:
        centre: mean of the set it was fitted to, shape (n_features,).
        directions: orthonormal, shape (n_components, n_features).
        explained: part of the variance of that set along each, shape (n_components,).
    """

    centre: NDArray[np.float64]
    directions: NDArray[np.float64]
    explained: NDArray[np.float64]

    @classmethod
    def fit(cls, features: ArrayLike, n_components: int = 2) -> "PrincipalMap":
        """Find the directions by principal component analysis.

        Features are not rescaled: distances on the map are never longer than in full space. The
        sign of each direction is fixed so that its largest component is positive.

        Args:
            features: shape (n, n_features).
            n_components: how many.

        Raises:
            ValueError: if there are fewer rows or features than components, or nothing varies.

        Source:
            K. Pearson, Phil. Mag. 2, 559 (1901).

        Example:
            >>> line = PrincipalMap.fit([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]], 1)
            >>> line.directions.round(3).tolist(), line.explained.round(3).tolist()
            ([[0.6, 0.8]], [1.0])
            >>> line.project([[6.0, 8.0]]).round(3).tolist()  # 5 from the centre (3, 4)
            [[5.0]]
        """
        x = np.asarray(features, dtype=float)
        check_count(1, n_components=n_components)
        fits = x.ndim == 2 and min(x.shape) >= n_components and len(x) >= 2
        if not fits or not np.isfinite(x).all() or np.ptp(x, axis=0).max() == 0:
            raise ValueError(
                f"features must be finite, with at least {n_components} columns and two rows that "
                f"differ; got shape {x.shape}"
            )
        centre = x.mean(axis=0)
        _, s, directions = np.linalg.svd(x - centre, full_matrices=False)
        directions = directions[:n_components]
        largest = np.abs(directions).argmax(axis=1)
        directions = directions * np.sign(directions[range(n_components), largest])[:, None]
        return cls(centre, directions, s[:n_components] ** 2 / (s**2).sum())

    def project(self, features: ArrayLike) -> NDArray[np.float64]:
        """Place of each row on the map, shape (n, n_components)."""
        x = np.asarray(features, dtype=float)
        if x.ndim != 2 or x.shape[1] != len(self.centre):
            raise ValueError(
                f"features must have shape (n, {len(self.centre)}) as in the fit; got {x.shape}"
            )
        return (x - self.centre) @ self.directions.T


def fraction_outside(inside: ArrayLike, other: ArrayLike, *, quantile: float = 0.95) -> float:
    r"""Tell how much of a set lies where another set has nothing.

    A row is outside if its nearest neighbour in the set is farther than what is usual within the
    set itself: the ``quantile`` of the distances of its own rows to their nearest others. So a new
    sample of the same kind has a fraction of about 1 - ``quantile`` outside.

    Args:
        inside: features of the set that shall cover, shape (n, n_features).
        other: features of the set to be covered, shape (m, n_features).
        quantile: 0 to 1, dimensionless.

    Returns:
        0 (all covered) to 1.

    Raises:
        ValueError: if shapes do not fit, a number is not finite, the first set has fewer than two
            rows, or ``quantile`` is not between 0 and 1.

    Example:
        >>> fraction_outside([[0.0], [1.0], [2.0]], [[0.5], [1.5], [2.9], [3.1]])  # 1 is usual
        0.25
    """
    a, b = np.asarray(inside, dtype=float), np.asarray(other, dtype=float)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or len(a) < 2 or not len(b):
        raise ValueError(
            "inside and other must have shapes (n, n_features) and (m, n_features), n at least 2; "
            f"got {a.shape} and {b.shape}"
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("inside and other must be finite; a row has NaN or infinity")
    if not 0 < quantile <= 1:
        raise ValueError(f"quantile must be above 0 and at most 1; got {quantile}")
    own = cdist(a, a)
    np.fill_diagonal(own, np.inf)
    usual = np.quantile(own.min(axis=1), quantile)
    return float((cdist(b, a).min(axis=1) > usual).mean())


def coverage_table(sets: Mapping[str, ArrayLike]) -> pd.DataFrame:
    """Compare sets pair by pair: :func:`fraction_outside` of each column's set in each row's.

    Args:
        sets: features of each set, by name.

    Returns:
        Row: the set that shall cover. Column: the set to be covered. The diagonal is 0.05 by
        construction and left empty (NaN).

    Example:
        >>> table = coverage_table({"few": [[0.0], [1.0]], "many": [[0.0], [1.0], [2.0], [9.0]]})
        >>> float(table.loc["few", "many"]), float(table.loc["many", "few"])  # 9.0 is outside
        (0.25, 0.0)
    """
    values = {
        name: {
            cover: np.nan if cover == name else fraction_outside(rows, other)
            for cover, rows in sets.items()
        }
        for name, other in sets.items()
    }
    return pd.DataFrame(values)


def energy_histogram(energies: Mapping[str, ArrayLike], *, bin_width: float = 0.01) -> pd.DataFrame:
    """Count frames by energy, all sets in the same bins.

    Args:
        energies: of each set, in eV an atom (or above a minimum), by name.
        bin_width: in eV an atom.

    Returns:
        One column a set, one row a bin; the index is the lower edge of the bin in eV an atom, a
        multiple of ``bin_width``.

    Raises:
        ValueError: if there are no energies, one is not finite, or ``bin_width`` is not positive.

    Example:
        >>> energy_histogram({"md": [0.01, 0.02, 0.12], "path": [0.31]}, bin_width=0.1).to_dict()
        {'md': {0.0: 2, 0.1: 1, 0.2: 0, 0.3: 0}, 'path': {0.0: 0, 0.1: 0, 0.2: 0, 0.3: 1}}
    """
    if not bin_width > 0:
        raise ValueError(f"bin_width must be positive, in eV an atom; got {bin_width}")
    values = {name: np.asarray(e, dtype=float).ravel() for name, e in energies.items()}
    everything = np.concatenate([*values.values(), []])
    if not len(everything) or not np.isfinite(everything).all():
        raise ValueError("energies must hold at least one number, and only finite ones")
    first, last = np.floor(np.array([everything.min(), everything.max()]) / bin_width).astype(int)
    places = {name: np.floor(e / bin_width).astype(int) - first for name, e in values.items()}
    counts = {name: np.bincount(at, minlength=last - first + 1) for name, at in places.items()}
    edges = np.round(np.arange(first, last + 1) * bin_width, 12)
    return pd.DataFrame(counts, index=pd.Index(edges, name="energy_eV"))
