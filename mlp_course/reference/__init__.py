"""Reference methods: what the labels come from, on a ladder of cost and accuracy."""

from mlp_course.reference.labelling import label
from mlp_course.reference.ladder import reference_calculator
from mlp_course.reference.pbe import PBE_SETTINGS, SCFNotConverged

__all__ = ["PBE_SETTINGS", "SCFNotConverged", "label", "reference_calculator"]
