r"""Residence: how long an atom stays near a site before it leaves.

Two numbers answer, and they agree only if leaving is a matter of chance alone (exponential stays):
the integral of the survival probability, and the mean length of a stay. An atom that flickers
across the border makes many short stays; the tolerance forgives absences up to a stated length.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from ase import Atoms
from ase.geometry import find_mic
from numpy.typing import ArrayLike, NDArray

from mlp_course.analysis.frames import check_frames_alike, chosen_atoms

FORGOTTEN = 0.01  # dimensionless; the survival probability is integrated down to here


def presence(
    frames: Sequence[Atoms],
    *,
    site: int | ArrayLike,
    radius: float,
    which: str | Sequence[int] | None = None,
) -> NDArray[np.bool_]:
    """Tell which atoms are near a site, frame by frame, by the nearest periodic image.

    For the shells of many centres, call it for each and join the columns with ``np.hstack``.

    Args:
        frames: in order of time.
        site: index of the central atom, or a fixed place in Å, shape (3,).
        radius: in Å.
        which: symbol of an element or indices of the atoms looked at; None for all. The central
            atom itself is left out.

    Returns:
        True where an atom is closer than the radius, shape (n_frames, n_chosen).

    Raises:
        ValueError: if the radius is not positive, there is no such atom or place, or the frames are
            not of one system.

    Example:
        >>> places = (1.0, 3.0, 9.5)  # in a cell of 10 Å; the last is 0.5 Å away, round the wall
        >>> frames = [Atoms("H", [[x, 5, 5]], cell=[10, 10, 10], pbc=True) for x in places]
        >>> presence(frames, site=[0.0, 5.0, 5.0], radius=2.0)[:, 0]
        array([ True, False,  True])
    """
    if not radius > 0:
        raise ValueError(f"radius must be positive, in Å; got {radius}")
    check_frames_alike(frames)
    first = next(iter(frames))
    chosen, site = chosen_atoms(first, which), _checked_site(site, len(first))
    if site.ndim == 0:
        chosen = chosen[chosen != site]
    rows = []
    for atoms in frames:
        centre = atoms.positions[site] if site.ndim == 0 else site
        distances = find_mic(atoms.positions[chosen] - centre, atoms.cell, atoms.pbc)[1]
        rows.append(distances < radius)
    return np.array(rows)


def _checked_site(site: int | ArrayLike, n_atoms: int) -> NDArray:
    """Index of an atom counted from the first one, or a place in Å, shape (3,); or a refusal."""
    site = np.asarray(site)
    if site.ndim == 0 and -n_atoms <= site < n_atoms:
        return site % n_atoms
    if site.shape != (3,) or not np.isfinite(site).all():
        raise ValueError(
            f"site must be the index of one of {n_atoms} atoms, or a place in Å, shape (3,); got "
            f"{site.tolist()}"
        )
    return site.astype(float)


def without_short_absences(present: ArrayLike, tolerance: int) -> NDArray[np.bool_]:
    """Count an atom as present while it is away for at most so many frames, and comes back.

    Args:
        present: shape (n_frames, n_atoms).
        tolerance: in frames; 0 changes nothing.

    Returns:
        A new array of the same shape.

    Source:
        The intermittent time t* of R. W. Impey, P. A. Madden, I. R. McDonald, J. Phys. Chem. 87,
        5071 (1983).

    Example:
        >>> stay = np.array([1, 0, 1, 0, 0, 1, 0], dtype=bool)[:, None]
        >>> without_short_absences(stay, 1)[:, 0].astype(int)
        array([1, 1, 1, 0, 0, 1, 0])
    """
    filled = _checked(present).copy()
    for column in filled.T:  # a view: writes into the copy
        here = np.flatnonzero(column)
        for left, back in pairwise(here):
            if back - left - 1 <= tolerance:
                column[left:back] = True
    return filled


def survival_probability(
    present: ArrayLike, *, spacing: float, tolerance: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Compute how likely an atom that is there now has stayed until later, without leaving.

    .. math:: S(k) = \frac{\sum_{i, a} \prod_{j=0}^{k} p_a(i + j)}{\sum_{i, a} p_a(i)},
        \qquad 0 \le i < n - k

    A stay of L frames contains L - k windows of k steps, so the stays are counted and not the
    windows.

    Args:
        present: p, shape (n_frames,) or (n_frames, n_atoms), from :func:`presence`.
        spacing: time between frames in fs.
        tolerance: absences of up to so many frames do not end a stay.

    Returns:
        Times in fs and S, dimensionless, each of shape (n_lags,): as many lags as there are
        windows that begin with an atom present.

    Raises:
        ValueError: if nobody is ever present, or a number is out of range.

    Source:
        R. W. Impey, P. A. Madden, I. R. McDonald, J. Phys. Chem. 87, 5071 (1983).

    Example:
        >>> times, survival = survival_probability([1, 1, 1, 0, 0, 0], spacing=10.0)
        >>> times[:4].tolist(), survival[:4].round(3).tolist()  # 3 of 3, 2 of 3, 1 of 3, 0 of 3
        ([0.0, 10.0, 20.0, 30.0], [1.0, 0.667, 0.333, 0.0])
    """
    _check_times(spacing, tolerance)
    present = without_short_absences(present, tolerance)
    if not present.any():
        raise ValueError("nobody is ever near the site: take a larger radius or a longer run")
    n_frames = len(present)
    n_stays = np.bincount(_lengths_of_stays(present), minlength=n_frames + 2)
    longer = np.cumsum(n_stays[::-1])[::-1]  # stays of at least L frames
    staying = np.cumsum(longer[::-1])[::-1][1 : n_frames + 1]  # Σ over stays of max(0, L - k)
    starts = np.cumsum(present.sum(axis=1))[::-1]  # present in the first n - k frames
    possible = starts > 0
    return spacing * np.arange(n_frames)[possible], staying[possible] / starts[possible]


def residence_time(times: NDArray[np.float64], survival: NDArray[np.float64]) -> float:
    r"""Integrate the survival probability: the residence time.

    .. math:: \tau = \int_0^\infty S(t) \, dt

    The integral stops where S falls below 0.01, which costs 1 % for an exponential.

    Args:
        times: in fs, from :func:`survival_probability`.
        survival: dimensionless.

    Returns:
        τ in fs.

    Raises:
        ValueError: if S does not fall below 0.01: somebody stays for the whole run.

    Example:
        >>> times = np.linspace(0, 500, 1001)
        >>> round(residence_time(times, np.exp(-times / 50)), 1)  # 50 × (1 - 0.01)
        49.5
    """
    gone = np.flatnonzero(survival < FORGOTTEN)
    if not len(gone):
        raise ValueError(
            f"the survival probability must fall below {FORGOTTEN:g} to be integrated; it ends at "
            f"{survival[-1]:.2f} after {times[-1]:g} fs. Run longer"
        )
    stop = gone[0] + 1
    return float(np.trapezoid(survival[:stop], times[:stop]))


def mean_stay(present: ArrayLike, *, spacing: float, tolerance: int = 0) -> tuple[float, float]:
    r"""Divide the time spent near the site by the number of departures.

    .. math:: \tau = \frac{T_\mathrm{present}}{n_\mathrm{departures}},
        \qquad \sigma_\tau = \frac{\tau}{\sqrt{n_\mathrm{departures}}}

    Stays cut off by the end of the run are counted rightly: their time counts, their end does not.

    Args:
        present: shape (n_frames,) or (n_frames, n_atoms), from :func:`presence`.
        spacing: time between frames in fs.
        tolerance: absences of up to so many frames do not end a stay.

    Returns:
        τ and its standard error in fs. The error supposes exponential stays that do not know of
        each other.

    Raises:
        ValueError: if nobody ever departs, or a number is out of range.

    Example:
        >>> mean_stay([1, 1, 1, 0, 1, 1, 1, 0], spacing=10.0)  # 60 fs, two departures
        (30.0, 21.2132)
    """
    _check_times(spacing, tolerance)
    present = without_short_absences(present, tolerance)
    before, after = present[:-1], present[1:]
    n_departures = int((before & ~after).sum())
    if not n_departures:
        raise ValueError(
            f"nobody departs in {len(present) * spacing:g} fs: run longer, or the radius is wrong"
        )
    tau = float(before.sum() * spacing / n_departures)
    return tau, float(tau / np.sqrt(n_departures))


def _lengths_of_stays(present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Numbers of frames of all uninterrupted stays of all atoms."""
    nobody = np.zeros((1, present.shape[1]), dtype=np.int8)
    changes = np.diff(np.concatenate([nobody, present.astype(np.int8), nobody]), axis=0).T
    return np.nonzero(changes == -1)[1] - np.nonzero(changes == 1)[1]  # sorted by atom, then time


def _checked(present: ArrayLike) -> NDArray[np.bool_]:
    """Table of shape (n_frames, n_atoms), or a refusal."""
    table = np.asarray(present).astype(bool)
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2 or len(table) < 2:
        raise ValueError(
            "present must have the shape (n_frames, n_atoms) with at least two frames; got "
            f"{np.shape(present)}"
        )
    return table


def _check_times(spacing: float, tolerance: int) -> None:
    if not spacing > 0:
        raise ValueError(f"spacing must be positive, in fs; got {spacing}")
    if tolerance < 0 or tolerance != int(tolerance):
        raise ValueError(f"tolerance must be a whole number of frames, at least 0; got {tolerance}")
