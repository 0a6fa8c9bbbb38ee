"""Sampling: where configurations come from, one module a data type."""

from mlp_course.sampling.composition import (
    CU_CO2,
    METHANOL_CU,
    Composition,
    Part,
    composition_of,
)
from mlp_course.sampling.coverage import (
    PrincipalMap,
    average_descriptions,
    coverage_table,
    energy_histogram,
    fraction_outside,
)
from mlp_course.sampling.dynamics import sample_dynamics
from mlp_course.sampling.equilibrium import optimised
from mlp_course.sampling.farthest_point import farthest_points
from mlp_course.sampling.many_body import (
    SHORT_CUTOFF,
    bent_molecules,
    star_angles,
    twin_molecules,
    twisted_chains,
)
from mlp_course.sampling.monte_carlo import sample_monte_carlo
from mlp_course.sampling.normal_modes import NormalModes, normal_modes, sample_normal_modes
from mlp_course.sampling.origin import (
    DATA_TYPES,
    origin_of,
    temperatures,
    trajectory_labels,
    with_origin,
)
from mlp_course.sampling.paths import (
    barrier,
    carried_over,
    interpolated_path,
    minimum_energy_path,
)
from mlp_course.sampling.rattle import rattled
from mlp_course.sampling.scan import transfer_scan
from mlp_course.sampling.string_method import string_path
from mlp_course.sampling.thinning import decorrelation_time, sample_temperatures, thinned
from mlp_course.sampling.torsion import torsion_scan

__all__ = [
    "CU_CO2",
    "DATA_TYPES",
    "METHANOL_CU",
    "SHORT_CUTOFF",
    "Composition",
    "NormalModes",
    "Part",
    "PrincipalMap",
    "average_descriptions",
    "barrier",
    "bent_molecules",
    "carried_over",
    "composition_of",
    "coverage_table",
    "decorrelation_time",
    "energy_histogram",
    "farthest_points",
    "fraction_outside",
    "interpolated_path",
    "minimum_energy_path",
    "normal_modes",
    "optimised",
    "origin_of",
    "rattled",
    "sample_dynamics",
    "sample_monte_carlo",
    "sample_normal_modes",
    "sample_temperatures",
    "star_angles",
    "string_path",
    "temperatures",
    "thinned",
    "torsion_scan",
    "trajectory_labels",
    "transfer_scan",
    "twin_molecules",
    "twisted_chains",
    "with_origin",
]
