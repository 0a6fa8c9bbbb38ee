"""Launch links: one address of the repository, and every place on the web that can run a lesson.

The address is written once, in ``pyproject.toml`` under ``[project.urls]``, as ``Repository``.
Where there is none, there are no links, so none is dead.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from mlp_course.notebooks.blocks import has_block, with_block

if TYPE_CHECKING:
    from nbformat import NotebookNode

BRANCH = "main"
BLOCK = "launch links"  # README.md gets the line, docs/homes.md the table
NO_ADDRESS = """\
The address of the repository is not set, so there are no links yet. Write it into
`pyproject.toml`, then run `mlp-course notebooks links --write` and `make notebooks`:

```
[project.urls]
Repository = "https://github.com/OWNER/mlp-course"
```"""
_ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?/[\w.~/-]*[\w.~-]")


def repository_address(root: Path) -> str | None:
    """Return the address of the repository as ``pyproject.toml`` gives it; None if it gives none.

    Args:
        root: project folder, which holds ``pyproject.toml``.

    Raises:
        ValueError: if the address is not of the form ``https://host/owner/name``.
    """
    file = root / "pyproject.toml"
    if not file.exists():
        return None
    project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    address = project.get("urls", {}).get("Repository")
    return None if address is None else check_address(address)


def check_address(address: str) -> str:
    """Return the address of a repository without ``.git`` and a last slash.

    Raises:
        ValueError: if it is not of the form ``https://host/owner/name``.

    Example:
        >>> check_address("https://github.com/someone/mlp-course.git")
        'https://github.com/someone/mlp-course'
    """
    shortened = address.rstrip("/").removesuffix(".git")
    deep_enough = len(urlsplit(shortened).path.strip("/").split("/")) >= 2
    if not (_ADDRESS.fullmatch(shortened) and deep_enough):
        raise ValueError(
            "Repository must be a web address https://host/owner/name; "
            f"got {address!r}. Correct it in pyproject.toml, [project.urls]"
        )
    return shortened


def launch_links(repository: str, path: str) -> dict[str, str]:
    """Return the addresses that open a file of the repository in a running JupyterLab.

    Args:
        repository: address of the repository, ``https://host/owner/name``.
        path: the file inside the repository, such as ``notebooks/00_start_here.ipynb``.

    Returns:
        Name of the place -> address. Binder takes any git server; Colab and Codespaces open
        GitHub only.

    Source:
        https://mybinder.readthedocs.io, "Construct the URL"; the address that Colab's own
        "Open in Colab" badge uses.

    Example:
        >>> launch_links("https://github.com/someone/mlp-course", "notebooks/x.ipynb")["Binder"]
        'https://mybinder.org/v2/gh/someone/mlp-course/main?urlpath=lab%2Ftree%2Fnotebooks%2Fx.ipynb'
    """
    repository = check_address(repository)
    parts = urlsplit(repository)
    name = parts.path.strip("/")
    providers = {"github.com": f"gh/{name}", "gitlab.com": f"gl/{quote(name, safe='')}"}
    where = providers.get(parts.netloc, f"git/{quote(repository, safe='')}")
    query = urlencode({"urlpath": f"lab/tree/{path}"})
    links = {"Binder": f"https://mybinder.org/v2/{where}/{BRANCH}?{query}"}
    if parts.netloc == "github.com":
        colab = "https://colab.research.google.com/github"
        links["Colab"] = f"{colab}/{name}/blob/{BRANCH}/{quote(path)}"
        links["Codespaces"] = f"https://codespaces.new/{name}"
    return links


def nbgitpuller_link(repository: str, path: str, hub: str) -> str:
    """Return the address that copies the course into a learner's home on a JupyterHub.

    Each click brings the newest lessons; what the learner has changed stays (nbgitpuller merges).

    Args:
        repository: address of the repository, ``https://host/owner/name``.
        path: the file to open, inside the repository.
        hub: address of the JupyterHub, such as ``https://hub.example.org``; it needs nbgitpuller.

    Source:
        https://nbgitpuller.readthedocs.io, "URL options".
    """
    repository = check_address(repository)
    if not re.match(r"https?://[\w.-]+", hub):
        raise ValueError(f"hub must be a web address such as https://hub.example.org; got {hub!r}")
    folder = repository.rpartition("/")[2]
    query = {"repo": repository, "branch": BRANCH, "urlpath": f"lab/tree/{folder}/{path}"}
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(query)}"


def add_launch_links(notebook: NotebookNode, lesson_name: str, repository: str | None) -> None:
    """Add one line of links to the list at the top of a lesson; nothing without an address.

    Args:
        notebook: the lesson; the text of its first cell is changed.
        lesson_name: such as ``00_start_here``.
        repository: its address, from :func:`repository_address`.
    """
    if repository is None or not notebook.cells or notebook.cells[0].cell_type != "markdown":
        return
    links = launch_links(repository, f"notebooks/{lesson_name}.ipynb")
    shown = " · ".join(f"[{name}]({url})" for name, url in links.items())
    line = f"- **Open it** in {shown}; [other homes](../docs/homes.md)."
    lines = notebook.cells[0].source.splitlines()
    items = [index for index, text in enumerate(lines) if text.startswith("- **")]
    end = items[-1] + 1 if items else len(lines)
    while items and end < len(lines) and lines[end].startswith("  "):
        end += 1
    notebook.cells[0].source = "\n".join(
        [*lines[:end], *([] if items else [""]), line, *lines[end:]]
    )


def links_table(names: list[str], repository: str | None, hub: str | None = None) -> str:
    """Return a Markdown table, one row for each lesson; how to set the address without one.

    Args:
        names: the lessons.
        repository: address of the repository, or None.
        hub: address of a JupyterHub with nbgitpuller, or None.
    """
    if repository is None:
        return NO_ADDRESS
    rows = []
    for name in names:
        path = f"notebooks/{name}.ipynb"
        links = launch_links(repository, path)
        if hub:
            links["JupyterHub"] = nbgitpuller_link(repository, path, hub)
        rows.append([name, *(f"[{place}]({url})" for place, url in links.items())])
    head = ["lesson", *[""] * (len(rows[0]) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def launch_line(repository: str | None) -> str:
    """Return the line of the README that opens lesson 00; how to set the address without one.

    Args:
        repository: address of the repository, or None.

    Example:
        >>> launch_line("https://gitlab.com/someone/mlp-course").split("](")[0]
        '**Nothing to install:** [open lesson 00 in Binder'
    """
    if repository is None:
        return (
            "Binder, with nothing to install: the link appears here when the address of the "
            "repository is set ([how](docs/homes.md#links))."
        )
    links = launch_links(repository, "notebooks/00_start_here.ipynb")
    shown = ", ".join(f"[{name}]({url})" for name, url in links.items())
    return f"**Nothing to install:** {shown.replace('[', '[open lesson 00 in ', 1)}."


def write_links(root: Path, table: str, line: str) -> list[str]:
    """Write the links between the two marks of the pages that have them.

    Args:
        root: project folder.
        table: from :func:`links_table`, for ``docs/homes.md``.
        line: from :func:`launch_line`, for ``README.md``.

    Returns:
        The pages that have the marks.
    """
    written = []
    for page, content in (("README.md", line), ("docs/homes.md", table)):
        file = root / page
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if has_block(text, BLOCK):
            file.write_text(with_block(text, BLOCK, content), encoding="utf-8", newline="\n")
            written.append(page)
    return written
