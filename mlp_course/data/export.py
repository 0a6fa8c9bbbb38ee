"""Training sets for other programs: extended XYZ, DeePMD arrays, SchNetPack databases.

| program | form | what it calls the labels |
| --- | --- | --- |
| MACE | extended XYZ | ``REF_energy``, ``REF_forces``, ``REF_stress`` |
| NequIP, Allegro | extended XYZ | ``energy``, ``forces``, ``stress`` (ASE's own names) |
| DeePMD-kit | a folder of arrays a composition | ``energy.npy``, ``force.npy``, ``virial.npy`` |
| SchNetPack | ASE database with units in its metadata | ``energy``, ``forces`` |

All of them keep eV and Å, so that no number changes on the way; DeePMD's virial is -σV, in eV. A
stress is written where frames have one (to DeePMD where all frames of a system do).
"""

from collections.abc import Sequence
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms
from ase.data import chemical_symbols
from ase.db import connect

from mlp_course.data.quality import check_frames
from mlp_course.data.whole_files import write_whole


def write_mace_xyz(frames: Sequence[Atoms], path: str | Path) -> Path:
    """Write extended XYZ with the labels under the names that MACE looks for.

    Args:
        frames: labelled configurations, eV and eV/Å.
        path: of the file.

    Returns:
        The path.

    Raises:
        ValueError: if a frame has no usable label.
    """
    renamed = []
    for atoms in check_frames(frames):
        copy = _bare(atoms)
        copy.info["REF_energy"] = float(atoms.get_potential_energy())
        copy.arrays["REF_forces"] = atoms.get_forces()
        if _has_stress(atoms):
            copy.info["REF_stress"] = atoms.get_stress(voigt=False)
        renamed.append(copy)
    return write_whole(path, lambda part: ase.io.write(part, renamed, format="extxyz"))


def write_nequip_xyz(frames: Sequence[Atoms], path: str | Path) -> Path:
    """Write extended XYZ as ASE and NequIP read it.

    Args:
        frames: labelled configurations, eV and eV/Å.
        path: of the file.

    Returns:
        The path.

    Raises:
        ValueError: if a frame has no usable label.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from mlp_course.data import load_embedded
        >>> frames = load_embedded("ethanol/500K")[:2]
        >>> with TemporaryDirectory() as folder:
        ...     again = ase.io.read(write_nequip_xyz(frames, f"{folder}/train.xyz"), ":")
        >>> bool(again[1].get_potential_energy() == frames[1].get_potential_energy())
        True
    """
    frames = check_frames(frames)
    return write_whole(path, lambda part: ase.io.write(part, frames, format="extxyz"))


def write_deepmd(frames: Sequence[Atoms], folder: str | Path) -> list[Path]:
    """Write DeePMD's arrays, one system for each list of atoms.

    A system is a folder with ``type.raw``, ``type_map.raw``, ``set.000/{coord,energy,force,box}.npy``
    and, for molecules, an empty file ``nopbc``.

    Args:
        frames: labelled configurations, eV and eV/Å. Periodic in all directions or in none.
        folder: where the systems go.

    Returns:
        Paths of the systems, to be named in DeePMD's input.

    Raises:
        ValueError: if a frame has no usable label, or is periodic in one or two directions only.
        FileExistsError: if a system is there already.
    """  # noqa: E501
    frames = check_frames(frames)
    elements = sorted({int(z) for atoms in frames for z in atoms.numbers})
    systems: dict[tuple, list[Atoms]] = {}
    for atoms in frames:
        if atoms.pbc.any() and not atoms.pbc.all():
            raise ValueError(
                "DeePMD knows frames that are periodic in all directions or in none; got pbc="
                f"{atoms.pbc.tolist()}: add vacuum and set pbc=True"
            )
        systems.setdefault((bool(atoms.pbc.all()), *atoms.numbers.tolist()), []).append(atoms)
    paths = [
        Path(folder) / f"{same[0].get_chemical_formula()}_{number}"
        for number, same in enumerate(systems.values())
    ]
    for path in paths:
        if path.exists():
            raise FileExistsError(f"{path} is there already: name another folder")
    for path, same in zip(paths, systems.values(), strict=True):
        _write_system(same, elements, path)
    return paths


def _write_system(frames: Sequence[Atoms], elements: Sequence[int], path: Path) -> None:
    """One folder of DeePMD."""
    (path / "set.000").mkdir(parents=True)
    types = [elements.index(z) for z in frames[0].numbers]
    (path / "type.raw").write_text("\n".join(map(str, types)) + "\n", encoding="utf-8")
    (path / "type_map.raw").write_text(
        "\n".join(chemical_symbols[z] for z in elements) + "\n", encoding="utf-8"
    )
    if not frames[0].pbc.any():
        (path / "nopbc").touch()
    box = [atoms.cell.array if atoms.pbc.all() else 100.0 * np.eye(3) for atoms in frames]
    arrays = {
        "coord": [atoms.positions.ravel() for atoms in frames],
        "force": [atoms.get_forces().ravel() for atoms in frames],
        "energy": [atoms.get_potential_energy() for atoms in frames],
        "box": [vectors.ravel() for vectors in box],
    }
    if all(map(_has_stress, frames)):
        arrays["virial"] = [
            -atoms.get_volume() * atoms.get_stress(voigt=False).ravel() for atoms in frames
        ]
    for name, values in arrays.items():
        np.save(path / "set.000" / f"{name}.npy", np.array(values, dtype=float))


def write_schnetpack_db(frames: Sequence[Atoms], path: str | Path) -> Path:
    """Write the database that SchNetPack's ``ASEAtomsData`` opens.

    Args:
        frames: labelled configurations, eV and eV/Å.
        path: of the file, ending in ``.db``.

    Returns:
        The path.

    Raises:
        ValueError: if a frame has no usable label.
        FileExistsError: if the file is there already.
    """
    frames, path = check_frames(frames), Path(path)
    if path.exists():
        raise FileExistsError(f"{path} is there already: name another file")
    metadata = {
        "_distance_unit": "Ang",
        "_property_unit_dict": {"energy": "eV", "forces": "eV/Ang"},
        "atomrefs": {},
    }

    def write(part: Path) -> None:
        with connect(part, type="db", use_lock_file=False) as database:
            for atoms in frames:
                energy = np.array([atoms.get_potential_energy()])
                database.write(_bare(atoms), data={"energy": energy, "forces": atoms.get_forces()})
            database.metadata = metadata

    return write_whole(path, write)


def _has_stress(atoms: Atoms) -> bool:
    """Tell whether a stress is among the labels."""
    return atoms.cell.rank == 3 and atoms.calc.results.get("stress") is not None


def _bare(atoms: Atoms) -> Atoms:
    """Elements, positions and cell."""
    return Atoms(atoms.numbers, atoms.positions, cell=atoms.cell, pbc=atoms.pbc)
