"""The store: what is written stays, what is no store stays as it is."""

import os

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.emt import EMT

from mlp_course.reference import read_labels
from mlp_course.reference.configuration import geometry_key
from mlp_course.reference.jobs import refusal, single_point
from mlp_course.reference.store import LabelStore


def labelled(frames, method="emt"):
    """Texts of EMT labels."""
    return [single_point(atoms, "emt", method=method) for atoms in frames]


def test_labels_come_back_as_they_were(waters, store):
    """Energies exactly, forces (eV/Å) and positions to 1e-8, other info too."""
    frames = waters(3)
    for n, atoms in enumerate(frames):
        atoms.info["origin"] = {"sampler": "rattle", "seed": n}
    LabelStore(store).add(labelled(frames))
    for atoms, found in zip(frames, read_labels(store), strict=True):
        atoms.calc = EMT()
        assert found.get_potential_energy() == atoms.get_potential_energy()
        np.testing.assert_allclose(found.get_forces(), atoms.get_forces(), atol=1e-8)
        np.testing.assert_allclose(found.positions, atoms.positions, atol=1e-8)
        assert found.info["origin"] == atoms.info["origin"]
        assert geometry_key(found) == geometry_key(atoms) == found.info["label_key"]


def test_a_periodic_cell_is_kept(store):
    """Cell, periodicity and key survive the file."""
    copper = bulk("Cu", a=3.6)
    LabelStore(store).add(labelled([copper]))
    (found,) = read_labels(store)
    assert found == copper
    assert (copper, "emt") in LabelStore(store)


def test_a_store_opened_again_knows_its_labels(waters, store):
    """By geometry and method; a moved atom is another geometry."""
    known, other = waters(2)
    LabelStore(store).add(labelled([known]))
    again = LabelStore(store)
    assert (known, "emt") in again
    assert (known, "pbe") not in again
    assert (other, "emt") not in again


def test_geometries_are_told_apart():
    """1e-6 Å, another element, another cell or periodicity make another geometry; -0 does not."""
    base = bulk("Cu", a=3.6)
    moved, other, strained, molecule_ = base.copy(), base.copy(), base.copy(), base.copy()
    moved.positions += 1e-6
    other.numbers[0] = 47
    strained.set_cell(base.cell.array * 1.01, scale_atoms=True)
    molecule_.pbc = False
    keys = {geometry_key(atoms) for atoms in (base, moved, other, strained, molecule_)}
    assert len(keys) == 5
    minus = base.copy()
    minus.positions *= -1  # -0.0
    assert geometry_key(minus) == geometry_key(base)


@pytest.mark.parametrize("cut", [1, 2, 40, 100, -1])
def test_a_frame_cut_short_costs_one_label(waters, store, cut):
    """Truncated anywhere in its last frame, the store loses that frame and no other."""
    frames = waters(3)
    LabelStore(store).add(labelled(frames))
    whole = store.read_bytes()
    start = len("".join(labelled(frames[:2])).encode())
    store.write_bytes(whole[: start + cut] if cut > 0 else whole[:cut])
    before = store.read_bytes()
    assert len(read_labels(store)) == 2
    assert store.read_bytes() == before  # reading changes nothing
    again = LabelStore(store)
    assert (frames[1], "emt") in again
    assert (frames[2], "emt") not in again
    again.add(labelled(frames[2:]))
    keys = [atoms.info["label_key"] for atoms in read_labels(store)]
    assert keys == [geometry_key(atoms) for atoms in frames]


@pytest.mark.parametrize("atoms", [molecule("H2O"), bulk("Cu", a=3.6)], ids=["molecule", "crystal"])
def test_a_frame_may_be_cut_at_any_byte(store, atoms):
    """A kill in the middle of writing, with a cell in the comment line or without."""
    (first, last) = labelled([Atoms("Cu"), atoms])
    for cut in range(len(last)):
        store.write_text(first + last[:cut])
        labels = LabelStore(store)
        assert (Atoms("Cu"), "emt") in labels
        assert (atoms, "emt") not in labels
    labels.add([last])
    assert len(read_labels(store)) == 2


def test_a_label_that_a_worker_leaves_meanwhile_is_not_thrown_away(waters, store, monkeypatch):
    """A worker of a killed run may finish while the next run takes in what there is."""
    early, late = waters(2)
    labels = LabelStore(store)
    single_point(early, "emt", method="emt", spool=labels.spool)
    add = LabelStore.add

    def slow_add(self, texts):
        add(self, texts)
        single_point(late, "emt", method="emt", spool=labels.spool)

    monkeypatch.setattr(LabelStore, "add", slow_add)
    labels.collect()
    monkeypatch.setattr(LabelStore, "add", add)
    labels.collect()
    assert len(read_labels(store)) == 2


def test_old_labels_in_info_do_not_count(waters, store):
    """A frame of the quarantine, tried again with better settings, gets its own label."""
    (atoms,) = waters(1)
    labels = LabelStore(store)
    labels.add([refusal(atoms, "emt", "not converged")])
    (again,) = labels.refused.read()
    again.info["note"] = "was label_refused=1, label_key=000000000000000000000000 before"
    labels.refused.path.unlink()
    labels = LabelStore(store)
    labels.add(labelled([again]))
    (found,) = read_labels(store)
    assert "label_refused" not in found.info
    assert found.info["label_key"] == geometry_key(atoms)


def test_starting_moments_and_charges_are_part_of_a_configuration(store):
    """Two magnetic states of one geometry are two labels, and come back as two."""
    iron = bulk("Fe", cubic=True)
    up_down = iron.copy()
    up_down.set_initial_magnetic_moments([2.0, -2.0])
    iron.set_initial_magnetic_moments(None)
    charged = iron.copy()
    charged.set_initial_charges([0.5, 0.5])
    keys = {geometry_key(atoms) for atoms in (iron, up_down, charged)}
    assert len(keys) == 3
    plain = iron.copy()
    plain.set_initial_magnetic_moments([0.0, 0.0])
    assert geometry_key(plain) == geometry_key(iron)
    LabelStore(store).add([refusal(up_down, "pbe", "no program")])
    (found,) = LabelStore(store).refused.read()
    assert geometry_key(found) == geometry_key(up_down)


@pytest.mark.parametrize("method", ["emt", 'emt {"a": "b c"}', 'a "b"', '"a', "é {}"])
def test_a_method_is_found_by_its_name(waters, store, method):
    """Also one with quotes at its end."""
    (atoms,) = waters(1)
    LabelStore(store).add(labelled([atoms], method))
    assert (atoms, method) in LabelStore(store)
    assert len(read_labels(store, method=method)) == 1


def test_a_damaged_number_of_atoms_costs_nothing(waters, store):
    """A frame that claims the atoms of those behind it is no frame cut short by a kill."""
    LabelStore(store).add(labelled(waters(3)))
    store.write_bytes(b"99" + store.read_bytes()[1:])
    with pytest.raises(ValueError, match="is no store of labels"):
        LabelStore(store)


def test_what_others_wrote_meanwhile_stays(waters, store):
    """A store opened before another run ended takes in that run's labels; it cuts none off."""
    frames = waters(3)
    early = LabelStore(store)
    other = LabelStore(store)
    with other.lock():
        other.add(labelled(frames[:1]))
    with early.lock():
        assert (frames[0], "emt") in early
        other.add(labelled(frames[1:2]))  # by hand, past the lock
        early.add(labelled(frames[2:]))
    assert len(read_labels(store)) == 3


def test_a_store_that_was_deleted_meanwhile_is_not_filled_with_zeros(waters, store):
    """Deleted by hand in the middle of a run: that is said, and no file of NULs is left."""
    frames = waters(2)
    labels = LabelStore(store)
    labels.add(labelled(frames[:1]))
    store.unlink()
    with pytest.raises(RuntimeError, match="was cut or deleted while this run held it"):
        labels.add(labelled(frames[1:]))
    assert not store.exists()


def test_a_full_disk_in_mid_write_repeats_no_label(waters, store):
    """The first frame of two came to rest, the second half: a second try adds what is missing."""
    texts = labelled(waters(2))
    labels = LabelStore(store)
    store.write_bytes((texts[0] + texts[1][:100]).encode())
    labels.add(texts)
    assert store.read_text() == "".join(texts)


def test_a_text_that_is_no_frame_is_not_written(waters, store):
    """A line break where none can be kept is told before the file is touched."""
    labels, (atoms,) = LabelStore(store), waters(1)
    labels.add(labelled([atoms]))
    before = store.read_bytes()
    with pytest.raises(ValueError, match="look for line breaks"):
        labels.add([labelled([atoms])[0].replace("label_key", "a=b\nlabel_key")])
    assert store.read_bytes() == before


def test_a_label_counts_only_when_it_is_on_disk(store, monkeypatch, waters):
    """If the disk refuses the record, the store does not pretend to have it, and goes on later."""
    labels, (atoms,) = LabelStore(store), waters(1)
    text = labelled([atoms])
    with monkeypatch.context() as patch:

        def full_disk(descriptor):
            raise OSError("No space left on device")

        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(OSError, match="No space left"):
            labels.add(text)
    assert (atoms, "emt") not in labels
    labels.add(text)
    assert len(read_labels(store)) == 1


def test_refusals_lie_beside_the_labels(waters, store):
    """They are known, and no label: the reason stands in a file of their own."""
    good, bad = waters(2)
    labels = LabelStore(store)
    labels.add([*labelled([good]), refusal(bad, "emt", 'SCF "gave\nup" after 100 cycles')])
    again = LabelStore(store)
    assert (bad, "emt") in again
    assert len(read_labels(store)) == 1
    (frame,) = again.refused.read()
    assert frame.info["label_refused"] == "SCF 'gave up' after 100 cycles"
    assert frame.calc is None


def test_mixed_methods_are_told_apart(waters, store):
    """A store may hold both; who reads has to choose."""
    frames = waters(2)
    labels = LabelStore(store)
    labels.add(labelled(frames, "emt") + labelled(frames[:1], 'emt {"asap": "a b"}'))
    with pytest.raises(ValueError, match="labels of 2 methods, whose energies must not be mixed"):
        read_labels(store)
    assert len(read_labels(store, method="emt")) == 2
    assert len(read_labels(store, method='emt {"asap": "a b"}')) == 1
    with pytest.raises(ValueError, match=r"has no labels of 'pbe'; it has those of \['emt'"):
        read_labels(store, method="pbe")


def test_no_file_is_no_empty_store(tmp_path):
    """A typing error in the name must not look like zero labels."""
    with pytest.raises(FileNotFoundError, match="there is no store of labels"):
        read_labels(tmp_path / "labls.xyz")


def test_work_in_the_spool_is_taken_in_once(waters, store):
    """Finished by a worker, not yet in the store; or in both; or half written."""
    known, finished, half = waters(3)
    labels = LabelStore(store)
    labels.add(labelled([known]))
    for atoms in (known, finished):
        single_point(atoms, "emt", method="emt", spool=labels.spool)
    (labels.spool / "x.part").write_text(labelled([half])[0][:50])
    (labels.spool / "0.xyz").write_text("")  # after a power cut
    (labels.spool / "1.xyz").write_text("\0" * 40)
    again = LabelStore(store)
    again.collect()
    assert len(read_labels(store)) == 2
    assert not again.spool.exists()
    assert (half, "emt") not in again


def test_what_lies_in_the_spool_is_not_computed_again(waters, store):
    """A job that is sent out twice is done once."""
    (atoms,) = waters(1)
    spool = LabelStore(store).spool
    text = single_point(atoms, "emt", method="emt", spool=spool)

    def never():
        raise AssertionError("computed again")

    assert single_point(atoms, never, method="emt", spool=spool) == text


def test_two_runs_cannot_write_to_one_store(store):
    """The second is told; when the first is over, it may."""
    labels = LabelStore(store)
    other = LabelStore(store)
    with (
        labels.lock(),
        pytest.raises(RuntimeError, match="another run is writing to"),
        other.lock(),
    ):
        pass
    with other.lock():
        pass


XYZ = "1\nProperties=species:S:1:pos:R:3\nH 0 0 0\n"


@pytest.mark.parametrize(
    "text",
    ["my notes", "first line\nsecond", "\x00\x00", XYZ, XYZ * 2, "2\na comment\nH 0 0 0\n"],
)
def test_a_file_that_is_no_store_is_left_alone(tmp_path, text):
    """A wrong path costs nothing: the error names the file, and not a byte is changed."""
    path = tmp_path / "notes.xyz"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"notes\.xyz is no store of labels"):
        LabelStore(path)
    with pytest.raises(ValueError, match="is no store of labels"):
        read_labels(path)
    assert path.read_text() == text


def test_a_single_atom_and_many_are_stored(store):
    """From a lone atom to a box of 256."""
    LabelStore(store).add(labelled([Atoms("Cu"), bulk("Cu", cubic=True).repeat(4), molecule("H2")]))
    assert [len(atoms) for atoms in read_labels(store)] == [1, 256, 2]
