"""The fitted drift of the total energy."""

import numpy as np
import pandas as pd
import pytest

from mlp_course.simulation import energy_drift


def log_of(energy, spacing=5.0, steps_per_row=10):
    rows = np.arange(len(energy))
    return pd.DataFrame(
        {"step": rows * steps_per_row, "time": rows * spacing, "total_energy": energy}
    )


def correlated_noise(rng, n_points, memory):
    """Noise that forgets itself after ``memory`` points."""
    keep = np.exp(-1 / memory)
    noise = np.empty(n_points)
    noise[0] = rng.normal()
    for k in range(1, n_points):
        noise[k] = keep * noise[k - 1] + np.sqrt(1 - keep**2) * rng.normal()
    return noise


def test_a_straight_line_gives_its_slope_in_mev_per_atom_and_ps():
    """0.002 eV in 1000 fs, 10 atoms: 0.2 meV/atom/ps, by either way."""
    drift = energy_drift(log_of(2e-6 * 5.0 * np.arange(201)), n_atoms=10)
    assert drift.slope == pytest.approx(0.2)
    assert drift.two_point == pytest.approx(0.2)
    assert drift.two_point_per_step == pytest.approx(2e-3 / 2000)
    assert drift.duration == pytest.approx(1.0)
    assert drift.standard_error < 1e-9
    assert drift.significant


def test_the_fit_does_not_depend_on_the_zero_of_energy():
    """A DFT total energy of -4000 eV must not cost digits."""
    energy = 2e-6 * 5.0 * np.arange(201)
    far = energy_drift(log_of(energy - 4209.0), n_atoms=10)
    assert far.slope == pytest.approx(0.2, rel=1e-6)


def test_error_bar_is_honest_for_noise_with_memory():
    """300 runs without drift, memory 10 frames: slope over its error scatters like Student's t."""
    rng = np.random.default_rng(0)
    drifts = [energy_drift(log_of(correlated_noise(rng, 1000, 10)), 1) for _ in range(300)]
    scores = np.array([drift.slope / drift.standard_error for drift in drifts])
    assert abs(scores.mean()) < 0.25
    assert 0.95 < scores.std() < 1.4  # t with 8 degrees of freedom: 1.15
    assert np.mean([drift.significant for drift in drifts]) < 0.05


def test_the_textbook_error_of_independent_points_is_far_too_small_here():
    """This is why blocks are used: with memory 10 it is wrong by a factor of about 4."""
    rng = np.random.default_rng(1)
    scores = []
    for _ in range(200):
        log = log_of(correlated_noise(rng, 1000, 10))
        drift = energy_drift(log, 1)
        time = log["time"].to_numpy() / 1000
        naive = drift.noise / np.sqrt(np.sum((time - time.mean()) ** 2))
        scores.append(drift.slope / naive)
    assert 3 < np.std(scores) < 6  # sqrt(2 x memory) = 4.5


def test_two_end_points_scatter_more_than_the_fit():
    """Independent noise, 1000 frames: about sqrt(1000/6) = 13 times more."""
    rng = np.random.default_rng(2)
    drifts = [energy_drift(log_of(rng.normal(size=1000)), 1) for _ in range(200)]
    ratio = np.std([drift.two_point for drift in drifts]) / np.std([d.slope for d in drifts])
    assert ratio == pytest.approx(np.sqrt(1000 / 6), rel=0.25)


def test_a_limit_of_a_thousandth_ev_per_step_lets_a_ruined_run_pass():
    """Ethanol, 0.5 fs: 0.00095 eV per step is 1.9 eV/ps, about 1000 K more each picosecond."""
    time = 5.0 * np.arange(201)
    drift = energy_drift(log_of(1.9e-3 * time), n_atoms=9)
    assert drift.two_point_per_step < 0.001
    assert drift.slope > 200  # meV/atom/ps


def test_printing_says_whether_it_differs_from_zero():
    """Noise around zero is printed as no drift, a straight line of 1 eV per frame as a drift."""
    rng = np.random.default_rng(3)
    assert "cannot be told from zero" in str(energy_drift(log_of(rng.normal(size=200)), 1))
    assert "differs from zero" in str(energy_drift(log_of(np.arange(200.0)), 1))


def test_a_log_without_steps_has_no_estimate_per_step():
    """Time alone does not tell the number of steps, so the change in eV per step is NaN."""
    log = log_of(np.arange(100.0)).drop(columns="step")
    assert np.isnan(energy_drift(log, 1).two_point_per_step)


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        (10, {"n_atoms": 1}, r"at least 20 rows for 10 blocks; got 10"),
        (100, {"n_atoms": 0}, r"n_atoms must be at least 1"),
        (100, {"n_atoms": 1, "n_blocks": 2}, r"n_blocks must be at least 3"),
    ],
)
def test_too_little_is_refused(rows, options, message):
    """A fit with an error bar needs 2 rows per block, 3 blocks and 1 atom; the error says which."""
    with pytest.raises(ValueError, match=message):
        energy_drift(log_of(np.zeros(rows)), **options)


def test_nan_is_refused():
    """One NaN among 100 energies is an error; it never becomes a drift of NaN."""
    energy = np.zeros(100)
    energy[7] = np.nan
    with pytest.raises(ValueError, match="must be finite"):
        energy_drift(log_of(energy), 1)


def test_time_that_stands_still_is_refused():
    """Two runs in one log, or a column of zeros, have no slope; the row is named."""
    log = log_of(np.zeros(100))
    twice = pd.concat([log, log])
    with pytest.raises(ValueError, match=r"row 100 has 0\.0 after 495\.0\. Give one run at a time"):
        energy_drift(twice, 1)
    with pytest.raises(ValueError, match="must increase from row to row; row 1"):
        energy_drift(log.assign(time=3.0), 1)


def test_a_log_needs_the_number_of_atoms():
    """A log does not hold the number of atoms, so a drift per atom asks for `n_atoms`."""
    with pytest.raises(TypeError, match="n_atoms"):
        energy_drift(log_of(np.zeros(100)))
