"""Sampling: where configurations come from, one module a data type."""

from mlp_course.sampling.dynamics import sample_dynamics
from mlp_course.sampling.many_body import (
    SHORT_CUTOFF,
    bent_molecules,
    star_angles,
    twin_molecules,
    twisted_chains,
)
from mlp_course.sampling.normal_modes import (
    NormalModes,
    normal_modes,
    optimised,
    sample_normal_modes,
)
from mlp_course.sampling.paths import carried_over, interpolated_path, minimum_energy_path
from mlp_course.sampling.rattle import closest_approach, rattled
from mlp_course.sampling.torsion import torsion_scan

__all__ = [
    "SHORT_CUTOFF",
    "NormalModes",
    "bent_molecules",
    "carried_over",
    "closest_approach",
    "interpolated_path",
    "minimum_energy_path",
    "normal_modes",
    "optimised",
    "rattled",
    "sample_dynamics",
    "sample_normal_modes",
    "star_angles",
    "torsion_scan",
    "twin_molecules",
    "twisted_chains",
]
