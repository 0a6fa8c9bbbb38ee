"""The checks of the exercises, one module for each book."""

from mlp_course.teaching.exercises.checks import descriptors

__all__ = ["descriptors"]
