"""Validation: errors against labels, and checks that physics allows no exception to."""

from mlp_course.validation.chapter_claims import chapter_ratios, check_claims
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.physical_checks import CheckTolerances, physical_checks
from mlp_course.validation.predict import predict
from mlp_course.validation.race_results import (
    beside_published,
    load_chapter_table,
    load_published,
    load_race,
    missing_cells,
)
from mlp_course.validation.report import TARGETS, Report

__all__ = [
    "TARGETS",
    "CheckTolerances",
    "Report",
    "beside_published",
    "chapter_ratios",
    "check_claims",
    "evaluate",
    "load_chapter_table",
    "load_published",
    "load_race",
    "missing_cells",
    "physical_checks",
    "predict",
]
