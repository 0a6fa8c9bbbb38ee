"""Validation: errors against labels, and checks that physics allows no exception to."""

from mlp_course.validation.chapter_claims import chapter_ratios, check_claims
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.physical_checks import CheckTolerances, physical_checks
from mlp_course.validation.predict import predict
from mlp_course.validation.race_answers import (
    is_the_best_affordable,
    order_of_rounds,
    ours_or_published,
    who_is_beaten,
    who_moves,
)
from mlp_course.validation.race_results import (
    beside_published,
    degree_errors,
    load_chapter_table,
    load_published,
    load_race,
    missing_cells,
    only_racers,
)
from mlp_course.validation.report import TARGETS, Report
from mlp_course.validation.timing import shortest_time
from mlp_course.validation.type_matrix import TypeMatrix, load_type_matrix

__all__ = [
    "TARGETS",
    "CheckTolerances",
    "Report",
    "TypeMatrix",
    "beside_published",
    "chapter_ratios",
    "check_claims",
    "degree_errors",
    "evaluate",
    "is_the_best_affordable",
    "load_chapter_table",
    "load_published",
    "load_race",
    "load_type_matrix",
    "missing_cells",
    "only_racers",
    "order_of_rounds",
    "ours_or_published",
    "physical_checks",
    "predict",
    "shortest_time",
    "who_is_beaten",
    "who_moves",
]
