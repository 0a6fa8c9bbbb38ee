"""The checks of the exercises, one module for each book."""

from mlp_course.teaching.exercises.checks import blind_spots, descriptor_table, descriptors

__all__ = ["blind_spots", "descriptor_table", "descriptors"]
