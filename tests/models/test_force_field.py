"""A force field keeps the symmetries of physics and the list of bonds that a person wrote."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.data import load_embedded
from mlp_course.models import ForceField
from mlp_course.validation import evaluate, predict

ETHANOL = load_embedded("ethanol/500K")


@pytest.fixture(scope="module")
def springs():
    return ForceField(ETHANOL[0]).fit(ETHANOL[:200:4])


def test_it_has_the_constraints_of_physics(springs):
    """Moves, turns and gradients change nothing they must not change: it fails by its form only.

    It knows one molecule with its atoms in one order, so that two molecules are none of its
    business.
    """
    frame = ETHANOL[300]
    turned = frame.copy()
    turned.rotate(40, (1, 2, 3))
    turned.positions += [1.0, -2.0, 0.5]
    (before, after), (f, g) = predict(springs, [frame, turned])
    assert after == pytest.approx(before, abs=1e-8)  # eV
    assert np.linalg.norm(f) == pytest.approx(np.linalg.norm(g), abs=1e-8)  # eV/Å
    step = np.zeros((9, 3))
    step[4, 1] = 1e-4  # Å
    ends = [Atoms(frame.numbers, frame.positions + s * step) for s in (1, -1)]
    plus, minus = predict(springs, ends)[0]
    assert f[4, 1] == pytest.approx((minus - plus) / 2e-4, abs=1e-5)


def test_alike_hydrogens_share_their_constants(springs):
    """The three hydrogens of CH₃ may swap their places."""
    frame = ETHANOL[300]
    swapped = frame[[0, 1, 2, 3, 4, 6, 5, 7, 8]]
    assert max(frame.get_distances(1, [5, 6])) < 1.3  # Å: both of CH₃
    energies, _ = predict(springs, [frame, swapped])
    assert energies[0] == pytest.approx(energies[1], abs=1e-8)


def test_a_harmonic_molecule_is_learnt_exactly():
    """Labels that come from springs and hinges give their own constants back: no error is left."""
    from ase.calculators.singlepoint import SinglePointCalculator

    water = molecule("H2O")
    truth = ForceField(water)
    d0, theta0, k, k_theta = 0.97, 1.82, 50.0, 4.0  # Å, rad, eV/Å², eV/rad²
    truth.constants = np.array([-k * d0, k / 2, -k_theta * theta0, k_theta / 2])
    truth.offset = 3.0
    rng, frames = np.random.default_rng(0), []
    for _ in range(10):
        frame = Atoms(water.numbers, water.positions + 0.05 * rng.standard_normal((3, 3)))
        frame.calc = truth
        labels = dict(energy=frame.get_potential_energy(), forces=frame.get_forces())
        frame.calc = SinglePointCalculator(frame, **labels)
        frames.append(frame)
    fitted = ForceField(water).fit(frames)
    assert fitted.constants == pytest.approx(truth.constants, rel=1e-4)
    assert fitted.offset == pytest.approx(3.0, abs=1e-6)
    assert evaluate(fitted, frames).force_mae < 1e-6  # meV/Å


def test_more_data_do_not_make_its_form_more_flexible():
    """From 100 to 400 frames its error falls by less than a tenth, far above that of a network."""
    test = ETHANOL[700::20]
    few, many = (
        evaluate(ForceField(ETHANOL[0]).fit(ETHANOL[: 600 : 600 // n]), test).force_mae
        for n in (100, 400)
    )
    assert many > 0.9 * few
    assert many > 100  # meV/Å


def test_a_bond_in_the_list_cannot_break():
    """Malonaldehyde's proton arrives at the other oxygen, an equal place, and pays above 1 eV."""
    path = load_embedded("malonaldehyde/proton_transfer")
    warm = load_embedded("malonaldehyde/500K")[:320]
    at_home = [a for a in warm if a.get_distance(4, 7) < a.get_distance(3, 7)]
    energies, _ = predict(ForceField(path[0]).fit(at_home), path)
    assert energies[-1] - energies[0] > 1.0  # eV; PBE: 0


def test_what_it_cannot_do_is_refused(springs):
    """Crystals, lonely atoms, other molecules and fits without frames have their messages."""
    with pytest.raises(ValueError, match="must not be periodic"):
        ForceField(bulk("Cu"))
    with pytest.raises(ValueError, match="must have bonds"):
        ForceField(Atoms("He2", [[0, 0, 0], [0, 0, 9]]))
    with pytest.raises(ValueError, match="knows one molecule"):
        predict(springs, [molecule("H2O")])
    with pytest.raises(ValueError, match="frames must not be empty"):
        ForceField(ETHANOL[0]).fit([])


def test_it_passes_the_symmetry_checks_of_the_course():
    """The same suite that every potential must pass, as far as one molecule goes."""
    from mlp_course.validation.consistency_checks import gradient_deviation
    from mlp_course.validation.symmetry_checks import reflection_deviation

    springs = ForceField(ETHANOL[0]).fit(ETHANOL[:100:4])
    rng = np.random.default_rng(0)
    assert gradient_deviation(springs, ETHANOL[5], rng).force < 0.1  # meV/Å
    assert reflection_deviation(springs, ETHANOL[5], rng).energy < 1e-6  # meV/atom
