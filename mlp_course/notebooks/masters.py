"""Masters: a lesson's source text, read as a notebook that has not run yet."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Lesson:
    """One lesson: the master that people edit and the notebook that is built from it."""

    name: str
    master: Path
    notebook: Path


def find_lessons(root: Path, selection: str | None = None) -> list[Lesson]:
    """List the lessons of a project, in the order of their names.

    Args:
        root: project folder; it holds ``lessons/`` and ``notebooks/``.
        selection: beginning of a lesson's name, such as ``"09"``; ``None`` for all.

    Returns:
        The lessons whose master is ``lessons/NAME.py``.

    Raises:
        ValueError: if no master's name begins with ``selection``.
    """
    masters = sorted((root / "lessons").glob("*.py"))
    chosen = [path for path in masters if path.stem.startswith(selection or "")]
    if selection and not chosen:
        known = ", ".join(path.stem for path in masters) or "none"
        raise ValueError(
            f"lesson must begin the name of a master in {root / 'lessons'}; "
            f"got {selection!r}. Known lessons: {known}"
        )
    return [Lesson(path.stem, path, root / "notebooks" / f"{path.stem}.ipynb") for path in chosen]


def read_master(path: Path) -> NotebookNode:
    """Read a ``py:percent`` master as a notebook without outputs.

    Args:
        path: the master, a Python file with ``# %%`` cell marks.

    Returns:
        A notebook whose metadata and cell ids depend on the master's text alone, so that
        building it twice on two machines gives the same file.
    """
    import jupytext

    return finish_notebook(jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells)


def finish_notebook(cells: list[NotebookNode]) -> NotebookNode:
    """Make a notebook of cells: stable ids, the course's kernel, a digest of what it says."""
    from nbformat.v4 import new_notebook

    notebook = new_notebook(cells=[_clean_cell(cell) for cell in cells])
    _set_stable_ids(notebook)
    notebook.metadata = {
        "kernelspec": dict(KERNELSPEC),
        "language_info": {"name": "python"},
        "mlp_course": {"master_sha256": cells_digest(notebook)},
    }
    return notebook


def read_lesson(path: Path) -> NotebookNode:
    """Read a master as the page that is built from it: with links, still without outputs.

    Terms get their hover text, and the head of the page the places on the web that can run it.

    Where the course has no glossary lesson, a link would lead nowhere, and the page says what
    its master says. The digest is that of the page, so that a changed glossary is noticed.

    Args:
        path: the master.
    """
    from mlp_course.notebooks.hover import GLOSSARY_LESSON, with_hover_text
    from mlp_course.notebooks.launch import add_launch_links, repository_address

    notebook = read_master(path)
    if path.with_name(f"{GLOSSARY_LESSON}.py").exists():
        notebook = with_hover_text(notebook, path.stem)
    add_launch_links(notebook, path.stem, repository_address(path.parents[1]))
    notebook.metadata["mlp_course"] = {"master_sha256": cells_digest(notebook)}
    return notebook


def cells_digest(notebook: NotebookNode) -> str:
    """Return the SHA-256 of what a master says: kind, text and metadata of every cell.

    Example:
        >>> from nbformat.v4 import new_code_cell, new_notebook
        >>> a, b = (new_notebook(cells=[new_code_cell("1 + 1")]) for _ in range(2))
        >>> cells_digest(a) == cells_digest(b)
        True
    """
    content = [cell_content(cell) for cell in notebook.cells]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def cell_content(cell: NotebookNode) -> dict:
    """Return the parts of a cell that a person wrote: kind, text and metadata."""
    return {"kind": cell.cell_type, "source": cell.source, "metadata": dict(cell.metadata)}


def _clean_cell(cell: NotebookNode) -> NotebookNode:
    """Drop jupytext's private marks from a cell's metadata; tags and alt texts stay."""
    kept = {key: value for key, value in cell.metadata.items() if "lines_to" not in key}
    cell.metadata = type(cell.metadata)(kept)
    return cell


def _set_stable_ids(notebook: NotebookNode) -> None:
    """Name each cell after its content, so that a new cell leaves the other names alone."""
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        cell.id = f"{digest}-{seen[digest]}"
        seen[digest] += 1
