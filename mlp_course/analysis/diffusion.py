r"""Diffusion: how far atoms get, and the coefficient with an error that means something.

Einstein's relation: once a particle has forgotten its velocity, its mean-square displacement in d
dimensions grows as :math:`2 d D t`. Before that it grows as :math:`t^2` (ballistic); in a crystal
it stops growing. The exponent of the growth is therefore reported beside D.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ase import Atoms
from numpy.typing import NDArray

from mlp_course.analysis.frames import chosen_atoms, frame_spacing, unwrapped_positions
from mlp_course.data.statistics import lagged_products
from mlp_course.units import convert


@dataclass(frozen=True)
class Diffusion:
    """A diffusion coefficient with the evidence for it.

    Attributes:
        coefficient: D in Å²/fs, mean over the segments.
        error: standard error of that mean, in Å²/fs.
        exponent: of the growth of the mean-square displacement over the range of the fit,
            dimensionless: 1 for diffusion, 2 for free flight, 0 for atoms bound to a place.
        segments: D of each segment in Å²/fs.

    Example:
        >>> print(Diffusion(2e-4, 1e-5, 0.98, (1.9e-4, 2.1e-4)))  # 1 Å²/fs is 0.1 cm²/s
        D = (2.00 ± 0.10)e-05 cm²/s from 2 segments; displacement² grows as t^0.98
    """

    coefficient: float
    error: float
    exponent: float
    segments: tuple[float, ...]

    def __str__(self) -> str:
        value, error = convert([self.coefficient, self.error], "Å^2/fs", "cm^2/s")
        scale = 10.0 ** np.floor(np.log10(abs(value))) if value else 1.0
        return (
            f"D = ({value / scale:.2f} ± {error / scale:.2f})e{np.log10(scale):+03.0f} cm²/s from "
            f"{len(self.segments)} segments; displacement² grows as t^{self.exponent:.2f}"
        )


def window_averaged_msd(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Average squared displacements over all windows of each length.

    .. math:: \mathrm{MSD}(k) = \frac{1}{n - k} \sum_{i=0}^{n-k-1}
        |\mathbf{r}_{i+k} - \mathbf{r}_i|^2
        = \frac{1}{n - k} \sum_i \left( r_i^2 + r_{i+k}^2 \right)
        - 2 \, \langle \mathbf{r}_i \cdot \mathbf{r}_{i+k} \rangle

    The first term is a cumulative sum, the second a correlation by Fourier transform.

    Args:
        positions: unwrapped, in Å, shape (n_frames, n_atoms, n_dimensions).

    Returns:
        Å², for windows of 0 to n_frames - 1 steps, shape (n_frames, n_atoms).

    Source:
        V. Calandrini et al., Collection SFN 12, 201 (2011), section 3.3.1.

    Example:
        >>> flight = np.arange(4.0)[:, None, None] * [[[1.0, 0.0, 0.0]]]  # 1 Å each frame
        >>> window_averaged_msd(flight)[:, 0].round(6).tolist()
        [0.0, 1.0, 4.0, 9.0]
    """
    n = len(positions)
    r = positions - positions.mean(axis=0)  # small numbers cancel better
    total = np.concatenate([np.zeros((1, r.shape[1])), np.cumsum((r**2).sum(axis=2), axis=0)])
    k = np.arange(n)
    both_ends = (total[n - k] + total[n] - total[k]) / (n - k)[:, None]  # (n_frames, n_atoms)
    return both_ends - 2 * lagged_products(r).sum(axis=2)


def mean_square_displacement(
    frames: Sequence[Atoms],
    *,
    which: str | Sequence[int] | None = None,
    spacing: float | None = None,
    axes: str = "xyz",
    remove_drift: bool = False,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Average the squared displacement over atoms and over all start times.

    Args:
        frames: in order of time, evenly spaced; wrapped into the cell or not.
        which: symbol of an element or indices of the atoms that count; None for all.
        spacing: time between frames in fs; by default from ``info["time_fs"]``.
        axes: directions that count, such as "xy" for diffusion on a surface.
        remove_drift: subtract the motion of the centre of mass of all atoms.

    Returns:
        Times in fs and mean-square displacements in Å², each of shape (n_frames,). The longest
        times rest on few windows.

    Raises:
        ValueError: if frames are uneven, atoms change or jump too far, or an axis is unknown.

    Example:
        >>> row = [Atoms("H", [[x, 0, 0]]) for x in (0.0, 1.0, 2.0)]
        >>> times, msd = mean_square_displacement(row, spacing=5.0)
        >>> times.tolist(), msd.round(6).tolist()
        ([0.0, 5.0, 10.0], [0.0, 1.0, 4.0])
    """
    spacing = frame_spacing(frames, spacing)
    paths = _paths(frames, which, axes, remove_drift)
    return spacing * np.arange(len(paths)), window_averaged_msd(paths).mean(axis=1)


def diffusion_coefficient(
    frames: Sequence[Atoms],
    *,
    fit: tuple[float, float],
    n_segments: int = 5,
    which: str | Sequence[int] | None = None,
    spacing: float | None = None,
    axes: str = "xyz",
    remove_drift: bool = False,
) -> Diffusion:
    r"""Fit a line through the mean-square displacement; the error comes from segments in time.

    .. math:: \mathrm{MSD}(t) = 2 d D \, t + c \qquad t_1 \le t \le t_2

    The points of one such line are strongly correlated, and so are neighbouring atoms of a
    liquid: the textbook error of the slope is far too small. Instead the run is cut into
    ``n_segments`` stretches of equal length, each gives its own D, and the error is the standard
    error of their mean. It is honest when a stretch is much longer than t_2. With few stretches
    it is itself uncertain (by 35 % with five).

    In a periodic cell of side L, D comes out too small by about k_B T ξ / (6 π η L) with ξ = 2.84
    and the viscosity η (I.-C. Yeh, G. Hummer, J. Phys. Chem. B 108, 15873 (2004)); this is not
    corrected here.

    Args:
        frames: in order of time, evenly spaced; wrapped into the cell or not.
        fit: range (t_1, t_2) of the fit in fs: after the ballistic beginning, before the noise.
        n_segments: number of stretches, at least 2.
        which: symbol of an element or indices of the atoms that count; None for all.
        spacing: time between frames in fs; by default from ``info["time_fs"]``.
        axes: directions that count; their number is d.
        remove_drift: subtract the motion of the centre of mass of all atoms.

    Returns:
        D and its standard error in Å²/fs, with the exponent of the growth.

    Raises:
        ValueError: if a number is out of range, or the segments are shorter than twice t_2.

    Source:
        D. Frenkel, B. Smit, Understanding Molecular Simulation, 2nd ed. (2002), section 4.4.1.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> steps = rng.normal(scale=0.2, size=(4000, 20, 3))  # √(2 D × 5 fs), so D = 0.004 Å²/fs
        >>> frames = [Atoms("Ar20", r) for r in steps.cumsum(axis=0)]
        >>> round(diffusion_coefficient(frames, spacing=5.0, fit=(5.0, 50.0)).coefficient, 4)
        0.0040
    """
    spacing = frame_spacing(frames, spacing)
    chosen = _lags_of_fit(fit, spacing, len(frames), n_segments)
    paths = _paths(frames, which, axes, remove_drift)
    times = spacing * np.arange(len(paths))[chosen]
    length = len(paths) // n_segments
    curves = np.array(
        [
            window_averaged_msd(paths[k * length : (k + 1) * length]).mean(axis=1)[chosen]
            for k in range(n_segments)
        ]
    )  # (n_segments, n_lags)
    slopes = np.polyfit(times, curves.T, 1)[0] / (2 * len(axes))
    exponent = np.polyfit(np.log(times), np.log(curves.mean(axis=0)), 1)[0]
    error = slopes.std(ddof=1) / np.sqrt(n_segments)
    return Diffusion(float(slopes.mean()), float(error), float(exponent), tuple(slopes.tolist()))


def _lags_of_fit(
    fit: tuple[float, float], spacing: float, n_frames: int, n_segments: int
) -> NDArray[np.int64]:
    """Numbers of frames that lie in the range of the fit, or a refusal."""
    if n_segments < 2:
        raise ValueError(f"n_segments must be at least 2, or there is no error; got {n_segments}")
    start, stop = fit
    lags = np.arange(n_frames)
    chosen = lags[(lags * spacing >= start - 1e-9) & (lags * spacing <= stop + 1e-9) & (lags > 0)]
    if len(chosen) < 2:
        raise ValueError(
            f"fit must hold at least two times, in fs; frames are {spacing:g} fs apart and fit is "
            f"{fit}"
        )
    if 2 * chosen[-1] > n_frames // n_segments:
        raise ValueError(
            f"a segment must last twice the longest time of the fit, {2 * stop:g} fs; got "
            f"{n_frames // n_segments * spacing:g} fs. Run longer, fit earlier or cut less often"
        )
    return chosen


def _paths(
    frames: Sequence[Atoms], which: str | Sequence[int] | None, axes: str, remove_drift: bool
) -> NDArray[np.float64]:
    """Unwrapped positions in Å of the atoms and directions that count."""
    if not axes or set(axes) - set("xyz") or len(set(axes)) < len(axes):
        raise ValueError(f"axes must name directions among 'xyz', each once; got {axes!r}")
    positions = unwrapped_positions(frames)
    frames = list(frames)
    if remove_drift:
        masses = frames[0].get_masses()
        positions = positions - np.einsum("a,fax->fx", masses / masses.sum(), positions)[:, None]
    columns = ["xyz".index(axis) for axis in axes]
    return positions[:, chosen_atoms(frames[0], which)][:, :, columns]
