"""Active learning: potentials that say where they do not know, and ask for labels there."""

from mlp_course.active_learning.ensemble import Ensemble, EnsemblePrediction, train_ensemble
from mlp_course.active_learning.ensemble_calculator import EnsembleCalculator

__all__ = ["Ensemble", "EnsembleCalculator", "EnsemblePrediction", "train_ensemble"]
