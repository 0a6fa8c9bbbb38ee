"""Descriptors: what a potential may see of an atom's surroundings, the same from every side."""

from mlp_course.descriptors.aev import AEV
from mlp_course.descriptors.cutoffs import cosine_cutoff, polynomial_cutoff, tanh_cutoff
from mlp_course.descriptors.radial_bases import bessel_basis, chebyshev_basis, gaussian_basis
from mlp_course.descriptors.soap import SOAP
from mlp_course.descriptors.spherical_harmonics import solid_harmonics
from mlp_course.descriptors.symmetry_functions import (
    SymmetryFunctions,
    angular_shells,
    angular_symmetry_function,
    radial_shells,
    radial_symmetry_function,
)
from mlp_course.descriptors.triples import neighbour_triples

__all__ = [
    "AEV",
    "SOAP",
    "SymmetryFunctions",
    "angular_shells",
    "angular_symmetry_function",
    "bessel_basis",
    "chebyshev_basis",
    "cosine_cutoff",
    "gaussian_basis",
    "neighbour_triples",
    "polynomial_cutoff",
    "radial_shells",
    "radial_symmetry_function",
    "solid_harmonics",
    "tanh_cutoff",
]
