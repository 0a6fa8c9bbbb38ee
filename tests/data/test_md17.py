"""Original MD17, from files written here."""

import numpy as np
import pytest

from mlp_course.data import MD17_FILES, load_md17, md17
from mlp_course.units import convert


@pytest.fixture
def md17_arrays(arrays):
    """Five frames of water under MD17's names; energies in a column, as in the real files."""
    return {
        "z": arrays["nuclear_charges"],
        "R": arrays["coords"],
        "E": arrays["energies"][:, None],
        "F": arrays["forces"],
    }


def test_from_a_path(md17_arrays, tmp_path):
    """R, E, F, z in kcal/mol become frames in eV and eV/Å, in the order of the file."""
    np.savez(tmp_path / "water.npz", **md17_arrays)
    frames = load_md17(tmp_path / "water.npz")
    assert [round(a.get_potential_energy(), 6) for a in frames[:3]] == [0.0, -0.433641, -0.867282]
    np.testing.assert_allclose(
        frames[1].get_forces(), convert(md17_arrays["F"][1], "kcal/mol/Å", "eV/Å"), rtol=1e-14
    )
    assert frames[1].info["frame"] == 1
    assert frames[1].info["level_of_theory"] == "not stated"
    assert len(frames[1].info["sha256"]) == 64


def test_slice_keeps_the_frame_numbers(md17_arrays, tmp_path):
    """Part of a long trajectory can be taken; each frame still knows its place in it."""
    np.savez(tmp_path / "water.npz", **md17_arrays)
    frames = load_md17(str(tmp_path / "water.npz"), frames=slice(1, None, 2))
    assert [atoms.info["frame"] for atoms in frames] == [1, 3]
    assert frames[1].get_potential_energy() == pytest.approx(convert(-30, "kcal/mol", "eV"))


def test_units_that_a_file_states_are_believed(md17_arrays, tmp_path):
    """Files of the sGDML family name their units and their level of theory."""
    np.savez(tmp_path / "water.npz", **md17_arrays, e_unit="eV", r_unit="Bohr", theory="CCSD(T)")
    atoms = load_md17(tmp_path / "water.npz")[2]
    assert atoms.get_potential_energy() == -20.0
    bohr = convert(1, "Bohr", "Å")
    np.testing.assert_allclose(atoms.positions, md17_arrays["R"][2] * bohr, rtol=1e-14)
    np.testing.assert_allclose(atoms.get_forces(), md17_arrays["F"][2] / bohr, rtol=1e-13)
    assert atoms.info["level_of_theory"] == "CCSD(T)"


def test_by_name(cache, server, behave, md17_arrays, monkeypatch, tmp_path):
    """A molecule's name leads to SchNetPack's address for it; no checksum was published."""
    np.savez(tmp_path / "water.npz", **md17_arrays)
    site = server(behave.send((tmp_path / "water.npz").read_bytes()))
    monkeypatch.setattr(md17, "_BASE_URL", site.url)
    frames = load_md17("ethanol")
    assert site.requests == ["/md17_ethanol.npz"]
    assert frames[0].info["dataset"] == "MD17"
    assert frames[0].info["level_of_theory"] == "PBE+vdW-TS"
    assert frames[0].info["licence"] == "not stated by the source"


def test_addresses_are_those_of_schnetpack():
    """SchNetPack's table of files is the oracle for ours."""
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("schnetpack")
    if spec is None:
        pytest.skip("SchNetPack is not installed")
    source = (Path(spec.origin).parent / "datasets" / "md17.py").read_text()
    assert md17._BASE_URL in source
    for molecule, name in MD17_FILES.items():
        assert f'{molecule}="{name}"' in source


def test_from_a_named_folder(cache, md17_arrays, tmp_path):
    """root= is where the files lie; nothing is fetched."""
    np.savez(tmp_path / "md17_uracil.npz", **md17_arrays)
    assert len(load_md17("uracil", root=tmp_path)) == 5
    with pytest.raises(FileNotFoundError, match=r"md17_ethanol\.npz is neither in"):
        load_md17("ethanol", root=tmp_path)


def test_unknown_molecule():
    """A wrong name is met with the closest one."""
    with pytest.raises(ValueError, match=r"got 'etanol'\. Did you mean 'ethanol'"):
        load_md17("etanol")


def test_no_such_file(tmp_path):
    """A path that leads nowhere is named."""
    with pytest.raises(FileNotFoundError, match=r"nowhere\.npz does not exist"):
        load_md17(tmp_path / "nowhere.npz")


def test_energies_and_forces_disagree(md17_arrays, tmp_path):
    """A file with one energy too few is refused, also if only a slice is asked for."""
    np.savez(tmp_path / "water.npz", **{**md17_arrays, "E": md17_arrays["E"][:-1]})
    with pytest.raises(ValueError, match="got 5 positions, 4 energies, 5 forces"):
        load_md17(tmp_path / "water.npz", frames=slice(2))


def test_file_of_another_kind(arrays, tmp_path):
    """An rMD17 file has other keys: wanted and found are named."""
    np.savez(tmp_path / "other.npz", **arrays)
    with pytest.raises(ValueError, match="missing: z, R, E, F; found: coords, energies"):
        load_md17(tmp_path / "other.npz")


def test_cut_off_file(md17_arrays, tmp_path):
    """Half a file is refused with advice."""
    np.savez(tmp_path / "water.npz", **md17_arrays)
    content = (tmp_path / "water.npz").read_bytes()
    (tmp_path / "water.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(ValueError, match="is not an npz file, or is cut off"):
        load_md17(tmp_path / "water.npz")


def test_damaged_file(md17_arrays, tmp_path):
    """A flipped byte is found by the archive's own checksum."""
    np.savez(tmp_path / "water.npz", **md17_arrays)
    content = bytearray((tmp_path / "water.npz").read_bytes())
    place = content.index(md17_arrays["R"].tobytes())
    content[place + 8] ^= 255
    (tmp_path / "water.npz").write_bytes(content)
    with pytest.raises(ValueError, match="is damaged"):
        load_md17(tmp_path / "water.npz")


def test_pickles_are_not_opened(md17_arrays, tmp_path):
    """An array of Python objects could run code: it is refused."""
    np.savez(tmp_path / "water.npz", **{**md17_arrays, "E": np.array([print], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_md17(tmp_path / "water.npz")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("z", np.array([8.5, 1, 1]), "elements must be atomic numbers from 1 to 118"),
        ("z", np.array([np.nan, 1, 1]), "elements must be atomic numbers from 1 to 118"),
        ("z", np.array([200, 1, 1]), "elements must be atomic numbers from 1 to 118"),
        ("z", np.array(["O", "H", "H"]), "numbers must be an array of real numbers"),
        ("R", np.array(1.0), "positions must be an array of real numbers"),
    ],
)
def test_senseless_arrays_are_refused(md17_arrays, tmp_path, field, value, message):
    """Elements that do not exist, text and single numbers never become frames."""
    np.savez(tmp_path / "water.npz", **(md17_arrays | {field: value}))
    with pytest.raises(ValueError, match=message):
        load_md17(tmp_path / "water.npz")


def test_complex_positions_are_refused(md17_arrays, tmp_path):
    """An imaginary part is not thrown away in silence."""
    np.savez(tmp_path / "water.npz", **(md17_arrays | {"R": md17_arrays["R"] * 1j}))
    with pytest.raises(ValueError, match="positions must be an array of real numbers"):
        load_md17(tmp_path / "water.npz")
