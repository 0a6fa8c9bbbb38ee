"""Frames a model must never see."""

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import check_frames


def relabel(atoms, **labels):
    labels = {"energy": 0.0, "forces": np.zeros((len(atoms), 3)), **labels}
    atoms.calc = SinglePointCalculator(atoms, **labels)


def test_good_frames_pass(labelled_frames):
    """Good frames come back as they are, as a list, from any iterable."""
    checked = check_frames(iter(labelled_frames))
    assert [a is b for a, b in zip(checked, labelled_frames, strict=True)] == [True] * 4
    assert check_frames(labelled_frames[0]) == [labelled_frames[0]]


def test_sizes_may_differ(labelled_frames):
    """Molecules of different size are fine together."""
    hydrogen = Atoms("H2", positions=[[0, 0, 0], [0, 0, 0.74]])
    relabel(hydrogen)
    assert len(check_frames([*labelled_frames, hydrogen])) == 5


def test_frames_of_a_calculator_that_has_run():
    """Any ASE calculator with results for these very atoms is as good."""
    copper = Atoms("Cu2", positions=[[0, 0, 0], [0, 0, 2.5]], calculator=EMT())
    with pytest.raises(ValueError, match="has no energy and no forces"):
        check_frames([copper])
    copper.get_forces()
    assert check_frames([copper]) == [copper]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"energy": np.nan}, "energy must be a finite number, in eV; got nan"),
        ({"energy": np.inf}, "energy must be a finite number, in eV; got inf"),
        ({"forces": np.full((3, 3), np.nan)}, "forces must be finite numbers, in eV/Å; atom 0 has"),
        ({"forces": np.zeros((2, 3))}, r"forces must have shape \(3, 3\).*got \(2, 3\)"),
        ({"energy": None}, "has no energy. Label it"),
        ({"forces": None}, "has no forces. Label it"),
    ],
)
def test_bad_labels(labelled_frames, labels, message):
    """Each kind of bad label is refused with the frame's index and a cure."""
    relabel(labelled_frames[2], **labels)
    with pytest.raises(ValueError, match=f"frame 2: {message}"):
        check_frames(labelled_frames)


def test_no_calculator(labelled_frames):
    """A frame without labels is refused."""
    labelled_frames[1].calc = None
    with pytest.raises(ValueError, match="frame 1: has no energy and no forces"):
        check_frames(labelled_frames)


def test_moved_after_labelling(labelled_frames):
    """Labels of another geometry are refused: they would teach wrong forces silently."""
    labelled_frames[3].positions[0, 0] += 0.01
    with pytest.raises(ValueError, match="frame 3: was changed after it was labelled"):
        check_frames(labelled_frames)


def test_nan_position(labelled_frames):
    """A position that is not a number is refused, and the atom is named."""
    labelled_frames[0].positions[2, 1] = np.nan
    with pytest.raises(ValueError, match="frame 0: positions must be finite numbers, in Å; atom 2"):
        check_frames(labelled_frames)


def test_empty(labelled_frames):
    """No frames, and a frame without atoms, are refused."""
    with pytest.raises(ValueError, match="at least one structure; got none"):
        check_frames([])
    with pytest.raises(ValueError, match="frame 1: has no atoms"):
        check_frames([labelled_frames[0], Atoms()])


def test_not_atoms(labelled_frames):
    """Something else than Atoms is a TypeError that says what it was."""
    with pytest.raises(TypeError, match=r"frame 1 must be an ase\.Atoms object; got str"):
        check_frames([labelled_frames[0], "ethanol.xyz"])


def test_source_is_named(labelled_frames):
    """The file a bad frame came from is part of the message."""
    relabel(labelled_frames[0], energy=np.nan)
    with pytest.raises(ValueError, match=r"a\.xyz: frame 0: energy"):
        check_frames(labelled_frames, source="a.xyz")
