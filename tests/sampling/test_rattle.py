"""Random sampling: displacements of the size asked for, and no two atoms on each other."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.sampling import rattled
from mlp_course.sampling.rattle import closest_approach


def test_displacements_have_the_standard_deviation_asked_for():
    """Far from clashes, 9,000 displacements spread by 0.05 Å within 3 %, about zero."""
    ethanol = molecule("CH3CH2OH")
    frames = rattled(ethanol, amplitude=0.05, n_frames=334, closest=0.3, seed=1)
    shifts = np.array([atoms.positions - ethanol.positions for atoms in frames])
    assert shifts.std() == pytest.approx(0.05, rel=0.03)
    assert abs(shifts.mean()) < 4 * 0.05 / np.sqrt(shifts.size)


def test_no_frame_is_closer_than_allowed():
    """With displacements of 0.3 Å many frames clash; none of them is returned."""
    ethanol = molecule("CH3CH2OH")
    frames = rattled(ethanol, amplitude=0.3, n_frames=30, closest=0.7, seed=0)
    assert min(map(closest_approach, frames)) >= 0.7
    free = rattled(ethanol, amplitude=0.3, n_frames=30, closest=0.0, seed=0)
    assert min(map(closest_approach, free)) < 0.7


def test_closest_approach_by_hand():
    """Two hydrogens (0.31 Å each) 0.93 Å apart are at 1.5 covalent diameters."""
    assert closest_approach(Atoms("H2", [[0, 0, 0], [0, 0, 0.93]])) == pytest.approx(1.5)


def test_closest_approach_looks_through_the_faces_of_a_cell():
    """Two atoms at opposite ends of a periodic cell are neighbours."""
    atoms = Atoms("H2", [[0, 0, 0.1], [0, 0, 9.72]], cell=[10, 10, 10], pbc=True)
    assert closest_approach(atoms) == pytest.approx(0.38 / 0.62)


def test_one_atom_cannot_clash():
    """A single atom is infinitely far from others, so it can be rattled."""
    assert closest_approach(Atoms("H")) == np.inf
    assert len(rattled(Atoms("H"), amplitude=0.1, n_frames=2)) == 2


def test_seeds_decide():
    """The same seed, the same frames; the start is not moved and keeps its calculator to itself."""
    copper = bulk("Cu", cubic=True)
    before = copper.copy()
    first, again, other = (rattled(copper, amplitude=0.1, n_frames=2, seed=s) for s in (0, 0, 1))
    assert first == again
    assert first != other
    assert first[0] != first[1]
    assert copper == before
    assert first[0].calc is None
    assert first[0].pbc.all()


def test_hopeless_settings_are_told():
    """Displacements of 5 Å in a molecule clash nearly always: no endless search."""
    with pytest.raises(RuntimeError, match="no configuration without a clash in 5 tries"):
        rattled(molecule("C6H6"), amplitude=5.0, n_frames=3, closest=3.0, max_tries=5)
    with pytest.raises(ValueError, match="amplitude must be positive, in Å; got 0"):
        rattled(molecule("H2O"), amplitude=0, n_frames=1)
    with pytest.raises(ValueError, match=r"strain must be 0, or positive with a cell .*got 0.1"):
        rattled(molecule("H2O"), amplitude=0.1, n_frames=1, strain=0.1)


@pytest.mark.parametrize("size", [1, 3])
def test_images_of_small_cells_count(size):
    """In fcc Cu the shortest distance is a/√2, also where it leads to an image of the same atom."""
    copper = bulk("Cu", a=3.6).repeat(size)
    assert closest_approach(copper) == pytest.approx(3.6 / np.sqrt(2) / 2.64)


def test_cells_are_strained_as_asked_and_atoms_follow():
    """Diagonal components spread by 0.02, the others by 0.02/√2, within 10 %; rigid otherwise."""
    copper = bulk("Cu", cubic=True, a=3.6)
    frames = rattled(copper, amplitude=1e-9, n_frames=1000, strain=0.02, data_type="equilibrium")
    strains = np.array([frame.cell.array / 3.6 - np.eye(3) for frame in frames])
    diagonal = strains[:, range(3), range(3)]
    assert diagonal.std() == pytest.approx(0.02, rel=0.1)
    assert strains[:, 0, 1].std() == pytest.approx(0.02 / np.sqrt(2), rel=0.1)
    np.testing.assert_allclose(strains, strains.transpose(0, 2, 1), atol=1e-12)
    scaled = frames[0].get_scaled_positions(wrap=False)
    np.testing.assert_allclose(scaled, copper.get_scaled_positions(wrap=False), atol=1e-8)
    assert frames[0].info["origin"]["type"] == "equilibrium"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (dict(amplitude=np.nan), "amplitude must be positive, in Å; got nan"),
        (dict(n_frames=0), "n_frames must be a whole number and at least 1"),
        (dict(strain=np.nan), "strain must be 0, or positive"),
    ],
)
def test_numbers_without_sense_are_refused(change, words):
    """By name, before a thousand tries."""
    with pytest.raises(ValueError, match=words):
        rattled(bulk("Cu", cubic=True), **dict(amplitude=0.1, n_frames=1) | change)
