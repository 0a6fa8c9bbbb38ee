"""Analysis: what a simulation says about the material."""

from mlp_course.analysis.rdf import coordination_number, radial_distribution

__all__ = ["coordination_number", "radial_distribution"]
