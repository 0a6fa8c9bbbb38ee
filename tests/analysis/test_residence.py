"""Residence: exponential stays of known length, and a double loop."""

import numpy as np
import pytest
from ase import Atoms

from mlp_course.analysis import mean_stay, presence, residence_time, survival_probability
from mlp_course.analysis.residence import without_short_absences

SPACING = 2.0  # fs


def stays(mean_in, mean_out, n_frames, n_atoms, seed):
    """Atoms that come and go by chance; mean times in frames."""
    rng = np.random.default_rng(seed)
    leave, enter = -np.expm1(-1 / mean_in), -np.expm1(-1 / mean_out)
    present = np.zeros((n_frames, n_atoms), dtype=bool)
    present[0] = rng.random(n_atoms) < mean_in / (mean_in + mean_out)
    for k in range(1, n_frames):
        luck = rng.random(n_atoms)
        present[k] = np.where(present[k - 1], luck >= leave, luck < enter)
    return present


def test_counting_stays_is_the_double_loop():
    """S(k) is the part of all windows of k steps that are unbroken."""
    present = stays(4, 6, 60, 3, seed=0)
    _, survival = survival_probability(present, spacing=SPACING)
    for k in (0, 1, 2, 5, 20):
        starts = [(i, a) for i in range(60 - k) for a in range(3) if present[i, a]]
        unbroken = sum(present[i : i + k + 1, a].all() for i, a in starts)
        assert survival[k] == pytest.approx(unbroken / len(starts))


@pytest.mark.parametrize("tolerance", [0, 2])
def test_mdanalysis_counts_the_same(tolerance):
    """Its autocorrelation of sets, with its correction for intermittency; one atom, to rounding."""
    from MDAnalysis.lib.correlations import autocorrelation, correct_intermittency

    present = stays(10, 3, 400, 1, seed=1)
    sets = [{0} if here else set() for here in present[:, 0]]
    theirs = autocorrelation(correct_intermittency(sets, tolerance), tau_max=30)[1]
    _, ours = survival_probability(present, spacing=SPACING, tolerance=tolerance)
    np.testing.assert_allclose(ours[:31], theirs, atol=1e-12)


def test_exponential_stays_have_their_time():
    """Mean stay of 40 frames of 2 fs: both ways give 80 fs; S falls as exp(-t/τ)."""
    present = stays(40, 60, 20_000, 20, seed=2)
    tau, error = mean_stay(present, spacing=SPACING)
    assert abs(tau - 81.0) < 3 * error  # a stay seen in L frames lasts (L + ½) on average here
    assert error < 1.5
    times, survival = survival_probability(present, spacing=SPACING)
    assert residence_time(times, survival) == pytest.approx(80, rel=0.04)
    early = times < 160
    np.testing.assert_allclose(survival[early], np.exp(-times[early] / 80), atol=0.015)


def test_the_error_of_the_mean_stay_is_honest():
    """200 runs: (τ - true)/error scatters by 1."""
    true = SPACING / -np.expm1(-1 / 10)  # geometric: frames until the first that is away
    answers = [mean_stay(stays(10, 10, 2000, 2, seed), spacing=SPACING) for seed in range(200)]
    scores = np.array([(tau - true) / error for tau, error in answers])
    assert abs(scores.mean()) < 0.3
    assert 0.85 < scores.std() < 1.15


def test_flicker_at_the_border_is_forgiven():
    """One frame in 20 is a glitch: stays look like 20 frames; tolerance 1 gives back the 200."""
    present = stays(200, 400, 60_000, 10, seed=3)
    glitches = np.random.default_rng(4).random(present.shape) < 0.05
    flickering = present & ~glitches
    strict, _ = mean_stay(flickering, spacing=SPACING)
    forgiving, _ = mean_stay(flickering, spacing=SPACING, tolerance=2)
    assert strict < 0.12 * 200 * SPACING
    assert forgiving == pytest.approx(200 * SPACING, rel=0.1)


def test_stays_that_are_not_exponential_tell_themselves_apart():
    """All stays 20 frames: mean stay 20, but the integral of S, (L + 1)/2 - ½ frames, is 10."""
    present = np.tile([True] * 20 + [False] * 20, 200)
    assert mean_stay(present, spacing=SPACING)[0] == pytest.approx(20 * SPACING)
    integral = residence_time(*survival_probability(present, spacing=SPACING))
    assert integral == pytest.approx(10 * SPACING, rel=0.02)


def test_short_absences_at_the_ends_are_not_stays():
    """Only absences between two presences are filled; the argument is not written into."""
    present = np.array([[0, 1, 0, 1, 0, 0, 0, 1, 0]], dtype=bool).T
    before = present.copy()
    filled = without_short_absences(present, 2)[:, 0]
    assert filled.astype(int).tolist() == [0, 1, 1, 1, 0, 0, 0, 1, 0]
    np.testing.assert_array_equal(present, before)


def test_presence_sees_round_the_wall_and_leaves_the_centre_out():
    """A water's hydrogens are within 1.2 Å of its oxygen, also when one is on the other side."""
    positions = [[0.2, 5, 5], [9.5, 5, 5], [1.0, 5, 5], [3.0, 5, 5]]
    frame = Atoms("OH2H", positions, cell=[10] * 3, pbc=True)
    here = presence([frame], site=0, radius=1.2)
    assert here.tolist() == [[True, True, False]]
    assert presence([frame], site=[3.2, 5.0, 5.0], radius=1.2, which="H").tolist() == [
        [False, False, True]
    ]


def test_what_cannot_be_answered_is_refused():
    """Nobody near, nobody leaving, and numbers out of range."""
    with pytest.raises(ValueError, match="nobody is ever near"):
        survival_probability(np.zeros((10, 2)), spacing=1.0)
    with pytest.raises(ValueError, match="nobody departs in 10 fs"):
        mean_stay(np.ones((10, 2)), spacing=1.0)
    with pytest.raises(ValueError, match=r"it ends at 1\.00 after 9 fs"):
        residence_time(*survival_probability(np.ones((10, 2)), spacing=1.0))
    with pytest.raises(ValueError, match="tolerance must be a whole number"):
        mean_stay(np.ones((10, 2)), spacing=1.0, tolerance=-1)
    with pytest.raises(ValueError, match="spacing must be positive"):
        mean_stay(np.ones((10, 2)), spacing=0.0)
    with pytest.raises(ValueError, match="radius must be positive"):
        presence([Atoms("H")], site=[0, 0, 0], radius=0.0)


def test_a_site_counted_from_the_end_is_the_same_atom():
    """Atom -1 of two is atom 1, and is left out as a neighbour of itself."""
    frames = [Atoms("H2", [[x, 0, 0], [0, 0, 0]]) for x in (1.0, 3.0)]
    both = [presence(frames, site=site, radius=2.0) for site in (1, -1)]
    np.testing.assert_array_equal(both[0], both[1])
    assert both[0][:, 0].tolist() == [True, False]


@pytest.mark.parametrize("site", [2, [0.0, 1.0], [0.0, np.nan, 0.0]])
def test_a_site_that_is_nowhere_is_refused(site):
    """No such atom, no place."""
    with pytest.raises(ValueError, match="site must be the index of one of 2 atoms, or a place"):
        presence([Atoms("H2")], site=site, radius=1.0)


def test_no_frames_are_no_absence():
    """Nor is a broken frame."""
    with pytest.raises(ValueError, match="frames must hold at least one configuration"):
        presence([], site=0, radius=1.0)
    with pytest.raises(ValueError, match="positions must be finite, in Å; frame 0"):
        presence([Atoms("H", [[np.nan, 0, 0]])], site=[0, 0, 0], radius=1.0)
