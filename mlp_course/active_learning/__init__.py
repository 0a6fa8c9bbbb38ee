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
from mlp_course.active_learning.ensemble import Ensemble, EnsemblePrediction, train_ensemble
from mlp_course.active_learning.ensemble_errors import (
    energy_uncertainty,
    force_uncertainty,
    worst_atom_uncertainty,
)
from mlp_course.active_learning.exploration import Exploration, explore
from mlp_course.active_learning.loop import LoopResult, learn_actively
from mlp_course.active_learning.loop_settings import LoopSettings
from mlp_course.active_learning.measurement import Measurement, load_measurement
from mlp_course.active_learning.selection import select
from mlp_course.active_learning.threshold import Threshold, find_threshold
from mlp_course.active_learning.transfer_results import load_transfer, transfer_curves

__all__ = [
    "Ensemble",
    "EnsemblePrediction",
    "Exploration",
    "LoopResult",
    "LoopSettings",
    "Measurement",
    "Threshold",
    "Uncertainty",
    "calibration_curve",
    "energy_uncertainty",
    "error_by_spread",
    "explore",
    "find_threshold",
    "force_uncertainty",
    "learn_actively",
    "load_measurement",
    "load_transfer",
    "miscalibration_area",
    "rank_correlation",
    "scale_factor",
    "select",
    "sharpness",
    "train_ensemble",
    "transfer_curves",
    "worst_atom_uncertainty",
]
