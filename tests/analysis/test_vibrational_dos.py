"""The density of states: springs of known frequency, and phonons of copper by differences."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.analysis import (
    entropy_from_dos,
    harmonic_entropy,
    harmonic_heat_capacity,
    heat_capacity_from_dos,
    vibrational_dos,
)
from mlp_course.sampling.hessian import hessian
from mlp_course.simulation import run_langevin, run_nve
from mlp_course.simulation.velocities import with_thermal_velocities
from mlp_course.units import convert

COPPER_MODES = 9  # 12 of four atoms, less 3 of the whole


def swinging(frequencies, amplitudes, times):
    """One atom an oscillator, mass 1 amu, along x, with random phases."""
    phases = np.random.default_rng(0).uniform(0, 2 * np.pi, len(frequencies))
    angles = 2 * np.pi * np.outer(times, frequencies) / 1e3 + phases  # THz times fs
    frames = []
    for row in amplitudes * np.cos(angles):
        atoms = Atoms(["H"] * len(frequencies), masses=np.ones(len(frequencies)))
        atoms.set_momenta(np.outer(row, [1, 0, 0]))
        frames.append(atoms)
    return frames


def test_a_spring_is_a_line_of_the_stated_width():
    """A Gaussian about 10 THz with σ = 0.4 THz that holds all 3 degrees of freedom of one atom."""
    frames = swinging([10.0], [1.0], np.arange(0, 20_000.0, 5.0))
    frequencies, dos = vibrational_dos(frames, spacing=5.0, resolution=0.4)
    line = 3 * np.exp(-0.5 * ((frequencies - 10) / 0.4) ** 2) / (0.4 * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(dos, line, atol=0.01 * line.max())
    assert np.trapezoid(dos, frequencies) == pytest.approx(3, rel=1e-3)
    assert frequencies[-1] == pytest.approx(100)  # 1/(2 × 5 fs)


def test_lines_are_as_high_as_their_kinetic_energies():
    """Two oscillators with energies 1 : 3 share the six degrees of freedom of two atoms 1 : 3."""
    frames = swinging([5.0, 20.0], [1.0, np.sqrt(3)], np.arange(0, 40_000.0, 5.0))
    frequencies, dos = vibrational_dos(frames, spacing=5.0, resolution=0.3)
    low = frequencies < 12
    assert np.trapezoid(dos[low], frequencies[low]) == pytest.approx(6 / 4, rel=0.01)
    _, first = vibrational_dos(frames, spacing=5.0, resolution=0.3, which=[0])
    _, second = vibrational_dos(frames, spacing=5.0, resolution=0.3, which=[1])
    np.testing.assert_allclose(first + second, dos, atol=1e-9)
    assert frequencies[first.argmax()] == pytest.approx(5, abs=0.1)


def test_the_entropy_of_a_spring_is_the_textbook_one():
    """S and C_V by the run equal those of three oscillators of 10 THz within 0.3 %."""
    frames = swinging([10.0], [1.0], np.arange(0, 20_000.0, 5.0))
    frequencies, dos = vibrational_dos(frames, spacing=5.0, resolution=0.2)
    quanta = convert([10.0] * 3, "THz", "eV")
    assert entropy_from_dos(frequencies, dos, 300) == pytest.approx(
        harmonic_entropy(quanta, 300), rel=3e-3
    )
    assert heat_capacity_from_dos(frequencies, dos, 300) == pytest.approx(
        harmonic_heat_capacity(quanta, 300), rel=3e-3
    )


def test_wavenumbers_are_a_conversion_away():
    """1 THz is 33.356 cm⁻¹."""
    assert convert(1.0, "THz", "cm^-1") == pytest.approx(33.35641, rel=1e-6)


@pytest.fixture(scope="module")
def copper():
    """Four atoms in the cubic cell, EMT."""
    atoms = bulk("Cu", cubic=True)
    atoms.calc = EMT()
    return atoms


@pytest.fixture(scope="module")
def phonons(copper):
    """Frequencies in THz by finite differences of the forces, without the motion of the whole."""
    weight = np.repeat(copper.get_masses() ** -0.5, 3)
    eigenvalues = np.linalg.eigvalsh(weight[:, None] * hessian(copper, EMT()) * weight)
    assert np.abs(eigenvalues[:3]).max() < 1e-3 * eigenvalues[3]
    return np.sqrt(eigenvalues[3:]) * units.fs * 1e3 / (2 * np.pi)  # ASE's time to ps


@pytest.mark.slow
def test_copper_swings_with_its_phonons(copper, phonons):
    """Below 10 K the lines lie on the two frequencies of finite differences, to 0.05 THz."""
    run = run_nve(copper, steps=3000, timestep=4.0, temperature=10, interval=3, progress=False)
    frequencies, dos = vibrational_dos(run, resolution=0.15)
    known = np.unique(phonons.round(2))  # transverse (6) and longitudinal (3) at X
    assert len(known) == 2
    for frequency in known:
        near = abs(frequencies - frequency) < 0.5
        peak = np.average(frequencies[near], weights=dos[near])
        assert peak == pytest.approx(frequency, abs=0.05)
    close = np.min(abs(frequencies[:, None] - known), axis=1) < 0.6  # 4 σ
    assert dos[~close].sum() < 0.02 * dos.sum()


@pytest.mark.slow
def test_the_entropy_of_copper_is_that_of_its_phonons(copper, phonons):
    """S and C_V at 300 K by a run of 40 ps at 30 K: within 1.5 % and 0.5 % of the phonons'."""
    run = run_langevin(
        copper, steps=8000, timestep=5.0, temperature=30, friction=5e-4, interval=4,
        progress=False, seed=1,
    )  # fmt: skip
    frequencies, dos = vibrational_dos(run, resolution=0.1)
    quanta = convert(phonons, "THz", "eV")
    assert np.trapezoid(dos, frequencies) == pytest.approx(COPPER_MODES, rel=1e-3)
    assert entropy_from_dos(frequencies, dos, 300) == pytest.approx(
        harmonic_entropy(quanta, 300), rel=0.015
    )
    assert heat_capacity_from_dos(frequencies, dos, 300) == pytest.approx(
        harmonic_heat_capacity(quanta, 300), rel=0.005
    )


def test_too_fine_a_resolution_is_refused():
    """1 ps of a run cannot tell 0.1 THz; the message says what it can."""
    frames = swinging([10.0], [1.0], np.arange(0, 1000.0, 5.0))
    with pytest.raises(ValueError, match=r"0\.1 THz needs a run of 7958 fs; got 995 fs"):
        vibrational_dos(frames, spacing=5.0, resolution=0.1)
    vibrational_dos(frames, spacing=5.0, resolution=0.81)
    with pytest.raises(ValueError, match="resolution must be positive, in THz"):
        vibrational_dos(frames, spacing=5.0, resolution=0.0)


def test_a_molecule_that_a_thermostat_turned_has_its_rotations():
    """The first frame does not rotate, all others do: 3N - 3 degrees of freedom, not 3N - 6.

    The centre of mass rests; three atoms spin about it, faster and slower.
    """
    rng = np.random.default_rng(0)
    frames = []
    for number in range(400):
        atoms = Atoms("Ar3", [[0, 0, 0], [3, 0, 0], [0, 3, 0]])
        momenta = rng.normal(size=(3, 3))
        atoms.set_momenta(momenta - momenta.mean(axis=0))
        frames.append(with_thermal_velocities(atoms, 300.0) if number == 0 else atoms)
    frequencies, dos = vibrational_dos(frames, spacing=2.0, resolution=5.0)
    assert np.trapezoid(dos, frequencies) == pytest.approx(6.0, rel=1e-6)
