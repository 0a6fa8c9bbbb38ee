"""Surfaces: one potential energy curve by several methods, to walk along; accuracy and price."""

from mlp_course.teaching.surfaces.explorer import SurfaceExplorer
from mlp_course.teaching.surfaces.price import plot_accuracy_and_time

__all__ = ["SurfaceExplorer", "plot_accuracy_and_time"]
