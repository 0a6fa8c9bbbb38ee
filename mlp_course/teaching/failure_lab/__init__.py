"""The failure lab: what goes wrong in practice, made on purpose, caught, cured, measured again."""

from mlp_course.teaching.failure_lab.bands import plot_bands
from mlp_course.teaching.failure_lab.catalogue import before_and_after, failure, failures
from mlp_course.teaching.failure_lab.game import which_failure
from mlp_course.teaching.failure_lab.plots import plot_alarms, plot_failure
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.teaching.failure_lab.stored import load_measured

__all__ = [
    "Failure",
    "Outcome",
    "before_and_after",
    "failure",
    "failures",
    "load_measured",
    "plot_alarms",
    "plot_bands",
    "plot_failure",
    "which_failure",
]
