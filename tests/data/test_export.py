"""Exported sets: what the other side reads is what was written."""

import ase.io
import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import load_embedded
from mlp_course.data.export import (
    write_deepmd,
    write_mace_xyz,
    write_nequip_xyz,
    write_schnetpack_db,
)
from mlp_course.models.schnetpack_compat import load_schnetpack


@pytest.fixture(scope="module")
def ethanol():
    """Five labelled molecules."""
    return load_embedded("ethanol/500K")[:5]


@pytest.fixture(scope="module")
def copper():
    """Three labelled crystals."""
    frames = []
    for seed in range(3):
        atoms = bulk("Cu", cubic=True)
        atoms.rattle(0.05, seed=seed)
        atoms.calc = EMT()
        label = dict(energy=atoms.get_potential_energy(), forces=atoms.get_forces())
        label["stress"] = atoms.get_stress()
        atoms.calc = SinglePointCalculator(atoms, **label)
        frames.append(atoms)
    return frames


def test_mace_finds_its_names(ethanol, tmp_path):
    """REF_energy and REF_forces, and no other label that could be taken instead."""
    again = ase.io.read(write_mace_xyz(ethanol, tmp_path / "train.xyz"), ":")
    for one, other in zip(again, ethanol, strict=True):
        assert one.info["REF_energy"] == other.get_potential_energy()
        np.testing.assert_allclose(one.arrays["REF_forces"], other.get_forces(), atol=1e-8)
        np.testing.assert_allclose(one.positions, other.positions, atol=1e-8)
        assert one.calc is None


def test_mace_gets_the_stress_of_crystals(copper, tmp_path):
    """REF_stress, 3 by 3, in eV/Å³."""
    again = ase.io.read(write_mace_xyz(copper, tmp_path / "train.xyz"), ":")
    for one, other in zip(again, copper, strict=True):
        np.testing.assert_allclose(one.info["REF_stress"], other.get_stress(voigt=False), atol=1e-8)


def test_extended_xyz_keeps_cells(copper, tmp_path):
    """Cell and periodicity come back, labels as ASE's own."""
    again = ase.io.read(write_nequip_xyz(copper, tmp_path / "train.xyz"), ":")
    for one, other in zip(again, copper, strict=True):
        np.testing.assert_allclose(one.cell.array, other.cell.array, atol=1e-8)
        assert one.pbc.all()
        np.testing.assert_allclose(one.get_forces(), other.get_forces(), atol=1e-8)


def test_deepmd_reads_what_was_written(ethanol, copper, tmp_path):
    """dpdata, DeePMD's own reader, finds energies (eV), forces (eV/Å), elements and cells."""
    dpdata = pytest.importorskip("dpdata")
    paths = write_deepmd([*ethanol, *copper], tmp_path)
    assert [path.name for path in paths] == ["C2H6O_0", "Cu4_1"]
    for path, frames in zip(paths, (ethanol, copper), strict=True):
        system = dpdata.LabeledSystem(str(path), fmt="deepmd/npy")
        names = [system["atom_names"][kind] for kind in system["atom_types"]]
        assert names == frames[0].get_chemical_symbols()
        np.testing.assert_allclose(
            system["energies"], [atoms.get_potential_energy() for atoms in frames]
        )
        np.testing.assert_allclose(system["forces"], [atoms.get_forces() for atoms in frames])
        np.testing.assert_allclose(system["coords"], [atoms.positions for atoms in frames])
        assert system.nopbc == (not frames[0].pbc.any())
    np.testing.assert_allclose(system["cells"][0], copper[0].cell.array)
    theirs = dpdata.LabeledSystem(copper[0], fmt="ase/structure")  # its own way from ASE
    np.testing.assert_allclose(system["virials"][0], theirs["virials"][0])
    assert not (paths[0] / "set.000" / "virial.npy").exists()  # molecules have none


def test_schnetpack_opens_its_database(ethanol, copper, tmp_path):
    """Its own class reads energies and forces in the units that the metadata name."""
    path = write_schnetpack_db([*ethanol, *copper], tmp_path / "train.db")
    data = load_schnetpack().data.ASEAtomsData(str(path))
    assert len(data) == 8
    assert data.metadata["_property_unit_dict"] == {"energy": "eV", "forces": "eV/Ang"}
    for n, atoms in enumerate([*ethanol, *copper]):
        row = data[n]
        assert row["energy"].item() == pytest.approx(atoms.get_potential_energy())
        np.testing.assert_allclose(row["forces"], atoms.get_forces())
        np.testing.assert_allclose(row["_positions"], atoms.positions)


def test_frames_without_labels_are_refused(tmp_path):
    """No program can learn from them, and nothing is left behind."""
    for write in (write_mace_xyz, write_nequip_xyz, write_schnetpack_db, write_deepmd):
        with pytest.raises(ValueError, match="no energy and no forces"):
            write([Atoms("H")], tmp_path / "train.db")
    assert not list(tmp_path.iterdir())


def test_half_periodic_frames_are_refused_by_deepmd(copper, tmp_path):
    """A slab needs vacuum and three periodic directions there."""
    slab = copper[0].copy()
    slab.pbc = [True, True, False]
    slab.calc = SinglePointCalculator(slab, energy=0.0, forces=np.zeros((4, 3)))
    with pytest.raises(ValueError, match="add vacuum and set pbc=True"):
        write_deepmd([slab], tmp_path)


def test_an_existing_set_is_not_written_over(ethanol, tmp_path):
    """Neither a database nor a folder of arrays."""
    path = write_schnetpack_db(ethanol, tmp_path / "train.db")
    with pytest.raises(FileExistsError, match="is there already"):
        write_schnetpack_db(ethanol, path)
    write_deepmd(ethanol, tmp_path / "deepmd")
    with pytest.raises(FileExistsError, match="is there already"):
        write_deepmd(ethanol, tmp_path / "deepmd")
