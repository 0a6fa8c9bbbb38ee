"""The masters in ``lessons/`` and the notebooks built from them: build, check, measure."""

from mlp_course.notebooks.build import build_notebook
from mlp_course.notebooks.check import check_notebooks
from mlp_course.notebooks.commands import add_commands
from mlp_course.notebooks.launch import add_launch_links, repository_address
from mlp_course.notebooks.masters import Lesson, find_lessons, read_lesson, read_master
from mlp_course.notebooks.measure import Measurement, measure_notebook

__all__ = [
    "Lesson",
    "Measurement",
    "add_commands",
    "add_launch_links",
    "build_notebook",
    "check_notebooks",
    "find_lessons",
    "measure_notebook",
    "read_lesson",
    "read_master",
    "repository_address",
]
