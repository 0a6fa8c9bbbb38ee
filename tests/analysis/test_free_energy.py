"""Free energies: a double well whose answer is known, by histogram and by umbrellas."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.calculators.calculator import Calculator, all_changes
from scipy.signal import lfilter

from mlp_course.analysis import (
    Distance,
    UmbrellaWindow,
    histogram_profile,
    run_umbrella,
    umbrella_profile,
)

T = 300.0
KT = units.kB * T
GRID = np.linspace(-2.0, 2.0, 8001)


def double_well(x, height):
    return height * (x**2 - 1) ** 2


def drawn(energy, grid, n_samples, rng):
    """Independent samples of Boltzmann's law for an energy (eV) on a grid."""
    weights = np.exp(-(energy - energy.min()) / KT)
    return rng.choice(grid, size=n_samples, p=weights / weights.sum())


def exact_profile(energy, grid, edges):
    """-kT ln of the mean of e^-U/kT in each bin, relative to the lowest."""
    weights = np.exp(-(energy - energy.min()) / KT)
    means = [weights[(grid >= a) & (grid < b)].mean() for a, b in zip(edges, edges[1:])]  # noqa: B905, RUF007
    free_energy = -KT * np.log(means)
    return free_energy - free_energy.min()


@pytest.fixture
def edges():
    return np.linspace(-1.4, 1.4, 15)


def test_a_low_barrier_is_seen_by_a_histogram(edges):
    """U = 3 kT (x² - 1)²: each bin within 4 errors of the exact free energy, errors below 2 meV."""
    energy = double_well(GRID, 3 * KT)
    samples = drawn(energy, GRID, 100_000, np.random.default_rng(0))
    profile = histogram_profile(samples, temperature=T, edges=edges)
    away = profile.free_energy - exact_profile(energy, GRID, edges)
    lowest = profile.free_energy.argmin()
    assert profile.error[lowest] == 0
    away -= away[lowest]  # errors are those of the difference from the lowest bin
    others = np.arange(len(away)) != lowest
    assert (np.abs(away) < 5 * profile.error + 1e-12).all()
    assert profile.error[others].max() < 2e-3


def test_errors_of_a_histogram_are_honest():
    """300 runs of two states, p = 0.2: ΔF = kT ln 4, scattered by its error."""
    scores = []
    for seed in range(300):
        samples = np.where(np.random.default_rng(seed).random(2000) < 0.2, 1.5, 0.5)
        profile = histogram_profile(samples, temperature=T, edges=[0, 1, 2])
        scores.append((profile.free_energy[1] - KT * np.log(4)) / profile.error[1])
    assert abs(np.mean(scores)) < 0.3
    assert 0.9 < np.std(scores) < 1.35


def test_samples_told_ten_times_are_not_ten_times_as_good(edges):
    """Each sample repeated ten times in a row: the same profile with the same errors."""
    samples = drawn(double_well(GRID, 3 * KT), GRID, 5000, np.random.default_rng(1))
    once = histogram_profile(samples, temperature=T, edges=edges)
    tenfold = histogram_profile(np.repeat(samples, 10), temperature=T, edges=edges)
    np.testing.assert_allclose(tenfold.free_energy, once.free_energy)
    np.testing.assert_allclose(tenfold.error, once.error)


def test_a_bin_that_nobody_visited_is_infinitely_high(edges):
    """Over 23 kT nobody climbs: the top is infinite and so is its error, and not zero."""
    samples = drawn(double_well(GRID, 0.6), GRID, 100_000, np.random.default_rng(2))
    profile = histogram_profile(samples, temperature=T, edges=edges)
    top = len(edges) // 2 - 1
    assert np.isinf(profile.free_energy[top])
    assert np.isinf(profile.error[top])


@pytest.fixture(scope="module")
def high_windows():
    """Windows of independent samples over a barrier of 0.6 eV, 23 kT."""
    rng, windows = np.random.default_rng(3), []
    for centre in np.linspace(-1.3, 1.3, 27):
        bias = 0.5 * 12.0 * (GRID - centre) ** 2
        samples = drawn(double_well(GRID, 0.6) + bias, GRID, 500, rng)
        windows.append(UmbrellaWindow(float(centre), 12.0, samples))
    return windows


def test_umbrellas_climb_where_nobody_climbs_alone(high_windows, edges):
    """The exact free energy over 23 kT within 4 errors, errors below 20 meV."""
    profile = umbrella_profile(high_windows, temperature=T, edges=edges)
    exact = exact_profile(double_well(GRID, 0.6), GRID, edges)
    away = profile.free_energy - exact
    away -= away[profile.free_energy.argmin()]
    assert (np.abs(away) < 4 * profile.error + 1e-12).all()
    assert profile.error.max() < 0.02
    assert profile.free_energy[len(edges) // 2 - 1] > 0.5


def test_the_order_of_windows_and_repeated_samples_change_little(high_windows, edges):
    """Backwards the same; samples told three times over are thinned and not believed thrice."""
    subset, bins = high_windows[:8], [-1.3, -1.1, -0.9, -0.7]  # the valley is in the middle
    first = umbrella_profile(subset, temperature=T, edges=bins)
    backwards = umbrella_profile(subset[::-1], temperature=T, edges=bins)
    np.testing.assert_allclose(backwards.free_energy, first.free_energy, atol=1e-8)
    thrice = [UmbrellaWindow(w.centre, w.stiffness, np.repeat(w.samples, 3)) for w in subset]
    repeated = umbrella_profile(thrice, temperature=T, edges=bins)
    assert first.free_energy.argmin() == repeated.free_energy.argmin() == 1
    np.testing.assert_allclose(repeated.error, first.error, rtol=0.2)  # not √3 smaller


def test_windows_that_do_not_meet_are_refused(high_windows, edges):
    """Without the windows in the middle there is no knowing how the two sides compare."""
    with pytest.raises(ValueError, match=r"those at -0\.3 and 0\.3 share .* Put a window"):
        umbrella_profile(high_windows[:11] + high_windows[-11:], temperature=T, edges=edges)


def test_a_dihedral_goes_round():
    """U = 0.1 eV (1 + cos 3φ): three equal valleys, also across 0 = 360 degrees."""
    grid = np.arange(0, 360.0, 0.05)
    energy = 0.1 * (1 + np.cos(3 * np.radians(grid)))
    rng, windows, stiffness = np.random.default_rng(4), [], 4e-4  # eV/degree²
    for centre in np.arange(0, 360.0, 15.0):
        window = UmbrellaWindow(float(centre), stiffness, np.empty(0))
        samples = drawn(energy + window.bias(grid, 360.0), grid, 400, rng)
        windows.append(UmbrellaWindow(float(centre), stiffness, samples))
    edges = np.linspace(0, 360, 25)
    profile = umbrella_profile(windows, temperature=T, edges=edges, period=360.0)
    away = profile.free_energy - exact_profile(energy, grid, edges)
    away -= away[profile.free_energy.argmin()]
    assert (np.abs(away) < 4 * profile.error + 1e-12).all()
    assert profile.error.max() < 0.012


def test_bad_bins_and_samples_outside_are_refused(high_windows):
    """Edges must rise; nothing within them is no free energy."""
    for function, data in ((histogram_profile, np.zeros(20)), (umbrella_profile, high_windows)):
        with pytest.raises(ValueError, match="at least two rising borders"):
            function(data, temperature=T, edges=[1.0, 0.0])
        with pytest.raises(ValueError, match="no sample lies within the edges, 5 to 6"):
            function(data, temperature=T, edges=[5.0, 6.0])
        with pytest.raises(ValueError, match="temperature must be positive, in K"):
            function(data, temperature=0.0, edges=[0.0, 1.0])


class TwoValleys(Calculator):
    """A pair of atoms with valleys at 1.1 and 1.9 Å and 0.2 eV between."""

    implemented_properties = ["energy", "forces"]

    @staticmethod
    def energy(d):
        return double_well((d - 1.5) / 0.4, 0.2)

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        r_ij = atoms.positions[1] - atoms.positions[0]
        d = np.linalg.norm(r_ij)
        x = (d - 1.5) / 0.4
        force = -0.2 * 4 * x * (x**2 - 1) / 0.4 * r_ij / d
        self.results = {"energy": float(self.energy(d)), "forces": np.array([-force, force])}


@pytest.mark.slow
def test_umbrellas_by_dynamics_find_the_exact_free_energy():
    """F(d) = U(d) - 2 kT ln d by Langevin dynamics in 12 windows, within 4 errors and 3 meV."""
    atoms = Atoms("H2", [[0, 0, 0], [0, 0, 1.1]], calculator=TwoValleys())
    windows = run_umbrella(
        atoms, Distance(0, 1), centres=np.linspace(1.0, 2.0, 12), stiffness=15.0, temperature=T,
        steps=1600, equilibration=200, friction=0.05, interval=8, progress=False,
    )  # fmt: skip
    edges = np.linspace(1.0, 2.0, 21)
    profile = umbrella_profile(windows, temperature=T, edges=edges)
    grid = np.linspace(0.8, 2.2, 28_001)
    exact = exact_profile(TwoValleys.energy(grid) - 2 * KT * np.log(grid), grid, edges)
    away = profile.free_energy - exact
    away -= away[profile.free_energy.argmin()]
    assert (np.abs(away) < 4 * profile.error + 3e-3).all()
    assert profile.error.max() < 0.02
    right, left = exact[17:19].min(), exact[1:3].min()
    assert left - right == pytest.approx(2 * KT * np.log(1.9 / 1.1), abs=2e-3)  # shells grow
    assert atoms.positions[1, 2] == 1.1


def test_samples_that_are_no_numbers_are_refused():
    """They lie in no bin, and would be left out without a word."""
    with pytest.raises(ValueError, match=r"samples must be finite.*with NaN or infinity"):
        histogram_profile([0.5] * 19 + [np.nan], temperature=300, edges=[0, 1])
    with pytest.raises(ValueError, match=r"shape \(n_samples,\); got shape \(20, 2\)$"):
        histogram_profile(np.full((20, 2), 0.5), temperature=300, edges=[0, 1])


def test_a_dihedral_may_be_counted_from_anywhere():
    """Other edges, or all angles turned by 180°: the same energies and errors in another order.

    The angles remember each other for some ten steps; a step from 359° to 1° is not to hide it.
    """
    rng, stiffness = np.random.default_rng(2), 1e-4  # eV/degree²
    width, keep = np.sqrt(KT / stiffness), 0.9
    windows, turned = [], []
    for centre in range(0, 360, 20):
        noise = rng.normal(0, width * np.sqrt(1 - keep**2), 1000)
        angles = centre + lfilter([1], [1, -keep], noise)
        windows.append(UmbrellaWindow(float(centre), stiffness, angles % 360))
        turned.append(UmbrellaWindow((centre + 180.0) % 360, stiffness, (angles + 180) % 360))
    options = dict(temperature=T, period=360.0)
    first = umbrella_profile(windows, edges=np.arange(0, 361, 60), **options)
    for other in (
        umbrella_profile(windows, edges=np.arange(-180, 181, 60), **options),
        umbrella_profile(turned, edges=np.arange(0, 361, 60), **options),
    ):
        np.testing.assert_allclose(np.roll(other.free_energy, 3), first.free_energy, atol=1e-5)
        np.testing.assert_allclose(np.roll(other.error, 3), first.error, atol=1e-5)
