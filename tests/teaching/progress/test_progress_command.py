"""The command ``mlp-course progress``: show, carry, hand in, and one line for rubbish."""

import contextlib
import io
import json
import os
import tempfile
from pathlib import Path

import pytest

from mlp_course.cli import main
from mlp_course.teaching.progress import Entry, Progress
from mlp_course.teaching.progress.files import VARIABLE

CATALOGUE = (
    Entry("q06_1", "A cutoff", "06_descriptors", 3),
    Entry("r06_1", "Which cutoff?", "06_descriptors", 2),
)


@pytest.fixture
def progress(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    monkeypatch.setenv(VARIABLE, str(path))
    monkeypatch.setattr("mlp_course.teaching.exercises.catalogue", lambda: CATALOGUE)
    progress = Progress.open()
    progress.record_attempt("q06_1", 2, 3)
    return progress


def test_table(progress, capsys):
    """Without options: one line a lesson, and the sum."""
    assert main(["progress"]) == 0
    shown = capsys.readouterr().out
    assert "06_descriptors" in shown
    assert "2 of 3 points checked, 0 of 2 by your own judgement" in shown
    assert str(progress.path) in shown


def test_json(progress, capsys):
    """For machines: the same numbers."""
    assert main(["progress", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["total"]["points"] == 2
    assert shown["books"][0]["book"] == "06_descriptors"
    assert [question["name"] for question in shown["questions"]] == ["q06_1", "r06_1"]


def test_out_of_binder_and_back(progress, tmp_path, capsys):
    """Export, lose the disk, import: the points are there again; a second import adds nothing."""
    copy = tmp_path / "copy.json"
    assert main(["progress", "--export", str(copy)]) == 0
    progress.path.unlink()
    assert main(["progress", "--import", str(copy)]) == 0
    assert "taken in: 06, q06_1" in capsys.readouterr().out
    assert Progress.open().attempt("q06_1").points == 2
    assert main(["progress", "--import", str(copy)]) == 0
    assert "nothing new in it" in capsys.readouterr().out


def test_page(progress, tmp_path, capsys):
    """Written with the learner's name, and found unchanged by whoever gets it."""
    page = tmp_path / "page.html"
    assert main(["progress", "--summary", str(page), "--name", "Ada"]) == 0
    assert "Ada" in page.read_text()
    assert main(["progress", "--check", str(page)]) == 0
    assert capsys.readouterr().out.endswith("page.html: unchanged\n")


def test_another_file(progress, tmp_path, capsys):
    """``--file`` looks at another learner's file."""
    other = Progress.open(tmp_path / "other.json")
    other.record_attempt("q06_1", 3, 3)
    assert main(["progress", "--file", str(other.path)]) == 0
    assert "3 of 3 points" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--import", "rubbish.json"], "rubbish.json was not imported: it is no JSON"),
        (["--import", "none.json"], "none.json cannot be read: No such file"),
        (["--import", "."], ". cannot be read: Is a directory"),
        (["--check", "rubbish.json"], "no summary page"),
        (["--summary", "page.txt"], "name it page.html"),
        (["--export", "progress.json"], "is the progress file itself"),
        (["--file", "."], "is a folder"),
    ],
)
def test_one_line_for_what_cannot_be_done(progress, monkeypatch, capsys, words, message):
    """Files that cannot be used end with status 2 and one line; the progress stays."""
    monkeypatch.chdir(progress.path.parent)
    (progress.path.parent / "rubbish.json").write_text("rubbish")
    before = progress.path.read_bytes()
    assert main(["progress", *words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("mlp-course progress: ")
    assert said.err.count("\n") == 1
    assert message in said.err
    assert progress.path.read_bytes() == before


def in_closed_folder(words):
    """Work without the rights of root."""
    os.setuid(os.getuid() or 65534)
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        return main(["progress", *words]), said.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no other user to become")
@pytest.mark.parametrize(("option", "name"), [("--export", "copy.json"), ("--summary", "me.html")])
def test_folder_that_may_not_be_written_to(progress, in_child, option, name):
    """One line says which file, why not, and what to do; status 1."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        words = [option, f"{folder}/{name}", "--file", f"{folder}/none.json"]
        status, said = in_child(in_closed_folder, words)
    assert status == 1
    assert said.count("\n") == 1
    assert f"{name} cannot be written: Permission denied: name a file in a folder that you" in said


def test_a_file_is_no_folder(progress, monkeypatch, capsys):
    """A path through a file is told as what it is."""
    monkeypatch.chdir(progress.path.parent)
    assert main(["progress", "--export", "progress.json/copy.json"]) == 1
    assert "progress.json/copy.json cannot be written: " in capsys.readouterr().err


def test_newer_file(progress, capsys):
    """A file of a newer course is refused, with what to do, and not touched."""
    progress.path.write_text('{"version": 2}')
    assert main(["progress"]) == 2
    assert "update the course" in capsys.readouterr().err
    assert progress.path.read_text() == '{"version": 2}'


def test_catalogue_of_the_course():
    """The course's own questions can be listed: names are unique, and all have points."""
    from mlp_course.teaching.exercises import catalogue
    from mlp_course.teaching.progress.tables import list_entries

    assert all(entry.possible > 0 for entry in list_entries(catalogue()))
