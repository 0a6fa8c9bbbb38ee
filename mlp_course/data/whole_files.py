"""Files that are there whole or not at all."""

from collections.abc import Callable
from pathlib import Path


def write_whole(
    path: str | Path, write: Callable[[Path], object], *, part: Path | None = None
) -> Path:
    """Have a file written beside its place and put there when it is whole.

    Args:
        path: of the file; missing folders are made.
        write: called with the path to write to.
        part: that path, in the same folder; None is the name with ``.part`` before the suffix.
            Where several processes write one file each needs its own.

    Returns:
        The path.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = write_whole(f"{folder}/a/note.txt", lambda part: part.write_text("whole"))
        ...     path.read_text(), [file.name for file in path.parent.iterdir()]
        ('whole', ['note.txt'])
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = part or path.with_suffix(f".part{path.suffix}")
    part.unlink(missing_ok=True)
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
