"""Active learning: potentials that say where they do not know, and ask for labels there."""

from mlp_course.active_learning.ensemble import Ensemble, EnsemblePrediction, train_ensemble
from mlp_course.active_learning.ensemble_calculator import EnsembleCalculator
from mlp_course.active_learning.exploration import Exploration, explore
from mlp_course.active_learning.loop import LoopResult, LoopSettings, learn_actively
from mlp_course.active_learning.selection import select

__all__ = [
    "Ensemble",
    "EnsembleCalculator",
    "EnsemblePrediction",
    "Exploration",
    "LoopResult",
    "LoopSettings",
    "explore",
    "learn_actively",
    "select",
    "train_ensemble",
]
