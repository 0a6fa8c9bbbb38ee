"""Data: frames with energies and forces, from wherever they come, in eV and Å."""

from mlp_course.data.download import ChecksumError, DownloadError
from mlp_course.data.embedded import list_embedded, load_embedded
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

__all__ = [
    "MD17_FILES",
    "RMD17_MOLECULES",
    "ChecksumError",
    "DownloadError",
    "Graph",
    "autocorrelation",
    "block_average",
    "blocked_split",
    "check_frames",
    "collate",
    "correlation_time",
    "grouped_split",
    "has_rmd17",
    "leakage",
    "list_embedded",
    "load_embedded",
    "load_md17",
    "load_rmd17",
    "neighbour_list",
    "random_split",
    "sum_over_neighbours",
    "temperature_split",
    "unrelated_distance",
]
