"""Outputs of notebooks on the site: pictures as files with their alt text, structures to turn."""

from __future__ import annotations

import base64
import html
import json
import posixpath
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from mlp_course.website.links import SiteMap

PICTURES = "figures"  # folder of the site for what notebooks drew
_CONTROLS = re.compile(r"^\[to play with when the notebook runs: (.*)\]$", re.DOTALL)

#: Takes a path on the site and what the file holds.
Save = Callable[[str, bytes], None]


def show_outputs(notebook: NotebookNode, path: str, site: SiteMap, save: Save) -> None:
    """Replace the outputs of a notebook by what the site shows.

    MyST-NB drops the alt text of a picture, and would make tables of data as wide as they are.
    So pictures become HTML that names a file beside the page, tables get a box to scroll in, and
    the line that stands for a live widget says where it lives.

    Args:
        notebook: built notebook; its outputs are changed.
        path: of the notebook in the repository; ``site`` must have a page for it.
        site: where links lead.
        save: called with the path on the site and the bytes of each picture and structure.
    """
    page = site.pages[path]
    name, up = posixpath.splitext(page)[0], posixpath.relpath(".", posixpath.dirname(page) or ".")
    number = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                number += 1
                file = f"{PICTURES}/{name}-{number}"
                output.data = {"text/html": _figure(output, file, up, save)}
            elif "text/html" in data:
                shown = site.html(data["text/html"], path)
                output.data = {"text/html": f'<div class="course-table">{shown}</div>'}
            elif match := _CONTROLS.match(data.get("text/plain", "")):
                output.data = {"text/html": needs_kernel(match[1])}
            elif "text/markdown" in data:
                output.data = {"text/markdown": site.markdown(data["text/markdown"], path)}


def needs_kernel(controls: str) -> str:
    """Return the line that stands for a widget that Python drives.

    Example:
        >>> needs_kernel("cutoff = 5 Å")
        '<p class="needs-kernel">Moves in JupyterLab or on Binder: cutoff = 5 Å.</p>'
    """
    return f'<p class="needs-kernel">Moves in JupyterLab or on Binder: {html.escape(controls)}.</p>'


def png_size(picture: bytes) -> tuple[int, int]:
    """Return width and height of a PNG file, in pixels, from its first bytes.

    Raises:
        ValueError: if it is no PNG file.
    """
    if picture[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError(f"picture must be a PNG file; it begins with {picture[:8]!r}")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def _figure(output: NotebookNode, file: str, up: str, save: Save) -> str:
    """Save one picture, and its structure if it has one, and return the HTML that shows it."""
    picture = base64.b64decode(output.data["image/png"])
    about = output.metadata.get("image/png", {})
    alt = about.get("alt") or str(output.data.get("text/plain", ""))
    if not alt.strip():
        raise ValueError(f"{file}: the picture has no alt text; give the cell's figure one")
    save(f"{file}.png", picture)
    width, height = png_size(picture)
    structure = ""
    if record := output.metadata.get("mlp_course", {}).get("structure"):
        from mlp_course.teaching.structure_record import read_structure

        save(f"{file}.json", json.dumps(read_structure(record), ensure_ascii=False).encode())
        structure = f' data-structure="{up}/{file}.json"'
    return (
        f'<figure class="course-figure"{structure}><img src="{up}/{file}.png" '
        f'alt="{html.escape(alt)}" width="{about.get("width", width)}" '
        f'height="{about.get("height", height)}" loading="lazy"></figure>'
    )


def read_notebook(path: Path) -> NotebookNode:
    """Read a built notebook.

    Raises:
        FileNotFoundError: if it has not been built; the message says how to.
        ValueError: if it is damaged.
    """
    import nbformat
    from nbformat.reader import NotJSONError

    if not path.exists():
        raise FileNotFoundError(
            f"{path.parent.name}/{path.name} is missing; run `make notebooks` and `make exercises`"
        )
    try:
        return nbformat.read(path, as_version=4)
    except (NotJSONError, nbformat.ValidationError) as error:
        raise ValueError(
            f"{path.parent.name}/{path.name} is damaged ({str(error)[:60]}); "
            "run `make notebooks` and `make exercises`"
        ) from error


def read_executed(path: Path) -> NotebookNode:
    """Read a built notebook whose results the site shows.

    Raises:
        FileNotFoundError: if it has not been built.
        ValueError: if it is damaged, or some of its code has not been run.
    """
    notebook = read_notebook(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    missing = sum(cell.execution_count is None for cell in code)
    if missing:
        raise ValueError(
            f"{path.parent.name}/{path.name}: {missing} of {len(code)} code cells have not been "
            "run, so their results are missing; `mlp-course notebooks check` or "
            "`mlp-course exercises check` says how to build it"
        )
    return notebook
