"""The parts of the acceptance report, each by numbers that can be checked by hand."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.emt import EMT
from ase.calculators.morse import MorsePotential

from mlp_course.data import load_embedded
from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.sampling import NormalModes, normal_modes
from mlp_course.sampling.recipes import STARTS
from mlp_course.validation import compare_modes, harmonic_spectrum, physical_checks, recognise
from mlp_course.validation.acceptance.criterion import FAIL, NOT_APPLICABLE, PASS, above, below
from mlp_course.validation.acceptance.dynamics import survival
from mlp_course.validation.acceptance.judge_runs import seconds_per_call


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ethanol/300K", "ethanol"),
        ("ethanol/1000K", "ethanol"),
        ("ethanol/rattled", "ethanol"),
        ("malonaldehyde/500K", "malonaldehyde"),
        ("malonaldehyde/1000K", "malonaldehyde"),
        ("malonaldehyde/proton_transfer", "malonaldehyde"),
    ],
)
def test_systems_are_known_by_their_bonds(name, expected):
    """Hot or cold, with the proton on either oxygen, in any order of atoms."""
    frames = load_embedded(name)
    assert recognise(frames) == expected
    order = np.random.default_rng(0).permutation(len(frames[0]))
    assert recognise([atoms[order] for atoms in frames]) == expected


def test_both_enols_are_malonaldehyde():
    """The first image has its proton on one oxygen, the last one on the other."""
    path = load_embedded("malonaldehyde/proton_transfer")
    assert path[0].get_distance(4, 7) < 1.2 < path[0].get_distance(3, 7)
    assert path[-1].get_distance(3, 7) < 1.2 < path[-1].get_distance(4, 7)
    assert [recognise([path[0]]), recognise([path[-1]])] == ["malonaldehyde"] * 2


def test_isomers_and_mixtures_are_unknown():
    """Propanedial is no enol, dimethyl ether no alcohol, and two systems are none."""
    propanedial = Atoms(
        "OCCCOHHHH",
        [[-2.3, -1.0, 0], [-1.3, -0.4, 0], [0, 0.5, 0], [1.3, -0.4, 0], [2.3, -1.0, 0],
         [-1.3, 0.7, 0.9], [0, 1.15, 0.88], [0, 1.15, -0.88], [1.3, 0.7, -0.9]],
    )  # fmt: skip
    assert recognise([propanedial]) == "unknown"
    assert recognise([molecule("CH3OCH3")]) == "unknown"
    assert recognise([molecule("CH3CH2OH"), molecule("H2O")]) == "unknown"
    assert recognise([bulk("Cu"), bulk("Cu", cubic=True)]) == "copper"


def test_limits_decide_and_nan_fails():
    """At the limit from the right side it passes; what is no number never does."""
    assert below("drift", -0.05, 0.1, "meV/atom/ps", "").verdict == PASS
    assert below("drift", -0.2, 0.1, "meV/atom/ps", "").verdict == FAIL
    assert above("R²", 0.99, 0.99, "1", "").verdict == PASS
    assert below("error", np.nan, 1, "1", "").verdict == FAIL
    assert above("R²", np.nan, 0.99, "1", "").verdict == FAIL
    assert NOT_APPLICABLE not in (PASS, FAIL)


def test_modes_are_matched_by_shape_after_turning():
    """A molecule that is turned in space has the same modes: overlap 1, no difference."""
    water = molecule("H2O")
    shapes = np.linalg.qr(np.random.default_rng(1).normal(size=(9, 9)))[0].T[:3].reshape(3, 3, 3)
    one = NormalModes(water, np.array([1.0, 2.0, 3.0]), shapes)
    turned = water.copy()
    turned.rotate(70, (1, 2, 3))
    from scipy.spatial.transform import Rotation

    matrix, _ = Rotation.align_vectors(
        turned.positions - turned.get_center_of_mass(), water.positions - water.get_center_of_mass()
    )
    rotated = matrix.apply(shapes.reshape(-1, 3)).reshape(3, 3, 3)
    found = compare_modes(one, NormalModes(turned, one.force_constants[::-1], rotated[::-1]))
    assert found.overlap == pytest.approx(np.ones(3))
    assert found.mean_error == pytest.approx(0, abs=1e-9)
    assert found.rmsd == pytest.approx(0, abs=1e-9)
    assert found.spectral_overlap == pytest.approx(1)


def test_a_stiffer_bond_has_the_square_root_higher_wavenumber():
    """H2 with a Morse potential of fourfold depth: twice the wavenumber, the same motion."""
    start = Atoms("H2", [[0, 0, 0], [0, 0, 1.05]])
    one, four = (normal_modes(start, MorsePotential(epsilon=e)) for e in (1.0, 4.0))
    found = compare_modes(one, four)
    assert found.predicted[0] == pytest.approx(2 * found.reference[0], rel=1e-3)
    assert found.overlap[0] == pytest.approx(1)
    # half a quantum of the difference, in meV
    assert found.zero_point_error == pytest.approx(found.reference[0] / 2 / 8.06554, rel=1e-3)
    assert found.spectral_overlap < 1e-3


def test_modes_of_different_molecules_are_not_compared():
    """Water and hydrogen have no modes in common."""
    water = NormalModes(molecule("H2O"), np.ones(3), np.zeros((3, 3, 3)))
    hydrogen = NormalModes(molecule("H2"), np.ones(1), np.zeros((1, 2, 3)))
    with pytest.raises(ValueError, match="same molecule with the same order"):
        compare_modes(water, hydrogen)


def test_a_line_of_the_spectrum_is_one_mode():
    """The area under a broadened line is 1, whatever the width."""
    grid = np.arange(0.0, 2000.0)
    for width in (5.0, 40.0):
        assert harmonic_spectrum(np.array([1000.0]), grid, width=width).sum() == pytest.approx(1)


def test_runs_that_hold_still_allow_accidents():
    """No accident in 0.1 ps: fewer than 3 / 0.1 per ps with 95 % confidence, rule of three."""
    copper = bulk("Cu", cubic=True)
    copper.calc = EMT()
    held = survival(copper, temperature=300, duration=0.05, n_runs=2)
    assert held.accidents == ()
    assert held.planned == held.survived == pytest.approx(0.1)
    assert held.rate_limit == pytest.approx(30)


def test_more_atoms_take_longer():
    """EMT of 32 atoms costs several times that of 4; the atoms stay where they are."""
    small = bulk("Cu", cubic=True)
    large = small.repeat(2)
    before = large.positions.copy()
    times = [seconds_per_call(EMT(), atoms, n_calls=5, repeats=2) for atoms in (small, large)]
    assert times[1] > 1.5 * times[0]
    assert np.array_equal(large.positions, before)


def test_a_trained_painn_is_smooth_at_its_cutoff():
    """Its force on an atom that comes in grows from zero, if within 0.001 Å; that is no jump."""
    table = physical_checks(MLPCalculator(load_shipped("ethanol_painn")), STARTS["ethanol"])
    found = table.set_index("check").loc["cutoff"]
    assert found["passed"]
    assert found["deviation"] < 0.05  # meV/Å
