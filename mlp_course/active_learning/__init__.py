"""Active learning: what a potential does not know, and which label to buy next."""

from mlp_course.active_learning.calibration import (
    Uncertainty,
    calibration_curve,
    error_by_spread,
    miscalibration_area,
    rank_correlation,
    scale_factor,
    sharpness,
)
from mlp_course.active_learning.threshold import Threshold, find_threshold
from mlp_course.active_learning.transfer_results import (
    labels_alone_for,
    load_transfer,
    transfer_curves,
)

__all__ = [
    "Threshold",
    "Uncertainty",
    "calibration_curve",
    "error_by_spread",
    "find_threshold",
    "labels_alone_for",
    "load_transfer",
    "miscalibration_area",
    "rank_correlation",
    "scale_factor",
    "sharpness",
    "transfer_curves",
]
