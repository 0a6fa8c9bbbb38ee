"""Counting: jumps with known rates, and Kramers' problem with its exact mean passage time."""

import numpy as np
import pytest

from mlp_course.analysis import stable_states, transition_rates

STATES = dict(reactant_below=-1.0, product_above=1.0)


def jumping(k_forward, k_backward, n_frames, seed, spacing=1.0):
    """Two states, -1 and 1, with exponential stays; shape (n_frames,)."""
    rng = np.random.default_rng(seed)
    n_jumps = int(2 * n_frames * spacing * max(k_forward, k_backward)) + 100
    stays = rng.exponential(size=(n_jumps, 2)) / [k_forward, k_backward]
    jumps = np.cumsum(stays.ravel())  # fs
    passed = np.searchsorted(jumps, spacing * np.arange(n_frames))
    return np.where(passed % 2 == 0, -1.0, 1.0)


def test_a_jump_process_has_its_rates_and_noise_does_not_count():
    """k = 1/500 and 1/200 fs⁻¹ within 3 errors, although each frame scatters by 0.4."""
    noise = 0.4 * np.random.default_rng(1).normal(size=1_000_000)
    coordinate = jumping(1 / 500, 1 / 200, 1_000_000, seed=0) + noise
    rates = transition_rates(coordinate, spacing=1.0, **STATES)
    assert abs(rates.forward - 1 / 500) < 3 * rates.forward_error
    assert abs(rates.backward - 1 / 200) < 3 * rates.backward_error
    assert rates.forward_error < 0.05 / 500
    naive = np.count_nonzero(np.diff(np.sign(coordinate)) > 0)  # each crossing of the top
    assert naive > 4 * rates.n_forward
    assert abs(rates.n_forward - rates.n_backward) <= 1


def test_the_error_bar_is_honest():
    """200 runs of 100 passages or so: (k - true)/error scatters as Student's t with 9 degrees."""
    scores = []
    for seed in range(200):
        rates = transition_rates(
            jumping(0.01, 0.02, 15_000, seed), spacing=1.0, reactant_below=0, product_above=0.5
        )
        true = -np.expm1(-0.03) / 3  # a jump within one frame and back is not seen
        scores.append((rates.forward - true) / rates.forward_error)
    scores = np.array(scores)
    assert abs(scores.mean()) < 0.35
    assert 0.9 < scores.std() < 1.4


@pytest.fixture(scope="module")
def climbers():
    """Overdamped Brownian motion of 400 copies in U = 4 kT (x² - 1)², D = 1, 75 units of time."""
    rng, dt, every = np.random.default_rng(0), 1e-3, 5
    x, kept = -np.ones(400), []
    for k in range(75_000):
        x = x - 16 * x * (x**2 - 1) * dt + np.sqrt(2 * dt) * rng.normal(size=400)
        if k % every == 0:
            kept.append(x)
    return np.array(kept), every * dt


def mean_passage_time(height, start, end):
    """Exact: T = (1/D) ∫_start^end e^U(y) ∫_-∞^y e^-U(z) dz dy, kT = D = 1."""
    z = np.linspace(-3, end, 20_001)
    potential = height * (z**2 - 1) ** 2
    inner = np.cumsum(np.exp(-potential)) * (z[1] - z[0])
    outer = np.exp(np.where(z >= start, potential, -np.inf)) * inner
    return np.trapezoid(outer, z)


def test_kramers_problem_is_counted_rightly(climbers):
    """Passages from x < -0.8 to x > 0.8: the exact mean passage time, within 3 errors and 2 %."""
    coordinate, spacing = climbers
    rates = transition_rates(coordinate, spacing=spacing, reactant_below=-0.8, product_above=0.8)
    exact = 1 / mean_passage_time(4.0, -0.8, 0.8)
    for rate, error in ((rates.forward, rates.forward_error),
                        (rates.backward, rates.backward_error)):  # fmt: skip
        assert abs(rate - exact) < 3 * error + 0.02 * exact
        assert error < 0.06 * exact


def test_each_crossing_of_the_top_would_count_a_reaction_many_times(climbers):
    """Without a no man's land the rate is more than three times too high."""
    coordinate, spacing = climbers
    right = transition_rates(coordinate, spacing=spacing, reactant_below=-0.8, product_above=0.8)
    wrong = transition_rates(coordinate, spacing=spacing, reactant_below=-1e-9, product_above=1e-9)
    assert wrong.forward > 3 * right.forward


def test_kramers_formula_is_the_high_barrier_limit():
    """ω_0 ω_b/(2πγ) e^-h against the exact time: 10 % off at 8 kT, 3 % off at 25 kT."""
    for height, tolerance in ((8.0, 0.10), (25.0, 0.03)):
        kramers = np.sqrt(8 * height * 4 * height) / (2 * np.pi) * np.exp(-height)
        exact = 1 / mean_passage_time(height, -0.8, 0.8)
        assert kramers == pytest.approx(exact, rel=tolerance)


def test_copies_are_counted_together_and_not_into_each_other():
    """Two copies that stand in different states make no passage between them."""
    still = np.column_stack([np.full(100, -2.0), np.full(100, 2.0)])
    with pytest.raises(ValueError, match=r"no passage from reactant to product in 99 fs"):
        transition_rates(still, spacing=1.0, **STATES)
    states = stable_states(np.column_stack([[0, -2, 0], [2, 0, -2]]), **STATES)
    np.testing.assert_array_equal(states, [[-1, 1], [0, 1], [0, 0]])


def test_no_reaction_is_a_bound_and_not_a_zero():
    """Nothing in 3,000 fs: the rate is below 3/3000 fs⁻¹; a bad definition of states is named."""
    with pytest.raises(ValueError, match=r"rate is below 0\.001 fs⁻¹ \(95 %\)\. Run longer"):
        transition_rates(np.full(3001, -2.0), spacing=1.0, **STATES)
    with pytest.raises(ValueError, match="reactant must end before the product begins"):
        stable_states([0.0, 1.0], reactant_below=1.0, product_above=0.0)
    with pytest.raises(ValueError, match="must be finite"):
        stable_states([0.0, np.nan], **STATES)
    with pytest.raises(ValueError, match="spacing must be positive, in fs"):
        transition_rates([0.0, 1.0], spacing=0.0, **STATES)


def test_a_state_seen_in_one_block_only_has_no_error():
    """The product is left once, within one block: the rate is 1 / 30 fs, how good, nobody knows."""
    places = np.full(1000, -2.0)
    places[410:440] = 2.0
    rates = transition_rates(places, spacing=1.0, **STATES)
    assert rates.backward == pytest.approx(1 / 30)
    assert rates.backward_error == np.inf
    assert 0 < rates.forward_error < np.inf
