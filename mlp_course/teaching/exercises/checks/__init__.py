"""The checks of the exercises, one module for each book."""

from mlp_course.teaching.exercises.checks import (
    descriptors,
    unit_mysteries,
    units,
    units_of_frames,
)
from mlp_course.teaching.exercises.checks.unit_mysteries import mystery_sets

__all__ = ["descriptors", "mystery_sets", "unit_mysteries", "units", "units_of_frames"]
