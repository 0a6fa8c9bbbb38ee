"""The checks of the exercises, one module for each book."""

from mlp_course.teaching.exercises.checks import (
    descriptors,
    failures,
    failures_of_reach,
    unit_mysteries,
    units,
    units_of_frames,
)
from mlp_course.teaching.exercises.checks.failures import pressed_run
from mlp_course.teaching.exercises.checks.failures_of_reach import distances_of, force_fields
from mlp_course.teaching.exercises.checks.unit_mysteries import mystery_sets

__all__ = [
    "descriptors",
    "distances_of",
    "failures",
    "failures_of_reach",
    "force_fields",
    "mystery_sets",
    "pressed_run",
    "unit_mysteries",
    "units",
    "units_of_frames",
]
