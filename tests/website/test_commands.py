"""`mlp-course site build`: what cannot be built is refused at once, in one line, with a cure."""

import re
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from mlp_course.cli import main
from mlp_course.website.build import build_site
from mlp_course.website.prepare import SINGLE

ROOT = Path(__file__).parents[2]


def test_a_folder_with_other_things_is_not_deleted(tmp_path, capsys):
    """`--out ~` must do no harm, and says so in one line."""
    (tmp_path / "letter.txt").write_text("dear")
    assert main(["site", "build", "--out", str(tmp_path), "--work", str(tmp_path / "work")]) == 1
    said = capsys.readouterr().err
    assert "out must be new, empty or an earlier site" in said
    assert said.count("\n") == 1
    assert (tmp_path / "letter.txt").exists()


@pytest.mark.parametrize(
    ("out", "work", "said"),
    [
        ("letter.txt", "work", "out must be a folder; "),
        ("letter.txt/site", "work", "cannot be made (Not a directory). Name another one: --out"),
        ("site", "letter.txt/work", "cannot be made (Not a directory). Name another one: --work"),
        ("site", "site/work", "out and work must lie beside each other"),
    ],
)
def test_folders_that_cannot_be_are_refused_before_the_work(tmp_path, out, work, said):
    """What is wrong is said at once, not after minutes of building."""
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(ValueError, match=re.escape(said)):
        build_site(ROOT, tmp_path / out, tmp_path / work)


def test_a_second_build_waits_for_no_one(tmp_path):
    """Two at once would write into each other's sources."""
    with (
        FileLock(tmp_path / "work.lock"),
        pytest.raises(ValueError, match="in use by another build"),
    ):
        build_site(ROOT, tmp_path / "site", tmp_path / "work")


def test_a_folder_without_write_permission_is_refused_before_the_work(tmp_path, monkeypatch):
    """An administrator may write anywhere, so the answer of the system is put in."""
    monkeypatch.setattr("os.access", lambda path, mode: path != tmp_path / "site")
    with pytest.raises(ValueError, match=r"site cannot\. Name another one: --out"):
        build_site(ROOT, tmp_path / "site", tmp_path / "work")


def test_an_installed_package_is_refused_in_one_line(tmp_path, capsys):
    """It has no docs and no lessons to make pages of."""
    assert main(["site", "build", "--root", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path.resolve()} has no docs/conf.py; name the folder of the cloned" in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_lessons_that_are_not_built_are_named_in_one_line(tmp_path, capsys):
    """A clone in which somebody has deleted the notebooks."""
    for name in ("docs/conf.py", "docs/index.md", "lessons/00_start_here.py", *SINGLE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert main(["site", "build", "--root", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "notebooks/00_start_here.ipynb is missing; run `make notebooks`" in said
    assert said.count("\n") == 1


def test_a_missing_program_is_named_with_its_cure(tmp_path, monkeypatch, capsys):
    """Before anything is built."""
    monkeypatch.setattr("mlp_course.website.commands.NEEDED", ("sphinx", "no-such-module"))
    assert main(["site", "build", "--root", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Not installed: no-such-module. ")
    assert "pip install" in said
    assert said.count("\n") == 1


def test_a_full_disk_is_named_in_one_short_line(tmp_path, monkeypatch, capsys):
    """Not once for each of the files that did not fit."""

    def full(*folders):
        raise shutil.Error([("a", "b", f"[Errno 28] No space left: {n}") for n in range(900)])

    monkeypatch.setattr("mlp_course.website.build.build_site", full)
    assert main(["site", "build", "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said == "The site was not built: [Errno 28] No space left: 0\n"


def test_the_last_lines_say_how_to_look_at_the_site(tmp_path, monkeypatch, capsys):
    """With a server: a file cannot fetch its molecules and its search."""
    (tmp_path / "index.html").write_text("<h1>Course</h1>")
    monkeypatch.setattr("mlp_course.website.build.build_site", lambda *folders: [])
    assert main(["site", "build", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "1 pages, " in said
    assert f'python -m http.server -d "{tmp_path.resolve()}"' in said
    assert "http://localhost:8000" in said


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Build a site of one page, with the real Sphinx and its configuration."""

    def build_page(text):
        def prepare(root, work):
            for name in ("pages", "extra"):
                (work / name).mkdir(parents=True, exist_ok=True)
            (work / "pages" / "index.md").write_text(text, encoding="utf-8")

        monkeypatch.setattr("mlp_course.website.build.prepare", prepare)
        return build_site(ROOT, tmp_path / "site", tmp_path / "work")

    return build_page


def test_a_warning_of_sphinx_is_an_error_that_leaves_the_earlier_site(small, tmp_path):
    """What is wrong is said; readers keep what they had."""
    assert small("# Good\n") == []
    (problem,) = small("# Bad\n\n```{toctree}\nno-such-page\n```\n")
    assert problem.startswith("sphinx-build ended with 1")
    assert "Good" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_a_site_killed_while_it_was_copied_is_replaced(small, tmp_path, monkeypatch):
    """The mark of our sites is there before anything else."""

    def killed(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("mlp_course.website.build.shutil.copytree", killed)
        with pytest.raises(KeyboardInterrupt):
            small("# First\n")
    assert [path.name for path in (tmp_path / "site").iterdir()] == [".buildinfo"]
    assert small("# Second\n") == []


def test_a_link_that_leads_nowhere_is_a_problem_of_the_build(small):
    """The built pages are read, not only their sources."""
    assert small('# A\n\n<a href="b.html">B</a>\n') == ["index.html: b.html leads nowhere"]
