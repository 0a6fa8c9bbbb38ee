"""Kills, crowds, full disks and locked folders: the file stays valid, and nothing is lost."""

import contextlib
import errno
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import pytest

from mlp_course.teaching.progress import Progress, ProgressNotSaved
from mlp_course.teaching.progress.files import locked
from mlp_course.teaching.progress.records import read_record
from mlp_course.teaching.progress.storage import _unsaved

FORK = multiprocessing.get_context("fork")

NOBODY = 65534


@pytest.fixture
def path(tmp_path):
    return tmp_path / "progress.json"


@pytest.fixture
def open_folder():
    """A folder that every user may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="progress-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def record_many(path, name, n):
    progress = Progress.open(path)
    for _ in range(n):
        progress.record_attempt("q06_1", 0, 1)
        progress.record_attempt(f"q06_{name}", 1, 1)


def test_notebooks_at_once_lose_nothing(path, monkeypatch):
    """Of 4 processes with 25 attempts each at one question, all 100 are counted."""
    monkeypatch.setattr("mlp_course.teaching.progress.files._PATIENCE", 100)  # busy machines
    children = [FORK.Process(target=record_many, args=(path, n, 25)) for n in range(10, 14)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    progress = Progress.open(path)
    assert [child.exitcode for child in children] == [0] * 4
    assert progress.attempt("q06_1").failed == 100
    assert [progress.attempt(f"q06_{n}").attempts for n in range(10, 14)] == [25] * 4


def test_kill_at_any_moment(path):
    """Killed 25 times at random, a file is whole each time, and has every reported attempt."""
    rng = random.Random(0)
    for _ in range(25):
        here, there = FORK.Pipe()
        before = _failed(path)

        def work(end=there):
            progress = Progress.open(path)
            while True:
                end.send(progress.record_attempt("q06_1", 0, 1))

        child = FORK.Process(target=work)
        child.start()
        reported = here.recv()  # it has begun to write
        time.sleep(rng.uniform(0, 0.03))
        child.kill()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        while here.poll():
            reported = here.recv()
        assert before < reported <= _failed(path) <= reported + 1


def _failed(path):
    return read_record(path.read_bytes()).questions["q06_1"].failed if path.exists() else 0


def die_at_line(path, number):
    """Record an attempt, but die by SIGKILL before the n-th line of the course's own code."""
    left = number

    def trace(frame, event, argument):
        nonlocal left
        if frame.f_code.co_filename.endswith(("whole_files.py", "files.py", "storage.py")):
            left -= event == "line"
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace
        return None

    sys.settrace(trace)
    Progress(path).record_attempt("q06_1", 1, 1)
    sys.settrace(None)


def test_kill_between_any_two_steps(path):
    """Killed before each line in turn, the file is the old or the new one; a later write works."""
    Progress(path).record_attempt("q05_1", 1, 1)
    old = path.read_bytes()
    kept = set()
    for number in range(1, 1000):
        path.write_bytes(old)
        child = FORK.Process(target=die_at_line, args=(path, number))
        child.start()
        child.join()
        kept.add("q06_1" in read_record(path.read_bytes()).questions)
        if child.exitcode == 0:
            break
        assert child.exitcode == -signal.SIGKILL
    assert number > 20  # lines that it died at
    assert kept == {False, True}
    Progress(path).record_attempt("q06_2", 1, 1)
    assert sorted(p.name for p in path.parent.iterdir() if p.suffix == ".json") == [path.name]


def with_little_disk(path):
    """Fill the largest allowed file; then let it grow again."""
    progress = Progress.open(path)
    failed = [progress.record_attempt("q06_1", 0, 2)]
    old = path.read_bytes()
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(old) // 2, hard))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        failed += [progress.record_attempt("q06_1", 1, 2) for _ in range(2)]
        best = progress.attempt("q06_1").points
    intact = path.read_bytes() == old
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    failed.append(progress.record_attempt("q06_1", 2, 2))
    return failed, best, intact, {str(w.message) for w in said}, path.read_bytes()


def test_no_room_for_a_larger_file(path, in_child):
    """Without room the old file stays, hints still count, and all is saved when there is room."""
    failed, best, intact, said, after = in_child(with_little_disk, path)
    assert failed == [1, 2, 3, 3]
    assert (best, intact) == (1, True)
    assert len(said) == 1
    assert "the disk is full" in said.pop()
    known = read_record(after).questions["q06_1"]
    assert (known.points, known.attempts, known.failed) == (2, 4, 3)
    assert [p.name for p in path.parent.glob("*part*")] == []


def test_full_disk(tmp_path):
    """On a file system of 64 kB that is really full: the same, and saved once there is room."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("may not mount a file system here; RLIMIT_FSIZE is tested above")
    try:
        path, filler = tmp_path / "progress.json", tmp_path / "filler"
        progress = Progress.open(path)
        progress.record_attempt("q06_1", 0, 2)
        old = path.read_bytes()
        _fill(filler)
        with pytest.warns(ProgressNotSaved, match="disk is full"):
            assert progress.record_attempt("q06_1", 1, 2) == 2
        assert path.read_bytes() == old
        filler.unlink()
        assert progress.record_attempt("q06_1", 2, 2) == 2
        assert read_record(path.read_bytes()).questions["q06_1"].attempts == 3
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def _fill(path):
    """Write until nothing more fits."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def as_somebody_else(path):
    """Record without the rights of root."""
    if os.getuid() == 0:
        os.setuid(NOBODY)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        progress = Progress.open(path)
        failed = [progress.record_attempt("q06_1", 0, 1) for _ in range(3)]
    return failed, progress.summary()["questions"], [str(w.message) for w in said]


def test_folder_that_may_not_be_written_to(open_folder, in_child):
    """In a read-only folder attempts still count, so hints get stronger; a warning says why."""
    path = open_folder / "progress.json"
    open_folder.chmod(0o555)
    failed, known, said = in_child(as_somebody_else, path)
    assert failed == [1, 2, 3]
    assert known == 1
    assert "may not be written to" in said[0]
    assert "MLP_COURSE_PROGRESS" in said[0]
    assert list(open_folder.iterdir()) == []


def test_file_that_may_not_be_read(open_folder, in_child):
    """A file of somebody else is neither read nor replaced, nor set aside."""
    path = open_folder / "progress.json"
    Progress.open(path).record_attempt("q05_1", 1, 1)
    old = path.read_bytes()
    (open_folder / "progress.json.lock").unlink()
    open_folder.chmod(0o777)
    path.chmod(0o000)
    failed, _, said = in_child(as_somebody_else, path)
    path.chmod(0o644)
    assert failed == [1, 2, 3]
    assert "may not be" in said[0]
    assert path.read_bytes() == old


def test_lock_held_by_a_hanging_notebook(path, monkeypatch):
    """If another notebook hangs while it writes, the wait ends, and marks are shown."""
    monkeypatch.setattr("mlp_course.teaching.progress.files._PATIENCE", 0.2)
    progress = Progress.open(path)
    with locked(path):
        in_time = time.monotonic()
        with pytest.warns(ProgressNotSaved, match="another notebook"):
            assert progress.record_attempt("q06_1", 0, 1) == 1
        assert time.monotonic() - in_time < 5
    assert progress.record_attempt("q06_1", 0, 1) == 2
    assert path not in _unsaved


def test_lock_of_a_killed_notebook_is_free(path):
    """A kernel that was killed while it held the lock does not stop the next one."""
    here, there = FORK.Pipe()

    def hang():
        with locked(path):
            there.send("locked")
            time.sleep(60)

    child = FORK.Process(target=hang)
    child.start()
    here.recv()
    child.kill()
    child.join()
    begun = time.monotonic()
    Progress.open(path).record_attempt("q06_1", 1, 1)
    assert time.monotonic() - begun < 5  # s; a held lock takes 10


def test_unsaved_attempts_join_those_of_others(path, monkeypatch):
    """What one notebook could not save is added to what another saved meanwhile, not instead."""
    progress = Progress.open(path)
    progress.record_attempt("q06_1", 0, 1)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _no_space)
        with pytest.warns(ProgressNotSaved):
            progress.record_attempt("q06_1", 0, 1)
    child = FORK.Process(target=_alone, args=(path,))
    child.start()
    child.join()
    assert progress.record_attempt("q06_1", 0, 1) == 4
    assert json.loads(path.read_text())["questions"]["q06_1"]["points"] == 0


def _no_space(_):
    raise OSError(errno.ENOSPC, "No space left on device")


def _alone(path):
    _unsaved.clear()  # another kernel does not know of them
    Progress.open(path).record_attempt("q06_1", 0, 1)
