"""The radial distribution function: how much denser than on average the neighbours stand."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from numpy.typing import NDArray
from scipy.signal import find_peaks

from mlp_course.analysis.frames import chosen_atoms
from mlp_course.data.neighbours import neighbour_list
from mlp_course.data.quality import as_frames
from mlp_course.descriptors.checks import check_count, check_positive

PROMINENCE = 0.1  # dimensionless; a peak of g(r) that stands out less is taken for noise


def radial_distribution(
    frames: Sequence[Atoms],
    longest: float,
    *,
    n_bins: int = 120,
    elements: tuple[str, str] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Count neighbours in shells, all periodic images included, and divide by an even density.

    .. math:: g_{AB}(r) = \frac{n_{AB}(r, r + \Delta)}
        {N_A \rho_B \, \tfrac{4\pi}{3} [(r + \Delta)^3 - r^3]}, \qquad \rho_B = N_B / V

    Without ``elements`` A and B are all atoms. N_B counts all atoms of the kind, the central one
    too, as in freud; packages that count the others only (MDAnalysis, MDTraj) give N/(N - 1) times
    as much for A = B.

    Args:
        frames: configurations with three periodic directions, of one kind of system; one
            ``Atoms`` counts as a list of one.
        longest: up to which distance, in Å. Beyond half of the cell the images repeat each other.
        n_bins: number of shells.
        elements: symbols of the central atoms A and of the neighbours B.

    Returns:
        Middles of the shells in Å and g, dimensionless, each of shape (n_bins,).

    Raises:
        TypeError: if a frame is no ``Atoms``.
        ValueError: if there is no frame, one has no atoms or is not periodic in three directions,
            an element is not there, ``longest`` is not positive, or ``n_bins`` no whole number of
            at least 1.

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
        kind_a, kind_b = elements or (None, None)
        n_a, n_b = len(chosen_atoms(atoms, kind_a)), len(chosen_atoms(atoms, kind_b))
        counts = np.histogram(_pair_distances(atoms, longest, elements), bins=edges)[0]
        g += counts / (n_a * n_b / atoms.get_volume() * volumes)
    return (edges[1:] + edges[:-1]) / 2, g / len(frames)


def _pair_distances(
    atoms: Atoms, cutoff: float, elements: tuple[str, str] | None
) -> NDArray[np.float64]:
    """Distances in Å from each atom of the first element to those of the second."""
    graph = neighbour_list(atoms, cutoff)
    distances = graph.pair_vectors().norm(dim=1).numpy()
    if elements is None:
        return distances
    symbols = np.array(atoms.get_chemical_symbols())
    of_a = symbols[graph.idx_i.numpy()] == elements[0]
    of_b = symbols[graph.idx_j.numpy()] == elements[1]
    return distances[of_a & of_b]


def _periodic_frames(frames: Sequence[Atoms]) -> list[Atoms]:
    """As a list; raise TypeError or ValueError for a frame without a density."""
    frames = as_frames(frames)
    for number, atoms in enumerate(frames):
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
        density: ρ, atoms per Å³; of the neighbours' element, if g is that of two elements.

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


def first_minimum(r: NDArray[np.float64], g: NDArray[np.float64]) -> float:
    """Find the end of the first shell: the lowest point between the first two peaks of g.

    Args:
        r: middles of the shells in Å.
        g: dimensionless, the shape of ``r``.

    Returns:
        Distance in Å; the middle of the gap where g is lowest on a stretch.

    Raises:
        ValueError: if g has fewer than two peaks.

    Example:
        >>> first_minimum(np.arange(8.0), np.array([0, 0, 3, 0.4, 0.2, 0.6, 1.5, 1.0]))
        4.0
    """
    peaks = find_peaks(g, prominence=PROMINENCE)[0]
    if len(peaks) < 2:
        raise ValueError(
            f"g must have two peaks that rise {PROMINENCE:g} above their surroundings to have a "
            f"minimum between them; got {len(peaks)}. Take g to a longer distance, or more frames"
        )
    between = slice(peaks[0], peaks[1])
    lowest = g[between] == g[between].min()
    return float(r[between][lowest].mean())


def neighbour_counts(
    atoms: Atoms, cutoff: float, *, elements: tuple[str, str] | None = None
) -> NDArray[np.int64]:
    """Count the neighbours of each atom: its coordination number in one configuration.

    Args:
        atoms: one configuration, periodic or not.
        cutoff: in Å; :func:`first_minimum` is the usual choice.
        elements: symbols of the central atoms and of the neighbours that count; None for all.

    Returns:
        One count for each central atom, in the order of ``atoms``, dimensionless.

    Raises:
        ValueError: if the cutoff is not positive or an element is not there.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0, 0.76, 0.59], [0, -0.76, 0.59]])
        >>> neighbour_counts(water, 1.2).tolist()
        [2, 1, 1]
        >>> neighbour_counts(water, 1.2, elements=("O", "H")).tolist()
        [2]
    """
    kind_a, kind_b = elements or (None, None)
    graph = neighbour_list(atoms, cutoff)
    is_b = np.zeros(len(atoms), dtype=bool)
    is_b[chosen_atoms(atoms, kind_b)] = True
    counts = np.bincount(graph.idx_i.numpy()[is_b[graph.idx_j.numpy()]], minlength=len(atoms))
    return counts[chosen_atoms(atoms, kind_a)]
