"""Reach: do the training data go as high in energy as the use of the potential?"""

from collections.abc import Sequence

import numpy as np
from ase import Atoms

from mlp_course.data.quality import check_frames
from mlp_course.units import convert
from mlp_course.validation.finding import Finding, at_most

SUPPORT = 3  # training frames that must reach as high: one alone may be an accident
UNSUPPORTED = 0.1  # part of the frames of the use that may lie higher
TAIL = 0.95  # quantile of the training energies that counts as reached


def low_energy_bias(
    train: Sequence[Atoms], use: Sequence[Atoms], *, allowed: float = UNSUPPORTED
) -> Finding:
    """Count the frames of the use that lie higher in energy than the training data go.

    A frame is supported if at least three training frames have its energy or more. Energy is a
    crude measure of where a frame lies, but it needs nothing but the labels, and a potential that
    has never paid for a broken bond does not know its price.

    Args:
        train: labelled frames of one composition.
        use: labelled frames of the same composition, such as a path or a hot run.
        allowed: part of the frames of the use that may be unsupported, 0 to 1.

    Returns:
        Rings if more than ``allowed`` of the frames of the use are unsupported.

    Raises:
        ValueError: if labels are missing, compositions differ or there are too few frames.

    Example:
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> def frame(energy):
        ...     atoms = Atoms("H")
        ...     atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=[[0, 0, 0]])
        ...     return atoms
        >>> valley, pass_ = [frame(0.1)] * 9 + [frame(2.0)], [frame(e) for e in (0, 1, 2)]
        >>> print(low_energy_bias(valley, pass_))  # one frame at 2 eV supports nothing
        RINGS: part of the frames of use above the training energies is 0.667 (at most 0.1)
    """
    train, use = check_frames(train), check_frames(use)
    formulas = {atoms.get_chemical_formula() for atoms in (*train, *use)}
    if len(formulas) > 1:
        raise ValueError(
            f"all frames must be of one composition, or their energies cannot be compared; got "
            f"{', '.join(sorted(formulas))}. Test one composition at a time"
        )
    if len(train) < SUPPORT:
        raise ValueError(f"train must hold at least {SUPPORT} frames; got {len(train)}")
    reached = np.sort(_energies(train))[-SUPPORT]
    above = float(np.mean(_energies(use) > reached))
    return at_most("part of the frames of use above the training energies", above, allowed, "1")


def temperature_reach(
    train: Sequence[Atoms], temperature: float, *, lowest_energy: float
) -> Finding:
    r"""Compare the energies of the training data with those that a temperature brings.

    .. math:: \langle E \rangle - E_{\min} = \tfrac12 (3N - 6)\, k_B T

    for a molecule that vibrates as classical harmonic oscillators: an estimate, which needs no
    simulation at the temperature of use and no record of the temperatures of the data.

    Args:
        train: labelled frames of one molecule of at least three atoms.
        temperature: at which the potential will be used, in K.
        lowest_energy: of the relaxed molecule by the method of the labels, in eV.

    Returns:
        Energy needed over energy reached (the 95 % quantile of the training energies), both above
        ``lowest_energy``; rings above 1.

    Raises:
        ValueError: if labels are missing, a number makes no sense, or a frame is periodic.

    Example:
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> water = Atoms("OH2", [[0, 0, 0], [0, 0.76, 0.59], [0, -0.76, 0.59]])
        >>> water.calc = SinglePointCalculator(water, energy=0.0775, forces=np.zeros((3, 3)))
        >>> f"{temperature_reach([water], 600.0, lowest_energy=0.0).value:.2f}"  # 3/2 k_B T
        '1.00'
    """
    train = check_frames(train)
    n_modes = 3 * len(train[0]) - 6
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, in K; got {temperature}")
    if n_modes < 1 or any(len(atoms) != len(train[0]) or atoms.pbc.any() for atoms in train):
        raise ValueError("train must hold one molecule of at least three atoms, not periodic")
    needed = 0.5 * n_modes * float(convert(temperature, "K", "eV"))
    reached = float(np.quantile(_energies(train) - lowest_energy, TAIL))
    if not reached > 0:
        raise ValueError(
            f"lowest_energy must lie below the training energies, in eV; got {lowest_energy}, and "
            f"95 % of them lie below {reached + lowest_energy}"
        )
    what = f"energy needed at {temperature:.0f} K over energy in the data"
    return at_most(what, needed / reached, 1.0, "1")


def _energies(frames: Sequence[Atoms]) -> np.ndarray:
    """Labels in eV, shape (n_frames,)."""
    return np.array([atoms.get_potential_energy() for atoms in frames])
