"""Pictures of molecules: bonds, colours and framing are those that a chemist expects."""

import io

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from matplotlib.image import imread

from mlp_course.teaching.picture import (
    ELEMENT_COLOURS,
    find_bonds,
    molecule_picture,
    turn,
    viewing_rotation,
)


def pixels(picture):
    return (imread(io.BytesIO(picture))[..., :3] * 255).round().astype(int)


def count(image, colour):
    rgb = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return int((image == rgb).all(axis=-1).sum())


@pytest.mark.parametrize(
    ("name", "n_bonds"), [("H2O", 2), ("CH4", 4), ("CH3CH2OH", 8), ("C6H6", 12)]
)
def test_sticks_are_the_chemist_s_bonds(name, n_bonds):
    """Water has two bonds, methane four, ethanol eight, benzene twelve."""
    assert len(find_bonds(molecule(name))) == n_bonds


def test_each_element_is_seen_in_its_colour():
    """Ethanol's picture has areas of carbon, oxygen and hydrogen colour."""
    image = pixels(molecule_picture([molecule("CH3CH2OH")]))
    assert image.shape == (400, 400, 3)
    for symbol in "CHO":
        assert count(image, ELEMENT_COLOURS[symbol]) > 300, symbol


def test_the_same_molecule_gives_the_same_file():
    """A stored picture changes only when the molecule does."""
    first, second = (molecule_picture([molecule("H2O")]) for _ in range(2))
    assert first == second


def test_four_frames_of_many_stand_side_by_side():
    """A hundred frames give four panels."""
    assert pixels(molecule_picture([molecule("H2O")] * 100, size=200)).shape == (200, 800, 3)


def test_a_molecule_that_moves_is_seen_to_move():
    """Panels share one framing: an atom that rises by 2 Å is drawn higher up in its panel."""
    image = pixels(molecule_picture([Atoms("O"), Atoms("O", [[0, 2, 0]])], size=200))
    red = (image == [0xD5, 0x5E, 0x00]).all(axis=-1)
    low, high = np.argwhere(red[:, :200])[:, 0].mean(), np.argwhere(red[:, 200:])[:, 0].mean()
    assert low - high > 50


def test_nothing_is_cut_off():
    """The outermost pixels of the picture are empty, for a chain as for a crystal."""
    for atoms in (Atoms("C8", [[1.5 * i, 0, 0] for i in range(8)]), bulk("Cu", cubic=True)):
        image = pixels(molecule_picture([atoms]))
        border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
        assert (border == 255).all()


def test_a_lone_atom_is_drawn():
    """One atom has no extent; it is still a ball of visible size."""
    assert count(pixels(molecule_picture([Atoms("O")])), ELEMENT_COLOURS["O"]) > 1000


def test_flat_molecules_lie_in_the_plane_of_the_page():
    """Benzene is seen from above: no atom stands out of the plane by more than 1e-6 Å."""
    benzene = molecule("C6H6")
    benzene.rotate(40, (1, 2, 3))
    depth = (benzene.positions @ viewing_rotation(benzene))[:, 2]
    assert np.ptp(depth) < 1e-6


def test_the_view_is_a_rotation():
    """No mirror image: the determinant is +1 and lengths are kept, to 1e-12."""
    for atoms in (molecule("CH3CH2OH"), molecule("CH4"), Atoms("O"), bulk("Cu")):
        rotation = viewing_rotation(atoms)
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(rotation) == pytest.approx(1.0)


def test_turning_keeps_distances_and_leaves_the_original():
    """Distances agree to 1e-10 Å; the learner's atoms and cell stay as they were."""
    crystal = bulk("Cu").repeat(2)
    before = crystal.positions.copy()
    turned = turn(crystal, viewing_rotation(crystal))
    np.testing.assert_allclose(
        turned.get_all_distances(mic=True), crystal.get_all_distances(mic=True), atol=1e-10
    )
    np.testing.assert_array_equal(crystal.positions, before)
