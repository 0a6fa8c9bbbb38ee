"""NumPy archives: from arrays in somebody else's units to labelled frames in ours."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data.unit_checks.guard import EXPECTED_UNITS, check_units
from mlp_course.units import convert

__all__ = ["frames_from_arrays", "read_npz"]


def read_npz(
    path: Path, required: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, np.ndarray]:
    """Read named arrays from an npz file, without ever running code from it (no pickle).

    Args:
        path: the file.
        required: names of arrays that must be there.
        optional: names of arrays that are read if they are there.

    Returns:
        The arrays by name.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is not an npz archive, is damaged, or lacks a required array.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"{path} does not exist; give the path of an npz file")
    if not zipfile.is_zipfile(path):
        raise ValueError(f"{path} is not an npz file, or is cut off. Fetch it again")
    with np.load(path, allow_pickle=False) as archive:
        missing = [name for name in required if name not in archive.files]
        if missing:
            raise ValueError(
                f"{path} must contain the arrays {', '.join(required)}; missing: "
                f"{', '.join(missing)}; found: {', '.join(sorted(archive.files))}"
            )
        wanted = [*required, *(name for name in optional if name in archive.files)]
        try:
            return {name: archive[name] for name in wanted}
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise ValueError(f"{path} is damaged ({error}). Fetch it again") from error


def frames_from_arrays(
    arrays: dict[str, np.ndarray],
    infos: Sequence[dict[str, Any]],
    *,
    energy_unit: str,
    length_unit: str = "Å",
    source: str,
    expects_units: str | None = EXPECTED_UNITS,
) -> list[Atoms]:
    """Build frames in eV and Å from arrays for one molecule, and check every one.

    Args:
        arrays: ``numbers`` (n_atoms,), ``positions`` (n_frames, n_atoms, 3) in ``length_unit``,
            ``energies`` (n_frames,) in ``energy_unit``, ``forces`` (n_frames, n_atoms, 3) in
            ``energy_unit`` per ``length_unit``.
        infos: what goes into `atoms.info` of each frame.
        energy_unit: unit of the energies, known to `mlp_course.units.convert`.
        length_unit: unit of the positions.
        source: name of the file, for errors.
        expects_units: "eV, Å": refuse frames that do not look as if they were, once converted (see
            `check_units`). None lets everything pass.

    Returns:
        Frames with a `SinglePointCalculator` in eV and eV/Å.

    Raises:
        ValueError: if an array holds no real numbers, the elements are no atomic numbers, the
            arrays disagree in the number of frames or atoms, or a frame is not usable (see
            `check_frames`).
        SuspiciousUnits: if the result does not look as if it were in eV and Å.
    """
    check_kinds(arrays, source)
    _check_counts(arrays, source)
    positions = convert(arrays["positions"].astype(float), length_unit, "Å")
    energies = convert(arrays["energies"].astype(float).ravel(), energy_unit, "eV")
    forces = convert(arrays["forces"].astype(float), f"{energy_unit}/{length_unit}", "eV/Å")
    numbers = arrays["numbers"].astype(int)
    frames = []
    for xyz, energy, force, info in zip(positions, energies, forces, infos, strict=True):
        atoms = Atoms(numbers=numbers, positions=xyz, info=dict(info))
        atoms.calc = SinglePointCalculator(atoms, energy=float(energy), forces=force)
        frames.append(atoms)
    return check_units(frames, expects_units=expects_units, source=source)


def check_kinds(arrays: dict[str, np.ndarray], source: str) -> None:
    """Refuse text, complex numbers, and elements that are no atomic numbers."""
    for name, values in arrays.items():
        if values.ndim == 0 or values.dtype.kind not in "fiu":
            raise ValueError(
                f"{source}: {name} must be an array of real numbers; got {values.dtype} of shape "
                f"{values.shape}: the file is of another kind"
            )
    numbers = arrays["numbers"]
    if not ((numbers >= 1) & (numbers <= 118) & (numbers == np.round(numbers))).all():
        raise ValueError(
            f"{source}: elements must be atomic numbers from 1 to 118; got {numbers.tolist()}: the "
            "file is damaged or of another kind"
        )


def _check_counts(arrays: dict[str, np.ndarray], source: str) -> None:
    """Refuse arrays that cannot belong to the same frames of the same molecule."""
    n_atoms, n_frames = arrays["numbers"].size, len(arrays["positions"])
    shapes = {
        "positions": (n_frames, n_atoms, 3),
        "forces": (n_frames, n_atoms, 3),
        "energies": (n_frames,),
    }
    for name, shape in shapes.items():
        found = arrays[name].shape
        if name == "energies" and found == (n_frames, 1):
            continue
        if found != shape:
            raise ValueError(
                f"{source}: {name} must have shape {shape} for {n_frames} frames of {n_atoms} "
                f"atoms; got {found}. The arrays do not belong together: fetch the file again"
            )
