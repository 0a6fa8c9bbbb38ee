"""One learner's record between memory and disk: nothing is lost while the disk refuses."""

import errno
import warnings
from collections.abc import Callable
from pathlib import Path

from mlp_course.teaching.progress.files import (
    VARIABLE,
    DamagedProgress,
    locked,
    new_record,
    read_file,
    read_or_set_aside,
    write_file,
)
from mlp_course.teaching.progress.merging import merge
from mlp_course.teaching.progress.records import ProgressRecord

#: What could not be written, by file; the next write that succeeds takes it along.
_unsaved: dict[Path, ProgressRecord] = {}


class ProgressNotSaved(UserWarning):
    """The progress file cannot be written; marks are shown all the same."""


class Storage:
    """A progress file that several notebooks read and write, and what it could not take yet.

    Args:
        path: of the file.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     storage = Storage(Path(folder) / "progress.json")
        ...     written = storage.write(lambda record: record)
        ...     storage.read() == written
        True
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def saved(self) -> bool:
        """Whether everything that was recorded in this process is on disk."""
        return self.path not in _unsaved

    def read(self) -> ProgressRecord:
        """Everything that is known now: the file, and what could not be written to it."""
        try:
            on_disk = read_file(self.path)
        except OSError as error:
            _warn(self.path, error)
            on_disk = None
        except ValueError:  # damaged, or newer: then it raises here, too
            on_disk = self._set_aside()
        return self._with_unsaved(on_disk or new_record())

    def write(self, change: Callable[[ProgressRecord], ProgressRecord]) -> ProgressRecord:
        """Read, change and write under the lock; what cannot be written stays in memory.

        Args:
            change: makes the new record from everything that is known.

        Returns:
            The new record.

        Raises:
            NewerProgress: if a newer version of the course wrote the file.

        Warns:
            ProgressNotSaved: if the record stays in memory.
            ProgressSetAside: if a damaged file was set aside.
        """
        try:
            with locked(self.path):
                on_disk = read_or_set_aside(self.path) or new_record()
                record = change(self._with_unsaved(on_disk))
                write_file(self.path, record)
        except OSError as error:
            _warn(self.path, error)
            record = _unsaved[self.path] = change(self._in_memory())
        else:
            _unsaved.pop(self.path, None)
        return record

    def _set_aside(self) -> ProgressRecord | None:
        """Move a damaged file out of the way, unless another notebook has just done so."""
        try:
            with locked(self.path):
                return read_or_set_aside(self.path)
        except OSError as error:
            _warn(self.path, error)
            return None

    def _in_memory(self) -> ProgressRecord:
        """Everything that is known, counting from now on in a folder that only memory holds."""
        unsaved = _unsaved.get(self.path) or new_record()
        try:
            on_disk = read_file(self.path)
        except (OSError, DamagedProgress):  # of which the warning has told
            on_disk = None
        return merge(unsaved, on_disk) if on_disk else unsaved

    def _with_unsaved(self, record: ProgressRecord) -> ProgressRecord:
        unsaved = _unsaved.get(self.path)
        return merge(record, unsaved) if unsaved else record


def _warn(path: Path, error: OSError) -> None:
    """Say that a file cannot be used, why, and what to do; one line."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            why = "the disk is full, or your quota is: delete something"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            why = f"{path.parent} may not be written to: name another file in {VARIABLE}"
        case _ if isinstance(error, TimeoutError):
            why = "another notebook is writing to it: close the one that hangs"
        case _:
            why = f"{error}: name another file in {VARIABLE}"
    warnings.warn(
        f"Your progress cannot be kept in {path}: {why}. Marks are shown all the same, and are "
        "saved with the next check that can write, as long as this notebook's kernel runs.",
        ProgressNotSaved,
        stacklevel=2,
    )
