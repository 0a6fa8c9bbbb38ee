r"""Umbrella sampling, the answer: windows with springs become one free energy without them.

A spring :math:`\tfrac{k}{2} (\xi - \xi_w)^2` makes each window sample values that a free run would
see once in an age. What the springs did to the statistics is known exactly, so MBAR can combine
all windows into the free energy without springs.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from ase import units
from numpy.typing import ArrayLike, NDArray
from scipy.stats import ks_2samp

from mlp_course.analysis.free_energy import FreeEnergyProfile, checked_edges
from mlp_course.data.statistics import correlation_time

if TYPE_CHECKING:
    from pymbar import MBAR

LEAST_OVERLAP = 0.05  # dimensionless; Gaussians four standard deviations apart share so much


@dataclass(frozen=True, eq=False)
class UmbrellaWindow:
    """One run with a spring.

    Attributes:
        centre: where the spring pulls to, in the unit of the coordinate.
        stiffness: k of the spring, in eV/unit².
        samples: coordinate in order of time, shape (n_samples,), in that unit.

    Example:
        >>> window = UmbrellaWindow(1.0, 2.0, np.array([1.5, 0.5]))
        >>> window.bias(window.samples).tolist()  # 2/2 × 0.5²
        [0.25, 0.25]
    """

    centre: float
    stiffness: float
    samples: NDArray[np.float64]

    def bias(self, values: NDArray[np.float64], period: float | None = None) -> NDArray[np.float64]:
        """Energy of the spring in eV at some values of the coordinate, of the same shape."""
        return 0.5 * self.stiffness * difference(values, self.centre, period) ** 2


def difference(values: ArrayLike, centre: float, period: float | None) -> NDArray[np.float64]:
    """Value less centre; for a periodic coordinate the shorter way round.

    Example:
        >>> float(difference(350.0, 10.0, 360.0))
        -20.0
    """
    away = np.asarray(values, dtype=float) - centre
    return away if period is None else away - period * np.round(away / period)


def umbrella_profile(
    windows: Sequence[UmbrellaWindow],
    *,
    temperature: float,
    edges: ArrayLike,
    period: float | None = None,
) -> FreeEnergyProfile:
    """Combine the windows into one free energy with MBAR.

    The samples of each window are thinned to independent ones (every 2τ of its correlation time)
    before pymbar sees them, for its errors suppose independence.

    Args:
        windows: from :func:`~mlp_course.analysis.run_umbrella` or elsewhere; neighbours must
            overlap.
        temperature: in K.
        edges: borders of the bins, rising, shape (n_bins + 1,), unit of the coordinate.
        period: of the coordinate, in its unit (360 for a dihedral); None if it has none.

    Returns:
        Free energy without springs in eV, relative to the lowest bin, with errors of that
        difference; infinite where nothing was sampled.

    Raises:
        ValueError: if neighbouring windows share less than 0.05 of their values, a window is too
            short to tell its correlation time, or a number is out of range.

    Source:
        M. R. Shirts, J. D. Chodera, J. Chem. Phys. 129, 124105 (2008), through pymbar.

    Example:
        >>> rng, kT = np.random.default_rng(0), units.kB * 300
        >>> width = np.sqrt(kT / 4.0)  # flat free energy: a window is the Gaussian of its spring
        >>> centres = np.arange(0, 0.5, 0.1)
        >>> windows = [UmbrellaWindow(c, 4.0, rng.normal(c, width, 1000)) for c in centres]
        >>> profile = umbrella_profile(windows, temperature=300, edges=[0.0, 0.2, 0.4])
        >>> bool(profile.free_energy.max() < 4 * profile.error.max() < 0.01)  # eV
        True
    """
    edges, kT = checked_edges(edges, temperature), units.kB * temperature
    windows = sorted(windows, key=lambda window: window.centre)
    independent = [_thinned(window, period) for window in windows]
    samples = np.concatenate(independent)
    _check_overlap(windows, independent, period)  # without it MBAR searches for a very long time
    bias = np.array([window.bias(samples, period) for window in windows]) / kT  # (n_windows, n)
    mbar = _combined(bias, np.array([len(part) for part in independent]))
    if period is not None:  # into the turn that begins with the first edge
        samples = edges[0] + (samples - edges[0]) % period
    bins = np.digitize(samples, edges) - 1  # (n,)
    seen = np.unique(bins[(bins >= 0) & (bins < len(edges) - 1)])
    if not len(seen):
        raise ValueError(f"no sample lies within the edges, {edges[0]:g} to {edges[-1]:g}")
    # A bin is a state with no energy inside and an infinite one outside.
    outside = np.where(bins == seen[:, None], 0.0, np.inf)  # (n_seen, n)
    result = mbar.compute_perturbed_free_energies(outside)
    heights = kT * (result["Delta_f"][0] + np.log(np.diff(edges)[seen]))  # eV
    lowest = int(np.argmin(heights))
    free_energy, error = np.full((2, len(edges) - 1), np.inf)
    free_energy[seen] = heights - heights[lowest]
    error[seen] = kT * result["dDelta_f"][lowest]
    return FreeEnergyProfile((edges[1:] + edges[:-1]) / 2, free_energy, error)


def _thinned(window: UmbrellaWindow, period: float | None) -> NDArray[np.float64]:
    """Independent samples: one every 2τ of the correlation time, a step past 360° no jump."""
    memory = correlation_time(difference(window.samples, window.centre, period))
    return window.samples[np.arange(0, len(window.samples), 2 * memory).astype(int)]


def _check_overlap(
    windows: Sequence[UmbrellaWindow], samples: Sequence[NDArray[np.float64]], period: float | None
) -> None:
    """Refuse neighbours that share hardly any value of the coordinate.

    The share of two distributions is one less their Kolmogorov-Smirnov distance.
    """
    for k, (window, following) in enumerate(pairwise(windows)):
        here, there = (difference(own, window.centre, period) for own in samples[k : k + 2])
        share = 1 - ks_2samp(here, there, method="asymp").statistic
        if share < LEAST_OVERLAP:
            raise ValueError(
                f"neighbouring windows must share at least {LEAST_OVERLAP:g} of their values; "
                f"those at {window.centre:g} and {following.centre:g} share {share:.2g}. Put a "
                "window between them, or take softer springs"
            )


def _combined(bias: NDArray[np.float64], n_samples: NDArray[np.int64]) -> "MBAR":
    """Solve the equations of MBAR for reduced biases, shape (n_windows, n)."""
    logging.getLogger("pymbar").setLevel(logging.ERROR)  # it advertises JAX at import
    from pymbar import MBAR

    return MBAR(bias, n_samples)
