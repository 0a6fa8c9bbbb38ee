"""Labels: two levels of theory leave two bands, single precision leaves steps, runs are known."""

import numpy as np
import pytest
from ase import Atoms

from mlp_course.sampling import with_origin
from mlp_course.validation import energy_bands, energy_offsets, energy_resolution, shared_runs


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("shape", ["normal", "uniform", "exponential"])
def test_one_level_is_not_accused(seed, shape):
    """Noise of one kind has one band, whether normal, even, or with a tail."""
    rng = np.random.default_rng(seed)
    noise = {"normal": rng.normal, "uniform": rng.uniform, "exponential": rng.exponential}[shape]
    finding = energy_bands(0.01 * noise(size=150))
    assert finding.rings is False, finding


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.9])
def test_a_second_level_is_found_whatever_its_share(part):
    """0.1 eV between the levels, 0.01 eV of noise within each."""
    rng = np.random.default_rng(0)
    offsets = rng.normal(0, 0.01, 200) + np.where(rng.random(200) < part, 0.1, 0.0)
    assert energy_bands(offsets).rings


def test_an_offset_within_the_noise_cannot_be_seen():
    """One standard deviation apart: honest silence, which the docstring's limit explains."""
    rng = np.random.default_rng(0)
    offsets = rng.normal(0, 0.01, 200) + np.where(np.arange(200) < 100, 0.01, 0.0)
    assert not energy_bands(offsets).rings


def test_few_numbers_are_refused():
    """Bands of five frames mean nothing."""
    with pytest.raises(ValueError, match="at least 50"):
        energy_bands(np.zeros(5))
    with pytest.raises(ValueError, match="finite"):
        energy_bands([np.nan] * 60)


def test_compositions_are_not_mixed():
    """Each composition has its own constant."""
    from ase.calculators.emt import EMT
    from ase.calculators.singlepoint import SinglePointCalculator

    frames = []
    for symbols in ("Cu2", "Al2"):
        atoms = Atoms(symbols, [[0, 0, 0], [0, 0, 2.6]])
        atoms.calc = SinglePointCalculator(atoms, energy=0.0, forces=np.zeros((2, 3)))
        frames.append(atoms)
    with pytest.raises(ValueError, match="one composition"):
        energy_offsets(EMT(), frames)


def test_single_precision_has_steps_of_two_to_the_minus_eleven_at_4200_eV():
    """23 bits below 2^12: 2^(12 - 23) eV = 0.488 meV."""
    energies = np.array([-4200.1234, -4199.9]).astype(np.float32)
    assert energy_resolution(energies).value == pytest.approx(1000 * 2.0**-11)


def test_single_precision_is_recognised_in_a_float64_array():
    """A file in single precision that was read into double precision keeps its steps."""
    energies = np.array([-4.8e6 - 0.3, -4.8e6]).astype(np.float32).astype(np.float64)
    assert energy_resolution(energies).rings
    assert not energy_resolution(energies + 1e-4).rings


def test_no_energies_are_refused():
    """Nothing has no resolution."""
    with pytest.raises(ValueError, match="at least one"):
        energy_resolution([])


def test_runs_are_told_apart_by_their_origin():
    """Two seeds are two runs; a quarter of this test set is from a training run."""
    how = dict(data_type="dynamics", sampler="sample_dynamics", parent="H")
    runs = [
        [with_origin(Atoms("H"), settings=dict(seed=seed), **how) for _ in range(4)]
        for seed in range(2)
    ]
    assert shared_runs(runs[0], [runs[0][0], *runs[1][:3]]).value == 0.25
    assert not shared_runs(runs[0], runs[1]).rings
    with pytest.raises(ValueError, match="must hold frames"):
        shared_runs([], runs[0])
    with pytest.raises(ValueError, match="origin"):
        shared_runs([Atoms("H")], runs[0])
