"""The checks of the exercises, some modules for each book, and the data that books hand out.

``all_questions`` imports every module of this folder: a new one needs no list to be entered in.
"""

from mlp_course.teaching.exercises.checks.architecture_choice import arrow_models, race_table
from mlp_course.teaching.exercises.checks.constraints import candidates
from mlp_course.teaching.exercises.checks.failures import pressed_run
from mlp_course.teaching.exercises.checks.failures_of_reach import distances_of, force_fields
from mlp_course.teaching.exercises.checks.sharing import example_card
from mlp_course.teaching.exercises.checks.terms_of_symmetry import quantities
from mlp_course.teaching.exercises.checks.training import race_curve
from mlp_course.teaching.exercises.checks.unit_mysteries import mystery_sets

__all__ = [
    "arrow_models",
    "candidates",
    "distances_of",
    "example_card",
    "force_fields",
    "mystery_sets",
    "pressed_run",
    "quantities",
    "race_curve",
    "race_table",
]
