"""The sources of the site: every page, made from the repository, in one folder for Sphinx."""

from __future__ import annotations

import re
from pathlib import Path

from mlp_course.notebooks import add_launch_links, repository_address
from mlp_course.website.api import api_pages
from mlp_course.website.data_pages import chapter_page, glossary_page
from mlp_course.website.exercises import with_solutions
from mlp_course.website.links import SiteMap
from mlp_course.website.outputs import read_executed, read_notebook, show_outputs

#: Pages that are one file of the repository each; those of docs/ and the notebooks are found.
SINGLE = {
    "benchmarks/README.md": "reference/benchmarks.md",
    "notebooks/README.md": "reference/times.md",
    "exercises/README.md": "exercises/index.md",
    "CONTRIBUTING.md": "guide/contributing.md",
    "CHANGELOG.md": "guide/changelog.md",
}
#: Titles that say more on the site than in their folder.
TITLES = {"notebooks/README.md": "# Run times"}
#: Other spellings of a page.
ALSO = {
    "README.md": "index.md",
    "exercises": "exercises/index.md",
    "solutions": "exercises/index.md",
    "solutions/README.md": "exercises/index.md",
    "notebooks": "index.md",
    "docs": "index.md",
    "docs/glossary": "reference/glossary.md",  # made from data, so no file of the repository
    "docs/chapter": "reference/chapter.md",
}


def site_map(root: Path) -> SiteMap:
    """Return which page shows which file of the project: each master has a page.

    Args:
        root: project folder.
    """
    pages = {"docs/index.md": "index.md", **SINGLE, **ALSO}
    for path in sorted((root / "docs").glob("*.md")):
        pages.setdefault(f"docs/{path.name}", f"guide/{path.name}")
    for path in sorted((root / "lessons").glob("*.py")):
        pages[f"notebooks/{path.stem}.ipynb"] = f"lessons/{path.stem}.ipynb"
    for path in sorted((root / "lessons" / "exercises").glob("*.py")):
        book = f"exercises/{path.stem}.ipynb"
        pages[book] = pages[f"solutions/{path.stem}.ipynb"] = book
    return SiteMap(pages, repository_address(root))


class Sources:
    """A folder of sources; what is not written again is deleted, what is the same is left alone.

    Args:
        folder: for the sources of pages.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: set[Path] = set()

    def save(self, path: str, content: bytes) -> None:
        """Write one file, unless it says the same already: Sphinx reads again what is newer."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)
        self._written.add(file)

    def delete_others(self) -> None:
        """Delete what an earlier run wrote and this one did not."""
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and file not in self._written:
                file.unlink()


def prepare(root: Path, folder: Path) -> None:
    """Write the sources of all pages.

    Args:
        root: project folder, with notebooks that are built.
        folder: ``pages`` in it gets the sources, ``extra`` what is copied to the site as it is.

    Raises:
        FileNotFoundError: if a notebook or a picture is missing.
        ValueError: if a picture of a notebook has no alt text.
    """
    from mlp_course.teaching.chapter import check_chapter

    site = site_map(root)
    pages, extra = Sources(folder / "pages"), Sources(folder / "extra")
    for path, page in site.pages.items():
        if path.endswith(".md") and path not in ALSO:
            text = (root / path).read_text(encoding="utf-8")
            text = re.sub(r"\A# .*", TITLES.get(path, r"\g<0>"), text)
            pages.save(page, site.markdown(text, path).encode())
        elif path.startswith("notebooks/") and path.endswith(".ipynb"):
            _save_notebook(read_lesson_page(root, path, site), path, site, pages, extra)
        elif path.startswith("exercises/") and path.endswith(".ipynb"):
            _save_notebook(_book(root, path), path, site, pages, extra)
    for path, text in api_pages().items():
        pages.save(path, text.encode())
    made = {"docs/glossary": glossary_page(), "docs/chapter": chapter_page(check_chapter())}
    for name, text in made.items():
        pages.save(site.pages[name], site.markdown(text, name).encode())
    for picture in sorted(site.pictures):
        pages.save(f"pictures/{Path(picture).name}", (root / picture).read_bytes())
    pages.delete_others()
    extra.delete_others()


def read_lesson_page(root: Path, path: str, site: SiteMap) -> object:
    """Read a lesson; with an address of the repository, it says where it can be run."""
    notebook = read_executed(root / path)
    if notebook.cells and "**Open it**" not in notebook.cells[0].source:
        add_launch_links(notebook, Path(path).stem, site.repository)
    return notebook


def _book(root: Path, path: str) -> object:
    solution = path.replace("exercises/", "solutions/")
    return with_solutions(read_notebook(root / path), read_executed(root / solution))


def _save_notebook(
    notebook: object, path: str, site: SiteMap, pages: Sources, extra: Sources
) -> None:
    import nbformat

    show_outputs(notebook, path, site, extra.save)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = site.markdown(cell.source, path)
    pages.save(site.pages[path], nbformat.writes(notebook).encode())
