"""Models: potentials, one file an architecture, and the ASE calculator that drives them."""

from mlp_course.models.build import ARCHITECTURES, build_model
from mlp_course.models.calculator import MLPCalculator
from mlp_course.models.coordinate_regression import CoordinateRegression
from mlp_course.models.features import learned_features, vector_features
from mlp_course.models.force_field import ForceField
from mlp_course.models.gap_error_bars import energy_error_bars
from mlp_course.models.potential import Potential, Prediction
from mlp_course.models.references import atomic_references
from mlp_course.models.store import list_shipped, load_model, load_shipped, save_model

__all__ = [
    "ARCHITECTURES",
    "CoordinateRegression",
    "ForceField",
    "MLPCalculator",
    "Potential",
    "Prediction",
    "atomic_references",
    "build_model",
    "energy_error_bars",
    "learned_features",
    "list_shipped",
    "load_model",
    "load_shipped",
    "save_model",
    "vector_features",
]
