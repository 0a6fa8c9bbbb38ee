"""Data type 2 at several temperatures, thinned to frames that count as independent."""

from collections.abc import Callable, Sequence

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator

from mlp_course.data.statistics import correlation_time
from mlp_course.descriptors.checks import check_positive
from mlp_course.sampling.dynamics import sample_dynamics
from mlp_course.sampling.origin import origin_of

Observable = Callable[[Atoms], float]


def sampler_energy(frame: Atoms) -> float:
    """Potential energy in eV that the sampler wrote down."""
    return frame.info["sampler_energy"]


def decorrelation_time(
    frames: Sequence[Atoms], observables: Sequence[Observable] = (sampler_energy,)
) -> float:
    """Tell for how long a trajectory remembers itself, in fs: its slowest observable counts.

    The energy forgets quickly. If what you care about is slow (a torsion, an adatom that hops),
    name it too.

    Args:
        frames: one trajectory, equally spaced in time, with ``info["time_fs"]``.
        observables: functions of a frame.

    Returns:
        The longest integrated autocorrelation time, in fs; half the spacing if no observable
        remembers the frame before.

    Raises:
        ValueError: if the frames are not equally spaced, or too few to tell.

    Example:
        >>> noise = np.random.default_rng(0).normal(size=50_000).repeat(2)  # each value twice
        >>> frames = [Atoms(info=dict(time_fs=5.0 * n, sampler_energy=e)) for n, e in
        ...           enumerate(noise)]
        >>> f"{decorrelation_time(frames):.0f} fs"  # one sample
        '5 fs'
    """
    times = np.array([frame.info.get("time_fs", np.nan) for frame in frames])
    steps = np.diff(times)
    if len(steps) < 1 or not steps[0] > 0 or not np.allclose(steps, steps[0]):
        raise ValueError(
            'frames must be one trajectory, equally spaced in info["time_fs"]; got '
            f"{len(frames)} frames with spacings {np.unique(steps.round(6))[:5].tolist()} fs"
        )
    series = [[observable(frame) for frame in frames] for observable in observables]
    return float(steps[0] * max(correlation_time(row) for row in series))


def thinned(
    frames: Sequence[Atoms], observables: Sequence[Observable] = (sampler_energy,)
) -> list[Atoms]:
    r"""Keep frames of a trajectory that are far enough apart to count as independent.

    One in :math:`2\tau`, rounded: the error of a mean over n frames with memory τ (in frames)
    is that of :math:`n / 2\tau` independent ones, so the frames in between add cost and little
    else.

    Args:
        frames: one trajectory, equally spaced in time.
        observables: see :func:`decorrelation_time`.

    Returns:
        Every so many frames, the last one of each stretch; their record has gained
        ``decorrelation_fs`` and ``thinned_spacing`` (fs).

    Raises:
        ValueError: if the frames are not equally spaced, or too few to tell.

    Example:
        >>> from mlp_course.sampling import with_origin
        >>> how = dict(data_type="dynamics", sampler="white noise", settings={}, parent="none")
        >>> noise = np.random.default_rng(0).normal(size=1000).tolist()
        >>> frames = [with_origin(Atoms("H"), time_fs=5.0 * n, sampler_energy=e, **how) for n, e in
        ...           enumerate(noise)]
        >>> len(thinned(frames))  # τ is half a frame: all are independent
        1000
    """
    tau = decorrelation_time(frames, observables)
    spacing = frames[1].info["time_fs"] - frames[0].info["time_fs"]
    stride = max(1, round(2 * tau / spacing))
    found = dict(decorrelation_fs=round(tau, 3), thinned_spacing=stride * spacing)
    return [_with_settings(frame, found) for frame in frames[stride - 1 :: stride]]


def sample_temperatures(
    atoms: Atoms,
    calculator: Callable[[], Calculator],
    *,
    temperatures: Sequence[float],
    duration: float,
    spacing: float = 10.0,
    observables: Sequence[Observable] = (sampler_energy,),
    seed: int = 0,
    **settings,
) -> list[Atoms]:
    """Run one trajectory at each temperature and keep its independent frames.

    How many there are is a result, not a wish: it is the length of the run over twice its
    correlation time.

    Args:
        atoms: start configuration of every run.
        calculator: makes a calculator for a run.
        temperatures: in K.
        duration: of each run after equilibration, in fs.
        spacing: between the frames looked at, in fs; well below the correlation time.
        observables: see :func:`decorrelation_time`.
        seed: of the first run; each run has its own.
        settings: ``equilibration``, ``timestep``, ``friction``, ``progress`` of
            :func:`sample_dynamics`.

    Returns:
        The independent frames, temperature after temperature, in the order of time.

    Raises:
        ValueError: if a temperature or a time is not positive, or a run is too short to tell its
            own correlation time.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> times = dict(duration=4000.0, spacing=20.0, equilibration=200.0, timestep=5.0)
        >>> copper = bulk("Cu", cubic=True)
        >>> frames = sample_temperatures(copper, EMT, temperatures=[100, 400], **times)
        >>> sorted({frame.info["origin"]["settings"]["temperature"] for frame in frames})
        [100, 400]
    """
    check_positive("in fs", duration=duration, spacing=spacing)
    n_frames = round(duration / spacing)
    kept = []
    for number, temperature in enumerate(temperatures):
        times = dict(n_frames=n_frames, spacing=spacing, seed=seed + number, **settings)
        frames = sample_dynamics(atoms, calculator(), temperature=temperature, **times)
        kept += thinned(frames, observables)
    return kept


def _with_settings(frame: Atoms, found: dict[str, float]) -> Atoms:
    """Copy with more in its record."""
    record = origin_of(frame)
    copy = frame.copy()
    copy.info["origin"] = record | {"settings": record["settings"] | found}
    return copy
