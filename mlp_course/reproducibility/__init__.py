"""Reproducibility: locks of the environment, records of training runs, model cards."""

from mlp_course.reproducibility.conflicts import version_conflicts
from mlp_course.reproducibility.environment import (
    compare_lock,
    environment_lock,
    write_lock,
)
from mlp_course.reproducibility.model_card import (
    SECTIONS,
    IncompleteCard,
    ModelCard,
    model_card,
    provenance_of,
)
from mlp_course.reproducibility.perturbations import CHANGES, Divergence, what_breaks
from mlp_course.reproducibility.training_record import (
    Rerun,
    TrainingRecord,
    largest_difference,
    load_record,
    record_training,
    rerun,
    weights_digest,
)

__all__ = [
    "CHANGES",
    "SECTIONS",
    "Divergence",
    "IncompleteCard",
    "ModelCard",
    "Rerun",
    "TrainingRecord",
    "compare_lock",
    "environment_lock",
    "largest_difference",
    "load_record",
    "model_card",
    "provenance_of",
    "record_training",
    "rerun",
    "version_conflicts",
    "weights_digest",
    "what_breaks",
    "write_lock",
]
