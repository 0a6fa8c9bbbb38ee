"""The store of labels: extended XYZ that any program reads, written so that a kill costs nothing.

A store ``labels.xyz`` may have company:

| file | what |
| --- | --- |
| ``labels.xyz`` | finished labels, one extended-XYZ frame each, on disk before they count |
| ``labels.refused.xyz`` | the quarantine: configurations without a label, each with its reason |
| ``labels.spool/`` | finished work that a killed run had not yet taken into the store |
| ``labels.xyz.lock`` | held while a run writes |
"""

import contextlib
import hashlib
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from ase import Atoms
from filelock import FileLock, Timeout

from mlp_course.reference.configuration import geometry_key
from mlp_course.reference.frame_file import FrameFile, is_refusal, is_whole, key_and_method


class LabelStore:
    """Labels and refusals of one or more methods, in files that survive a kill at any moment.

    Args:
        path: an extended-XYZ file, made with its folder if missing.

    Raises:
        ValueError: if the file holds something else; it is left as it is.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from mlp_course.reference.jobs import single_point
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> with TemporaryDirectory() as folder:
        ...     store = LabelStore(Path(folder) / "labels.xyz")
        ...     store.add([single_point(h2, "emt", method="emt")])
        ...     (h2, "emt") in store, len(read_labels(store.path))
        (True, 1)
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.spool = self.path.with_suffix(".spool")
        self._one_at_a_time = threading.Lock()
        self._open()

    def _open(self) -> None:
        """Read both files."""
        self.labels = FrameFile(self.path)
        self.refused = FrameFile(self.path.with_suffix(f".refused{self.path.suffix}"))

    def __contains__(self, which: tuple[Atoms, str]) -> bool:
        """Tell whether this geometry was given a label or a refusal by this method."""
        atoms, method = which
        key = (geometry_key(atoms), method)
        return key in self.labels or key in self.refused

    def add(self, texts: Iterable[str]) -> None:
        """Append frames made by ``single_point``; refusals go to the quarantine."""
        texts = list(texts)
        with self._one_at_a_time:  # several threads may share a store
            for file, refused in ((self.labels, False), (self.refused, True)):
                own = [text for text in texts if is_refusal(text) is refused]
                if own:
                    file.append(own)
        for text in texts:
            spooled(self.spool, text).unlink(missing_ok=True)

    def collect(self) -> None:
        """Take in what a killed run had finished; a file damaged by a power cut is dropped."""
        if not self.spool.exists():
            return
        finished = sorted(self.spool.glob("*.xyz"))
        texts = [text for path in finished if is_whole(text := path.read_text(encoding="utf-8"))]
        known = self.labels.places.keys() | self.refused.places.keys()
        self.add(text for text in texts if key_and_method(text) not in known)
        for path in [*finished, *self.spool.glob("*.part")]:  # taken in, known, or half written
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a worker of the killed run may still leave a label
            self.spool.rmdir()

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other runs from writing within a ``with``; a killed run does not hold the lock.

        What another run has written since the store was opened is read now.

        Raises:
            RuntimeError: if another run writes to the store now.
        """
        lock = FileLock(f"{self.path}.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise RuntimeError(
                f"another run is writing to {self.path}: wait for it, or name another store"
            ) from None
        try:
            self._open()
            yield
        finally:
            lock.release()


def read_labels(store: str | Path, *, method: str | None = None) -> list[Atoms]:
    """Read a store's labels; nothing is changed, and a run may be writing.

    Args:
        store: the file that ``label`` was given.
        method: whose labels; may be left out if the store has those of one method only.

    Returns:
        Configurations in the order in which they were finished, each with its energy (eV) and
        forces (eV/Å, shape (n_atoms, 3)) in a SinglePointCalculator; ``atoms.info`` holds what it
        held before, and ``label_method``, ``label_key``, ``label_seconds``.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the store holds labels of several methods and none is named, or has none of
            the one that is; or if the file is no store.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from mlp_course.reference.jobs import single_point
        >>> with TemporaryDirectory() as folder:
        ...     store = LabelStore(Path(folder) / "labels.xyz")
        ...     store.add([single_point(Atoms("H"), "emt", method="emt")])
        ...     [labelled] = read_labels(store.path)
        >>> labelled.get_forces().tolist()
        [[0.0, 0.0, 0.0]]
    """
    path = Path(store)
    if not path.exists():
        raise FileNotFoundError(f"there is no store of labels {path}")
    file = FrameFile(path)
    methods = sorted({name for _, name in file.places})
    if method is None and len(methods) > 1:
        raise ValueError(
            f"{path} holds labels of {len(methods)} methods, whose energies must not be mixed: "
            f"choose method={' or '.join(map(repr, methods))}"
        )
    if method is not None and method not in methods:
        raise ValueError(f"{path} has no labels of {method!r}; it has those of {methods}")
    return list(file.read([w for w in file.places if method in (None, w[1])]))


def spooled(spool: Path, text: str) -> Path:
    """Where a worker leaves a finished frame."""
    return spool_path(spool, *key_and_method(text))


def spool_path(spool: Path, key: str, method: str) -> Path:
    """Where a worker leaves the frame with this key and method."""
    return spool / f"{key}-{hashlib.sha256(method.encode()).hexdigest()[:8]}.xyz"
