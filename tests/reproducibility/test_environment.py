"""The environment: which versions were tested, what a lock holds, and what has changed since."""

import re
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from mlp_course.reproducibility import compare_lock, environment_lock, version_conflicts, write_lock
from mlp_course.reproducibility.environment import installed_packages, tool_records

PROJECT = Path(__file__).parents[2]
CHAPTER = {
    "schnetpack": "2.0.3", "nequip": "0.5.6", "mace-torch": "0.3.4", "deepmd-kit": "2.2.7",
    "ase": "3.22.1",
}  # fmt: skip


def pinned(path):
    """Versions that a file of the project pins."""
    text = (PROJECT / path).read_text(encoding="utf-8")
    return {name.lower(): version for name, version in re.findall(r"([\w.-]+)==([\w.]+)", text)}


def test_the_tested_versions_are_those_that_the_project_pins():
    """What the table calls tested stands in constraints.txt, or in the file it names."""
    records = tool_records()
    for name, tool in records["tools"].items():
        assert pinned(tool["tested_in"])[name] == tool["tested"], name
    constraints = pinned("constraints.txt")
    for name, version in records["also"].items():
        assert constraints[name.lower()] == version, name


def test_the_chapters_versions_are_in_the_table():
    """Each version that the chapter names stands beside the one that was tested."""
    assert environment_lock()["chapter"].loc[list(CHAPTER)].to_dict() == CHAPTER


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("3.29.0", "as tested"),
        ("3.29.0+local", "as tested"),
        ("3.22.1", "the chapter's, not tested here"),
        ("3.30.0", "newer than tested"),
        ("3.9.0", "older than tested"),  # as numbers, not as letters
        (None, "not installed"),
    ],
)
def test_verdict_on_a_version(version, verdict):
    """Versions compare as numbers: 3.9 is older than 3.29."""
    assert environment_lock(find=lambda package: version).loc["ase", "verdict"] == verdict


def test_a_lock_holds_every_package_and_matches_at_once(tmp_path):
    """Nothing changed, nothing differs."""
    lock = write_lock(tmp_path / "lock.txt")
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Python 3.")
    assert len(lines) - 1 == len(installed_packages()) > 50
    assert compare_lock(lock).empty


def test_a_lock_tells_what_has_changed(tmp_path):
    """Another version, a package too many, one too few, another Python: each is a row."""
    lock = write_lock(tmp_path / "lock.txt")
    lines = lock.read_text(encoding="utf-8").splitlines()
    lines[0] = "# Python 2.7.18, Linux x86_64"
    lines = [re.sub(r"^ase==.*", "ase==3.22.1", line) for line in lines]
    lines = [line for line in lines if not line.startswith("numpy==")] + ["lost==1.0"]
    lock.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = compare_lock(lock)
    assert sorted(table.index) == ["Python", "ase", "lost", "numpy"]
    assert table.loc["ase", "locked"] == "3.22.1"
    assert table.loc["lost", "installed"] == "not installed"
    assert table.loc["numpy", "locked"] == "not installed"


@pytest.mark.parametrize(
    ("text", "message"),
    [("ase==3.29.0\n", "must begin with"), ("# Python 3.11\nase>=3\n", "must read name==version")],
)
def test_a_file_that_is_no_lock_is_refused(tmp_path, text, message):
    """A lock names its Python and one exact version a line."""
    (tmp_path / "lock.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        compare_lock(tmp_path / "lock.txt")


def test_the_chapters_versions_exclude_each_other():
    """Each conflict is real: no version of a wide sample pleases both."""
    table = version_conflicts()
    assert set(table["package"]) == {"torch", "e3nn"}
    sample = [
        f"{major}.{minor}.{patch}"
        for major in range(4)
        for minor in range(20)
        for patch in range(6)
    ]
    for _, row in table.iterrows():
        both = SpecifierSet(row["wants"]) & SpecifierSet(row["wants too"])
        assert not list(both.filter(sample)), row.to_dict()


def test_tools_that_fit_are_not_called_in_conflict():
    """SchNetPack wants torch 1.9 or newer and MACE 1.12 or newer: both can have it."""
    pairs = version_conflicts()[["one", "other"]].to_numpy().tolist()
    assert not any("SchNetPack" in " ".join(pair) for pair in pairs)
