"""The checks of the exercises, one module for each book."""

from mlp_course.teaching.exercises.checks import (
    active_learning,
    descriptors,
    failures,
    failures_of_reach,
    uncertainty,
    unit_mysteries,
    units,
    units_of_frames,
)
from mlp_course.teaching.exercises.checks.failures import pressed_run
from mlp_course.teaching.exercises.checks.failures_of_reach import distances_of, force_fields
from mlp_course.teaching.exercises.checks.unit_mysteries import mystery_sets

__all__ = [
    "active_learning",
    "descriptors",
    "distances_of",
    "failures",
    "failures_of_reach",
    "force_fields",
    "mystery_sets",
    "pressed_run",
    "uncertainty",
    "unit_mysteries",
    "units",
    "units_of_frames",
]
