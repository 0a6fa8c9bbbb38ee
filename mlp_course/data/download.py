"""Downloads: a file is either the right one, or it is not there."""

import hashlib
import os
import time
from pathlib import Path

import pooch
import requests
from tqdm.auto import tqdm

__all__ = ["ChecksumError", "DownloadError", "find_file", "sha256_of"]

ENVIRONMENT_VARIABLE = "MLP_COURSE_DATA"
ATTEMPTS = 3
TIMEOUT_S = (10, 30)  # to connect, to wait for the next bytes

_WAIT_S = 1.0  # before the second attempt; doubled for each further one
_CHUNK = 64 * 1024


class DownloadError(ConnectionError):
    """A file could not be fetched; the message says where to put it by hand."""


class ChecksumError(ValueError):
    """A file is not the one that was published."""


def find_file(
    name: str, *, url: str, sha256: str | None, folder: str, root: str | os.PathLike | None = None
) -> Path:
    """Give the path of a data file, downloading it only if nobody named a folder that has it.

    The order is: ``root``, then the environment variable ``MLP_COURSE_DATA`` (with either of them
    the network is never touched), then the user's cache, then the network.

    Args:
        name: file name.
        url: full address of the file.
        sha256: published SHA-256, hexadecimal; None if nobody published one.
        folder: folder inside the cache, and optionally inside ``root``.
        root: folder that holds the file, itself or in ``folder``.

    Returns:
        Path of a file whose checksum was compared just now (if there is one to compare).

    Raises:
        FileNotFoundError: if ``root`` or ``MLP_COURSE_DATA`` is set and the file is not there.
        ChecksumError: if the file, found or downloaded, is not the published one.
        DownloadError: if it could not be fetched.
    """
    chosen = _chosen_folder(root)
    if chosen is not None:
        path = _in_folder(name, chosen, folder)
        if not _matches(path, sha256):
            raise ChecksumError(_mismatch(path, sha256) + f" Replace it by the file at {url}")
        return path
    cache = Path(pooch.os_cache("mlp_course")) / folder
    if (cache / name).exists() and not _matches(cache / name, sha256):
        _set_aside(cache / name)
    if not (cache / name).exists():
        _download(url, cache / name, sha256)
    return cache / name


def is_on_disk(name: str, *, folder: str, root: str | os.PathLike | None = None) -> bool:
    """Tell whether `find_file` would find a file without the network, whatever is in it."""
    chosen = _chosen_folder(root)
    if chosen is None:
        return (Path(pooch.os_cache("mlp_course")) / folder / name).is_file()
    return any(path.is_file() for path in (chosen / name, chosen / folder / name))


def _chosen_folder(root: str | os.PathLike | None) -> Path | None:
    """Folder that ``root`` or the environment names; None leaves the cache and the network."""
    chosen = root if root is not None else os.environ.get(ENVIRONMENT_VARIABLE)
    return Path(chosen).expanduser() if chosen else None


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _in_folder(name: str, root: Path, folder: str) -> Path:
    """Look for a file in a folder of the user's; never anywhere else."""
    for path in (root / name, root / folder / name):
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"{name} is neither in {root} nor in {root / folder}. Put it there, or leave out root= and "
        f"unset {ENVIRONMENT_VARIABLE} to download it"
    )


def _matches(path: Path, sha256: str | None) -> bool:
    """Compare a file with its published checksum; without one, everything matches."""
    return sha256 is None or sha256_of(path) == sha256


def _mismatch(path: Path, sha256: str | None) -> str:
    """Say that a file has the wrong content."""
    return (
        f"{path} is not the published file and is not used: "
        f"its SHA-256 is {sha256_of(path)}, it must be {sha256}."
    )


def _set_aside(path: Path, name: str | None = None) -> Path:
    """Keep a wrong file for inspection, under a name that nothing reads."""
    aside = path.with_name(f"{name or path.name}.wrong-checksum")
    path.replace(aside)
    return aside


def _download(url: str, path: Path, sha256: str | None) -> None:
    """Fetch a file in a few attempts; pooch gives it its final name only when it is complete."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pooch.retrieve(
            url,
            known_hash=sha256 and f"sha256:{sha256}",
            fname=path.name,
            path=path.parent,
            downloader=_Downloader(sha256),
        )
    except requests.RequestException as error:
        raise DownloadError(
            f"{path.name} could not be downloaded from {url} ({_reason(error)}): put it into "
            f"{path.parent} by hand, set {ENVIRONMENT_VARIABLE} to a folder that has it, or work "
            'offline with load_embedded("ethanol/500K").'
        ) from None
    except OSError as error:  # the cache cannot be written
        raise DownloadError(
            f"{path.name} cannot be kept in {path.parent} ({error.strerror or error}): set "
            f"{ENVIRONMENT_VARIABLE} to a folder that has it, or work offline with "
            'load_embedded("ethanol/500K").'
        ) from None


class _Downloader:
    """Fetch to a temporary file of pooch's, with a progress bar, retries and a last look."""

    def __init__(self, sha256: str | None) -> None:
        self.sha256 = sha256

    def __call__(self, url: str, output_file: str, _pooch: object = None) -> None:
        """Download ``url`` to ``output_file``; keep a wrong file aside and refuse it."""
        self._fetch_with_retries(url, output_file)
        if not _matches(Path(output_file), self.sha256):
            # One more time: a proxy may have cut it short without saying so.
            self._fetch_with_retries(url, output_file)
        if not _matches(Path(output_file), self.sha256):
            message = _mismatch(Path(output_file), self.sha256)
            aside = _set_aside(Path(output_file), name=url.rsplit("/", 1)[-1])
            raise ChecksumError(f"{message.replace(output_file, url)} It was kept as {aside}")

    def _fetch_with_retries(self, url: str, output_file: str) -> None:
        wait = _WAIT_S
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._fetch(url, output_file)
            except requests.RequestException as error:
                if attempt == ATTEMPTS or not _worth_retrying(error):
                    raise
            time.sleep(wait)
            wait *= 2
        return None

    def _fetch(self, url: str, output_file: str) -> None:
        name = url.rsplit("/", 1)[-1]
        # pooch sets the total; a bar that starts without one has no truth value and fails there.
        with tqdm(desc=name, total=1, unit="B", unit_scale=True, leave=False) as bar:
            fetch = pooch.HTTPDownloader(progressbar=bar, chunk_size=_CHUNK, timeout=TIMEOUT_S)
            fetch(url, output_file, None)


def _worth_retrying(error: requests.RequestException) -> bool:
    """A server that says 'there is no such file' will say it again."""
    response = error.response
    return response is None or response.status_code >= 500 or response.status_code == 429


def _reason(error: requests.RequestException) -> str:
    """Say in a few words why a request failed."""
    if error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "the server did not answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off in the middle"
    return "no connection"
