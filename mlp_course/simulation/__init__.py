"""Molecular dynamics with any ASE calculator: runs, alarms and energy drift."""

from mlp_course.simulation.alarms import AlarmLimits, AtomsFlewApart
from mlp_course.simulation.canonical import run_bussi
from mlp_course.simulation.drift import Drift, energy_drift
from mlp_course.simulation.isobaric import run_npt
from mlp_course.simulation.md import run_langevin, run_nve
from mlp_course.simulation.production import ProductionSettings, run_production
from mlp_course.simulation.trajectory import Trajectory
from mlp_course.simulation.velocities import degrees_of_freedom, with_thermal_velocities

__all__ = [
    "AlarmLimits",
    "AtomsFlewApart",
    "Drift",
    "ProductionSettings",
    "Trajectory",
    "degrees_of_freedom",
    "energy_drift",
    "run_bussi",
    "run_langevin",
    "run_npt",
    "run_nve",
    "run_production",
    "with_thermal_velocities",
]
