"""What a 3D view leaves for the website: small, and the same structure again."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.teaching.structure_record import (
    MOST_FRAMES,
    frames_kept,
    read_structure,
    structure_record,
)

CAMERA = [float(number) for number in range(16)]


def through(frames, names=None):
    """Pack and unpack."""
    record = structure_record(frames, names=names, camera=CAMERA, representations=[])
    return record, read_structure(record)


def test_a_crystal_keeps_its_cell_and_shows_its_edges():
    """Copper in its cube of 3.61 Å."""
    copper = bulk("Cu", "fcc", a=3.61, cubic=True)
    _, again = through([copper])
    assert again["pdb"].splitlines()[0].split()[:7] == [
        "CRYST1", "3.610", "3.610", "3.610", "90.00", "90.00", "90.00",
    ]  # fmt: skip
    assert [part["type"] for part in again["representations"]] == ["unitcell"]
    assert np.allclose(np.reshape(again["frames"][0], (-1, 3)), copper.positions, atol=0.005)


def test_a_molecule_has_no_cell():
    """No edges are drawn around ethanol."""
    _, again = through([molecule("CH3CH2OH")])
    assert "CRYST1" not in again["pdb"]
    assert again["representations"] == []


def test_a_long_trajectory_stays_small_and_keeps_its_ends():
    """400 frames of ethanol: 40 are kept with their names, in less than 20 kB."""
    rng = np.random.default_rng(0)
    ethanol = molecule("CH3CH2OH")
    frames = [ethanol.copy() for _ in range(400)]
    for frame in frames:
        frame.positions += rng.normal(0, 0.1, (9, 3))
    record, again = through(frames, names=[f"{time} fs" for time in range(400)])
    assert len(again["frames"]) == len(again["names"]) == MOST_FRAMES
    assert (again["names"][0], again["names"][-1]) == ("0 fs", "399 fs")
    kept = np.reshape(again["frames"], (MOST_FRAMES, 9, 3))
    true = np.array([frames[index].positions for index in frames_kept(400)])
    assert np.abs(kept - true).max() <= 0.00501  # Å
    assert len(record) < 20_000
    assert again["camera"] == CAMERA


def test_a_view_of_nothing_is_refused():
    """No frame has no elements and no cell."""
    with pytest.raises(ValueError, match="frames must hold at least one structure; got none"):
        through([])


def test_atoms_keep_their_elements():
    """In the order of the positions."""
    _, again = through([Atoms("OHCu", [[0, 0, 0], [1, 0, 0], [0, 3, 0]])])
    atoms = [line for line in again["pdb"].splitlines() if line.startswith("ATOM")]
    assert [line[76:78].strip().capitalize() for line in atoms] == ["O", "H", "Cu"]


@pytest.mark.parametrize("damage", ["", "bm8gcmVjb3Jk"])
def test_what_is_no_record_is_refused(damage):
    """A notebook edited by hand fails when the site is built, not in a reader's browser."""
    with pytest.raises(ValueError, match="structure of a 3D view is damaged"):
        read_structure(damage)
