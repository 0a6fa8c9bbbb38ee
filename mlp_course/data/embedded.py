"""Embedded data: frames labelled by this project at rMD17's level of theory, always at hand."""

import gzip
import hashlib
import io
import json
from functools import cache
from pathlib import Path

import ase.io
import pandas as pd
from ase import Atoms

from mlp_course.data.download import ChecksumError

_FOLDER = Path(__file__).parent / "embedded"


@cache
def _passport() -> dict:
    return json.loads((_FOLDER / "passport.json").read_text(encoding="utf-8"))


def list_embedded() -> pd.DataFrame:
    """List the embedded sets, one row each: name, number of frames, how the geometries were made.

    Example:
        >>> "ethanol/500K" in list_embedded().index
        True
    """
    sets = _passport()["sets"]
    table = pd.DataFrame.from_dict(sets, orient="index")
    table.index.name = "name"
    return table[["frames", "geometries", "date"]]


def load_embedded(name: str) -> list[Atoms]:
    """Load one embedded set: DF-PBE/def2-SVP energies and forces.

    Args:
        name: for example ``"ethanol/500K"``; :func:`list_embedded` shows all.

    Returns:
        Configurations in the order they were made, with energy (eV, total) and forces (eV/Å,
        shape (n_atoms, 3)) in a SinglePointCalculator and provenance in ``atoms.info``.

    Raises:
        ValueError: if there is no such set.
        ChecksumError: if the file is not the one in the passport.

    Example:
        >>> frames = load_embedded("ethanol/500K")
        >>> frames[0].get_chemical_formula(), frames[0].get_forces().shape
        ('C2H6O', (9, 3))
    """
    passport = _passport()
    if name not in passport["sets"]:
        raise ValueError(f"no embedded set {name!r}; there are: {', '.join(passport['sets'])}")
    entry = passport["sets"][name]
    content = (_FOLDER / entry["file"]).read_bytes()
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise ChecksumError(
            f"{_FOLDER / entry['file']} is not the file that the passport describes: install the "
            "course again, or run `make data` to compute it again"
        )
    text = io.StringIO(gzip.decompress(content).decode())
    frames = ase.io.read(text, ":", format="extxyz")
    for number, atoms in enumerate(frames):
        atoms.info |= _provenance(name, number, passport)
    return frames


def _provenance(name: str, number: int, passport: dict) -> dict:
    return {
        "dataset": "embedded",
        "set": name,
        "frame": number,
        "level_of_theory": passport["level_of_theory"],
        "licence": passport["licence"],
    }
