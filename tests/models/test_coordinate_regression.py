"""The careless model is right where it was taught, and breaks every constraint of physics."""

import pytest
from ase import Atoms
from ase.build import molecule
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import load_embedded
from mlp_course.models import CoordinateRegression
from mlp_course.validation import closed_loop_work, evaluate, predict

FRAMES = load_embedded("ethanol/normal_modes")


@pytest.fixture(scope="module")
def careless():
    return CoordinateRegression(FRAMES[:60], width=2.0, ridge=1e-8)


def test_it_knows_the_first_frame_by_heart(careless):
    """On a frame that it has seen, in the orientation of the first one, hardly an error is left."""
    report = evaluate(careless, FRAMES[:1])
    assert report.total_energy_mae < 1.0  # meV
    assert report.force_mae < 1.0  # meV/Å


@pytest.mark.parametrize("change", ["moved", "turned", "swapped"])
def test_the_same_molecule_gets_another_energy(careless, change):
    """What physics leaves alone changes its answer by more than 20 meV."""
    copy = FRAMES[1].copy()
    if change == "moved":
        copy.positions += [1.0, 0.0, 0.0]
    elif change == "turned":
        copy.rotate(20, "z", center="COM")
    else:
        copy = copy[[0, 1, 2, 4, 3, 5, 6, 7, 8]]
    before, after = predict(careless, [FRAMES[1], copy])[0]
    assert abs(after - before) > 0.02  # eV


def test_its_forces_are_no_slope(careless):
    """Around a closed loop they do work."""
    assert closed_loop_work(careless, FRAMES[0], radius=0.02).rings


def test_training_frames_are_turned_onto_the_first():
    """Frames that come in another orientation, forces turned along, teach the same."""
    tumbled = [FRAMES[0]]
    for atoms in FRAMES[1:20]:
        copy, arrows = atoms.copy(), Atoms(atoms.numbers, atoms.get_forces())
        copy.rotate(30, "z")
        arrows.rotate(30, "z")
        labels = dict(energy=atoms.get_potential_energy(), forces=arrows.positions)
        copy.calc = SinglePointCalculator(copy, **labels)
        tumbled.append(copy)
    answers = [predict(CoordinateRegression(f), [FRAMES[30]])[0] for f in (FRAMES[:20], tumbled)]
    assert answers[0] == pytest.approx(answers[1], abs=1e-3)  # eV


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(frames=[]), "frames must not be empty"),
        (dict(frames=FRAMES[:2], width=0.0), "width must be positive, in Å"),
        (dict(frames=FRAMES[:2], ridge=-1.0), "ridge must be positive, dimensionless"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, message):
    """No frames, no width, no ridge: each has its message."""
    with pytest.raises(ValueError, match=message):
        CoordinateRegression(**arguments)


def test_another_molecule_is_refused(careless):
    """Nine atoms in this order, or no answer."""
    with pytest.raises(ValueError, match="all frames must have the atomic numbers"):
        predict(careless, [molecule("H2O")])
