r"""The free energy along a coordinate, from how often each value is seen.

:math:`F(\xi) = -k_B T \ln p(\xi)`: what is seen seldom is high. p is the density of the coordinate
as it is measured. For a distance that includes the growing volume of the shells,
:math:`-2 k_B T \ln d`: two free particles have a falling F(d) although nothing pulls them apart.
"""

from dataclasses import dataclass

import numpy as np
from ase import units
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class FreeEnergyProfile:
    """The free energy along a coordinate.

    Attributes:
        coordinate: middles of the bins, shape (n_bins,), unit of the coordinate.
        free_energy: in eV, shape (n_bins,), 0 in the lowest bin; infinite where nothing was seen.
        error: standard error of the difference from the lowest bin, in eV, shape (n_bins,);
            infinite where it cannot be told.

    Example:
        >>> profile = FreeEnergyProfile(np.array([0.5, 1.5]), np.array([0, 0.1]), np.zeros(2))
        >>> float(profile.free_energy.max())
        0.1
    """

    coordinate: NDArray[np.float64]
    free_energy: NDArray[np.float64]
    error: NDArray[np.float64]


def histogram_profile(
    samples: ArrayLike, *, temperature: float, edges: ArrayLike, n_blocks: int = 10
) -> FreeEnergyProfile:
    r"""Turn a histogram of a long unbiased run into a free energy.

    .. math:: F_b = -k_B T \ln \frac{n_b}{n \, \Delta_b}, \qquad
        \sigma_b^2 = \frac{B - 1}{B} \sum_{k=1}^{B} \left( F_b^{(k)} - \bar F_b \right)^2

    Errors: the run is cut into B blocks in time; :math:`F^{(k)}` is the profile with block k left
    out (the jackknife). They are honest if a block is longer than the memory of the coordinate,
    slow passages between valleys included: if no passage was seen, the depth of the other valley
    is unknown and no error bar says so.

    Args:
        samples: coordinate in order of time, shape (n_samples,), any unit. Values outside of the
            edges are not used.
        temperature: of the run, in K.
        edges: borders of the bins, rising, shape (n_bins + 1,), unit of the coordinate.
        n_blocks: number of blocks.

    Returns:
        Free energies in eV, relative to the lowest bin, with errors of that difference.

    Raises:
        ValueError: if a number is out of range or not finite, or no sample lies within the edges.

    Source:
        D. Frenkel, B. Smit, Understanding Molecular Simulation, 2nd ed. (2002), section 7.1.

    Example:
        >>> samples = np.tile([0.5, 0.5, 1.5], 100)  # one half as often as the other
        >>> profile = histogram_profile(samples, temperature=300, edges=[0, 1, 2])
        >>> (profile.free_energy / (units.kB * 300)).round(4).tolist()  # ln 2
        [0.0, 0.6931]
    """
    samples, edges = np.asarray(samples, dtype=float), checked_edges(edges, temperature)
    if n_blocks < 2 or len(samples) < n_blocks:
        raise ValueError(
            f"n_blocks must be at least 2 and at most the number of samples; got {n_blocks} and "
            f"{len(samples)}"
        )
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise ValueError(
            f"samples must be finite, shape (n_samples,); got shape {samples.shape}"
            + ", with NaN or infinity" * (not np.isfinite(samples).all())
        )
    counts = np.array(
        [np.histogram(block, bins=edges)[0] for block in np.array_split(samples, n_blocks)]
    )  # (n_blocks, n_bins)
    total = counts.sum(axis=0)
    if not total.any():
        raise ValueError(
            f"no sample lies within the edges, {edges[0]:g} to {edges[-1]:g}; samples range from "
            f"{samples.min():g} to {samples.max():g}"
        )
    kT, widths = units.kB * temperature, np.diff(edges)
    free_energy = _relative(total / widths, kT, lowest := int(np.argmax(total / widths)))
    left_out = np.array([_relative((total - own) / widths, kT, lowest) for own in counts])
    error = _jackknife(left_out)
    return FreeEnergyProfile((edges[1:] + edges[:-1]) / 2, free_energy, error)


def _relative(density: NDArray[np.float64], kT: float, lowest: int) -> NDArray[np.float64]:
    """-k_B T ln p in eV relative to one bin; infinite where nothing is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        free_energy = -kT * np.log(density / density[lowest])
    return np.where(density > 0, free_energy, np.inf)


def _jackknife(left_out: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard errors from profiles with one block left out, shape (n_blocks, n_bins)."""
    known = np.isfinite(left_out).all(axis=0)
    n_blocks = len(left_out)
    error = np.full(left_out.shape[1], np.inf)
    error[known] = np.sqrt(n_blocks - 1) * left_out[:, known].std(axis=0)
    return error


def checked_edges(edges: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """Borders of bins as an array, or a refusal."""
    edges = np.asarray(edges, dtype=float)
    if edges.ndim != 1 or len(edges) < 2 or not (np.diff(edges) > 0).all():
        raise ValueError(f"edges must be at least two rising borders of bins; got {edges.tolist()}")
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, in K; got {temperature}")
    return edges
