"""A file that only grows: extended XYZ whose frames each have a key and a method."""

import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import ase.io
from ase import Atoms

_KEY = re.compile(rb"(?:^|\s)label_key=([0-9a-f]{24})(?:\s|$)")
_METHOD = re.compile(rb'(?:^|\s)label_method=(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_REFUSED = re.compile(r"\slabel_seconds=\S+ label_refused=")
_BEGINNINGS = (b"Lattice=", b"Properties=")  # of a comment line that ASE writes


@dataclass(frozen=True)
class _Place:
    """Where one frame of a file begins and ends."""

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
        if not is_whole("".join(texts)):
            raise ValueError(
                "a label would not be a frame of extended XYZ: look for line breaks in atoms.info"
            )
        self.catch_up()
        new = (text for text in texts if key_and_method(text) not in self.places)
        data = "".join(new).encode()
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
            which = _named(text.split(b"\n", 2)[1])
            if which is None:
                self._refuse()
            self.places[which] = _Place(offset, offset + len(text))
            offset += len(text)
        rest = data[offset - self.size :]
        self.size = offset
        if rest and not _is_beginning(rest):
            self._refuse()

    def _refuse(self) -> NoReturn:
        raise ValueError(
            f"{self.path} is no store of labels; it is left as it is: name another file, or move "
            "this one away if it is a damaged store"
        )


def key_and_method(text: str) -> tuple[str, str]:
    r"""Key and method of a frame that ``single_point`` wrote.

    Example:
        >>> comment = "Properties=... label_key=0123456789abcdef01234567 label_method=emt"
        >>> key_and_method("\n".join(["1", comment, "H 0 0 0"]))
        ('0123456789abcdef01234567', 'emt')
    """
    return _named(text.split("\n", 2)[1].encode())


def is_refusal(text: str) -> bool:
    """Tell a refusal from a label by its comment line."""
    return _REFUSED.search(text.split("\n", 2)[1]) is not None


def is_whole(text: str) -> bool:
    r"""Tell whole frames of extended XYZ from text that was cut short, and from no text.

    Example:
        >>> is_whole("1\n\nH 0 0 0\n"), is_whole("1\n\nH 0 0"), is_whole("")
        (True, False, False)
    """
    data = text.encode()
    return bool(data) and b"".join(_whole_frames(data)) == data


def _named(comment: bytes) -> tuple[str, str] | None:
    """Key and method of a comment line, or None if it has none."""
    key, method = _KEY.search(comment), _METHOD.search(comment)
    if not (key and method):
        return None
    quoted, plain = method.groups()
    name = plain if quoted is None else quoted.replace(b'\\"', b'"')
    return key[1].decode(), name.decode()


def _is_beginning(rest: bytes) -> bool:
    """Tell whether this may be a frame of ours that a kill cut short."""
    count, _, after = rest.partition(b"\n")
    comment, whole, atoms = after.partition(b"\n")
    if not count.isdigit():
        return False
    if whole:  # atoms that hold a key are whole frames, behind a wrong number of atoms
        return _named(comment) is not None and not _KEY.search(atoms)
    return any(comment.startswith(word) or word.startswith(comment) for word in _BEGINNINGS)


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
