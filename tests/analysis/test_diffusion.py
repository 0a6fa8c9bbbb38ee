"""Diffusion: particles whose coefficient is known, and a method that is proven on them."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.calculators.calculator import Calculator, all_changes

from mlp_course.analysis import (
    as_universe,
    diffusion_coefficient,
    mean_square_displacement,
    unwrapped_positions,
    velocity_autocorrelation,
    vibrational_dos,
)
from mlp_course.analysis.diffusion import window_averaged_msd
from mlp_course.simulation import run_langevin, with_thermal_velocities
from mlp_course.units import convert


class Nothing(Calculator):
    """Free particles: no energy, no forces."""

    implemented_properties = ["energy", "forces"]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        self.results = {"energy": 0.0, "forces": np.zeros((len(atoms), 3))}


N_FREE, GAMMA = 216, 0.01  # fs⁻¹
KT_OVER_M = units.kB * 300 / 39.95 * units.fs**2  # Å²/fs²; ASE's own time is 10.2 fs


@pytest.fixture(scope="module")
def free_langevin():
    """Free Ar atoms under Langevin's thermostat at 300 K for 30 ps."""
    places = 40.0 * np.indices((6, 6, 6)).reshape(3, -1).T
    atoms = Atoms("Ar216", places, calculator=Nothing())
    return run_langevin(
        atoms, steps=3000, temperature=300, friction=GAMMA, timestep=10.0, interval=2,
        progress=False, seed=3,
    )  # fmt: skip


def test_the_fourier_transform_gives_the_double_loop():
    """All windows of all lengths, written out, give the same mean-square displacement."""
    r = np.random.default_rng(0).normal(size=(25, 3, 3)).cumsum(axis=0)
    loop = [[((r[k:, a] - r[: 25 - k, a]) ** 2).sum(axis=1).mean() for a in range(3)]
            for k in range(25)]  # fmt: skip
    np.testing.assert_allclose(window_averaged_msd(r), loop, atol=1e-10)


def test_a_far_away_origin_costs_no_digits():
    """10⁶ Å from the origin a displacement of 1 Å is still 1 Å."""
    r = np.random.default_rng(0).normal(size=(50, 2, 3)).cumsum(axis=0)
    np.testing.assert_allclose(window_averaged_msd(r + 1e6), window_averaged_msd(r), atol=1e-6)


def test_mdanalysis_gives_the_same_curve(brownian):
    """EinsteinMSD of MDAnalysis, which sums all windows, to its single precision."""
    from MDAnalysis.analysis.msd import EinsteinMSD

    frames = brownian(diffusion=0.01, spacing=5.0, n_frames=80, n_atoms=5, seed=0)
    theirs = EinsteinMSD(as_universe(frames), fft=False).run().results.timeseries
    times, ours = mean_square_displacement(frames)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(times, 5.0 * np.arange(80))


def test_free_flight_grows_with_the_square_of_time():
    """MSD = v² t² exactly, and the exponent says that this is not diffusion."""
    velocity = np.array([3e-3, 4e-3, 0.0])  # Å/fs: 0.005 Å/fs
    frames = [Atoms("Ar", [t * velocity]) for t in np.arange(0, 2000.0, 10.0)]
    times, msd = mean_square_displacement(frames, spacing=10.0)
    np.testing.assert_allclose(msd, (5e-3 * times) ** 2, atol=1e-9)
    flight = diffusion_coefficient(frames, spacing=10.0, fit=(50.0, 150.0))
    assert flight.exponent == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize("side", [None, 6.0])
def test_brownian_particles_have_their_coefficient(brownian, side):
    """D = 0.004 Å²/fs within three errors, in open space and wrapped into a cell of 6 Å."""
    frames = brownian(diffusion=0.004, spacing=5.0, n_frames=3000, n_atoms=20, seed=1, side=side)
    found = diffusion_coefficient(frames, fit=(5.0, 100.0))
    assert abs(found.coefficient - 0.004) < 3 * found.error
    assert found.error < 0.05 * 0.004
    assert found.exponent == pytest.approx(1.0, abs=0.03)


def test_the_error_bar_is_honest(brownian):
    """150 runs: (D - true)/error scatters as Student's t with 4 degrees of freedom."""
    scores = []
    for seed in range(150):
        frames = brownian(diffusion=0.01, spacing=1.0, n_frames=500, n_atoms=2, seed=seed)
        found = diffusion_coefficient(frames, fit=(1.0, 20.0))
        scores.append((found.coefficient - 0.01) / found.error)
    scores = np.array(scores)
    assert abs(np.median(scores)) < 0.4
    assert 0.88 < np.mean(np.abs(scores) < 2.776) < 0.99  # 95 % of Student's t


def test_surface_diffusion_counts_two_directions():
    """Motion in x and y only: D by axes "xy"; three directions would dilute it to two thirds."""
    steps = np.random.default_rng(2).normal(scale=0.2, size=(4000, 20, 3)) * [1, 1, 0]
    frames = [Atoms("Ar20", r) for r in steps.cumsum(axis=0)]
    flat = diffusion_coefficient(frames, spacing=5.0, fit=(5.0, 50.0), axes="xy")
    deep = diffusion_coefficient(frames, spacing=5.0, fit=(5.0, 50.0))
    assert flat.coefficient == pytest.approx(0.004, rel=0.04)
    assert deep.coefficient == pytest.approx(flat.coefficient * 2 / 3)
    _, plane = mean_square_displacement(frames, spacing=5.0, axes="xy")
    _, space = mean_square_displacement(frames, spacing=5.0)
    assert plane == pytest.approx(space)  # nothing moves along z


def test_a_drift_of_the_whole_is_taken_off(brownian):
    """A wind of 0.01 Å/fs spoils D; without the motion of the centre of mass D is back."""
    frames = brownian(diffusion=0.004, spacing=5.0, n_frames=3000, n_atoms=50, seed=4)
    for atoms in frames:
        atoms.positions += [0.01 * atoms.info["time_fs"], 0, 0]
    wind = diffusion_coefficient(frames, fit=(5.0, 100.0))
    still = diffusion_coefficient(frames, fit=(5.0, 100.0), remove_drift=True)
    assert wind.coefficient > 1.2 * 0.004
    known = 0.004 * (1 - 1 / 50)  # the centre of 50 particles diffuses too, and is taken off
    assert abs(still.coefficient - known) < 3 * still.error


def test_a_langevin_particle_diffuses_by_einsteins_law(free_langevin):
    """D = k_B T / (m γ), times 1 - 1/N because the centre of mass is held, within 3 errors."""
    known = KT_OVER_M / GAMMA * (1 - 1 / N_FREE)
    found = diffusion_coefficient(free_langevin, fit=(500.0, 2000.0))
    assert abs(found.coefficient - known) < 3 * found.error
    assert found.error < 0.08 * known


def test_a_langevin_particle_flies_before_it_diffuses(free_langevin):
    """MSD = 6 D [t - (1 - exp(-γt))/γ] from 20 fs to 1 ps, within 5 %."""
    times, msd = mean_square_displacement(free_langevin)
    early = (times > 0) & (times <= 1000)
    t = times[early]
    known = 6 * KT_OVER_M / GAMMA * (t - (1 - np.exp(-GAMMA * t)) / GAMMA) * (1 - 1 / N_FREE)
    np.testing.assert_allclose(msd[early], known, rtol=0.05)


def test_the_velocities_tell_the_same_coefficient(free_langevin):
    """Green and Kubo: g(0) = 4 N_f m D / k_B T, within 10 %; C(t) fades as exp(-γ t)."""
    frequencies, dos = vibrational_dos(free_langevin, resolution=0.1)
    per_mode = convert(dos[0], "ps", "fs") / (3 * N_FREE - 3)  # 1/THz is 1 ps
    assert per_mode * KT_OVER_M / 4 == pytest.approx(KT_OVER_M / GAMMA, rel=0.1)
    times, correlation = velocity_autocorrelation(free_langevin)
    np.testing.assert_allclose(
        correlation[:8] / correlation[0], np.exp(-GAMMA * times[:8]), atol=0.04
    )
    assert frequencies[0] == 0.0


def test_paths_are_followed_through_the_wall_of_any_cell():
    """A skewed cell, wrapped positions: the path is the one before wrapping; so in MDAnalysis."""
    from MDAnalysis.transformations import NoJump

    path = np.random.default_rng(5).normal(scale=0.4, size=(200, 4, 3)).cumsum(axis=0)
    cell = [[7.0, 0, 0], [2.0, 6.0, 0], [1.0, -2.0, 6.5]]
    frames = [Atoms("Ar4", r, cell=cell, pbc=True) for r in path]
    for atoms in frames:
        atoms.wrap()
    ours = unwrapped_positions(frames)
    np.testing.assert_allclose(ours - ours[0], path - path[0], atol=1e-9)
    universe = as_universe(frames, spacing=1.0)
    universe.trajectory.add_transformations(NoJump())
    theirs = np.array([frame.positions.copy() for frame in universe.trajectory])
    np.testing.assert_allclose(theirs - theirs[0], path - path[0], atol=1e-3)


def test_a_growing_cell_does_not_move_atoms_that_have_gone_round():
    """After ten rounds through the cell, its growth by 1 % moves an atom by less than 1 % of L."""
    frames = [Atoms("Ar", [[x % 10, 0, 0]], cell=[10] * 3, pbc=True) for x in np.arange(0, 103, 3)]
    grown = frames[-1].copy()
    grown.set_cell([10.1] * 3, scale_atoms=True)
    path = unwrapped_positions([*frames, grown])[:, 0, 0]
    assert path[-2] == pytest.approx(102.0)
    assert path[-1] == pytest.approx(102.0 + 0.02)  # 2 Å from the wall: 1 % of that, not of 102


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(fit=(0.0, 4.0)), "at least two times"),
        (dict(fit=(5.0, 200.0)), "segment must last twice"),
        (dict(fit=(5.0, 20.0), n_segments=1), "n_segments must be at least 2"),
        (dict(fit=(5.0, 20.0), axes="xu"), "axes must name"),
        (dict(fit=(5.0, 20.0), which="Kr"), "must be an element of Ar2"),
        (dict(fit=(5.0, 20.0), spacing=-1.0), "spacing must be positive"),
    ],
)
def test_what_cannot_be_fitted_is_refused(brownian, options, message):
    """The message says what is wrong, and in which unit."""
    frames = brownian(diffusion=0.01, spacing=5.0, n_frames=100, n_atoms=2, seed=0)
    with pytest.raises(ValueError, match=message):
        diffusion_coefficient(frames, **options)


def test_runs_that_tell_nothing_are_refused(brownian):
    """Steps of half a cell, uneven times, no times, other atoms."""
    far = brownian(diffusion=1.0, spacing=5.0, n_frames=50, n_atoms=5, seed=0, side=6.0)
    with pytest.raises(ValueError, match="Record frames more often"):
        mean_square_displacement(far)
    frames = brownian(diffusion=0.01, spacing=5.0, n_frames=10, n_atoms=2, seed=0)
    with pytest.raises(ValueError, match="evenly spaced in time"):
        mean_square_displacement([*frames[:4], *frames[6:]])
    with pytest.raises(ValueError, match="frame 2 has Ar"):
        mean_square_displacement([*frames[:2], frames[2][:1]], spacing=1.0)
    for atoms in frames:
        atoms.info.clear()
    with pytest.raises(ValueError, match="give spacing="):
        mean_square_displacement(frames)


def test_a_body_at_rest_stays():
    """with_thermal_velocities stops the centre of mass; so no velocities means a refusal."""
    atoms = with_thermal_velocities(Atoms("Ar2", [[0, 0, 0], [4, 0, 0]]), 0.0)
    with pytest.raises(ValueError, match="must have momenta"):
        velocity_autocorrelation([atoms, atoms], spacing=1.0)


def test_a_broken_run_is_no_diffusion():
    """NaN in one frame would be NaN for every time; one configuration is no run."""
    frames = [Atoms("H", [[x, 0, 0]]) for x in (0.0, np.nan, 1.0)]
    with pytest.raises(ValueError, match="positions must be finite, in Å; frame 1 has NaN"):
        mean_square_displacement(frames, spacing=1.0)
    with pytest.raises(TypeError, match="must be a list of ase"):
        mean_square_displacement(frames[0], spacing=1.0)
