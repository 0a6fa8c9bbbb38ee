"""The vibrational density of states: which frequencies the atoms of a run swing with."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from numpy.typing import NDArray
from scipy.fft import dct

from mlp_course.analysis.frames import check_frames_alike, chosen_atoms, frame_spacing
from mlp_course.data.statistics import lagged_products
from mlp_course.simulation.velocities import degrees_of_freedom
from mlp_course.units import convert

FADED = 5.0  # standard deviations of the window, after which nothing is left of it (4e-6)


def velocity_autocorrelation(
    frames: Sequence[Atoms],
    *,
    which: str | Sequence[int] | None = None,
    spacing: float | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Measure how long the atoms keep their velocities, each weighted with its mass.

    .. math:: C(t) = \sum_a m_a \langle \mathbf{v}_a(0) \cdot \mathbf{v}_a(t) \rangle,
        \qquad C(0) = 2 \langle E_\mathrm{kin} \rangle

    Args:
        frames: with momenta, in order of time, evenly spaced.
        which: symbol of an element or indices of the atoms that count; None for all.
        spacing: time between frames in fs; by default from ``info["time_fs"]``.

    Returns:
        Times in fs and C in eV, each of shape (n_frames,); averaged over all start times. The
        longest times rest on few of them.

    Raises:
        ValueError: if frames are uneven or all velocities are zero.

    Example:
        >>> free = Atoms("Ar", momenta=[[2.0, 0, 0]])  # p²/m = 4/39.95 eV
        >>> velocity_autocorrelation([free] * 3, spacing=5.0)[1].round(4)
        array([0.1001, 0.1001, 0.1001])
    """
    spacing = frame_spacing(frames, spacing)
    check_frames_alike(frames)
    frames = list(frames)
    chosen = chosen_atoms(frames[0], which)
    weights = np.sqrt(frames[0].get_masses()[chosen])[:, None]
    weighted = np.array([atoms.get_velocities()[chosen] for atoms in frames]) * weights
    if not weighted.any():
        raise ValueError("frames must have momenta; all velocities are zero. Keep them in the run")
    correlation = lagged_products(weighted).sum(axis=(1, 2))
    return spacing * np.arange(len(frames)), correlation


def vibrational_dos(
    frames: Sequence[Atoms],
    *,
    resolution: float = 0.5,
    which: str | Sequence[int] | None = None,
    spacing: float | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Transform the velocity autocorrelation: the number of modes at each frequency.

    .. math:: g(\nu) = 4 N_f \int_0^\infty \frac{C(t)}{C(0)} \, w(t) \cos(2 \pi \nu t) \, dt,
        \qquad w(t) = e^{-(2 \pi \sigma t)^2 / 2}

    The window w fades out the late, noisy part. It turns each sharp line into a Gaussian of
    standard deviation σ, the resolution; nothing else, no side lobes. The integral of g is N_f,
    the degrees of freedom that move: 3N, less what the run keeps at rest. That supposes that each
    holds the same kinetic energy on average, which a short run of a nearly harmonic crystal
    without a thermostat does not achieve: lines are then in place, but their heights are not.

    Args:
        frames: with momenta, in order of time, evenly spaced. Frequencies above
            1/(2 spacing) are folded back to lower ones: 5 fs or less with hydrogen.
        resolution: σ in THz (1 THz is 33.4 cm⁻¹).
        which: symbol of an element or indices, for the part of g that they have; None for all.
        spacing: time between frames in fs; by default from ``info["time_fs"]``.

    Returns:
        Frequencies in THz, evenly from 0 to 1/(2 spacing), and g in modes per THz, each of shape
        (n_frequencies,). ``convert(frequencies, "THz", "cm^-1")`` gives wavenumbers.

    Raises:
        ValueError: if the run is too short for the resolution, frames are uneven or have no
            momenta.

    Source:
        J. M. Dickey, A. Paskin, Phys. Rev. 188, 1407 (1969); norm as in P. H. Berens et al.,
        J. Chem. Phys. 79, 2375 (1983), Eq. 3.2.

    Example:
        >>> omega = 2 * np.pi * 0.005  # fs⁻¹, 5 THz
        >>> swing = [Atoms("Ar", momenta=[[np.cos(omega * t), 0, 0]]) for t in range(0, 4000, 10)]
        >>> frequencies, dos = vibrational_dos(swing, spacing=10.0, resolution=0.5)
        >>> f"{frequencies[dos.argmax()]:.1f} THz"
        '5.0 THz'
        >>> float(np.trapezoid(dos, frequencies))  # one atom, 3 degrees of freedom
        3.0000
    """
    spacing = frame_spacing(frames, spacing)
    frames = list(frames)
    all_of_it = velocity_autocorrelation(frames, spacing=spacing)[1]
    times, correlation = velocity_autocorrelation(frames, which=which, spacing=spacing)
    n_lags = _lags_of_window(resolution, spacing, len(frames))
    window = np.exp(-0.5 * (2 * np.pi * convert(resolution, "ps^-1", "fs^-1") * times) ** 2)
    faded = (correlation * window)[:n_lags] / all_of_it[0]
    padded = np.concatenate([faded, np.zeros(n_lags - 1)])  # finer frequencies, not more to see
    spectrum = spacing * dct(padded, type=1) / 2  # ∫ dt, in fs
    frequencies = np.arange(len(padded)) / (2 * spacing * (len(padded) - 1))  # fs⁻¹
    # of the last frame: a thermostat has turned a molecule by then that did not rotate at first
    modes = 4 * degrees_of_freedom(frames[-1]) * spectrum  # per fs⁻¹
    return convert(frequencies, "fs^-1", "ps^-1"), convert(modes, "fs", "ps")  # 1 THz is 1/ps


def _lags_of_window(resolution: float, spacing: float, n_frames: int) -> int:
    """Number of lags until the window has faded, or a refusal."""
    if not resolution > 0:
        raise ValueError(f"resolution must be positive, in THz; got {resolution}")
    memory = FADED / (2 * np.pi * convert(resolution, "ps^-1", "fs^-1"))  # fs
    n_lags = int(np.ceil(memory / spacing)) + 1
    if n_lags > n_frames:
        finest = resolution * memory / (spacing * max(1, n_frames - 2))
        raise ValueError(
            f"a resolution of {resolution:g} THz needs a run of {memory:.4g} fs; got "
            f"{(n_frames - 1) * spacing:g} fs. Run longer, or take {finest:.2g} THz"
        )
    return n_lags
