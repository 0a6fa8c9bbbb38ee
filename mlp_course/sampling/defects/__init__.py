"""Data type 5, defects and interfaces: what a perfect crystal does not teach."""

from mlp_course.sampling.defects.burgers_circuit import burgers_vector
from mlp_course.sampling.defects.dislocations import dislocation_dipole
from mlp_course.sampling.defects.excess import excess_energy
from mlp_course.sampling.defects.grain_boundary import boundary_area, tilt_grain_boundary
from mlp_course.sampling.defects.nanoparticle import octahedral_particle, wulff_particle
from mlp_course.sampling.defects.point_defects import interstitial, vacancy
from mlp_course.sampling.defects.surfaces import (
    adsorption_sites,
    coordination_numbers,
    stepped_surface,
    with_adsorbate,
)

__all__ = [
    "adsorption_sites",
    "boundary_area",
    "burgers_vector",
    "coordination_numbers",
    "dislocation_dipole",
    "excess_energy",
    "interstitial",
    "octahedral_particle",
    "stepped_surface",
    "tilt_grain_boundary",
    "vacancy",
    "with_adsorbate",
    "wulff_particle",
]
