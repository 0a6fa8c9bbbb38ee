"""Reference methods: what the labels come from, on a ladder of cost and accuracy."""

from mlp_course.reference.cluster import local_client, slurm_cluster
from mlp_course.reference.failures import SCFNotConverged
from mlp_course.reference.labelling import label
from mlp_course.reference.ladder import reference_calculator
from mlp_course.reference.pbe import PBE_SETTINGS
from mlp_course.reference.serial import label_here
from mlp_course.reference.store import read_labels

__all__ = [
    "PBE_SETTINGS",
    "SCFNotConverged",
    "label",
    "label_here",
    "local_client",
    "read_labels",
    "reference_calculator",
    "slurm_cluster",
]
