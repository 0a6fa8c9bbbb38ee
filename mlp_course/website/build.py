"""The site: sources prepared, built by Sphinx, and every link of the result followed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock, Timeout

from mlp_course.website.check import dead_links
from mlp_course.website.prepare import SINGLE, prepare


def build_site(root: Path, out: Path, work: Path) -> list[str]:
    """Build the whole site.

    Args:
        root: project folder, with notebooks that are built.
        out: folder for the site; an earlier site in it is replaced once the new one is built.
        work: folder for sources and caches, which make the next build quicker.

    Returns:
        One line for each thing that is wrong; empty if all is well.

    Raises:
        FileNotFoundError: if ``root`` is not the project folder, or a notebook is missing.
        ValueError: if ``out`` is a file, cannot be written, or holds something that no build of the
            site has written; if one of ``out`` and ``work`` lies in the other; if another build
            uses ``work``; if a notebook is damaged, or a picture in it has no alt text.
        OSError: if the disk is full.
    """
    _check_folders(root, out, work)
    lock = FileLock(f"{work}.lock")
    try:
        with lock.acquire(timeout=0):
            return _build(root, out, work)
    except Timeout as error:
        raise ValueError(
            f"{work} is in use by another build; wait for it, or name another folder: --work"
        ) from error


def _build(root: Path, out: Path, work: Path) -> list[str]:
    """Prepare the sources, let Sphinx build them, copy the result, follow its links."""
    prepare(root, work)
    options = ["-b", "html", "-c", root / "docs", "-d", work / "doctrees", "-j", "2", "-W"]
    options += ["--keep-going", "-q", "-D", f"html_extra_path={work / 'extra'}"]
    built = work / "html"  # MyST-NB writes a folder of its own beside it
    shutil.rmtree(built, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", *options, work / "pages", built]
    done = subprocess.run(list(map(str, command)), cwd=root, check=False)
    if done.returncode:
        return [f"sphinx-build ended with {done.returncode}; its messages stand above"]
    _empty(out)
    out.mkdir()
    shutil.copy(built / ".buildinfo", out)  # first: what is killed now can be built again
    shutil.copytree(built, out, dirs_exist_ok=True)
    _copy_mathjax(out / "_static" / "mathjax")
    return dead_links(out)


def _copy_mathjax(folder: Path) -> None:
    """Copy MathJax out of the package that carries it, without the bundles that no page loads."""
    found = importlib.util.find_spec("sphinx-mathjax-offline")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("sphinx-mathjax-offline is missing; run `make site`")
    unused = ("mml-*", "tex-svg*", "tex-*full*", "tex-mml*", "svg*", "node-main.js", "adaptors")
    source = Path(found.origin).parent / "static" / "mathjax"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(*unused), dirs_exist_ok=True)


def _check_folders(root: Path, out: Path, work: Path) -> None:
    """Refuse what is not the project, and to delete what is not an earlier site."""
    _check_root(root)
    if out.exists() and not out.is_dir():
        raise ValueError(f"out must be a folder; {out} is none. Name another one: --out")
    if out.exists() and any(out.iterdir()) and not (out / ".buildinfo").exists():
        raise ValueError(
            f"out must be new, empty or an earlier site; {out} is none of them. "
            "Name another folder: --out"
        )
    if out == work or out in work.parents or work in out.parents:
        raise ValueError(f"out and work must lie beside each other; got {out} and {work}")
    for name, folder in (("out", out), ("work", work)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(
                f"{name} must be a folder that can be written; {folder} cannot be made "
                f"({error.strerror}). Name another one: --{name}"
            ) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ValueError(
                f"{name} must be a folder that can be written; {folder} cannot. "
                f"Name another one: --{name}"
            )


def _check_root(root: Path) -> None:
    """Refuse what is not the project: notebooks that are not built are named when they are read."""
    for needed in ("docs/conf.py", "docs/index.md", "lessons/00_start_here.py", *SINGLE):
        if not (root / needed).is_file():
            raise FileNotFoundError(
                f"{root} has no {needed}; name the folder of the cloned project: --root"
            )


def _empty(out: Path) -> None:
    """Delete an earlier site."""
    if out.exists():
        shutil.rmtree(out)
