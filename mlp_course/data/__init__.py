"""Data: frames with energies and forces, from wherever they come, in eV and Å."""

from mlp_course.data.download import ChecksumError, DownloadError
from mlp_course.data.embedded import list_embedded, load_embedded
from mlp_course.data.extxyz import load_extxyz
from mlp_course.data.leakage import leakage, unrelated_distance
from mlp_course.data.md17 import MD17_FILES, load_md17
from mlp_course.data.neighbours import Graph, collate, neighbour_list, sum_over_neighbours
from mlp_course.data.quality import check_frames
from mlp_course.data.rmd17 import RMD17_MOLECULES, has_rmd17, load_rmd17
from mlp_course.data.splits import (
    blocked_split,
    grouped_split,
    random_split,
    temperature_split,
)
from mlp_course.data.statistics import autocorrelation, block_average, correlation_time
from mlp_course.data.unit_checks.faults import UNIT_FAULTS, plant_unit_faults, repair_unit_faults
from mlp_course.data.unit_checks.guard import SuspiciousUnits, check_units, suspicious_frames

__all__ = [
    "MD17_FILES",
    "RMD17_MOLECULES",
    "UNIT_FAULTS",
    "ChecksumError",
    "DownloadError",
    "Graph",
    "SuspiciousUnits",
    "autocorrelation",
    "block_average",
    "blocked_split",
    "check_frames",
    "check_units",
    "collate",
    "correlation_time",
    "grouped_split",
    "has_rmd17",
    "leakage",
    "list_embedded",
    "load_embedded",
    "load_extxyz",
    "load_md17",
    "load_rmd17",
    "neighbour_list",
    "plant_unit_faults",
    "random_split",
    "repair_unit_faults",
    "sum_over_neighbours",
    "suspicious_frames",
    "temperature_split",
    "unrelated_distance",
]
