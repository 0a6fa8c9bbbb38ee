"""CONTRIBUTING.md, followed: commands and changes as they stand there, in a copy of the course."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEP = re.compile(r"^```(bash|diff)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", "build", "site", "__pycache__", ".*_cache")
LONG = "docs/templates/train.py"  # 20 s of training
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


def steps(heading):
    """Commands and changes of one section, in their order."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = STEP.findall(section)
    assert found, f"CONTRIBUTING.md has no section {heading!r} with commands"
    return found


def change(root, text):
    """Make a change: the lines with - and a blank are replaced by those with + and a blank."""
    first, *lines = text.splitlines()
    file = root / first.removeprefix("--- ")
    old = "\n".join(line[1:] for line in lines if line[0] in " -")
    new = "\n".join(line[1:] for line in lines if line[0] in " +")
    before = file.read_text(encoding="utf-8")
    assert before.count(old) == 1, f"CONTRIBUTING.md: {file.name} does not say once:\n{old}"
    file.write_text(before.replace(old, new), encoding="utf-8")


def run(root, commands):
    """Type commands as a reader would, with this environment in the place of `.venv`."""
    env = os.environ | {
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MLP_COURSE_PROGRESS": str(root / "progress-of-the-test.json"),
    }
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", commands],
        cwd=root, env=env, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    said = f"$ {commands}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    assert done.returncode == 0, said
    return said


def follow(root, heading):
    """Follow one section of CONTRIBUTING.md; return all that was said."""
    said = []
    for kind, text in steps(heading):
        if kind == "diff":
            change(root, text)
            continue
        short = [line for line in text.splitlines() if LONG not in line]
        said.append(run(root, "\n".join(short)))
    return "\n".join(said)


@pytest.fixture
def copied(tmp_path):
    """A copy of the course in a folder with a space, with `.venv/bin` that leads to us."""
    root = tmp_path / "mlp try"
    shutil.copytree(ROOT, root, ignore=LEFT_OUT)
    programs = root / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, arguments in (("python", ""), ("mlp-course", "-m mlp_course.cli")):
        file = programs / name
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        file.chmod(0o755)
    return root


def lint(root, *files):
    """The linters of `make lint` on what is new."""
    names = " ".join(files)
    run(root, f".venv/bin/python -m ruff check {names}")
    run(root, f".venv/bin/python -m ruff format --check {names}")


@pytest.mark.slow
def test_a_lesson_is_added_as_described(copied):
    """The template runs, has the form of all lessons, and every table finds its place for it."""
    said = follow(copied, "Add a lesson")
    assert "15_bonds: executed in" in said
    assert "16 lessons checked, 0 problems" in said
    assert "changed: README.md" in said
    assert re.search(r"\d+ passed", said)
    assert "[15 Bonds that do not add up](notebooks/15_bonds.ipynb)" in (
        copied / "README.md"
    ).read_text(encoding="utf-8")
    lint(copied, "lessons/15_bonds.py")


@pytest.mark.slow
def test_a_model_is_added_as_described(copied):
    """The template passes the tests of all architectures: symmetries, forces, cutoff, storage."""
    said = follow(copied, "Add a model")
    (passed,) = re.findall(r"(\d+) passed", said)
    assert int(passed) > 25
    lint(copied, "mlp_course/models", "tests/models")
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run(copied, f".venv/bin/python -c '{code}'")


@pytest.mark.slow
def test_a_spoilt_model_is_found(copied):
    """The tests that run on the template can fail: energies that feel a direction in space do."""
    module = copied / "docs" / "templates" / "pair_network.py"
    text = module.read_text(encoding="utf-8")
    spoilt = text.replace("r_ij.norm(dim=1)", "(r_ij.norm(dim=1) + 0.1 * r_ij[:, 0].abs())")
    assert spoilt != text
    module.write_text(spoilt, encoding="utf-8")
    for kind, step in steps("Add a model")[:-2]:  # without the tests of step 3 and the training
        change(copied, step) if kind == "diff" else run(copied, step)
    command = ".venv/bin/python -m pytest -q tests/models/test_potential.py -k "
    with pytest.raises(AssertionError, match="rotation"):
        run(copied, command + "'all_physical_checks and pair_network'")


@pytest.mark.slow
def test_an_exercise_is_added_as_described(copied):
    """The solution earns everything, the blank nothing, both mistakes lose their part."""
    said = follow(copied, "Add an exercise")
    assert "0 problems" in said
    assert "01_what_is_an_mlp: solved in" in said
    assert "passed" in said
    lint(copied, "mlp_course/teaching/exercises", "lessons/exercises")


def test_the_examples_use_all_templates():
    """No template lies about that no example copies, and no example copies what is not there."""
    used = set(re.findall(r"docs/templates/[\w/]+\.\w+", PAGE))
    there = (ROOT / "docs" / "templates").rglob("*.*")
    assert used == {path.relative_to(ROOT).as_posix() for path in there if path.is_file()}


def test_a_change_that_no_longer_fits_is_named(tmp_path):
    """A line that a file does not say any more is shown with the name of the file."""
    (tmp_path / "build.py").write_text("a\nb\n")
    change(tmp_path, "--- build.py\n a\n-b\n+c\n")
    assert (tmp_path / "build.py").read_text() == "a\nc\n"
    with pytest.raises(AssertionError, match=r"build\.py does not say once:\s+b"):
        change(tmp_path, "--- build.py\n-b\n+c\n")


def test_the_long_command_is_there():
    """What is left out here for its length still stands in the text."""
    assert LONG in PAGE
