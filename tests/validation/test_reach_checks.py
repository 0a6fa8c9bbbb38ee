"""Reach: data that stop below what the use needs are found from energies alone."""

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import load_embedded
from mlp_course.validation import low_energy_bias, temperature_reach


def frames_at(energies, symbols="OH2"):
    """Labelled copies of one molecule with given energies in eV."""
    frames = []
    for energy in energies:
        atoms = Atoms(symbols, [[0, 0, 0], [0, 0.76, 0.59], [0, -0.76, 0.59]])
        atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=np.zeros((3, 3)))
        frames.append(atoms)
    return frames


def test_a_valley_does_not_support_a_pass():
    """Training energies up to 0.3 eV, a path up to 1 eV: 70 % of the path hangs in the air."""
    train, path = frames_at(np.linspace(0, 0.3, 50)), frames_at(np.linspace(0.01, 1.0, 100))
    finding = low_energy_bias(train, path)
    assert finding.rings
    assert finding.value == pytest.approx(0.7, abs=0.03)


def test_three_frames_on_the_pass_support_it_and_one_does_not():
    """A single frame may be an accident."""
    valley, path = list(np.linspace(0, 0.3, 50)), frames_at(np.linspace(0.01, 1.0, 100))
    assert low_energy_bias(frames_at([*valley, 1.1]), path).rings
    assert not low_energy_bias(frames_at([*valley, 1.1, 1.1, 1.1]), path).rings


def test_a_new_sample_of_the_same_kind_is_supported():
    """Other frames of the same 300 K run of ethanol need nothing new."""
    run = load_embedded("ethanol/300K")
    assert not low_energy_bias(run[::2], run[1::2]).rings
    assert low_energy_bias(run, load_embedded("ethanol/1000K")).rings


def test_equipartition_sets_the_energy_of_a_temperature():
    """Water has three vibrations: 3/2 k_B T = 0.129 eV at 1000 K."""
    finding = temperature_reach(frames_at([0.1] * 5), 1000.0, lowest_energy=0.0)
    assert finding.value == pytest.approx(1.293, abs=0.002)
    assert finding.rings


@pytest.mark.parametrize(("kelvin", "rings"), [(300, False), (1000, True)])
def test_frames_of_300_K_reach_300_K_and_not_1000_K(kelvin, rings):
    """Ethanol, PBE labels, without a look at any record of temperature."""
    lowest = min(a.get_potential_energy() for a in load_embedded("ethanol/torsion"))
    finding = temperature_reach(load_embedded("ethanol/300K"), kelvin, lowest_energy=lowest)
    assert finding.rings is rings


def test_nonsense_is_refused():
    """Mixed compositions, no frames to support, a minimum above the data."""
    train = frames_at([0.0, 0.1, 0.2])
    with pytest.raises(ValueError, match="one composition"):
        low_energy_bias(train, frames_at([0.1], symbols="SH2"))
    with pytest.raises(ValueError, match="at least 3"):
        low_energy_bias(train[:2], train)
    with pytest.raises(ValueError, match="lowest_energy"):
        temperature_reach(train, 300.0, lowest_energy=5.0)
    with pytest.raises(ValueError, match="temperature"):
        temperature_reach(train, 0.0, lowest_energy=-1.0)
