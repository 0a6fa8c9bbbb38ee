"""The lock of an environment: what is installed, what the chapter wants, what was tested."""

import json
import platform
from collections.abc import Callable
from functools import cache
from importlib import metadata
from importlib.resources import files
from pathlib import Path

import pandas as pd
from packaging.version import Version

#: Finds the version of an installed package, None if it is not installed.
Finder = Callable[[str], str | None]
NOT_HERE = "not installed"


@cache
def tool_records() -> dict:
    """What the chapter recommends and what this course was tested with, from ``tools.json``."""
    text = files("mlp_course.reproducibility").joinpath("tools.json").read_text(encoding="utf-8")
    return json.loads(text)


def installed_version(package: str) -> str | None:
    """Version of an installed package, or None.

    Example:
        >>> installed_version("no-such-package") is None
        True
    """
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def environment_lock(find: Finder = installed_version) -> pd.DataFrame:
    """Hold the learner's environment against the chapter's versions and those tested here.

    Args:
        find: finds the installed version of a package; to be replaced in tests.

    Returns:
        Index: package. Columns installed, chapter (what 2.10.2 recommends, "" where it names
        none), tested (by this course), verdict.

    Example:
        >>> environment_lock().loc["ase", ["chapter", "tested"]].tolist()
        ['3.22.1', '3.29.0']
        >>> environment_lock(find=lambda package: None)["verdict"].unique().tolist()
        ['not installed']
    """
    records = tool_records()
    versions = {name: (tool["chapter"], tool["tested"]) for name, tool in records["tools"].items()}
    versions |= {name: ("", tested) for name, tested in records["also"].items()}
    rows = {
        name: [(found := find(name)) or NOT_HERE, chapter, tested, _verdict(found, chapter, tested)]
        for name, (chapter, tested) in versions.items()
    }
    columns = ["installed", "chapter", "tested", "verdict"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("package")


def _verdict(found: str | None, chapter: str, tested: str) -> str:
    if found is None:
        return NOT_HERE
    version = Version(Version(found).public)  # 2.13.0+cpu is a build of 2.13.0
    if version == Version(tested):
        return "as tested"
    if chapter and version == Version(chapter):
        return "the chapter's, not tested here"
    return "newer than tested" if version > Version(tested) else "older than tested"


def installed_packages() -> dict[str, str]:
    """All installed packages with their versions, by name, sorted.

    Example:
        >>> "numpy" in installed_packages()
        True
    """
    found = {d.metadata["Name"]: d.version for d in metadata.distributions() if d.metadata["Name"]}
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def write_lock(path: str | Path) -> Path:
    """Write all installed packages as ``name==version``, as pip reads them, with Python's version.

    Args:
        path: text file to write; ``pip install -r`` makes the environment again.

    Returns:
        The path.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     lock = write_lock(Path(folder) / "lock.txt")
        ...     compare_lock(lock).empty  # nothing has changed since
        True
    """
    path = Path(path)
    head = f"# Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    lines = [head, *(f"{name}=={version}" for name, version in installed_packages().items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def compare_lock(path: str | Path) -> pd.DataFrame:
    """Say in what the environment differs from a lock; an empty table is a match.

    Args:
        path: file written by :func:`write_lock`.

    Returns:
        Index: package, or "Python". Columns locked and installed; "not installed" where missing.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if a line is no ``name==version``.
    """
    head, *lines = Path(path).read_text(encoding="utf-8").splitlines()
    locked = {"Python": _python_of(head)}
    for line in lines:
        name, equals, version = line.partition("==")
        if not equals:
            raise ValueError(f"a line of a lock must read name==version; got {line!r} in {path}")
        locked[name] = version
    here = {"Python": platform.python_version()} | installed_packages()
    names = sorted(set(locked) | set(here), key=str.lower)
    rows = {n: (locked.get(n, NOT_HERE), here.get(n, NOT_HERE)) for n in names}
    different = {n: pair for n, pair in rows.items() if pair[0] != pair[1]}
    table = pd.DataFrame.from_dict(different, orient="index", columns=["locked", "installed"])
    return table.rename_axis("package")


def _python_of(head: str) -> str:
    start, _, rest = head.partition("# Python ")
    if start or not rest:
        raise ValueError(f"a lock must begin with '# Python VERSION, ...'; got {head!r}")
    return rest.split(",")[0]
