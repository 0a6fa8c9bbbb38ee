"""rMD17: real files where present, small imitations otherwise."""

import hashlib
import time

import numpy as np
import pytest
from ase.io import read, write

from mlp_course.data import RMD17_MOLECULES, has_rmd17, load_rmd17, rmd17
from mlp_course.units import convert

NAME = "rmd17_ethanol_train_01.npz"


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """Write an imitation of the ethanol file, and make its checksum the published one."""

    def save(**arrays):
        path = tmp_path / NAME
        np.savez_compressed(path, **arrays)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        monkeypatch.setattr(rmd17, "_checksums", lambda: {NAME: digest})
        return tmp_path

    return save


def test_units_and_labels(arrays, publish):
    """Energies arrive in eV and forces in eV/Å; positions stay in Å."""
    frames = load_rmd17("ethanol", root=publish(**arrays))
    assert len(frames) == 5
    assert frames[3].get_potential_energy() == pytest.approx(-30 * 0.0433641, rel=1e-6)
    np.testing.assert_allclose(
        frames[3].get_forces(), convert(arrays["forces"][3], "kcal/mol/Å", "eV/Å"), rtol=1e-14
    )
    np.testing.assert_array_equal(frames[3].positions, arrays["coords"][3])
    assert frames[3].get_chemical_formula() == "H2O"


def test_original_labels(arrays, publish):
    """labels="md17" gives the original labels of the same geometries, and says so."""
    root = publish(**arrays)
    revised, original = (load_rmd17("ethanol", root=root, labels=x)[2] for x in ("rmd17", "md17"))
    np.testing.assert_array_equal(revised.positions, original.positions)
    assert original.get_potential_energy() == pytest.approx(convert(-22, "kcal/mol", "eV"))
    assert revised.info["level_of_theory"] == "PBE/def2-SVP"
    assert original.info["level_of_theory"] == "PBE+vdW-TS"
    assert "sciadv.1603015" in original.info["source"]


def test_provenance_survives_a_file(arrays, publish, tmp_path):
    """Every frame says where it is from, also after a trip through an extended XYZ file."""
    frames = load_rmd17("ethanol", root=publish(**arrays))
    write(tmp_path / "frames.xyz", frames, format="extxyz")
    again = read(tmp_path / "frames.xyz", index=4)
    for info in (frames[4].info, again.info):
        assert info["dataset"] == "rMD17"
        assert (info["molecule"], info["part"], info["split"]) == ("ethanol", "train", 1)
        assert (info["frame"], info["md17_index"]) == (4, 104)
        assert info["licence"] == "CC0-1.0"
        assert "10.1088/2632-2153/abba6f" in info["source"]
    assert again.get_potential_energy() == pytest.approx(frames[4].get_potential_energy())


def test_frames_do_not_share_their_provenance(arrays, publish):
    """Changing one frame's info leaves the others alone."""
    frames = load_rmd17("ethanol", root=publish(**arrays))
    frames[0].info["molecule"] = "mine"
    assert frames[1].info["molecule"] == "ethanol"


def test_download_end_to_end(cache, server, behave, npz_bytes, monkeypatch):
    """The whole way: address, checksum, cache, frames; the second time from the cache."""
    site = server(behave.fail(503), behave.send(npz_bytes))
    monkeypatch.setattr(rmd17, "_BASE_URL", site.url)
    monkeypatch.setattr(rmd17, "_checksums", lambda: {NAME: hashlib.sha256(npz_bytes).hexdigest()})
    assert len(load_rmd17("ethanol")) == len(load_rmd17("ethanol")) == 5
    assert site.requests == [f"/{NAME}", f"/{NAME}"]


def test_checksums_of_all_files():
    """All 10 molecules x 2 parts x 5 splits have a SHA-256."""
    rmd17._checksums.cache_clear()
    checksums = rmd17._checksums()
    expected = {
        f"rmd17_{molecule}_{part}_0{split}.npz"
        for molecule in RMD17_MOLECULES
        for part in ("train", "test")
        for split in range(1, 6)
    }
    assert set(checksums) == expected
    assert len(expected) == 100
    assert {len(bytes.fromhex(digest)) for digest in checksums.values()} == {32}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"molecule": "etanol"}, "got 'etanol'. Did you mean 'ethanol'"),
        ({"molecule": "salicylic_acid"}, "Did you mean 'salicylic'"),
        (
            {"molecule": "water"},
            "one of the ten of rMD17; got 'water'.* Known: aspirin, azobenzene",
        ),
        ({"part": "validation"}, "part must be one of 'train', 'test'; got 'validation'"),
        ({"split": 0}, "split must be one of 1, 2, 3, 4, 5; got 0"),
        ({"labels": "ccsd"}, "labels must be one of 'rmd17', 'md17'; got 'ccsd'"),
    ],
)
def test_wrong_arguments(arguments, message):
    """A wrong argument is refused before anything is fetched, and the right ones are named."""
    with pytest.raises(ValueError, match=message):
        load_rmd17(**{"molecule": "ethanol", **arguments})


def test_missing_key(arrays, publish):
    """An npz without the keys is refused; wanted and found keys are named."""
    del arrays["forces"]
    with pytest.raises(ValueError, match="missing: forces; found: coords, energies, nuclear"):
        load_rmd17("ethanol", root=publish(**arrays))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("energies", "frame 2: energy must be a finite number"),
        ("forces", "frame 2: forces must be finite numbers, in eV/Å; atom 1 has"),
        ("coords", "frame 2: positions must be finite numbers, in Å; atom 1 has"),
    ],
)
def test_nan(arrays, publish, name, message):
    """A NaN is refused with file name and frame index."""
    arrays[name][(2, 1, 0) if arrays[name].ndim == 3 else 2] = np.nan
    with pytest.raises(ValueError, match=f"{NAME}: {message}"):
        load_rmd17("ethanol", root=publish(**arrays))


@pytest.mark.parametrize("name", ["energies", "forces"])
def test_disagreeing_counts(arrays, publish, name):
    """Energies, forces and geometries must be equally many."""
    arrays[name] = arrays[name][:-1]
    with pytest.raises(ValueError, match=f"{name} must have shape .* for 5 frames of 3 atoms"):
        load_rmd17("ethanol", root=publish(**arrays))


def test_real_ethanol(rmd17_root):
    """The real file: 1,000 frames of C2H6O, zero net force, in under a second of processor time."""
    start = time.process_time()
    frames = load_rmd17("ethanol", root=rmd17_root)
    seconds = time.process_time() - start
    assert len(frames) == 1000
    assert seconds < 1.0
    assert {atoms.get_chemical_formula() for atoms in frames} == {"C2H6O"}
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    assert energies[0] == pytest.approx(-97079.92222179 * 0.043364104241800934, abs=1e-6)
    assert 0.1 < energies.std() < 0.3
    net = np.array([atoms.get_forces().sum(axis=0) for atoms in frames])
    assert np.abs(net).max() < 0.005


def test_real_labels_differ_by_an_offset_and_noise(rmd17_root):
    """Old and new labels belong to the same geometries: they correlate, but are not equal."""
    new, old = (load_rmd17("ethanol", root=rmd17_root, labels=x) for x in ("rmd17", "md17"))
    e_new, e_old = (np.array([a.get_potential_energy() for a in x]) for x in (new, old))
    assert np.corrcoef(e_new, e_old)[0, 1] > 0.95
    assert (e_new - e_old).std() > 0.01


@pytest.mark.parametrize("molecule", ["aspirin", "ethanol", "malonaldehyde"])
def test_real_train_and_test_do_not_overlap(rmd17_root, molecule):
    """No frame of split 1 is in both parts, though neighbours in time are."""
    train, test = (
        {a.info["md17_index"] for a in load_rmd17(molecule, part=part, root=rmd17_root)}
        for part in ("train", "test")
    )
    assert not train & test
    assert any(index + 1 in train or index - 1 in train for index in test)


def test_has_rmd17_is_true_only_when_both_parts_lie_there(tmp_path):
    """A lesson may ask for real data without starting a download."""
    assert not has_rmd17("ethanol", root=tmp_path)
    (tmp_path / "rmd17_ethanol_train_01.npz").touch()
    assert not has_rmd17("ethanol", root=tmp_path)
    (tmp_path / "rmd17_ethanol_test_01.npz").touch()
    assert has_rmd17("ethanol", root=tmp_path)
    assert not has_rmd17("ethanol", split=2, root=tmp_path)
    with pytest.raises(ValueError, match="molecule must be"):
        has_rmd17("etanol", root=tmp_path)
