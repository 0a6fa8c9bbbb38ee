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
from mlp_course.validation.finding import Finding, at_least, at_most
from mlp_course.validation.force_field_checks import closed_loop_work, pair_scan, repulsive_wall
from mlp_course.validation.label_checks import (
    energy_bands,
    energy_offsets,
    energy_resolution,
    shared_runs,
)
from mlp_course.validation.physical_checks import CheckTolerances, physical_checks
from mlp_course.validation.predict import predict
from mlp_course.validation.published import beside_published, load_chapter_table, load_published
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
from mlp_course.validation.reach_checks import low_energy_bias, temperature_reach
from mlp_course.validation.report import TARGETS, Report
from mlp_course.validation.timing import shortest_time
from mlp_course.validation.type_matrix import TypeMatrix, load_type_matrix
from mlp_course.validation.units.diagnosis import UnitDiagnosis, diagnose_units
from mlp_course.validation.units.tables import (
    CHAPTER_ENERGIES,
    CHAPTER_FORCES,
    check_conversions,
    contradictions,
)

__all__ = [
    "CHAPTER_ENERGIES",
    "CHAPTER_FORCES",
    "TARGETS",
    "AcceptanceReport",
    "CheckTolerances",
    "Criterion",
    "Effort",
    "Finding",
    "Report",
    "TypeMatrix",
    "UnitDiagnosis",
    "accept",
    "at_least",
    "at_most",
    "beside_published",
    "chapter_ratios",
    "check_claims",
    "check_conversions",
    "closed_loop_work",
    "compare_modes",
    "contradictions",
    "copper_crystal",
    "degree_errors",
    "describe_plans",
    "diagnose_units",
    "energy_bands",
    "energy_offsets",
    "energy_resolution",
    "evaluate",
    "harmonic_spectrum",
    "how_times_grow",
    "is_the_best_affordable",
    "load_chapter_table",
    "load_modes",
    "load_published",
    "load_race",
    "load_type_matrix",
    "low_energy_bias",
    "missing_cells",
    "only_racers",
    "order_of_rounds",
    "ours_or_published",
    "pair_scan",
    "physical_checks",
    "predict",
    "recognise",
    "repulsive_wall",
    "shared_runs",
    "shortest_time",
    "temperature_reach",
    "which_menu_matters",
    "who_is_beaten",
    "who_moves",
]
