"""The progress file on disk: where it is, read whole, written whole, one writer at a time."""

import contextlib
import os
import secrets
import warnings
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from mlp_course.data.whole_files import write_whole
from mlp_course.teaching.progress.records import (
    LARGEST,
    NewerProgress,
    ProgressRecord,
    read_record,
)

VARIABLE = "MLP_COURSE_PROGRESS"
_PATIENCE = 10  # s; a write takes milliseconds


class ProgressSetAside(UserWarning):
    """A progress file could not be read; it was kept under another name, and a new one begun."""


class DamagedProgress(ValueError):
    """A progress file cannot be read."""


def find_file() -> Path:
    """Where the progress of this learner is kept; the file need not exist.

    Returns:
        What the environment variable MLP_COURSE_PROGRESS names; else ``progress.json`` in the
        nearest folder, from the working directory upwards, that holds ``notebooks`` and
        ``exercises``; else in the working directory.

    Example:
        >>> find_file().name.endswith(".json")
        True
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "notebooks").is_dir() and (folder / "exercises").is_dir():
            return folder / "progress.json"
    return here / "progress.json"


def new_record() -> ProgressRecord:
    """An empty record with a name of its own for what is counted in it."""
    return ProgressRecord(folder=secrets.token_hex(4))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other notebooks from writing within a ``with``; a killed kernel does not hold the lock.

    Raises:
        OSError: if the folder cannot be written to, or another notebook holds the lock for 10 s.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{path}.lock", timeout=_PATIENCE, poll_interval=0.01):
            yield
    except NotImplementedError as error:  # a file system without locks
        raise OSError(f"{path.parent} lies on a file system without locks") from error


def read_file(path: Path) -> ProgressRecord | None:
    """Read the file; None if there is none.

    Raises:
        NewerProgress: if a newer version of the course wrote it.
        DamagedProgress: if it is anything else than a progress file.
        OSError: if it cannot be opened, or is a device or a pipe.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(f"{path} is a device or a pipe, no file")  # it is not ours to move away
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    try:
        return read_record(data)
    except NewerProgress as error:
        raise NewerProgress(f"{path}: {error}") from None
    except ValueError as error:
        raise DamagedProgress(str(error)) from None


def read_or_set_aside(path: Path) -> ProgressRecord | None:
    """Read the file; a damaged one is renamed to ``progress.corrupt-1.json``, or the next number.

    Call it within ``locked``, or two notebooks may set aside what one of them has just begun.

    Warns:
        ProgressSetAside: naming both files and the damage.
    """
    try:
        return read_file(path)
    except DamagedProgress as error:
        damage = str(error)
    kept = _free_name(path)
    path.rename(kept)
    warnings.warn(
        f"{path} could not be read ({damage}). It is kept as {kept.name}, and a new progress file "
        "begins. If you have an export, bring it back with `mlp-course progress --import FILE`.",
        ProgressSetAside,
        stacklevel=2,
    )
    return None


def write_file(path: Path, record: ProgressRecord) -> None:
    """Put a record on disk: whole or not at all, whatever happens in between.

    Raises:
        OSError: if it cannot be written; the old file is as it was.
        ValueError: if what was written could not be read again; then nothing is.
    """
    data = record.to_json().encode()
    read_record(data)

    def write(part: Path) -> None:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the new name without content

    write_whole(path, write)


def _free_name(path: Path) -> Path:
    numbers = iter(range(1, 10_000))
    return next(
        name
        for n in numbers
        if not (name := path.with_name(f"{path.stem}.corrupt-{n}{path.suffix}")).exists()
    )
