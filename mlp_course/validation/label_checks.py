"""Labels that contradict each other, were rounded away, or judge their own trajectory."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from numpy.typing import ArrayLike

from mlp_course.data.quality import check_frames
from mlp_course.sampling import trajectory_labels
from mlp_course.units import convert
from mlp_course.validation.finding import Finding, at_most
from mlp_course.validation.predict import predict

SEPARATE = 5.0  # beyond what noise of one kind shows, normal, even or exponential; see energy_bands
FEWEST = 50  # frames; with fewer, chance alone makes bands
SMALLEST_BAND = 0.05  # part of the frames; fewer are outliers, a matter of quality_control
RESOLUTION = 1.0  # meV; what a force of 0.1 eV/Å changes in 0.01 Å


def energy_offsets(model: object, frames: Sequence[Atoms]) -> np.ndarray:
    """Energies of the labels minus those of a model, in eV, shape (n_frames,).

    Of a model that was fitted to forces alone: a constant in the energy leaves no trace in forces,
    so labels of one level of theory differ from such a model by one constant for each composition.

    Args:
        model: a potential or calculator that knows the forces.
        frames: labelled, of one composition.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> cu = Atoms("Cu2", [[0, 0, 0], [0, 0, 2.5]])
        >>> energy = EMT().get_potential_energy(cu)
        >>> cu.calc = SinglePointCalculator(cu, energy=energy + 7.0, forces=np.zeros((2, 3)))
        >>> energy_offsets(EMT(), [cu]).round(6).tolist()
        [7.0]
    """
    frames = check_frames(frames)
    if len({atoms.get_chemical_formula() for atoms in frames}) > 1:
        raise ValueError("frames must be of one composition; test one composition at a time")
    labels = np.array([atoms.get_potential_energy() for atoms in frames])
    return labels - predict(model, frames)[0]


def energy_bands(offsets: ArrayLike) -> Finding:
    r"""Tell whether energies lie in two bands, as those of two levels of theory do.

    .. math:: D = \sqrt{2}\, |\mu_1 - \mu_2| / \sqrt{\sigma_1^2 + \sigma_2^2}

    for the best cut into two groups (smallest sum of squares about their means, at least 5 % of
    the frames in each). One level of theory has one band: of 150 numbers from one normal
    distribution D is 2.7 and in one of a thousand draws above 3.2; from an even one 3.5 and 4.3;
    from an exponential one 2.8 and 4.3. The limit of 5 lies above all of them.

    Args:
        offsets: from :func:`energy_offsets`, in eV, shape (n_frames,); at least 50.

    Returns:
        The separation D; rings above 5.

    Raises:
        ValueError: if there are fewer than 50 numbers or one is not finite.

    Source:
        K. M. Ashman, C. M. Bird, S. E. Zepf, Astron. J. 108, 2348 (1994), eq. 9.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> one_level = rng.normal(0, 0.01, 200)
        >>> two_levels = one_level + np.where(np.arange(200) < 60, -0.1, 0.0)
        >>> energy_bands(one_level).rings, energy_bands(two_levels).rings
        (False, True)
    """
    x = np.sort(np.asarray(offsets, dtype=float).ravel())
    if len(x) < FEWEST or not np.isfinite(x).all():
        raise ValueError(f"offsets must be at least {FEWEST} finite numbers, in eV; got {len(x)}")
    fewest = max(2, int(np.ceil(SMALLEST_BAND * len(x))))
    cuts = range(fewest, len(x) - fewest + 1)
    squares = [n * x[:n].var() + (len(x) - n) * x[n:].var() for n in cuts]
    low, high = np.split(x, [cuts[int(np.argmin(squares))]])
    width = np.sqrt((low.var() + high.var()) / 2)
    apart = (high.mean() - low.mean()) / max(width, 1e-12)
    return at_most("separation of two bands of energies", apart, SEPARATE, "1")


def energy_resolution(energies: ArrayLike, *, needed: float = RESOLUTION) -> Finding:
    """Tell the smallest step that stored energies can show.

    Energies that were single precision (float32) anywhere on their way are whole multiples of a
    step that grows with their size: 0.5 meV at 4,000 eV, 0.5 eV at 4 million eV.

    Args:
        energies: of whole configurations as they were read, in eV, shape (n_frames,).
        needed: in meV.

    Returns:
        The step in meV; rings above ``needed``.

    Raises:
        ValueError: if there are no energies or one is not finite.

    Example:
        >>> print(energy_resolution(np.float32([-4200.123456, -4200.2])))
        silent: smallest step of the energies is 0.488 meV (at most 1 meV)
        >>> energy_resolution([-4.8e6, -4.8e6 + 0.1]).value < 1e-5  # float64
        True
    """
    x = np.asarray(energies)
    if not x.size or not np.isfinite(x).all():
        raise ValueError("energies must hold at least one number, in eV, and only finite ones")
    largest = np.abs(x).max()
    single = (x.astype(np.float32).astype(float) == x.astype(float)).all()
    step = np.spacing(np.float32(largest)) if single else np.spacing(float(largest))
    in_mev = float(convert(float(step), "eV", "meV"))
    return at_most("smallest step of the energies", in_mev, needed, "meV")


def shared_runs(train: Sequence[Atoms], test: Sequence[Atoms]) -> Finding:
    """Count the test frames whose trajectory the training frames come from.

    A test on the rest of the same run asks whether the model knows this run. What the run never
    met (another conformer, a slower motion) is in neither part, and nobody is told.

    Args:
        train: frames of :mod:`mlp_course.sampling`, which say where they come from.
        test: the same.

    Returns:
        Part of the test frames; rings above 0.

    Raises:
        ValueError: if a frame does not say where it comes from, or there is none.

    Example:
        >>> from mlp_course.sampling import with_origin
        >>> how = dict(data_type="dynamics", sampler="sample_dynamics", parent="H")
        >>> run = [with_origin(Atoms("H"), settings=dict(seed=1), **how) for _ in range(4)]
        >>> shared_runs(run[:2], run[2:]).value
        1.0
    """
    if not len(train) or not len(test):
        raise ValueError(f"train and test must hold frames; got {len(train)} and {len(test)}")
    known = set(trajectory_labels(train))
    part = float(np.mean([label in known for label in trajectory_labels(test)]))
    return at_most("part of the test frames from a training run", part, 0.0, "1")
