"""The checks of the exercises, one or a few modules for each book.

``all_questions`` imports every module of this folder: a new one needs no list to be entered in.
"""

from mlp_course.teaching.exercises.checks.failures import pressed_run
from mlp_course.teaching.exercises.checks.failures_of_reach import distances_of, force_fields
from mlp_course.teaching.exercises.checks.unit_mysteries import mystery_sets

__all__ = ["distances_of", "force_fields", "mystery_sets", "pressed_run"]
