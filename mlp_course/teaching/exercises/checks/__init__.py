"""The checks of the exercises, a few modules for each book."""

from mlp_course.teaching.exercises.checks import (
    blind_spots,
    data,
    data_plan,
    data_selection,
    descriptor_table,
    descriptors,
    workflow,
    workflow_decisions,
)

__all__ = [
    "blind_spots",
    "data",
    "data_plan",
    "data_selection",
    "descriptor_table",
    "descriptors",
    "workflow",
    "workflow_decisions",
]
