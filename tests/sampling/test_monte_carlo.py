"""Monte Carlo: Boltzmann's distribution, reached by moves that are reversible."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms
from scipy import stats
from scipy.integrate import quad

from mlp_course.data.statistics import correlation_time
from mlp_course.sampling import origin_of, sample_dynamics, sample_monte_carlo
from mlp_course.sampling.monte_carlo import _Walker
from mlp_course.sampling.rattle import closest_approach

KT = units.kB * 300


class Power(Calculator):
    """Every coordinate in E = c |x|^n, c = 1 eV/Å^n."""

    implemented_properties = ["energy"]

    def __init__(self, n):
        super().__init__()
        self.n = n

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        self.results = {"energy": float((np.abs(atoms.positions) ** self.n).sum())}


def morse(r):
    """A bond of 1 eV and 1 Å, in eV."""
    return np.exp(-2 * 6 * (r - 1)) - 2 * np.exp(-6 * (r - 1))


class MorseBond(Calculator):
    """Two atoms joined by such a bond."""

    implemented_properties = ["energy"]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        self.results = {"energy": float(morse(np.linalg.norm(np.diff(atoms.positions, axis=0))))}


def independent(series):
    """One sample in 2τ, so that textbook statistics hold."""
    return series[:: max(1, round(2 * correlation_time(series)))]


@pytest.fixture(scope="module", params=[2, 4])
def oscillator(request):
    """The n of the oscillator and its frames at 300 K."""
    settings = dict(temperature=300, n_frames=5000, sweeps=3, closest=0)
    return request.param, sample_monte_carlo(
        Atoms("H", [[0.3, 0, 0]]), Power(request.param), seed=1, **settings
    )


def test_the_distribution_of_an_oscillator_is_boltzmanns(oscillator):
    """x follows exp(-|x|^n / kT), the generalised normal law; Kolmogorov and Smirnov do not object.

    The test is no formality: with the same samples it rejects the law of 2 T.
    """
    n, frames = oscillator
    x = np.concatenate([independent([f.positions[0, axis] for f in frames]) for axis in range(3)])
    assert stats.kstest(x, stats.gennorm(n, scale=KT ** (1 / n)).cdf).pvalue > 1e-3
    assert stats.kstest(x, stats.gennorm(n, scale=(2 * KT) ** (1 / n)).cdf).pvalue < 1e-3


def test_each_coordinate_holds_kt_over_n(oscillator):
    """⟨c|x|^n⟩ = kT/n (the virial theorem), within 4 standard errors; n = 2 is equipartition."""
    n, frames = oscillator
    energies = np.array([frame.info["sampler_energy"] for frame in frames])
    known = 3 * KT / n
    error = energies.std() * np.sqrt(2 * correlation_time(energies) / len(energies))
    assert energies.mean() == pytest.approx(known, abs=4 * error)
    assert error < 0.05 * known


def test_as_many_moves_go_up_as_down():
    """Detailed balance: between any two bins of x the counts of both directions agree, to 4√n."""
    walker = _Walker(Atoms("H", [[0.1, 0, 0]]), Power(2), KT, step=0.3, closest=0, seed=2)
    path = []
    for _ in range(20_000):
        walker.sweep(1)
        path.append(walker.atoms.positions[0, 0])
    bins = np.digitize(path, np.array([-0.2, -0.1, 0.0, 0.1, 0.2]))
    counts = np.zeros((6, 6))
    np.add.at(counts, (bins[:-1], bins[1:]), 1)
    both = counts + counts.T
    assert (np.abs(counts - counts.T) <= 4 * np.sqrt(both)).all()
    assert (both[range(5), range(1, 6)] > 100).all()


def test_a_bond_has_its_canonical_energy():
    """⟨E⟩ of a Morse bond is ∫ E r² e^{-E/kT} dr / ∫ r² e^{-E/kT} dr, within 4 standard errors."""
    kT = units.kB * 600

    def integral(weight):
        return quad(lambda r: weight(r) * r**2 * np.exp(-(morse(r) + 1) / kT), 0.5, 1.9)[0]

    known = integral(morse) / integral(lambda r: 1.0)
    h2 = Atoms("H2", [[0, 0, 0], [0, 0, 1.0]])
    frames = sample_monte_carlo(
        h2, MorseBond(), temperature=600, n_frames=6000, sweeps=2, closest=0, seed=3
    )
    energies = np.array([frame.info["sampler_energy"] for frame in frames])
    error = energies.std() * np.sqrt(2 * correlation_time(energies) / len(energies))
    assert known + 1 > 1.05 * kT / 2  # not harmonic
    assert energies.mean() == pytest.approx(known, abs=4 * error)
    assert error < 0.05 * kT


def test_monte_carlo_and_dynamics_agree_on_a_crystal():
    """Eight Cu atoms at 600 K have the same mean energy by moves and by Langevin dynamics."""
    copper = bulk("Cu", cubic=True, a=3.6).repeat((2, 1, 1))
    moves = sample_monte_carlo(copper, EMT(), temperature=600, n_frames=400, burn_in=50, seed=4)
    times = dict(spacing=20.0, timestep=5.0, equilibration=2000.0, friction=0.02)
    frames = sample_dynamics(copper, EMT(), temperature=600, n_frames=800, seed=4, **times)
    means, errors = [], []
    for run in (moves, frames):
        energies = np.array([frame.info["sampler_energy"] for frame in run])
        means.append(energies.mean())
        errors.append(energies.std() * np.sqrt(2 * correlation_time(energies) / len(energies)))
    assert means[0] == pytest.approx(means[1], abs=4 * np.hypot(*errors))
    assert np.hypot(*errors) < 0.1 * means[0]


def test_the_step_is_adapted_in_burn_in_and_then_left_alone():
    """Begun 100 times too small and too large, burn-in ends near 40 %; sampling changes nothing."""
    for start in (0.002, 20.0):
        walker = _Walker(Atoms("H", [[0.1, 0, 0]]), Power(2), KT, start, closest=0, seed=5)
        walker.burn_in(3000)
        adapted = walker.step
        walker.sweep(3000)
        assert walker.step == adapted
        assert walker.acceptance == pytest.approx(0.4, abs=0.1)


def test_held_atoms_stay_and_cores_are_hard():
    """FixAtoms holds; at 5000 K no pair comes closer than asked; the record says step and rate."""
    copper = bulk("Cu", cubic=True, a=3.6)
    copper.set_constraint(FixAtoms([0]))
    before = copper.copy()
    frames = sample_monte_carlo(
        copper, EMT(), temperature=5000, n_frames=20, burn_in=20, closest=0.85
    )
    assert all((frame.positions[0] == copper.positions[0]).all() for frame in frames)
    assert min(map(closest_approach, frames)) >= 0.85
    assert np.abs(frames[-1].positions[1:] - copper.positions[1:]).min() > 0
    assert copper == before
    settings = origin_of(frames[0])["settings"]
    assert 0 < settings["acceptance"] < 1
    assert settings["step"] > 0
    first = frames[0].copy()
    first.calc = EMT()
    assert first.get_potential_energy() == pytest.approx(frames[0].info["sampler_energy"])


def test_an_energy_that_is_no_number_is_told():
    """Neither accepted nor quietly rejected: both would falsify the distribution."""

    class Failing(Power):
        def calculate(self, *arguments):
            super().calculate(*arguments)
            if self.atoms.positions[0, 0] != 0.5:
                self.results["energy"] = float("nan")

    start = Atoms("H", [[0.5, 0, 0]])
    with pytest.raises(RuntimeError, match=r"no energy \(nan\) after a move of atom 0"):
        sample_monte_carlo(start, Failing(2), temperature=300, n_frames=1)


def test_senseless_settings_are_refused():
    """No temperature, nothing to move, a start inside a core."""
    h = Atoms("H2", [[0, 0, 0], [0, 0, 0.2]])
    with pytest.raises(ValueError, match="temperature must be positive, in K; got 0"):
        sample_monte_carlo(h, Power(2), temperature=0, n_frames=1)
    with pytest.raises(ValueError, match=r"must start without clashes.*atoms \[0, 1\] are too"):
        sample_monte_carlo(h, Power(2), temperature=300, n_frames=1)
    h.set_constraint(FixAtoms([0, 1]))
    with pytest.raises(ValueError, match="all are held by constraints"):
        sample_monte_carlo(h, Power(2), temperature=300, n_frames=1)
