"""A small course in a temporary folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from mlp_course.notebooks import Lesson, build_notebook, find_lessons

MASTER = """\
# %% [markdown]
# # A lesson

# %% tags=["nbval-check-output"]
x = 2
x;

# %%
print(x + 2)
"""


class Course:
    """A project folder with lessons/ and notebooks/."""

    example = MASTER

    def __init__(self, root: Path):
        self.root = root
        (root / "lessons").mkdir()

    def write(self, text: str = MASTER, name: str = "01_test") -> Lesson:
        (self.root / "lessons" / f"{name}.py").write_text(text, encoding="utf-8")
        return find_lessons(self.root, name)[0]

    def build(self, text: str = MASTER, name: str = "01_test") -> Lesson:
        lesson = self.write(text, name)
        build_notebook(lesson)
        return lesson


@pytest.fixture
def course(tmp_path) -> Course:
    return Course(tmp_path)


@pytest.fixture
def run_pytest():
    """Run pytest in a process of its own; returns (exit status, what it printed)."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        return done.returncode, done.stdout + done.stderr

    return run
