"""The viewer: what is seen in 3D, without JavaScript and in words is one molecule."""

import base64
import sys

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.constraints import FixAtoms

from mlp_course.data import load_embedded
from mlp_course.descriptors import trapezoid_and_kite
from mlp_course.teaching import show_molecule
from mlp_course.teaching.interactive import WIDGET
from mlp_course.teaching.picture import viewing_rotation
from mlp_course.teaching.viewer import camera_matrix


@pytest.fixture
def ethanol():
    return molecule("CH3CH2OH")


def data_and_metadata(view):
    return view._repr_mimebundle_()


def test_a_reader_without_javascript_gets_a_picture_with_words(ethanol):
    """The output holds a PNG file and its description beside the live view."""
    data, metadata = data_and_metadata(show_molecule(ethanol))
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert WIDGET in data
    assert metadata["image/png"]["alt"] == "Ball-and-stick picture of C2H6O (9 atoms)"


def test_the_live_view_offers_the_picture_where_webgl_is_missing(ethanol):
    """Below the 3D view a line folds out the same picture, with its description."""
    fold_out = show_molecule(ethanol).widget.children[-1].value
    assert "<details>" in fold_out
    assert 'alt="Ball-and-stick picture of C2H6O (9 atoms)"' in fold_out


def test_a_trajectory_has_a_slider_over_all_frames(ethanol):
    """Ten frames: the slider runs from 0 to 9, and the frame can be set from code."""
    view = show_molecule([ethanol] * 10)
    play, slider = view.widget.children[1].children
    assert play.max == slider.max == 9
    assert view.view.max_frame == 9
    view.frame = 7
    assert view.frame == view.view.frame == 7
    with pytest.raises(ValueError, match="frame must be from 0 to 9; got 10"):
        view.frame = 10


def test_the_caller_keeps_the_molecule(ethanol):
    """Showing turns a copy, never the learner's atoms."""
    before = ethanol.positions.copy()
    show_molecule(ethanol)
    np.testing.assert_array_equal(ethanol.positions, before)


def test_the_view_knows_the_learner_s_coordinates(ethanol):
    """A position measured in the 3D view is the one in the data."""
    np.testing.assert_array_equal(show_molecule(ethanol).frames[0].positions, ethanol.positions)


def test_the_camera_looks_at_the_middle_and_sees_everything(ethanol):
    """The camera's matrix is a rotation times a distance; all atoms lie inside the view."""
    matrix = np.reshape(camera_matrix([ethanol], viewing_rotation(ethanol)), (4, 4))
    distance = np.cbrt(np.linalg.det(matrix[:3, :3]))
    axes = matrix[:3, :3] / distance
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    seen = (ethanol.positions + matrix[3, :3]) @ axes
    np.testing.assert_allclose(seen.max(axis=0), -seen.min(axis=0), atol=1e-12)
    assert np.abs(seen[:, :2]).max() < distance * np.tan(np.radians(20.0))


def test_coordinates_and_structure_sent_to_a_periodic_view_agree():
    """NGL gets frame 0 twice, as PDB and as numbers; they agree to PDB's 0.001 Å."""
    crystal = bulk("Cu").repeat(2)
    crystal.rotate(33, "x", rotate_cell=True)
    (trajectory,) = show_molecule([crystal, crystal]).view._trajlist
    lines = trajectory.get_structure_string().splitlines()
    pdb = [[float(x) for x in line[30:54].split()] for line in lines if line.startswith("ATOM")]
    np.testing.assert_allclose(pdb, trajectory.get_coordinates(0), atol=1e-3)


def test_without_nglview_the_picture_is_shown(ethanol, monkeypatch):
    """An installation without nglview still shows the molecule."""
    monkeypatch.setitem(sys.modules, "nglview", None)
    view = show_molecule(ethanol)
    assert set(data_and_metadata(view)[0]) == {"text/plain", "image/png"}
    view.frame = 0
    assert view.frame == 0


@pytest.mark.parametrize(
    ("atoms", "error", "message"),
    [
        ([], ValueError, "at least one frame"),
        (Atoms(), ValueError, "frame 0 must have atoms"),
        ([Atoms("H2"), Atoms("O2")], ValueError, "frame 1 is O2, frame 0 is H2. Show them"),
        (["H2O"], TypeError, "frame 0 must be ase.Atoms; got str"),
    ],
)
def test_what_cannot_be_shown_is_refused(atoms, error, message):
    """The message names the frame and the cure."""
    with pytest.raises(error, match=message):
        show_molecule(atoms)


def test_alignment_takes_off_the_tumbling_and_leaves_the_motion(ethanol):
    """Turned and moved copies lie on the first frame; a stretched O-H bond stays stretched."""
    stretched = ethanol.copy()
    stretched.set_distance(2, 3, 1.3, fix=0)  # O-H
    turned = stretched.copy()
    turned.rotate(70, (1, 2, 3))
    turned.translate((3, -1, 2))
    turned.set_constraint(FixAtoms([0]))
    far = ethanol.copy()
    far.set_distance(2, 3, 1.6, fix=0)
    far.rotate(120, (1, 0, 0))
    far.translate((4, 4, 4))
    view = show_molecule([ethanol, far, stretched, turned], align=True)
    still, _, first, second = view.frames
    np.testing.assert_allclose(still.positions, ethanol.positions)
    np.testing.assert_allclose(first.positions, second.positions, atol=1e-9)
    assert second.get_distance(2, 3) == pytest.approx(1.3)
    assert np.abs(second.positions - still.positions).max() < 0.35  # only H moved, by 0.33 Å
    assert turned.get_center_of_mass()[0] > 2  # the caller's frames are left alone


def test_a_crystal_is_not_turned():
    """Its cell would have to turn along."""
    with pytest.raises(ValueError, match=r"without periodic directions.*leave align out"):
        show_molecule([Atoms("Cu"), bulk("Cu")], align=True)


def test_a_tiny_view_is_refused(ethanol):
    """A size in Å instead of pixels is a likely slip."""
    with pytest.raises(ValueError, match="size must be at least 50, in pixels; got 5"):
        show_molecule(ethanol, size=5)


def selections(view):
    """Which atoms NGL draws, by the kind of drawing."""
    return {part["type"]: part["params"]["sele"] for part in view.view.representations}


def test_a_bond_that_not_every_frame_has_is_not_drawn_in_3d(ethanol):
    """The proton of malonaldehyde (atom 7) hops, so it is a ball; ethanol keeps all its sticks."""
    hop = selections(show_molecule(load_embedded("malonaldehyde/proton_transfer")))
    assert hop == {"ball+stick": "@0,1,2,3,4,5,6,8", "spacefill": "all"}
    assert selections(show_molecule([ethanol] * 3)) == {"ball+stick": "all"}


def test_named_frames_are_named_in_words_and_on_the_slider():
    """Trapezoid and kite: the slider steps through names, and its index moves the frame."""
    view = show_molecule(trapezoid_and_kite(), names=("trapezoid", "kite"))
    play, slider = view.widget.children[1].children
    assert play.max == 1
    assert slider.options == ("trapezoid", "kite")
    assert view.alt == "Ball-and-stick picture of C4 (4 atoms): trapezoid, kite"


@pytest.mark.parametrize("names", [("one",), ("same", "same")])
def test_names_are_one_for_each_frame(ethanol, names):
    """Two frames want two different names."""
    with pytest.raises(ValueError, match="names must be 2 different ones"):
        show_molecule([ethanol, ethanol], names=names)
