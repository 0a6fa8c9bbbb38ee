"""The radial distribution function: how much denser than on average the neighbours stand."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from numpy.typing import NDArray

from mlp_course.data.neighbours import neighbour_list
from mlp_course.descriptors.checks import check_count, check_positive


def radial_distribution(
    frames: Sequence[Atoms], longest: float, *, n_bins: int = 120
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Count neighbours in shells, all periodic images included, and divide by an even density.

    .. math:: g(r) = \frac{n(r, r + \Delta)}{N \rho \, \tfrac{4\pi}{3} [(r + \Delta)^3 - r^3]},
        \qquad \rho = N / V

    Args:
        frames: configurations with three periodic directions, of one kind of system; one
            ``Atoms`` counts as a list of one.
        longest: up to which distance, in Å. Beyond half of the cell the images repeat each other.
        n_bins: number of shells.

    Returns:
        Middles of the shells in Å and g, dimensionless, each of shape (n_bins,).

    Raises:
        TypeError: if a frame is no ``Atoms``.
        ValueError: if there is no frame, one has no atoms or is not periodic in three directions,
            ``longest`` is not positive, or ``n_bins`` no whole number of at least 1.

    Source:
        M. P. Allen, D. J. Tildesley, Computer Simulation of Liquids, 2nd ed. (2017), section 2.6.

    Example:
        >>> lattice = Atoms("Ar", cell=[2.0, 2.0, 2.0], pbc=True)  # 6 neighbours at 2 Å
        >>> r, g = radial_distribution([lattice], 2.5, n_bins=1)
        >>> float(g[0] * (4 / 3 * np.pi * 2.5**3) / 8.0)  # times volume times density
        6.0000
    """
    check_positive("in Å", longest=longest)
    check_count(1, n_bins=n_bins)
    frames = _periodic_frames(frames)
    edges = np.linspace(0, longest, n_bins + 1)
    volumes = 4 / 3 * np.pi * np.diff(edges**3)  # Å³
    g = np.zeros(n_bins)
    for atoms in frames:
        distances = neighbour_list(atoms, longest).pair_vectors().norm(dim=1).numpy()
        counts = np.histogram(distances, bins=edges)[0]
        g += counts / (len(atoms) * len(atoms) / atoms.get_volume() * volumes)
    return (edges[1:] + edges[:-1]) / 2, g / len(frames)


def _periodic_frames(frames: Sequence[Atoms]) -> list[Atoms]:
    """As a list; raise TypeError or ValueError for a frame without a density."""
    frames = [frames] if isinstance(frames, Atoms) else list(frames)
    if not frames:
        raise ValueError("frames must hold at least one configuration; got an empty list")
    for number, atoms in enumerate(frames):
        if not isinstance(atoms, Atoms):
            raise TypeError(f"frame {number} must be ase.Atoms; got {type(atoms).__name__}")
        if not len(atoms):
            raise ValueError(f"frame {number} must have atoms; got an empty structure")
        if not atoms.pbc.all():
            raise ValueError(
                f"every frame must be periodic in three directions, or its density means nothing; "
                f"frame {number} has pbc={atoms.pbc.tolist()}"
            )
    return frames


def coordination_number(
    r: NDArray[np.float64], g: NDArray[np.float64], density: float
) -> NDArray[np.float64]:
    r"""Return how many neighbours an atom has up to each distance.

    .. math:: n(r) = 4 \pi \rho \int_0^r g(r') \, r'^2 \, dr'

    Args:
        r: middles of even shells from 0 on, in Å, from :func:`radial_distribution`.
        g: dimensionless, the shape of ``r``.
        density: ρ, atoms per Å³.

    Returns:
        Dimensionless, up to the outer edge of each shell, the shape of ``r``.

    Raises:
        ValueError: if ``r`` are not such middles, ``g`` is of another shape, or ``density`` is not
            positive.

    Example:
        >>> r = np.array([0.5, 1.5])
        >>> coordination_number(r, np.ones(2), 3 / (4 * np.pi)).round(6).tolist()  # r³
        [1.0, 8.0]
    """
    check_positive("in atoms per Å³", density=density)
    r, g = np.asarray(r, dtype=float), np.asarray(g, dtype=float)
    if r.ndim != 1 or g.shape != r.shape:
        raise ValueError(f"r and g must have one shape (n_bins,); got {r.shape} and {g.shape}")
    edges = 2 * r[:1] * np.arange(len(r) + 1)  # the first middle lies half a shell from 0
    if not (len(r) and r[0] > 0 and np.allclose(r, (edges[1:] + edges[:-1]) / 2)):
        raise ValueError(
            "r must be the middles of even shells from 0 on, in Å, as radial_distribution returns "
            f"them; got {r}"
        )
    return 4 / 3 * np.pi * density * np.cumsum(g * np.diff(edges**3))
