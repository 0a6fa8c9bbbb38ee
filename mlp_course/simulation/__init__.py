"""Molecular dynamics with any ASE calculator: runs, alarms and energy drift."""

from mlp_course.simulation.alarms import AlarmLimits, AtomsFlewApart
from mlp_course.simulation.drift import Drift, energy_drift
from mlp_course.simulation.md import run_langevin, run_nve
from mlp_course.simulation.trajectory import Trajectory
from mlp_course.simulation.velocities import degrees_of_freedom, with_thermal_velocities

__all__ = [
    "AlarmLimits",
    "AtomsFlewApart",
    "Drift",
    "Trajectory",
    "degrees_of_freedom",
    "energy_drift",
    "run_langevin",
    "run_nve",
    "with_thermal_velocities",
]
