"""The store of labels: extended XYZ that any program reads, written so that a kill costs nothing.

A store ``labels.xyz`` may have company:

| file | what |
| --- | --- |
| ``labels.xyz`` | finished labels, one extended-XYZ frame each, on disk before they count |
| ``labels.refused.xyz`` | the quarantine: configurations without a label, each with its reason |
| ``labels.spool/`` | finished work that a killed run had not yet taken into the store |
| ``labels.xyz.lock`` | held while a run writes |
"""

import hashlib
import io
import os
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import ase.io
import numpy as np
from ase import Atoms
from filelock import FileLock, Timeout

_KEY = re.compile(rb"(?:^|\s)label_key=([0-9a-f]{24})(?:\s|$)")
_METHOD = re.compile(rb'(?:^|\s)label_method=("(?:[^"\\]|\\.)*"|\S+)')
_REFUSED = re.compile(r"(?:^|\s)label_seconds=\S+ label_refused=")
_CUT = re.compile(rb"\d+(\n(.*))?", re.DOTALL)
_BEGINNINGS = (b"Properties=", b'Lattice="')  # of the comment line of a frame


def geometry_key(atoms: Atoms) -> str:
    """Name a geometry: a digest of elements, positions (to 1e-8 Å) and, if periodic, the cell.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
        >>> moved = water.copy()
        >>> moved.positions += 1e-6
        >>> geometry_key(water) == geometry_key(water.copy()), geometry_key(water) == geometry_key(moved)
        (True, False)
    """  # noqa: E501
    text = atoms.get_atomic_numbers().tobytes() + _rounded(atoms.positions).tobytes()
    if atoms.pbc.any():
        text += atoms.pbc.tobytes() + _rounded(atoms.cell.array).tobytes()
    return hashlib.sha256(text).hexdigest()[:24]


def _rounded(values: np.ndarray) -> np.ndarray:
    """Round to what the files keep; adding 0 makes -0 and 0 the same number."""
    return np.round(values, 8) + 0.0


@dataclass(frozen=True)
class _Place:
    """Where one frame of a file begins and ends, and what it is."""

    key: str
    method: str
    start: int
    end: int


class FrameFile:
    """An extended-XYZ file that only grows; each frame has a key and a method.

    Args:
        path: the file; need not exist yet.

    Raises:
        ValueError: if it holds something else; the file is left as it is.
    """

    def __init__(self, path: Path):
        self.path = path
        self.places: dict[tuple[str, str], _Place] = {}
        self.size = 0  # bytes that belong to whole frames
        if path.exists():
            self._index(path.read_bytes())

    def __contains__(self, which: tuple[str, str]) -> bool:
        return which in self.places

    def append(self, texts: Iterable[str]) -> None:
        """Write frames and force them to disk; a frame cut short by a kill is written over.

        Raises:
            RuntimeError: if the file lost frames since it was read.
            ValueError: if a text is no frame; nothing is written then.
        """
        texts = list(texts)
        whole = "".join(texts).encode()
        if b"".join(_whole_frames(whole)) != whole:
            raise ValueError(
                "a label would not be a frame of extended XYZ: look for line breaks in atoms.info"
            )
        self.catch_up()
        data = "".join(text for text in texts if _place(text) not in self.places).encode()
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.truncate(self.size)
            file.seek(self.size)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._index(data)

    def catch_up(self) -> None:
        """Take in what others have written since the file was read.

        Raises:
            RuntimeError: if the file lost frames since then.
        """
        size = self.path.stat().st_size if self.path.exists() else 0
        if size < self.size:
            raise RuntimeError(
                f"{self.path} was cut or deleted while this run held it: start the run again; what "
                "it has finished lies in the .spool folder beside it"
            )
        if size > self.size:
            with self.path.open("rb") as file:
                file.seek(self.size)
                self._index(file.read())

    def read(self, which: Sequence[tuple[str, str]] | None = None) -> Iterator[Atoms]:
        """Frames in the order asked for; default: all in the order of the file."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for place in self.places.values() if which is None else map(self.places.get, which):
                file.seek(place.start)
                text = file.read(place.end - place.start).decode()
                yield ase.io.read(io.StringIO(text), format="extxyz")

    def _index(self, data: bytes) -> None:
        """Find the frames of what follows the ``size`` bytes known so far."""
        offset = self.size
        for text in _whole_frames(data):
            comment = text.split(b"\n", 2)[1]
            key, method = _KEY.search(comment), _METHOD.search(comment)
            if not (key and method):
                self._refuse()
            name = method[1].decode().strip('"').replace('\\"', '"')
            place = _Place(key[1].decode(), name, offset, offset + len(text))
            self.places[place.key, name] = place
            offset = place.end
        rest = data[offset - self.size :]
        self.size = offset
        if rest and not _is_cut_short(rest):
            self._refuse()

    def _refuse(self) -> NoReturn:
        raise ValueError(
            f"{self.path} is no store of labels; it is left as it is: name another file, or move "
            "this one away if it is a damaged store"
        )


def _is_cut_short(rest: bytes) -> bool:
    r"""Tell the beginning of one frame, cut anywhere, from something that must not be written over.

    Example:
        >>> _is_cut_short(b"2"), _is_cut_short(b"2\nProp"), _is_cut_short(b"2\nmy notes")
        (True, True, False)
    """
    cut = _CUT.fullmatch(rest)
    if cut is None:
        return False
    comment, broken, atoms = (cut[2] or b"").partition(b"\n")
    begun = any(comment.startswith(b) or b.startswith(comment) for b in _BEGINNINGS)
    return begun and (not broken or bool(_KEY.search(comment))) and not _KEY.search(atoms)


def _whole_frames(data: bytes) -> Iterator[bytes]:
    """Cut extended XYZ into frames; what does not end like a frame is not returned."""
    start = 0
    while True:
        line = data.find(b"\n", start)
        if line < 0 or not data[start:line].isdigit():
            return
        end = line + 1
        for _ in range(int(data[start:line]) + 1):  # the comment, and a line for each atom
            end = data.find(b"\n", end) + 1
            if end == 0:
                return
        yield data[start:end]
        start = end


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
        self.labels = FrameFile(self.path)
        self.refused = FrameFile(self.path.with_suffix(f".refused{self.path.suffix}"))
        self._one_at_a_time = threading.Lock()

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
        """Take in what a killed run had finished."""
        if not self.spool.exists():
            return
        finished = sorted(self.spool.glob("*.xyz"))
        texts = [path.read_text() for path in finished]
        places = [_place(text) for text in texts]
        known = self.labels.places.keys() | self.refused.places.keys()
        self.add(text for text, which in zip(texts, places, strict=True) if which not in known)
        for path in (*finished, *self.spool.glob("*.part")):  # known already, or half written
            path.unlink(missing_ok=True)
        with suppress(OSError):  # a worker that outlived its run has just left another one
            self.spool.rmdir()

    def lock(self) -> FileLock:
        """Keep other runs from writing as long as it is held; a killed run does not hold it.

        What others wrote before is known from here on.

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
            for file in (self.labels, self.refused):
                file.catch_up()
        except BaseException:
            lock.release()
            raise
        return lock


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
    methods = sorted({place.method for place in file.places.values()})
    if method is None and len(methods) > 1:
        raise ValueError(
            f"{path} holds labels of {len(methods)} methods, whose energies must not be mixed: "
            f"choose method={' or '.join(map(repr, methods))}"
        )
    if method is not None and method not in methods:
        raise ValueError(f"{path} has no labels of {method!r}; it has those of {methods}")
    return list(file.read([w for w in file.places if method in (None, w[1])]))


def is_refusal(text: str) -> bool:
    """Tell a refusal from a label by its comment line."""
    return _REFUSED.search(text.split("\n", 2)[1]) is not None


def spooled(spool: Path, text: str) -> Path:
    """Where a worker leaves a finished frame."""
    key, method = _place(text)
    return spool_path(spool, key, method)


def spool_path(spool: Path, key: str, method: str) -> Path:
    """Where a worker leaves the frame with this key and method."""
    return spool / f"{key}-{hashlib.sha256(method.encode()).hexdigest()[:8]}.xyz"


def _place(text: str) -> tuple[str, str]:
    comment = text.split("\n", 2)[1].encode()
    method = _METHOD.search(comment)[1].decode().strip('"').replace('\\"', '"')
    return _KEY.search(comment)[1].decode(), method
