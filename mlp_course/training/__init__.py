"""Training: losses, the loop, checkpoints."""

from mlp_course.training.checkpoint import CheckpointMismatch
from mlp_course.training.fit import fit
from mlp_course.training.loss_shares import LossShares, loss_shares
from mlp_course.training.losses import EnergyForceLoss
from mlp_course.training.run import TrainingDiverged
from mlp_course.training.schedule import warm_up_cosine

__all__ = [
    "CheckpointMismatch",
    "EnergyForceLoss",
    "LossShares",
    "TrainingDiverged",
    "fit",
    "loss_shares",
    "warm_up_cosine",
]
