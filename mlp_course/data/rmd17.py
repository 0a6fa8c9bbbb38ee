"""rMD17: ten small molecules, 200,000 DFT frames prepared as five train/test splits."""

import difflib
import os
from functools import cache
from importlib.resources import files

from ase import Atoms

from mlp_course.data.download import find_file, is_on_disk
from mlp_course.data.npz import frames_from_arrays, read_npz
from mlp_course.data.unit_checks.guard import EXPECTED_UNITS

__all__ = ["RMD17_MOLECULES", "has_rmd17", "load_rmd17"]

RMD17_MOLECULES = (
    "aspirin",
    "azobenzene",
    "benzene",
    "ethanol",
    "malonaldehyde",
    "naphthalene",
    "paracetamol",
    "salicylic",
    "toluene",
    "uracil",
)
PARTS = ("train", "test")
SPLITS = (1, 2, 3, 4, 5)
LEVELS_OF_THEORY = {"rmd17": "PBE/def2-SVP", "md17": "PBE+vdW-TS"}

_COMMIT = "4f6bb0a186822c90d47cd98b7a27991fe0b3173b"
_BASE_URL = f"https://raw.githubusercontent.com/andersx/rmd17-npz/{_COMMIT}/rmd17-npz/"
_LABEL_KEYS = {"rmd17": ("energies", "forces"), "md17": ("old_energies", "old_forces")}
_SOURCES = {
    "rmd17": "A. S. Christensen, O. A. von Lilienfeld, 2020, doi:10.1088/2632-2153/abba6f",
    "md17": "S. Chmiela et al., 2017, doi:10.1126/sciadv.1603015, as distributed with rMD17",
}


def load_rmd17(
    molecule: str,
    *,
    part: str = "train",
    split: int = 1,
    root: str | os.PathLike | None = None,
    labels: str = "rmd17",
    expects_units: str | None = EXPECTED_UNITS,
) -> list[Atoms]:
    """Load 1,000 frames of one molecule of the revised MD17 data set.

    The geometries are those of MD17 (molecular dynamics at 500 K); energies and forces were
    recomputed with tight convergence at PBE/def2-SVP. The frames of a split were drawn at random
    from the trajectory, so train and test contain neighbours in time; `info["md17_index"]` is the
    place of a frame in the original trajectory. The authors advise against training on more than
    1,000 frames.

    Args:
        molecule: one of `RMD17_MOLECULES`.
        part: "train" or "test".
        split: number of the published split, 1 to 5.
        root: folder that holds the npz files. Without it, the folder in the environment variable
            ``MLP_COURSE_DATA``; without that, the cache, filled by a download of about 1 MB.
        labels: "rmd17", or "md17" for the original energies and forces of the same geometries.
        expects_units: "eV, Å": refuse frames that do not look as if they were, once converted (see
            `check_units`). None lets everything pass.

    Returns:
        1,000 frames; positions in Å, energies in eV and forces in eV/Å in a
        `SinglePointCalculator`, provenance in `atoms.info`.

    Raises:
        ValueError: if an argument is not one of the values allowed, a file is not the published
            one (`ChecksumError`), or its content is unusable.
        FileNotFoundError: if ``root`` or ``MLP_COURSE_DATA`` does not hold the file.
        DownloadError: if the file cannot be downloaded.

    Source:
        A. S. Christensen and O. A. von Lilienfeld, Mach. Learn.: Sci. Technol. 1, 045018 (2020);
        data CC0, doi:10.6084/m9.figshare.12672038.

    Example:
        >>> load_rmd17("etanol")
        Traceback (most recent call last):
        ValueError: molecule must be ...; got 'etanol'. Did you mean 'ethanol'? Known: aspirin, ...
    """
    _check_arguments(molecule, part, split, labels)
    name = _file_name(molecule, part, split)
    path = find_file(
        name, url=_BASE_URL + name, sha256=_checksums()[name], folder="rmd17", root=root
    )
    energy_key, forces_key = _LABEL_KEYS[labels]
    data = read_npz(path, ["nuclear_charges", "coords", energy_key, forces_key], ["old_indices"])
    arrays = {
        "numbers": data["nuclear_charges"],
        "positions": data["coords"],
        "energies": data[energy_key],
        "forces": data[forces_key],
    }
    provenance = _provenance(molecule, part, split, labels) | {"file": name}
    infos = [{**provenance, "frame": i} for i in range(len(data["coords"]))]
    for info, index in zip(infos, data.get("old_indices", []), strict=False):
        info["md17_index"] = int(index)
    return frames_from_arrays(
        arrays, infos, energy_unit="kcal/mol", source=name, expects_units=expects_units
    )


def has_rmd17(molecule: str, *, split: int = 1, root: str | os.PathLike | None = None) -> bool:
    """Tell whether both parts of a split lie on this machine, so that no download is needed.

    Args:
        molecule: one of `RMD17_MOLECULES`.
        split: number of the published split, 1 to 5.
        root: as in `load_rmd17`.

    Raises:
        ValueError: if an argument is not one of the values allowed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as empty:
        ...     has_rmd17("ethanol", root=empty)
        False
    """
    _check_arguments(molecule, "train", split, "rmd17")
    names = [_file_name(molecule, part, split) for part in PARTS]
    return all(is_on_disk(name, folder="rmd17", root=root) for name in names)


def _file_name(molecule: str, part: str, split: int) -> str:
    return f"rmd17_{molecule}_{part}_{split:02d}.npz"


def _provenance(molecule: str, part: str, split: int, labels: str) -> dict[str, str | int]:
    """Say where a frame and its labels come from."""
    return {
        "dataset": "rMD17",
        "molecule": molecule,
        "part": part,
        "split": split,
        "labels": labels,
        "level_of_theory": LEVELS_OF_THEORY[labels],
        "source": _SOURCES[labels],
        "licence": "CC0-1.0",
    }


@cache
def _checksums() -> dict[str, str]:
    """Read the SHA-256 of each of the 100 published files."""
    table = files("mlp_course.data").joinpath("rmd17_sha256.txt")
    lines = table.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def _check_arguments(molecule: str, part: str, split: int, labels: str) -> None:
    """Refuse what is not in the data set, and say what is."""
    if molecule not in RMD17_MOLECULES:
        known = ", ".join(RMD17_MOLECULES)
        close = difflib.get_close_matches(str(molecule).lower(), RMD17_MOLECULES, n=2, cutoff=0.6)
        hint = f" Did you mean {' or '.join(repr(name) for name in close)}?" if close else ""
        raise ValueError(
            f"molecule must be one of the ten of rMD17; got {molecule!r}.{hint} Known: {known}"
        )
    for name, value, allowed in (
        ("part", part, PARTS),
        ("split", split, SPLITS),
        ("labels", labels, tuple(LEVELS_OF_THEORY)),
    ):
        if value not in allowed or isinstance(value, (bool, float)):  # 1.0 == True == 1
            choices = ", ".join(repr(choice) for choice in allowed)
            raise ValueError(f"{name} must be one of {choices}; got {value!r}")
