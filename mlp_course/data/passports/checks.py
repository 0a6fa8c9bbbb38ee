"""Checksums of the files behind a passport: what lies here against what was published."""

import json
import os
from importlib.resources import files
from pathlib import Path

import pandas as pd

from mlp_course.data.download import ENVIRONMENT_VARIABLE, sha256_of
from mlp_course.data.passports.library import list_passports


def check_files(name: str, *, root: str | os.PathLike | None = None) -> pd.DataFrame:
    """Compare the SHA-256 of the files of a data set with the published ones. No download.

    Args:
        name: a passport whose checksums the course knows: "rmd17" or an embedded set.
        root: folder of the rMD17 files; None takes the one in ``MLP_COURSE_DATA``.

    Returns:
        One row a file: file, state ("the published file", "another file", "not here"), sha256 (of
        the published one).

    Raises:
        ValueError: if no checksums are known for that data set.

    Example:
        >>> check_files("embedded_ethanol")["state"].unique().tolist()
        ['the published file']
    """
    if name == "rmd17":
        known, folders = _rmd17_checksums(), _rmd17_folders(root)
    elif name.startswith("embedded_") and name in list_passports():
        known, folders = _embedded_checksums(name), [_package("embedded")]
    else:
        raise ValueError(
            f"no checksums are known for {name!r}: load_passport says what was tried; known are "
            "rmd17, embedded_ethanol, embedded_malonaldehyde"
        )
    rows = [(file, _state(file, sha256, folders), sha256) for file, sha256 in known.items()]
    return pd.DataFrame(rows, columns=["file", "state", "sha256"])


def _package(name: str) -> Path:
    return Path(str(files("mlp_course.data").joinpath(name)))


def _rmd17_checksums() -> dict[str, str]:
    lines = _package("rmd17_sha256.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    return {file: sha256 for sha256, file in pairs}


def _rmd17_folders(root: str | os.PathLike | None) -> list[Path]:
    chosen = root if root is not None else os.environ.get(ENVIRONMENT_VARIABLE)
    return [Path(chosen).expanduser(), Path(chosen).expanduser() / "rmd17"] if chosen else []


def _embedded_checksums(name: str) -> dict[str, str]:
    made = json.loads(_package("embedded").joinpath("passport.json").read_text(encoding="utf-8"))
    molecule = name.removeprefix("embedded_")
    entries = [e for key, e in made["sets"].items() if key.startswith(f"{molecule}/")]
    return {entry["file"]: entry["sha256"] for entry in entries}


def _state(file: str, sha256: str, folders: list[Path]) -> str:
    path = next((folder / file for folder in folders if (folder / file).is_file()), None)
    if path is None:
        return "not here"
    return "the published file" if sha256_of(path) == sha256 else "another file"
