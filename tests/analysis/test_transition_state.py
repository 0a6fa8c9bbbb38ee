"""Transition-state theory: exact integrals in one dimension, and the textbook isotope effect."""

import numpy as np
import pytest
from ase import units

from mlp_course.analysis import eyring_rate, harmonic_rate, kramers_transmission
from mlp_course.units import convert

MASS, T = 12.0, 300.0  # amu, K
KT = units.kB * T


def quantum(curvature, mass=MASS):
    """ħω in eV of a curvature in eV/Å² and a mass in amu."""
    omega = np.sqrt(curvature / mass) * units.fs * 1e15  # 1/s
    return omega * units._hbar / units._e


def test_ten_kcal_per_mol_at_room_temperature():
    """k_B T/h = 6.25e12 s⁻¹ at 300 K, times e^-16.77 for 10 kcal/mol: 3.2e5 s⁻¹."""
    rate = convert(eyring_rate(convert(10.0, "kcal/mol", "eV"), 300.0), "fs^-1", "s^-1")
    assert rate == pytest.approx(units._k * 300 / units._hplanck * np.exp(-16.7744), rel=1e-3)
    assert rate == pytest.approx(3.24e5, rel=0.01)


@pytest.mark.parametrize(("height", "tolerance"), [(5.0, 0.1), (30.0, 0.015)])
def test_vineyard_is_the_high_barrier_limit_of_the_exact_flux(height, tolerance):
    """U = h (x² - 1)²: √(kT/2πm) e^-U(0) / ∫ e^-U against the harmonic formula."""
    x = np.linspace(-3, 0, 200_001)  # Å
    well = np.trapezoid(np.exp(-height * (x**2 - 1) ** 2), x)  # Å
    speed = np.sqrt(KT / MASS / (2 * np.pi)) * units.fs  # Å/fs
    exact = speed * np.exp(-height) / well
    quanta = [quantum(8 * height * KT)]
    harmonic = harmonic_rate(height * KT, quanta, [], T, classical=True)
    assert harmonic == pytest.approx(exact, rel=tolerance)


def test_frequencies_multiply_as_vineyard_says():
    """ν's of 4, 6, 9 over those of 3, 8 THz: 9 THz of attempts."""
    minimum, saddle = (convert(nu, "THz", "eV") for nu in ([4.0, 6.0, 9.0], [3.0, 8.0]))
    rate = harmonic_rate(0.5, minimum, saddle, T, classical=True)
    assert rate == pytest.approx(9e-3 * np.exp(-0.5 / KT))


def test_warm_quanta_are_classical():
    """At 20,000 K the quantum rate is the classical one within 0.1 %."""
    minimum, saddle = (convert(nu, "THz", "eV") for nu in ([4.0, 6.0, 9.0], [3.0, 8.0]))
    quantum_rate = harmonic_rate(0.5, minimum, saddle, 2e4)
    assert quantum_rate == pytest.approx(harmonic_rate(0.5, minimum, saddle, 2e4, classical=True),
                                         rel=1e-3)  # fmt: skip


def test_deuterium_is_seven_times_slower():
    """The bond that breaks: 2900 cm⁻¹ with H, 2100 with D; the zero points give e^1.92 = 6.8."""
    light, heavy = (
        harmonic_rate(0.5, [convert(nu, "cm^-1", "eV")], [], 300.0) for nu in (2900.0, 2100.0)
    )
    assert light / heavy == pytest.approx(np.exp(400 / convert(300, "K", "cm^-1")), rel=1e-3)
    assert 6.5 < light / heavy < 7.5


def test_friction_leads_to_kramers_overdamped_rate():
    """κ k_TST = ω_0 ω_b/(2πγ) e^-E/kT when γ is a thousand times ω_b."""
    h = 10.0
    omega_0, omega_b = (np.sqrt(c * h * KT / MASS) * units.fs for c in (8, 4))  # fs⁻¹
    gamma = 1000 * omega_b
    rate = harmonic_rate(h * KT, [quantum(8 * h * KT)], [], T, classical=True)
    rate *= kramers_transmission(gamma, omega_b)
    assert rate == pytest.approx(omega_0 * omega_b / (2 * np.pi * gamma) * np.exp(-h), rel=1e-5)


def test_what_is_no_reaction_is_refused():
    """A saddle with as many modes as the minimum, a temperature of zero, a top without a curve."""
    with pytest.raises(ValueError, match="one vibration less than the minimum"):
        harmonic_rate(0.5, [0.1, 0.2], [0.1, 0.2], T)
    with pytest.raises(ValueError, match="temperature must be positive, in K"):
        eyring_rate(0.5, 0.0)
    with pytest.raises(ValueError, match="barrier_frequency must be positive"):
        kramers_transmission(0.1, 0.0)
