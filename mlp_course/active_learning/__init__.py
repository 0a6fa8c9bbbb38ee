"""Active learning: potentials that say where they do not know, and ask for labels there."""

from mlp_course.active_learning.calibration import (
    Uncertainty,
    calibration_curve,
    error_by_spread,
    miscalibration_area,
    rank_correlation,
    scale_factor,
    sharpness,
)
from mlp_course.active_learning.campaign import (
from mlp_course.active_learning.cost import (
    RESOURCES,
    ActiveInputs,
    BulkInputs,
    Costs,
    Inputs,
    Known,
    LoopPlan,
    Need,
    Project,
    SharedInputs,
    Step,
    Totals,
    Verdict,
    active_project,
    advantage,
    break_even,
    break_even_table,
    changed,
    sensitivity,
    simulate,
)
from mlp_course.active_learning.course_costs import course_costs, label_seconds
from mlp_course.active_learning.ensemble import Ensemble, EnsemblePrediction, train_ensemble
from mlp_course.active_learning.ensemble_calculator import EnsembleCalculator
from mlp_course.active_learning.ensemble_errors import (
    energy_uncertainty,
    force_uncertainty,
    worst_atom_uncertainty,
)
from mlp_course.active_learning.exploration import Exploration, explore
from mlp_course.active_learning.known import (
    Known,
    assumed,
    at_least,
    at_most,
    between,
    break_even,
    break_even_table,
    bulk_project,
    changed,
    check_problem_3,
    compare_projects,
    computing_verdict,
    course_costs,
    expected_totals,
    label_seconds,
    measured,
    sensitivity,
    simulate,
    timetable,
    totals,
    wall_days,
    wall_verdict,
    with_error,
)
from mlp_course.active_learning.loop import LoopResult, LoopSettings, learn_actively
from mlp_course.active_learning.measurement import Measurement, labels_to_reach, load_measurement
from mlp_course.active_learning.project import RESOURCES, Project, Step
from mlp_course.active_learning.scenarios import (
    ActiveInputs,
    BulkInputs,
    Inputs,
    SharedInputs,
    active_project,
    bulk_project,
)
from mlp_course.active_learning.schedule import timetable, wall_days
from mlp_course.active_learning.ensemble import Ensemble, EnsemblePrediction, train_ensemble
from mlp_course.active_learning.ensemble_calculator import EnsembleCalculator
from mlp_course.active_learning.exploration import Exploration, explore
from mlp_course.active_learning.loop import LoopResult, learn_actively
from mlp_course.active_learning.loop_settings import LoopSettings
from mlp_course.active_learning.measurement import Measurement, load_measurement
from mlp_course.active_learning.selection import select
from mlp_course.active_learning.threshold import Threshold, find_threshold
from mlp_course.active_learning.transfer_results import load_transfer, transfer_curves

__all__ = [
    "RESOURCES",
    "ActiveInputs",
    "BulkInputs",
    "Costs",
    "Ensemble",
    "EnsembleCalculator",
    "EnsemblePrediction",
    "Exploration",
    "Inputs",
    "Known",
    "LoopPlan",
    "LoopResult",
    "LoopSettings",
    "Measurement",
    "Need",
    "Project",
    "SharedInputs",
    "Step",
    "Threshold",
    "Totals",
    "Uncertainty",
    "Verdict",
    "active_project",
    "advantage",
    "assumed",
    "at_least",
    "at_most",
    "between",
    "break_even",
    "break_even_table",
    "bulk_project",
    "calibration_curve",
    "changed",
    "check_problem_3",
    "compare_projects",
    "computing_verdict",
    "course_costs",
    "energy_uncertainty",
    "error_by_spread",
    "expected_totals",
    "explore",
    "find_threshold",
    "force_uncertainty",
    "label_seconds",
    "labels_to_reach",
    "learn_actively",
    "load_measurement",
    "load_transfer",
    "measured",
    "miscalibration_area",
    "rank_correlation",
    "scale_factor",
    "select",
    "sensitivity",
    "sharpness",
    "simulate",
    "timetable",
    "totals",
    "train_ensemble",
    "transfer_curves",
    "wall_days",
    "wall_verdict",
    "with_error",
    "worst_atom_uncertainty",
]
