"""Check an installation and say, for each thing that is wrong, what to do about it.

Each check is one small function that returns a `Finding`. What it looks at is an argument with a
sensible default, so that a test can hand it something broken.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata, util
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

OLDEST_PYTHON = (3, 11)
NEEDED_MEMORY_GB = 1.5  # the largest lesson's peak, see notebooks/README.md
EVERYWHERE = ("torch", "schnetpack", "ase", "numpy", "scipy", "jupyterlab", "ipywidgets", "nglview")
NOT_ON_WINDOWS = ("tblite", "pyscf")
CGROUP = Path("/sys/fs/cgroup")  # where Linux tells a container its memory limit
REINSTALL = "Run `make clean setup`, or the two pip lines of the README"
NGLVIEW_CURE = f"Run `{sys.executable} -m pip install 'nglview>=3.1.4,<4'`, then restart JupyterLab"


class Finding(NamedTuple):
    """What one check found: whether all is well, a sentence, and the cure if it is not."""

    ok: bool
    what: str
    cure: str = ""


def check_python(version: Sequence[int] = sys.version_info) -> Finding:
    """Python is new enough."""
    text = "Python " + ".".join(str(number) for number in version[:3])
    if tuple(version[:2]) < OLDEST_PYTHON:
        wanted = ".".join(str(number) for number in OLDEST_PYTHON)
        return Finding(False, f"{text} is too old", f"Install Python {wanted} or newer")
    return Finding(True, text)


def check_versions(names: Iterable[str] | None = None) -> Finding:
    """The packages of the course are installed; list their versions."""
    if names is None:
        names = EVERYWHERE + (() if sys.platform == "win32" else NOT_ON_WINDOWS)
    versions = {name: _version(name) for name in names}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        return Finding(False, f"Not installed: {', '.join(missing)}", REINSTALL)
    return Finding(True, ", ".join(f"{name} {version}" for name, version in versions.items()))


def check_dependencies(command: Sequence[str] = (sys.executable, "-m", "pip", "check")) -> Finding:
    """Installed packages accept each other's versions (``pip check``)."""
    result = subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8", errors="replace"
    )
    if "No module named pip" in result.stderr:
        return Finding(True, "Versions not compared: this environment has no pip")
    if result.returncode:
        lines = (result.stdout + result.stderr).strip()
        return Finding(False, f"Packages that do not fit together: {lines}", REINSTALL)
    return Finding(True, "Package versions fit together (pip check)")


def check_schnetpack(load: Callable[[], ModuleType] | None = None) -> Finding:
    """SchNetPack can be imported under the installed torch."""
    try:
        if load is None:
            from mlp_course.models.schnetpack_compat import load_schnetpack as load
        load()
    except Exception as error:  # any failure inside a third-party import is a finding
        what = f"SchNetPack does not import: {type(error).__name__}: {error}"
        return Finding(False, what, f"{REINSTALL}: torch and SchNetPack must be the pinned ones")
    return Finding(True, "SchNetPack imports")


def check_nglview(
    python_file: Path | None = None, folders: Iterable[Path] | None = None
) -> Finding:
    """The browser part of nglview is the one that its Python part asks for.

    If not, every cell runs and the viewer still stays empty. nglview 4.0.1 is such a release.

    Args:
        python_file: the file that names the wanted browser version; None finds the installed one.
        folders: folders with JupyterLab extensions, first one wins; None takes Jupyter's own.
    """
    wanted = _wanted_nglview(python_file)
    if wanted is None:
        return Finding(False, "nglview is not installed, or names no browser part", NGLVIEW_CURE)
    found = _found_nglview(folders)
    if found is None:
        what = f"nglview wants its browser part {wanted}, and JupyterLab has none"
        return Finding(False, what, NGLVIEW_CURE)
    if found != wanted:
        what = f"nglview wants its browser part {wanted}, and JupyterLab has {found}"
        return Finding(False, what, NGLVIEW_CURE)
    return Finding(True, f"nglview's Python and browser parts match ({found})")


def check_data(folder: str | None = None, cache: Path | None = None) -> Finding:
    """Data sets have a place: the folder in MLP_COURSE_DATA, or the cache."""
    folder = os.environ.get("MLP_COURSE_DATA") if folder is None else folder
    if folder:
        path = Path(folder).expanduser()
        if not path.is_dir():
            cure = "Create it, name another folder, or unset MLP_COURSE_DATA to use the cache"
            return Finding(False, f"MLP_COURSE_DATA names {path}, which is not a folder", cure)
        return Finding(True, f"Data are read from MLP_COURSE_DATA: {path} ({_count_npz(path)})")
    cache = _cache() if cache is None else cache
    if not os.access(_nearest_existing(cache), os.W_OK):
        cure = "Set MLP_COURSE_DATA to a folder of yours that holds the files"
        return Finding(False, f"The data cache {cache} cannot be written", cure)
    return Finding(True, f"Data are cached in {cache} ({_count_npz(cache)})")


def check_machine(cores: int | None = None, memory_gb: float | None = None) -> Finding:
    """Enough memory is free for the largest lesson."""
    cores = _cores() if cores is None else cores
    memory_gb = _free_memory_gb() if memory_gb is None else memory_gb
    what = f"{cores} cores, {memory_gb:.1f} GB of memory free"
    if memory_gb < NEEDED_MEMORY_GB:
        cure = "Close other programs and notebooks (Kernel > Shut Down All Kernels)"
        return Finding(False, f"{what}; the largest lesson needs {NEEDED_MEMORY_GB} GB", cure)
    return Finding(True, what)


CHECKS: tuple[Callable[[], Finding], ...] = (
    check_python,
    check_versions,
    check_dependencies,
    check_schnetpack,
    check_nglview,
    check_data,
    check_machine,
)
TAKE_SECONDS = (check_dependencies, check_schnetpack)
QUICK_CHECKS = tuple(check for check in CHECKS if check not in TAKE_SECONDS)


def examine(checks: Iterable[Callable[[], Finding]] = CHECKS) -> list[Finding]:
    """Run all checks side by side; one that breaks is itself a finding."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(_examine_one, checks))


def report(findings: Sequence[Finding]) -> str:
    """Write the findings as text, one line each and the cure below what is wrong."""
    lines = [f"mlp-course {_version('mlp-course')} on {platform.platform()}", ""]
    for finding in findings:
        lines.append(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.what}")
        if not finding.ok:
            lines.append(f"       -> {finding.cure}.")
    n_wrong = sum(not finding.ok for finding in findings)
    ending = "All is well." if n_wrong == 0 else f"To be repaired: {n_wrong} of {len(findings)}."
    return "\n".join([*lines, "", ending])


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add the command ``doctor`` to the command line."""
    parser = subparsers.add_parser("doctor", help="check the installation")
    parser.add_argument(
        "--quick", action="store_true", help="leave out what takes seconds: pip check, SchNetPack"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    """Print the report; end with 1 if anything is wrong."""
    findings = examine(QUICK_CHECKS if options.quick else CHECKS)
    print(report(findings))
    return 0 if all(finding.ok for finding in findings) else 1


def _examine_one(check: Callable[[], Finding]) -> Finding:
    """Run one check, and turn its own failure into a finding."""
    try:
        return check()
    except Exception as error:
        name = check.__name__.removeprefix("check_")
        what = f"{name} could not be checked: {type(error).__name__}: {error}"
        return Finding(False, what, REINSTALL)


def _version(name: str) -> str | None:
    """Installed version of a package, None if it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _wanted_nglview(python_file: Path | None) -> str | None:
    """Version of the browser part that nglview's Python part asks for, read without importing."""
    if python_file is None:
        spec = util.find_spec("nglview")
        if spec is None or spec.origin is None:
            return None
        python_file = Path(spec.origin).with_name("_frontend.py")
    text = python_file.read_text(encoding="utf-8") if python_file.is_file() else ""
    match = re.search(r"__frontend_version__\s*=\s*['\"]([^'\"]+)['\"]", text)
    return match.group(1) if match else None


def _found_nglview(folders: Iterable[Path] | None) -> str | None:
    """Version of the browser part that JupyterLab will load, None if there is none."""
    if folders is None:
        from jupyter_core.paths import jupyter_path

        folders = [Path(folder) for folder in jupyter_path("labextensions")]
    for folder in folders:
        package = folder / "nglview-js-widgets" / "package.json"
        if package.is_file():
            match = re.search(r'"version":\s*"([^"]+)"', package.read_text(encoding="utf-8"))
            return match.group(1) if match else None
    return None


def _cache() -> Path:
    """Folder of downloaded data sets, the same as in mlp_course.data."""
    import pooch

    return Path(pooch.os_cache("mlp_course"))


def _count_npz(folder: Path) -> str:
    """Say how many npz files lie in a folder and one level below."""
    n_files = len([*folder.glob("*.npz"), *folder.glob("*/*.npz")])
    return f"{n_files} npz files" if n_files else "no npz files yet; the embedded data always work"


def _nearest_existing(path: Path) -> Path:
    """The path itself, or the first of its parents that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_memory_gb() -> float:
    """Memory free for this process in GB; in a container, within the container's limit."""
    import psutil

    free = psutil.virtual_memory().available
    limit, used = CGROUP / "memory.max", CGROUP / "memory.current"
    if limit.is_file() and used.is_file() and limit.read_bytes().strip() != b"max":
        free = min(free, int(limit.read_bytes()) - int(used.read_bytes()))
    return free / 1e9
