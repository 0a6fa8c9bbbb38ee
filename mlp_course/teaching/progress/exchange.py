"""Carry progress from one place to another: out of Binder before its disk dies, and back in."""

from dataclasses import dataclass
from pathlib import Path

from mlp_course.data.whole_files import write_whole
from mlp_course.teaching.progress.progress import Progress
from mlp_course.teaching.progress.records import (
    LARGEST,
    NewerProgress,
    ProgressRecord,
    read_record,
)


@dataclass(frozen=True)
class Imported:
    """What an import changed.

    Attributes:
        before: the record before it.
        after: the record after it.
    """

    before: ProgressRecord
    after: ProgressRecord

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the questions, items, quizzes and lessons that the import added to."""
        kinds = ("questions", "assessments", "ticks", "quizzes", "books")
        pairs = [(getattr(self.before, kind), getattr(self.after, kind)) for kind in kinds]
        return tuple(
            sorted(name for old, new in pairs for name in new if new[name] != old.get(name))
        )

    def __repr__(self) -> str:
        if not self.changed:
            return "nothing new in it"
        return f"taken in: {', '.join(self.changed)}"


def export_progress(progress: Progress, path: str | Path) -> Path:
    """Write a copy of the progress to a file, to be imported elsewhere.

    Args:
        progress: of the learner.
        path: of the copy.

    Returns:
        The path.

    Raises:
        ValueError: if the path is the progress file itself.
    """
    path = Path(path).expanduser()
    if path.resolve() == progress.path:
        raise ValueError(f"{path} is the progress file itself: export to another name")
    text = progress.record().to_json()
    return write_whole(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))


def import_progress(progress: Progress, source: str | Path | bytes) -> Imported:
    """Take in an exported file; doing it twice changes nothing more.

    Args:
        progress: of the learner; it keeps the best points, the latest judgements and ticks, and
            counts every attempt once.
        source: the file, or its content.

    Returns:
        What changed.

    Raises:
        NewerProgress: if a newer version of the course wrote the file.
        ValueError: if it is no progress file. The learner's own file is left as it is.
        OSError: if it cannot be opened.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     binder = Progress.open(f"{folder}/binder.json")
        ...     _ = binder.record_attempt("q06_1", 2, 3)
        ...     file = export_progress(binder, f"{folder}/export.json")
        ...     home = Progress.open(f"{folder}/home.json")
        ...     import_progress(home, file), import_progress(home, file)
        (taken in: 06, q06_1, nothing new in it)
    """
    name, data = "the file", source
    if not isinstance(source, bytes):
        name = str(source)
        with Path(source).expanduser().open("rb") as file:
            data = file.read(LARGEST + 1)
    try:
        other = read_record(data)
    except NewerProgress as error:
        raise NewerProgress(f"{name} was not imported: {error}") from None
    except ValueError as error:
        raise ValueError(f"{name} was not imported: {error}") from None
    before = progress.record()
    return Imported(before, progress.include(other))
