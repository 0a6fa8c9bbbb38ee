r"""Thermodynamics of vibrations: energy, entropy and heat capacity of quantum oscillators.

Each oscillator of quantum ε = ħω adds, with x = ε / k_B T,

| quantity | quantum | classical |
|---|---|---|
| U | ε/2 + ε / (eˣ - 1) | k_B T |
| F | ε/2 + k_B T ln(1 - e⁻ˣ) | k_B T ln x |
| S | k_B [x / (eˣ - 1) - ln(1 - e⁻ˣ)] | k_B (1 - ln x) |
| C_V | k_B x² eˣ / (eˣ - 1)² | k_B |

The modes come one by one from a Hessian, or as a density of states from a run: each frequency is
then an oscillator (the one-phase method). In a liquid part of the modes is diffusion, whose
entropy this misjudges.
"""

import numpy as np
from ase import units
from numpy.typing import ArrayLike, NDArray

from mlp_course.units import convert


def harmonic_energy(quanta: ArrayLike, temperature: float) -> float:
    """Sum the mean energies of quantum oscillators, zero-point energy included.

    Args:
        quanta: ħω in eV, shape (n_modes,), as in ``NormalModes.energies``.
        temperature: in K.

    Returns:
        U in eV.

    Raises:
        ValueError: if a quantum or the temperature is not positive.

    Source:
        D. A. McQuarrie, Statistical Mechanics (1976), chapter 6, Eqs. 6-38 to 6-41.

    Example:
        >>> round(harmonic_energy([0.2, 0.4], 1.0), 6)  # frozen: half of each quantum
        0.3
    """
    quanta, x = _reduced(quanta, temperature)
    return float(np.sum(quanta / 2 + quanta * _occupation(x)))


def harmonic_free_energy(
    quanta: ArrayLike, temperature: float, *, classical: bool = False
) -> float:
    """Sum the free energies of oscillators.

    Args:
        quanta: ħω in eV, shape (n_modes,).
        temperature: in K.
        classical: leave out the quantum effects, zero-point energy too.

    Returns:
        F in eV.

    Raises:
        ValueError: if a quantum or the temperature is not positive.

    Source:
        As :func:`harmonic_energy`.

    Example:
        >>> round(harmonic_free_energy([0.2], 1.0), 6)  # frozen: the zero-point energy
        0.1
    """
    quanta, x = _reduced(quanta, temperature)
    kT = units.kB * temperature
    if classical:
        return float(kT * np.sum(np.log(x)))
    return float(np.sum(quanta / 2 + kT * _log_free(x)))


def harmonic_entropy(quanta: ArrayLike, temperature: float) -> float:
    """Sum the entropies of quantum oscillators.

    Args:
        quanta: ħω in eV, shape (n_modes,).
        temperature: in K.

    Returns:
        S in eV/K.

    Raises:
        ValueError: if a quantum or the temperature is not positive.

    Source:
        As :func:`harmonic_energy`.

    Example:
        >>> quantum = units.kB * 300 * np.log(2)  # x = ln 2: S = k_B (ln 2 + ln 2)
        >>> round(harmonic_entropy([quantum], 300) / units.kB, 4)
        1.3863
    """
    return float(units.kB * np.sum(_entropy(_reduced(quanta, temperature)[1])))


def harmonic_heat_capacity(quanta: ArrayLike, temperature: float) -> float:
    """Sum the heat capacities of quantum oscillators at constant volume.

    Args:
        quanta: ħω in eV, shape (n_modes,).
        temperature: in K.

    Returns:
        C_V in eV/K.

    Raises:
        ValueError: if a quantum or the temperature is not positive.

    Source:
        A. Einstein, Ann. Phys. 22, 180 (1907).

    Example:
        >>> round(harmonic_heat_capacity([1e-5, 1e-5], 300) / units.kB, 4)  # warm: k_B each
        2.0
    """
    return float(units.kB * np.sum(_heat_capacity(_reduced(quanta, temperature)[1])))


def entropy_from_dos(
    frequencies: NDArray[np.float64], dos: NDArray[np.float64], temperature: float
) -> float:
    r"""Integrate the entropy of oscillators over a vibrational density of states.

    .. math:: S = \int_0^\infty g(\nu) \, S_\mathrm{osc}(h \nu / k_B T) \, d\nu

    Args:
        frequencies: even, from 0, in THz, shape (n_frequencies,), from
            :func:`~mlp_course.analysis.vibrational_dos`.
        dos: modes per THz, shape (n_frequencies,).
        temperature: in K. It need not be that of the run: a crystal's run at 50 K has the modes
            that give its entropy at 300 K, as far as it is harmonic.

    Returns:
        S in eV/K.

    Raises:
        ValueError: if the temperature is not positive or the frequencies are not even from 0.

    Source:
        P. H. Berens et al., J. Chem. Phys. 79, 2375 (1983), Eq. 3.24; S.-T. Lin, M. Blanco,
        W. A. Goddard, J. Chem. Phys. 119, 11792 (2003), "1PT".

    Example:
        >>> frequencies = np.arange(0, 20, 0.1)
        >>> line = np.where(np.isclose(frequencies, 5.0), 3 / 0.1, 0.0)  # three modes at 5 THz
        >>> from_line = entropy_from_dos(frequencies, line, 300)
        >>> round(from_line / harmonic_entropy(convert([5.0] * 3, "THz", "eV"), 300), 6)
        1.0
    """
    x, width = _reduced_frequencies(frequencies, temperature)
    weights = _entropy(x)
    weights[0] += 1  # mean of 1 - ln x over the half bin at zero, whose outer edge is x[0]
    return float(units.kB * _integral(dos * weights, width))


def heat_capacity_from_dos(
    frequencies: NDArray[np.float64], dos: NDArray[np.float64], temperature: float
) -> float:
    r"""Integrate the heat capacity of oscillators over a vibrational density of states.

    .. math:: C_V = \int_0^\infty g(\nu) \, C_\mathrm{osc}(h \nu / k_B T) \, d\nu

    Args:
        frequencies: even, from 0, in THz, shape (n_frequencies,).
        dos: modes per THz, shape (n_frequencies,).
        temperature: in K.

    Returns:
        C_V in eV/K.

    Raises:
        ValueError: if the temperature is not positive or the frequencies are not even from 0.

    Source:
        P. H. Berens et al., J. Chem. Phys. 79, 2375 (1983), Eq. 3.25.

    Example:
        >>> frequencies = np.arange(0, 20, 0.1)
        >>> line = np.where(np.isclose(frequencies, 5.0), 3 / 0.1, 0.0)  # three modes at 5 THz
        >>> round(heat_capacity_from_dos(frequencies, line, 30_000) / units.kB, 3)
        3.0
    """
    x, width = _reduced_frequencies(frequencies, temperature)
    return float(units.kB * _integral(dos * _heat_capacity(x), width))


def _integral(values: NDArray[np.float64], width: float) -> float:
    """Sum over bins; the one at zero reaches to one side only."""
    return float(width * (values.sum() - values[0] / 2))


def _reduced_frequencies(
    frequencies: NDArray[np.float64], temperature: float
) -> tuple[NDArray[np.float64], float]:
    """hν / k_B T, with the edge of the first bin in place of zero, and the width in THz."""
    _check_temperature(temperature)
    widths = np.diff(frequencies)
    if frequencies[0] != 0 or not len(widths) or not np.allclose(widths, widths[0]):
        raise ValueError("frequencies must be evenly spaced and begin with 0, in THz")
    edges = np.array(frequencies, dtype=float)
    edges[0] = widths[0] / 2
    return convert(edges, "THz", "eV") / (units.kB * temperature), float(widths[0])


def _reduced(
    quanta: ArrayLike, temperature: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Quanta in eV and x = quantum / k_B T, each of shape (n_modes,)."""
    _check_temperature(temperature)
    quanta = checked_quanta(quanta)
    return quanta, quanta / (units.kB * temperature)


def checked_quanta(quanta: ArrayLike) -> NDArray[np.float64]:
    """Array of vibrational quanta in eV, shape (n_modes,), or a refusal."""
    quanta = np.asarray(quanta, dtype=float)
    if quanta.ndim != 1 or not (quanta > 0).all():
        raise ValueError(
            "quanta must be a row of positive energies ħω, in eV: leave out the motions of the "
            f"whole and imaginary modes; got {quanta.tolist()}"
        )
    return quanta


def _check_temperature(temperature: float) -> None:
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, in K; got {temperature}")


def _occupation(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean number of quanta, 1/(eˣ - 1), without overflow."""
    return np.exp(-x) / -np.expm1(-x)


def _log_free(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """ln(1 - e⁻ˣ), exact for small and large x."""
    return np.log(-np.expm1(-x))


def _entropy(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Entropy of each oscillator in k_B."""
    return x * _occupation(x) - _log_free(x)


def _heat_capacity(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Heat capacity of each oscillator in k_B."""
    return x**2 * np.exp(-x) / np.expm1(-x) ** 2
