"""Analysis: what a simulation says about the material."""

from mlp_course.analysis.clusters import cluster_labels, cluster_sizes
from mlp_course.analysis.coordinates import Angle, Dihedral, Distance, DistanceDifference
from mlp_course.analysis.cutoff_advice import CutoffAdvice, cutoff_advice
from mlp_course.analysis.diffusion import (
    Diffusion,
    diffusion_coefficient,
    mean_square_displacement,
)
from mlp_course.analysis.frames import unwrapped_positions
from mlp_course.analysis.free_energy import FreeEnergyProfile, histogram_profile
from mlp_course.analysis.rates import TransitionRates, stable_states, transition_rates
from mlp_course.analysis.rdf import (
    coordination_number,
    first_minimum,
    neighbour_counts,
    radial_distribution,
)
from mlp_course.analysis.residence import (
    mean_stay,
    presence,
    residence_time,
    survival_probability,
)
from mlp_course.analysis.thermodynamics import (
    entropy_from_dos,
    harmonic_energy,
    harmonic_entropy,
    harmonic_free_energy,
    harmonic_heat_capacity,
    heat_capacity_from_dos,
)
from mlp_course.analysis.transition_state import (
    eyring_rate,
    harmonic_rate,
    kramers_transmission,
)
from mlp_course.analysis.umbrella import UmbrellaWindow, umbrella_profile
from mlp_course.analysis.umbrella_runs import Restrained, run_umbrella
from mlp_course.analysis.universe import as_universe
from mlp_course.analysis.vibrational_dos import velocity_autocorrelation, vibrational_dos

__all__ = [
    "Angle",
    "CutoffAdvice",
    "Diffusion",
    "Dihedral",
    "Distance",
    "DistanceDifference",
    "FreeEnergyProfile",
    "Restrained",
    "TransitionRates",
    "UmbrellaWindow",
    "as_universe",
    "cluster_labels",
    "cluster_sizes",
    "coordination_number",
    "cutoff_advice",
    "diffusion_coefficient",
    "entropy_from_dos",
    "eyring_rate",
    "first_minimum",
    "harmonic_energy",
    "harmonic_entropy",
    "harmonic_free_energy",
    "harmonic_heat_capacity",
    "harmonic_rate",
    "heat_capacity_from_dos",
    "histogram_profile",
    "kramers_transmission",
    "mean_square_displacement",
    "mean_stay",
    "neighbour_counts",
    "presence",
    "radial_distribution",
    "residence_time",
    "run_umbrella",
    "stable_states",
    "survival_probability",
    "transition_rates",
    "umbrella_profile",
    "unwrapped_positions",
    "velocity_autocorrelation",
    "vibrational_dos",
]
