"""Files that are no progress files: kept aside, said so, begun anew; newer ones are refused."""

import json
import multiprocessing
import os
import shutil
import warnings

import pytest

from mlp_course.teaching.progress import (
    NewerProgress,
    Progress,
    ProgressNotSaved,
    ProgressSetAside,
)
from mlp_course.teaching.progress.records import LARGEST

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def path(tmp_path):
    progress = Progress.open(tmp_path / "progress.json")
    progress.record_attempt("q06_1", 1, 2, mistake="sign")
    progress.record_assessment("r06_1", 1, 2, {"row": True})
    return progress.path


def _changed(path, change):
    fields = json.loads(path.read_text())
    change(fields)
    return json.dumps(fields).encode()


WRONG = {
    "points as text": lambda f: f["questions"]["q06_1"].update(points="1"),
    "points are true": lambda f: f["questions"]["q06_1"].update(points=True),
    "more than possible": lambda f: f["questions"]["q06_1"].update(points=3.0),
    "not a number": lambda f: f["questions"]["q06_1"].update(points=float("nan")),
    "infinite": lambda f: f["questions"]["q06_1"].update(possible=float("inf")),
    "negative count": lambda f: f["questions"]["q06_1"]["tallies"].update(x={"attempts": -1}),
    "huge count": lambda f: f["questions"]["q06_1"]["tallies"].update(x={"attempts": 1e300}),
    "no such day": lambda f: f["questions"]["q06_1"].update(last="2026-02-30T00:00:00Z"),
    "no time zone": lambda f: f["questions"]["q06_1"].update(last="2026-02-03T00:00:00"),
    "rows are a list": lambda f: f["assessments"]["r06_1"].update(rows=[True]),
    "unknown field": lambda f: f.update(marks=[]),
    "without version": lambda f: f.pop("version"),
    "old version": lambda f: f.update(version=0),
    "version as text": lambda f: f.update(version="2"),
    "version is true": lambda f: f.update(version=True),
    "questions are a list": lambda f: f.update(questions=[]),
}


@pytest.mark.parametrize("damage", WRONG)
def test_wrong_content_is_set_aside(path, damage):
    """Every wrong type or value is named, the file kept to the byte, and a new one begun."""
    data = _changed(path, WRONG[damage])
    _check_set_aside(path, data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'{"version": 1}',
        b'{"version": ' + b"9" * 5000 + b"}",
        bytes(range(256)) * 40,
        b"\xff\xfe{\x00}\x00",
        b"\x00" * 4096,
        b"[" * 200_000,
        b'{"a":' * 100_000,
    ],
    ids=[
        "empty",
        "null",
        "list",
        "1",
        "bare",
        "digits",
        "binary",
        "utf16",
        "zeros",
        "deep",
        "deeper",
    ],
)
def test_rubbish_is_set_aside(path, data):
    """Empty, binary and absurdly nested files are set aside like any other."""
    _check_set_aside(path, data)


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
def test_truncated_file_is_set_aside(path, share):
    """A file cut off anywhere is set aside."""
    data = path.read_bytes()
    _check_set_aside(path, data[: int(share * len(data))])


def test_huge_file_is_set_aside_unread(path):
    """A file of 50 GB (with a hole in it) is renamed at once, without being read."""
    os.truncate(path, 50 * 10**9)
    with pytest.warns(ProgressSetAside, match=f"at most {LARGEST:,}"):
        assert Progress.open(path).record_attempt("q06_1", 0, 1) == 1
    assert path.with_name("progress.corrupt-1.json").stat().st_size == 50 * 10**9


def _check_set_aside(path, data):
    path.write_bytes(data)
    aside = path.with_name("progress.corrupt-1.json")
    with pytest.warns(ProgressSetAside) as said:
        progress = Progress.open(path)
    assert str(path) in str(said[0].message)
    assert aside.name in str(said[0].message)
    assert aside.read_bytes() == data
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # said once, not with every check
        assert progress.record_attempt("q06_1", 0, 1) == 1
    assert progress.assessment("r06_1") is None


def test_each_damaged_file_has_its_number(path):
    """A second damaged file does not replace the first one that was set aside."""
    for number in (1, 2, 3):
        path.write_text(f"rubbish {number}")
        with pytest.warns(ProgressSetAside, match=f"corrupt-{number}"):
            Progress.open(path)
    kept = [path.with_name(f"progress.corrupt-{n}.json").read_text() for n in (1, 2, 3)]
    assert kept == ["rubbish 1", "rubbish 2", "rubbish 3"]


def test_two_notebooks_find_the_same_damage(path, monkeypatch):
    """Only one of four processes sets a damaged file aside; what they record is all there."""
    monkeypatch.setattr("mlp_course.teaching.progress.files._PATIENCE", 100)  # busy machines
    path.write_text("rubbish")
    children = [FORK.Process(target=_record_in, args=(path,)) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert Progress.open(path).attempt("q06_1").failed == 20
    assert len(list(path.parent.glob("progress.corrupt-*"))) == 1


def _record_in(path):
    warnings.simplefilter("ignore")
    progress = Progress.open(path)
    for _ in range(5):
        progress.record_attempt("q06_1", 0, 1)


def test_file_damaged_while_the_notebook_runs(path):
    """A file that is spoilt between two checks is set aside at the next one."""
    progress = Progress.open(path)
    path.write_text("rubbish")
    with pytest.warns(ProgressSetAside):
        assert progress.record_attempt("q06_1", 0, 1) == 1


def test_newer_file_is_refused(path):
    """A file of a newer course is never overwritten, renamed or read; the message says update."""
    data = _changed(path, lambda fields: fields.update(version=2, more={}))
    progress = Progress.open(path)
    path.write_bytes(data)
    with pytest.raises(NewerProgress, match=r"version 2, and this course reads up to 1: update"):
        Progress.open(path)
    with pytest.raises(NewerProgress, match=r"progress\.json"):
        progress.record_attempt("q06_1", 1, 1)
    assert path.read_bytes() == data
    assert not list(path.parent.glob("*corrupt*"))


def test_file_vanishes_while_the_notebook_runs(path):
    """If somebody deletes the whole folder, a new one is made at the next check."""
    progress = Progress.open(path)
    shutil.rmtree(path.parent)
    assert progress.record_attempt("q06_1", 0, 1) == 1
    assert path.is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_device_is_never_moved_away(tmp_path):
    """/dev/null as progress file must not be renamed: what is no plain file is left alone."""
    pipe = tmp_path / "progress.json"
    os.mkfifo(pipe)
    with pytest.warns(ProgressNotSaved, match="a device or a pipe"):
        Progress.open(pipe).record_attempt("q06_1", 1, 2)
    assert pipe.is_fifo()
    assert not list(tmp_path.glob("*corrupt*"))
