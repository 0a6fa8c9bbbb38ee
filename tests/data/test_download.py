"""Downloads against a server that misbehaves."""

import hashlib
import socket

import pytest

from mlp_course.data import ChecksumError, DownloadError
from mlp_course.data.download import ATTEMPTS, find_file

NAME = "file.npz"
CONTENT = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def fetch(site_url, sha256=SHA256, **kwargs):
    return find_file(NAME, url=site_url + NAME, sha256=sha256, folder="rmd17", **kwargs)


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_second_call_reads_the_cache(cache, server, behave):
    """A file is fetched once; afterwards the server is not asked."""
    site = server(behave.send(CONTENT))
    assert fetch(site.url) == cache / "rmd17" / NAME
    assert fetch(site.url).read_bytes() == CONTENT
    assert len(site.requests) == 1
    assert files_in(cache) == [NAME]


def test_progress_is_shown(cache, server, behave, capsys):
    """A download shows a bar with the file's name and size."""
    fetch(server(behave.send(CONTENT)).url)
    shown = capsys.readouterr().err
    assert f"{NAME}:" in shown
    assert "/256k" in shown


def test_two_server_errors_are_survived(cache, server, behave):
    """500 twice, then the file: the third attempt succeeds."""
    site = server(behave.fail(500), behave.fail(500), behave.send(CONTENT))
    assert fetch(site.url).read_bytes() == CONTENT
    assert len(site.requests) == 3


def test_server_that_stays_broken(cache, server, behave):
    """After the last attempt the message says what the server said; the cache stays empty."""
    site = server(behave.fail(500))
    with pytest.raises(DownloadError, match="the server answered 500"):
        fetch(site.url)
    assert len(site.requests) == ATTEMPTS
    assert files_in(cache) == []


def test_missing_file_is_not_asked_for_again(cache, server, behave):
    """404 is final."""
    site = server(behave.fail(404))
    with pytest.raises(DownloadError, match="the server answered 404"):
        fetch(site.url)
    assert len(site.requests) == 1


@pytest.mark.parametrize("kind", ["truncate", "cut_short"])
def test_broken_off_download_is_restarted(cache, server, behave, kind):
    """A download that breaks off is started again; no half file is left."""
    site = server(getattr(behave, kind)(CONTENT), behave.send(CONTENT))
    assert fetch(site.url).read_bytes() == CONTENT
    assert len(site.requests) == 2
    assert files_in(cache) == [NAME]


def test_download_that_always_breaks_off(cache, server, behave):
    """If it breaks off every time, nothing half-written stays in the cache."""
    site = server(behave.truncate(CONTENT))
    with pytest.raises(DownloadError, match="the connection broke off in the middle"):
        fetch(site.url)
    assert files_in(cache) == []


def test_wrong_bytes_are_kept_aside(cache, server, behave):
    """A file with the wrong checksum is kept under a name that nothing reads, and refused."""
    site = server(behave.send(b"something else"))
    with pytest.raises(
        ChecksumError, match=f"it must be {SHA256}. It was kept as .*wrong-checksum"
    ):
        fetch(site.url)
    assert files_in(cache) == [f"{NAME}.wrong-checksum"]
    with pytest.raises(ChecksumError):
        fetch(site.url)


def test_spoilt_cache_is_replaced(cache, server, behave):
    """A cached file that changed is set aside and fetched again."""
    site = server(behave.send(CONTENT))
    fetch(site.url).write_bytes(b"spoilt")
    assert fetch(site.url).read_bytes() == CONTENT
    assert files_in(cache) == [NAME, f"{NAME}.wrong-checksum"]


def test_a_cache_that_cannot_be_written_names_the_cure(cache, server, behave):
    """Where the home folder is read-only: no bare error of the operating system."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text("a file in place of the folder", encoding="utf-8")
    with pytest.raises(DownloadError, match=r"cannot be kept in .*: set MLP_COURSE_DATA"):
        fetch(server(behave.send(CONTENT)).url)


def test_no_network(cache):
    """Without a network one sentence names the folder to fill by hand and the embedded data."""
    with socket.socket() as probe:  # a port that nobody listens on
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    with pytest.raises(DownloadError) as caught:
        fetch(url)
    message = str(caught.value)
    assert "no connection" in message
    assert f"put it into {cache / 'rmd17'} by hand" in message
    assert 'load_embedded("ethanol/500K")' in message
    assert "\n" not in message
    assert files_in(cache) == []


@pytest.mark.parametrize("sub", ["", "rmd17"])
@pytest.mark.parametrize("by", ["argument", "environment"])
def test_named_folder_is_used_without_network(
    cache, server, behave, tmp_path, monkeypatch, by, sub
):
    """With root= or MLP_COURSE_DATA the file is read there, directly or in a subfolder."""
    site = server(behave.send(CONTENT))
    place = tmp_path / "mine" / sub
    place.mkdir(parents=True)
    (place / NAME).write_bytes(CONTENT)
    if by == "environment":
        monkeypatch.setenv("MLP_COURSE_DATA", str(tmp_path / "mine"))
        assert fetch(site.url) == place / NAME
    else:
        assert fetch(site.url, root=tmp_path / "mine") == place / NAME
    assert site.requests == []


def test_missing_in_named_folder(cache, server, behave, tmp_path):
    """A file missing in a named folder is an error that names both; it is not downloaded."""
    site = server(behave.send(CONTENT))
    with pytest.raises(FileNotFoundError, match=f"{NAME} is neither in {tmp_path}"):
        fetch(site.url, root=tmp_path)
    assert site.requests == []


def test_wrong_file_in_named_folder(cache, server, behave, tmp_path):
    """A wrong file in a named folder is refused and left alone: the folder is not ours."""
    site = server(behave.send(CONTENT))
    (tmp_path / NAME).write_bytes(b"something else")
    with pytest.raises(ChecksumError, match="is not the published file and is not used"):
        fetch(site.url, root=tmp_path)
    assert (tmp_path / NAME).read_bytes() == b"something else"
    assert site.requests == []


def test_without_published_checksum(cache, server, behave):
    """Where nobody published a checksum, the file is taken as it comes."""
    site = server(behave.send(CONTENT))
    assert fetch(site.url, sha256=None).read_bytes() == CONTENT
