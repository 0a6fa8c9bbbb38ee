"""Descriptors: what a potential may see of an atom's surroundings, the same from every side."""

from mlp_course.descriptors.aev import AEV
from mlp_course.descriptors.baselines import (
    coulomb_matrix,
    distance_histogram,
    raw_coordinates,
    sorted_coulomb_matrix,
)
from mlp_course.descriptors.counterexamples import (
    smallest_mismatch,
    trapezoid_and_kite,
    twin_environments,
)
from mlp_course.descriptors.cutoffs import cosine_cutoff, polynomial_cutoff, tanh_cutoff
from mlp_course.descriptors.describe import (
    describe_atoms,
    describe_structure,
    difference_table,
    largest_step,
)
from mlp_course.descriptors.descriptor import Descriptor
from mlp_course.descriptors.judging import (
    learning_errors,
    nearest_label_accuracy,
    principal_components,
)
from mlp_course.descriptors.radial_bases import bessel_basis, chebyshev_basis, gaussian_basis
from mlp_course.descriptors.soap import SOAP
from mlp_course.descriptors.spherical_harmonics import solid_harmonics
from mlp_course.descriptors.symmetry_function_set import SymmetryFunctions
from mlp_course.descriptors.symmetry_functions import (
    angular_shells,
    angular_symmetry_function,
    radial_shells,
    radial_symmetry_function,
)
from mlp_course.descriptors.triples import neighbour_triples

__all__ = [
    "AEV",
    "SOAP",
    "Descriptor",
    "SymmetryFunctions",
    "angular_shells",
    "angular_symmetry_function",
    "bessel_basis",
    "chebyshev_basis",
    "cosine_cutoff",
    "coulomb_matrix",
    "describe_atoms",
    "describe_structure",
    "difference_table",
    "distance_histogram",
    "gaussian_basis",
    "largest_step",
    "learning_errors",
    "nearest_label_accuracy",
    "neighbour_triples",
    "polynomial_cutoff",
    "principal_components",
    "radial_shells",
    "radial_symmetry_function",
    "raw_coordinates",
    "smallest_mismatch",
    "solid_harmonics",
    "sorted_coulomb_matrix",
    "tanh_cutoff",
    "trapezoid_and_kite",
    "twin_environments",
]
