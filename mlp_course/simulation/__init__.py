"""Molecular dynamics with any ASE calculator: runs, alarms and energy drift."""

from mlp_course.simulation.alarms import AlarmLimits
from mlp_course.simulation.canonical import run_bussi
from mlp_course.simulation.conserved import conserved_drift
from mlp_course.simulation.drift import Drift, energy_drift
from mlp_course.simulation.isobaric import run_npt
from mlp_course.simulation.md import run_langevin, run_nve
from mlp_course.simulation.production import ProductionSettings, run_production
from mlp_course.simulation.run_checkpoints import CheckpointDamaged, load_run
from mlp_course.simulation.run_folder import RunFolder
from mlp_course.simulation.stages import StagedRun, run_stages
from mlp_course.simulation.stopped import AtomsFlewApart, RunStopped
from mlp_course.simulation.throughput import (
    growth,
    load_throughput,
    ns_per_day,
    production_estimate,
)
from mlp_course.simulation.trajectory import Trajectory
from mlp_course.simulation.velocities import degrees_of_freedom, with_thermal_velocities

__all__ = [
    "AlarmLimits",
    "AtomsFlewApart",
    "CheckpointDamaged",
    "Drift",
    "ProductionSettings",
    "RunFolder",
    "RunStopped",
    "StagedRun",
    "Trajectory",
    "conserved_drift",
    "degrees_of_freedom",
    "energy_drift",
    "growth",
    "load_run",
    "load_throughput",
    "ns_per_day",
    "production_estimate",
    "run_bussi",
    "run_langevin",
    "run_npt",
    "run_nve",
    "run_production",
    "run_stages",
    "with_thermal_velocities",
]
