"""Validation: errors against labels, and checks that physics allows no exception to."""

from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.physical_checks import CheckTolerances, physical_checks
from mlp_course.validation.predict import predict
from mlp_course.validation.report import TARGETS, Report

__all__ = ["TARGETS", "CheckTolerances", "Report", "evaluate", "physical_checks", "predict"]
