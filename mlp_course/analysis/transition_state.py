r"""Transition-state theory: the rate constant from a barrier, without seeing a reaction.

The theory supposes that whoever passes the top stays on the other side. Friction turns some back:
the true rate is κ times as large, :func:`kramers_transmission`.
"""

import numpy as np
from ase import units
from numpy.typing import ArrayLike

from mlp_course.analysis.thermodynamics import checked_quanta, harmonic_free_energy
from mlp_course.units import convert


def eyring_rate(free_energy_barrier: float, temperature: float) -> float:
    r"""Compute the rate constant from a free-energy barrier.

    .. math:: k = \frac{k_B T}{h} \, e^{-\Delta F^\ddagger / k_B T}

    Args:
        free_energy_barrier: ΔF‡ in eV; may be zero or negative.
        temperature: in K.

    Returns:
        k in fs⁻¹.

    Raises:
        ValueError: if the temperature is not positive.

    Source:
        H. Eyring, J. Chem. Phys. 3, 107 (1935).

    Example:
        >>> from mlp_course.units import convert
        >>> rate = eyring_rate(0.0, 300.0)  # k_B T / h, the fastest a reaction can be
        >>> f"{convert(rate, 'fs^-1', 's^-1'):.3g} per second"
        '6.25e+12 per second'
    """
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, in K; got {temperature}")
    kT = units.kB * temperature
    attempts = convert(convert(kT, "eV", "THz"), "ps^-1", "fs^-1")  # k_B T / h; 1 THz is 1/ps
    return float(attempts * np.exp(-free_energy_barrier / kT))


def harmonic_rate(
    barrier: float,
    minimum: ArrayLike,
    saddle: ArrayLike,
    temperature: float,
    *,
    classical: bool = False,
) -> float:
    r"""Compute the rate constant from the vibrations of the minimum and of the saddle.

    .. math:: k = \frac{k_B T}{h} \exp\left(-\frac{E_b + F_s - F_m}{k_B T}\right),
        \qquad k_\mathrm{classical} = \frac{\prod_i \nu_i^{m}}{\prod_i \nu_i^{s}} e^{-E_b / k_B T}

    F are the harmonic free energies of the vibrations: with quanta, zero-point energy included, or
    classical, which turns the first formula into the second, Vineyard's. Tunnelling is not in it.

    Args:
        barrier: E_b, energy of the saddle above the minimum, in eV, without zero-point energy.
        minimum: vibrational quanta ħω of the minimum in eV, shape (n_modes,).
        saddle: those of the saddle, without the imaginary one, shape (n_modes - 1,).
        temperature: in K.
        classical: use classical free energies.

    Returns:
        k in fs⁻¹.

    Raises:
        ValueError: if the saddle has not one mode less than the minimum, a quantum is not
            positive, or the temperature is not positive.

    Source:
        G. H. Vineyard, J. Phys. Chem. Solids 3, 121 (1957), Eq. 18.

    Example:
        >>> from mlp_course.units import convert
        >>> quanta = convert([5.0], "THz", "eV")  # one mode, which becomes the reaction
        >>> rate = harmonic_rate(0.0, quanta, [], 300.0, classical=True)
        >>> round(convert(rate, "fs^-1", "ps^-1"), 6)  # 5 attempts per ps, all succeed
        5.0
    """
    minimum, saddle = checked_quanta(minimum), checked_quanta(saddle)
    if len(saddle) != len(minimum) - 1:
        raise ValueError(
            "the saddle must have one vibration less than the minimum (leave out the imaginary "
            f"one); got {len(saddle)} and {len(minimum)}"
        )
    change = harmonic_free_energy(saddle, temperature, classical=classical)
    change -= harmonic_free_energy(minimum, temperature, classical=classical)
    return eyring_rate(barrier + change, temperature)


def kramers_transmission(friction: float, barrier_frequency: float) -> float:
    r"""Compute the part of the passages over the top that friction does not turn back.

    .. math:: \kappa = \sqrt{1 + \left(\frac{\gamma}{2 \omega_b}\right)^2}
        - \frac{\gamma}{2 \omega_b}

    It falls from 1 without friction to :math:`\omega_b / \gamma` with strong friction. Very weak
    friction, where energy comes too slowly to the climber, is another case, not in this formula.

    Args:
        friction: γ of Langevin's equation in fs⁻¹.
        barrier_frequency: ω_b = √(curvature/mass) at the top, in fs⁻¹ (radians, not 2π times).

    Returns:
        κ, dimensionless, between 0 and 1; times :func:`harmonic_rate` it is Kramers' rate.

    Raises:
        ValueError: if the friction is negative or the frequency not positive.

    Source:
        H. A. Kramers, Physica 7, 284 (1940), Eq. 25.

    Example:
        >>> kramers_transmission(0.0, 0.1), round(kramers_transmission(0.15, 0.1), 6)  # √1.5625
        (1.0, 0.5)
    """
    if not (friction >= 0 and barrier_frequency > 0):
        raise ValueError(
            "friction must not be negative and barrier_frequency must be positive, in fs⁻¹; got "
            f"{friction} and {barrier_frequency}"
        )
    x = friction / (2 * barrier_frequency)
    return float(1 / (np.hypot(1, x) + x))  # the same as √(1 + x²) - x, without cancellation
