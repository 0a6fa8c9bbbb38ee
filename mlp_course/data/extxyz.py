"""Extended XYZ of others: read, checked, and refused if it does not look like eV and Å."""

import os
from pathlib import Path

import ase.io
from ase import Atoms

from mlp_course.data.unit_checks.guard import EXPECTED_UNITS, check_units


def load_extxyz(
    path: str | os.PathLike, *, expects_units: str | None = EXPECTED_UNITS
) -> list[Atoms]:
    """Load labelled frames from a file in extended XYZ, which does not say its units.

    Args:
        path: the file; energies and forces under ``energy`` and ``forces``.
        expects_units: "eV, Å": refuse frames that do not look as if they were (see `check_units`).
            None lets everything pass.

    Returns:
        Frames with energy (eV) and forces (eV/Å) in a `SinglePointCalculator`.

    Raises:
        FileNotFoundError: if there is no such file.
        SuspiciousUnits: if the labels do not look as if they were in eV and Å.
        ValueError: if the file is no extended XYZ, or a frame has no usable labels.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from mlp_course.data import load_embedded, plant_unit_faults
        >>> frames = load_embedded("ethanol/500K")[:20]
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "shared.xyz"
        ...     ase.io.write(file, plant_unit_faults(frames, "energy: Hartree"))
        ...     load_extxyz(file)
        Traceback (most recent call last):
        mlp_course.data.unit_checks.guard.SuspiciousUnits: shared.xyz: 20 of 20 frames do not ...
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}; give the path of an extended XYZ file")
    try:
        frames = ase.io.read(path, ":", format="extxyz")
    except Exception as error:  # ASE's reader raises whatever a broken line provokes
        said = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"{path} is no extended XYZ, or was cut off: {said}") from error
    return check_units(frames, expects_units=expects_units, source=path.name)
