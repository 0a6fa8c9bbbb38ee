"""Links to places that run the lessons: right where an address is known, absent where none is."""

import shutil
import urllib.parse
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mlp_course.cli import main
from mlp_course.notebooks import add_launch_links, find_lessons, repository_address
from mlp_course.notebooks.blocks import marks, with_block
from mlp_course.notebooks.launch import (
    BLOCK,
    launch_line,
    launch_links,
    links_table,
    nbgitpuller_link,
)

ROOT = Path(__file__).parents[2]
BEGIN, END = marks(BLOCK)
GITHUB = "https://github.com/someone/mlp-course"
LESSON = "notebooks/00_start_here.ipynb"
HEADER = """\
# 00 · Start here

- **You need** a little Python. No machine learning,
  no quantum chemistry.
- **Data** ethanol, computed
  for this course.

*Last line.*"""


def project(folder, address=None):
    """A project folder with one lesson, with or without an address."""
    (folder / "lessons").mkdir()
    (folder / "docs").mkdir()
    (folder / "lessons" / "00_start_here.py").write_text("# %% [markdown]\n# # Hello\n")
    (folder / "docs" / "homes.md").write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    urls = f'[project.urls]\nRepository = "{address}"\n' if address else ""
    (folder / "pyproject.toml").write_text(f'[project]\nname = "mlp-course"\n{urls}')
    return folder


def test_links_of_a_repository_on_github():
    """Binder opens the lesson in JupyterLab, Colab the notebook, Codespaces the repository."""
    assert launch_links(GITHUB, LESSON) == {
        "Binder": "https://mybinder.org/v2/gh/someone/mlp-course/main"
        "?urlpath=lab%2Ftree%2Fnotebooks%2F00_start_here.ipynb",
        "Colab": "https://colab.research.google.com/github/someone/mlp-course/blob/main/" + LESSON,
        "Codespaces": "https://codespaces.new/someone/mlp-course",
    }


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("https://gitlab.com/group/part/name", "gl/group%2Fpart%2Fname"),
        ("https://git.example.org/a/b", "git/https%3A%2F%2Fgit.example.org%2Fa%2Fb"),
    ],
)
def test_other_servers_open_in_binder_only(address, where):
    """Binder takes any git server, its address in one piece; Colab and Codespaces GitHub only."""
    links = launch_links(address, LESSON)
    assert list(links) == ["Binder"]
    assert links["Binder"].startswith(f"https://mybinder.org/v2/{where}/main?")


def test_the_link_of_a_hub_says_what_to_pull_and_to_open():
    """nbgitpuller gets repository, branch and the file inside the folder that it makes."""
    link = nbgitpuller_link(GITHUB + ".git", LESSON, "https://hub.example.org/")
    parts = urllib.parse.urlsplit(link)
    assert parts.path == "/hub/user-redirect/git-pull"
    assert urllib.parse.parse_qs(parts.query) == {
        "repo": [GITHUB],
        "branch": ["main"],
        "urlpath": ["lab/tree/mlp-course/" + LESSON],
    }
    with pytest.raises(ValueError, match="hub must be a web address"):
        nbgitpuller_link(GITHUB, LESSON, "hub")


@pytest.mark.parametrize("wrong", ["github.com/a/b", "git@github.com:a/b", "https://github.com/a"])
def test_an_address_that_is_none_is_refused(tmp_path, wrong, capsys):
    """A typing error in pyproject.toml is named, with the form that is wanted."""
    root = project(tmp_path, wrong)
    with pytest.raises(ValueError, match="https://host/owner/name"):
        repository_address(root)
    assert main(["notebooks", "links", "--root", str(root)]) == 1
    assert wrong in capsys.readouterr().err


def test_the_line_stands_at_the_end_of_the_header_list():
    """The links are one more item of the list, after the last one with all its lines."""
    notebook = new_notebook(cells=[new_markdown_cell(HEADER), new_code_cell("1")])
    add_launch_links(notebook, "00_start_here", GITHUB)
    lines = notebook.cells[0].source.splitlines()
    assert lines[5] == "  for this course."
    assert lines[6].startswith("- **Open it** in [Binder](https://mybinder.org/v2/gh/someone")
    assert lines[7:] == ["", "*Last line.*"]


def test_without_a_list_the_line_is_the_last_one():
    """A cell without a list gets the links at its end, as a list of its own."""
    notebook = new_notebook(cells=[new_markdown_cell("# Title")])
    add_launch_links(notebook, "x", GITHUB)
    assert notebook.cells[0].source.splitlines()[:2] == ["# Title", ""]
    assert notebook.cells[0].source.splitlines()[2].startswith("- **Open it**")


def test_without_an_address_nothing_is_added(tmp_path):
    """No address, no link: the lesson stays as it was."""
    address = repository_address(project(tmp_path))
    assert address is None
    notebook = new_notebook(cells=[new_markdown_cell(HEADER)])
    add_launch_links(notebook, "00_start_here", address)
    assert notebook.cells[0].source == HEADER


def test_setting_the_address_writes_the_links(tmp_path, capsys):
    """One line in pyproject.toml and one command: the page has the links, the rest of it stays."""
    root = project(tmp_path, GITHUB)
    assert main(["notebooks", "links", "--root", str(root), "--write"]) == 0
    assert "docs/homes.md" in capsys.readouterr().out
    text = (root / "docs" / "homes.md").read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert launch_links(GITHUB, LESSON)["Binder"] in text
    assert main(["notebooks", "links", "--root", str(root), "--hub", "https://h.org"]) == 0
    assert nbgitpuller_link(GITHUB, LESSON, "https://h.org") in capsys.readouterr().out


def test_the_pages_of_the_course_have_the_links_of_its_address():
    """The README opens lesson 00, docs/homes.md every lesson, where pyproject.toml says."""
    address = repository_address(ROOT)
    table = links_table([lesson.name for lesson in find_lessons(ROOT)], address)
    for page, content in (("README.md", launch_line(address)), ("docs/homes.md", table)):
        text = (ROOT / page).read_text(encoding="utf-8")
        cure = f"{page}: run `mlp-course notebooks links --write`"
        assert with_block(text, BLOCK, content) == text, cure


def test_the_readme_gets_one_line(tmp_path):
    """With an address the front page has a Binder link to lesson 00, and no long table."""
    root = project(tmp_path, GITHUB)
    (root / "README.md").write_text(f"{BEGIN}\n{END}\n")
    assert main(["notebooks", "links", "--root", str(root), "--write"]) == 0
    text = (root / "README.md").read_text()
    assert f"[open lesson 00 in Binder]({launch_links(GITHUB, LESSON)['Binder']})" in text
    assert "|" not in text


def test_the_example_in_the_settings_works(tmp_path):
    """Taking the comment signs away in pyproject.toml is all that has to be done."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    text = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    if repository_address(ROOT) is None:
        text = text.replace("# [project.urls]", "[project.urls]")
        text = text.replace("# Repository =", "Repository =")
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert repository_address(tmp_path).startswith("https://")
