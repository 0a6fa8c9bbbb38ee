"""MD17, the original: long trajectories, with labels noisier than those of rMD17."""

import difflib
import os
from pathlib import Path
from typing import Any

import numpy as np
from ase import Atoms

from mlp_course.data.download import find_file, sha256_of
from mlp_course.data.npz import check_kinds, frames_from_arrays, read_npz
from mlp_course.data.unit_checks.guard import EXPECTED_UNITS

__all__ = ["MD17_FILES", "load_md17"]

MD17_FILES = {
    "aspirin": "md17_aspirin.npz",
    "azobenzene": "azobenzene_dft.npz",
    "benzene": "md17_benzene2017.npz",
    "ethanol": "md17_ethanol.npz",
    "malonaldehyde": "md17_malonaldehyde.npz",
    "naphthalene": "md17_naphthalene.npz",
    "paracetamol": "paracetamol_dft.npz",
    "salicylic_acid": "md17_salicylic.npz",
    "toluene": "md17_toluene.npz",
    "uracil": "md17_uracil.npz",
}

_BASE_URL = "http://www.quantum-machine.org/gdml/data/npz/"
_KEYS = {"numbers": "z", "positions": "R", "energies": "E", "forces": "F"}


def load_md17(
    path_or_molecule: str | os.PathLike,
    *,
    root: str | os.PathLike | None = None,
    frames: slice | None = None,
    expects_units: str | None = EXPECTED_UNITS,
) -> list[Atoms]:
    """Load a trajectory of MD17, from a file or by the name of a molecule.

    Nobody published checksums of these files and they come over plain http, so a download can only
    be checked for damage (the checksums inside the archive), not for being the original. The
    SHA-256 of what was read is kept in `atoms.info`. No licence statement could be found either.

    Args:
        path_or_molecule: path of an npz file (arrays R in Å, E in kcal/mol, F in kcal/mol/Å, z), or
            one of `MD17_FILES`.
        root: folder that holds the files. Without it, the folder in the environment variable
            ``MLP_COURSE_DATA``; without that, the cache, filled by a download of some 100 MB.
        frames: which frames, such as ``slice(0, 5000, 10)``. A whole file has 10⁵ to 10⁶ frames and
            takes some GB of memory as `Atoms`.
        expects_units: "eV, Å": refuse frames that do not look as if they were, once converted (see
            `check_units`). None lets everything pass.

    Returns:
        Frames in the order of time; positions in Å, energies in eV and forces in eV/Å in a
        `SinglePointCalculator`, provenance in `atoms.info`.

    Raises:
        ValueError: if the name is unknown, or the file lacks arrays or holds unusable ones.
        SuspiciousUnits: if the frames do not look as if they were in eV and Å: a file in other
            units than it says.
        FileNotFoundError: if the file is not there.
        DownloadError: if it cannot be downloaded.

    Source:
        S. Chmiela et al., Sci. Adv. 3, e1603015 (2017). The addresses are those of SchNetPack.

    Example:
        >>> load_md17("etanol")
        Traceback (most recent call last):
        ValueError: ... got 'etanol'. Did you mean 'ethanol'? Known molecules: aspirin, ...
    """
    path = _find(path_or_molecule, root)
    data = read_npz(path, list(_KEYS.values()), ["e_unit", "r_unit", "theory"])
    arrays = {name: data[key] for name, key in _KEYS.items()}
    check_kinds(arrays, str(path))
    chosen = range(len(data["R"]))[frames if frames is not None else slice(None)]
    _check_lengths(arrays, path)
    arrays |= {name: arrays[name][chosen] for name in ("positions", "energies", "forces")}
    provenance = _provenance(path, path_or_molecule, data)
    return frames_from_arrays(
        arrays,
        [{**provenance, "frame": index} for index in chosen],
        energy_unit=_text(data, "e_unit", "kcal/mol"),
        length_unit=_text(data, "r_unit", "Å"),
        source=path.name,
        expects_units=expects_units,
    )


def _find(path_or_molecule: str | os.PathLike, root: str | os.PathLike | None) -> Path:
    """Tell a path from a name, and find the file."""
    if isinstance(path_or_molecule, os.PathLike) or str(path_or_molecule).endswith(".npz"):
        return Path(path_or_molecule).expanduser()
    if path_or_molecule not in MD17_FILES:
        close = difflib.get_close_matches(str(path_or_molecule).lower(), MD17_FILES, n=2)
        hint = f" Did you mean {' or '.join(repr(name) for name in close)}?" if close else ""
        raise ValueError(
            f"path_or_molecule must be the path of an .npz file or a molecule of MD17; "
            f"got {path_or_molecule!r}.{hint} Known molecules: {', '.join(MD17_FILES)}"
        )
    name = MD17_FILES[path_or_molecule]
    return find_file(name, url=_BASE_URL + name, sha256=None, folder="md17", root=root)


def _check_lengths(arrays: dict[str, np.ndarray], path: Path) -> None:
    """Refuse a file whose energies, forces and positions differ in number, before any slicing."""
    lengths = {name: len(arrays[name]) for name in ("positions", "energies", "forces")}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{count} {name}" for name, count in lengths.items())
        raise ValueError(
            f"{path.name}: positions, energies and forces must be equally many; got {found}. "
            "The arrays do not belong together: fetch the file again"
        )


def _provenance(
    path: Path, path_or_molecule: str | os.PathLike, data: dict[str, np.ndarray]
) -> dict[str, Any]:
    """Say where a frame and its labels come from, as far as that is known."""
    by_name = path_or_molecule in MD17_FILES
    return {
        "dataset": "MD17" if by_name else path.name,
        "molecule": str(path_or_molecule) if by_name else path.stem,
        "labels": "md17",
        "level_of_theory": _text(data, "theory", "PBE+vdW-TS" if by_name else "not stated"),
        "source": "S. Chmiela et al., 2017, doi:10.1126/sciadv.1603015" if by_name else str(path),
        "licence": "not stated by the source",
        "file": path.name,
        "sha256": sha256_of(path),
    }


def _text(data: dict[str, np.ndarray], key: str, default: str) -> str:
    """Read a text that some files of this family carry beside the numbers."""
    if key not in data:
        return default
    value = data[key].item()
    return value.decode() if isinstance(value, bytes) else str(value)
