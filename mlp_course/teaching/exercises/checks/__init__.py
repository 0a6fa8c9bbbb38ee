"""The checks of the exercises, one module for each book."""

from mlp_course.teaching.exercises.checks import (
    active_learning,
    architecture_choice,
    architectures,
    cost,
    descriptors,
    failures,
    failures_of_reach,
    reproducibility,
    sharing,
    training,
    uncertainty,
    unit_mysteries,
    units,
    units_of_frames,
)
from mlp_course.teaching.exercises.checks.architecture_choice import arrow_models, race_table
from mlp_course.teaching.exercises.checks.failures import pressed_run
from mlp_course.teaching.exercises.checks.failures_of_reach import distances_of, force_fields
from mlp_course.teaching.exercises.checks.sharing import example_card
from mlp_course.teaching.exercises.checks.training import race_curve
from mlp_course.teaching.exercises.checks.unit_mysteries import mystery_sets

__all__ = [
    "active_learning",
    "architecture_choice",
    "architectures",
    "arrow_models",
    "cost",
    "descriptors",
    "distances_of",
    "example_card",
    "failures",
    "failures_of_reach",
    "force_fields",
    "mystery_sets",
    "pressed_run",
    "race_curve",
    "race_table",
    "reproducibility",
    "sharing",
    "training",
    "uncertainty",
    "unit_mysteries",
    "units",
    "units_of_frames",
]
