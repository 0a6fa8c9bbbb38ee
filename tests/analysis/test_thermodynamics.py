"""Quantum oscillators: ASE's numbers, the limits of physics, and one oscillator's textbook run."""

import numpy as np
import pytest
from ase import units
from ase.thermochemistry import HarmonicThermo

from mlp_course.analysis import (
    entropy_from_dos,
    harmonic_energy,
    harmonic_entropy,
    harmonic_free_energy,
    harmonic_heat_capacity,
    heat_capacity_from_dos,
)

QUANTA = np.array([0.02, 0.05, 0.2, 0.45])  # eV: a soft bend to an O-H stretch


@pytest.mark.parametrize("temperature", [50.0, 300.0, 2000.0])
def test_ase_computes_the_same(temperature):
    """U, S and F of HarmonicThermo, to 10 digits (its k_B is CODATA 2014 as ours)."""
    theirs = HarmonicThermo(QUANTA)
    assert harmonic_energy(QUANTA, temperature) == pytest.approx(
        theirs.get_internal_energy(temperature, verbose=False), rel=1e-10
    )
    assert harmonic_entropy(QUANTA, temperature) == pytest.approx(
        theirs.get_entropy(temperature, verbose=False), rel=1e-10
    )
    assert harmonic_free_energy(QUANTA, temperature) == pytest.approx(
        theirs.get_helmholtz_energy(temperature, verbose=False), rel=1e-10
    )


def test_thermodynamics_hangs_together():
    """F = U - TS, S = -dF/dT and C = dU/dT by central differences of 0.01 K."""
    T, dT = 400.0, 0.01

    def slope(of):
        return (of(QUANTA, T + dT) - of(QUANTA, T - dT)) / (2 * dT)  # fmt: skip

    entropy = harmonic_entropy(QUANTA, T)
    assert harmonic_free_energy(QUANTA, T) == pytest.approx(
        harmonic_energy(QUANTA, T) - T * entropy
    )
    assert -slope(harmonic_free_energy) == pytest.approx(entropy, rel=1e-6)
    assert slope(harmonic_energy) == pytest.approx(harmonic_heat_capacity(QUANTA, T), rel=1e-6)


def test_warm_oscillators_are_classical_and_cold_ones_frozen():
    """Dulong and Petit above, Nernst below; the classical free energy is the warm limit."""
    warm, cold = 1e6, 1.0
    assert harmonic_heat_capacity(QUANTA, warm) == pytest.approx(4 * units.kB, rel=1e-4)
    assert harmonic_energy(QUANTA, warm) == pytest.approx(4 * units.kB * warm, rel=1e-4)
    assert harmonic_free_energy(QUANTA, warm) == pytest.approx(
        harmonic_free_energy(QUANTA, warm, classical=True), rel=1e-5
    )
    assert harmonic_heat_capacity(QUANTA, cold) == pytest.approx(0, abs=1e-50)
    assert harmonic_entropy(QUANTA, cold) == pytest.approx(0, abs=1e-50)
    assert harmonic_energy(QUANTA, cold) == pytest.approx(QUANTA.sum() / 2)


def test_levels_summed_one_by_one():
    """Z = Σ exp(-(n + ½) ε / kT) over 2,000 levels gives F, U and S of one oscillator."""
    kT, quantum = units.kB * 300, 0.03
    levels = (np.arange(2000) + 0.5) * quantum
    weights = np.exp(-levels / kT)
    z, mean = weights.sum(), (weights * levels).sum() / weights.sum()
    assert harmonic_free_energy([quantum], 300) == pytest.approx(-kT * np.log(z))
    assert harmonic_energy([quantum], 300) == pytest.approx(mean)
    assert harmonic_entropy([quantum], 300) == pytest.approx((mean + kT * np.log(z)) / 300)


def test_a_debye_solid_has_its_cubic_law():
    """g = 9 N ν²/ν_D³: at low T the heat capacity is (12 π⁴/5) N k_B (T/Θ)³ within 1 %."""
    nu_d = 7.0  # THz
    frequencies = np.linspace(0, nu_d, 4001)
    dos = 9 * frequencies**2 / nu_d**3
    assert np.trapezoid(dos, frequencies) == pytest.approx(3, rel=1e-6)
    theta = 1e12 * units._hplanck * nu_d / units._k  # K
    T = theta / 30
    known = 12 * np.pi**4 / 5 * units.kB * (T / theta) ** 3
    assert heat_capacity_from_dos(frequencies, dos, T) == pytest.approx(known, rel=0.01)


def test_modes_at_zero_frequency_are_integrated_and_not_infinite():
    """A flat g from 0: the entropy on a grid equals that on one a hundred times finer to 0.3 %."""

    def entropy(n):
        frequencies = np.linspace(0, 10, n + 1)
        return entropy_from_dos(frequencies, np.full(n + 1, 0.3), 300)  # fmt: skip

    assert entropy(100) == pytest.approx(entropy(10_000), rel=3e-3)


@pytest.mark.parametrize(
    "function",
    [harmonic_energy, harmonic_free_energy, harmonic_entropy, harmonic_heat_capacity],
)
def test_imaginary_and_resting_modes_are_refused(function):
    """The sentence names the unit and the cure; temperatures are positive."""
    with pytest.raises(ValueError, match="leave out the motions of the whole and imaginary"):
        function([0.0, 0.1], 300)
    with pytest.raises(ValueError, match="temperature must be positive, in K; got 0"):
        function([0.1], 0)


def test_uneven_frequencies_are_refused():
    """The bins of the integral need an even grid from zero."""
    for frequencies in ([0.5, 1.0, 1.5], [0.0, 1.0, 3.0]):
        with pytest.raises(ValueError, match="evenly spaced and begin with 0"):
            entropy_from_dos(np.array(frequencies), np.ones(3), 300)
