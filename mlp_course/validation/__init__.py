"""Validation: errors against labels, and checks that physics allows no exception to."""

from mlp_course.validation.acceptance import (
    AcceptanceReport,
    Criterion,
    Effort,
    accept,
    compare_modes,
    copper_crystal,
    harmonic_spectrum,
    load_modes,
    recognise,
)
from mlp_course.validation.chapter_claims import chapter_ratios, check_claims
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.physical_checks import CheckTolerances, physical_checks
from mlp_course.validation.predict import predict
from mlp_course.validation.published import (
    beside_published,
    load_chapter_table,
    load_published,
)
from mlp_course.validation.race_answers import (
    how_times_grow,
    order_of_rounds,
    ours_or_published,
    who_is_beaten,
    who_moves,
)
from mlp_course.validation.race_curves import degree_errors
from mlp_course.validation.race_plans import (
    describe_plans,
    is_the_best_affordable,
    which_menu_matters,
)
from mlp_course.validation.race_results import load_race, missing_cells, only_racers
from mlp_course.validation.report import TARGETS, Report
from mlp_course.validation.timing import shortest_time
from mlp_course.validation.type_matrix import TypeMatrix, load_type_matrix

__all__ = [
    "TARGETS",
    "AcceptanceReport",
    "CheckTolerances",
    "Criterion",
    "Effort",
    "Report",
    "TypeMatrix",
    "accept",
    "beside_published",
    "chapter_ratios",
    "check_claims",
    "compare_modes",
    "copper_crystal",
    "degree_errors",
    "describe_plans",
    "evaluate",
    "harmonic_spectrum",
    "how_times_grow",
    "is_the_best_affordable",
    "load_chapter_table",
    "load_modes",
    "load_published",
    "load_race",
    "load_type_matrix",
    "missing_cells",
    "only_racers",
    "order_of_rounds",
    "ours_or_published",
    "physical_checks",
    "predict",
    "recognise",
    "shortest_time",
    "which_menu_matters",
    "who_is_beaten",
    "who_moves",
]
