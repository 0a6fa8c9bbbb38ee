"""The acceptance report: is a potential good enough, and on what evidence?"""

from mlp_course.validation.acceptance.accept import accept
from mlp_course.validation.acceptance.copper import copper_crystal
from mlp_course.validation.acceptance.criterion import Criterion
from mlp_course.validation.acceptance.report import AcceptanceReport
from mlp_course.validation.acceptance.stored_modes import load_modes
from mlp_course.validation.acceptance.subject import Effort
from mlp_course.validation.acceptance.systems import recognise
from mlp_course.validation.acceptance.vibrations import compare_modes, harmonic_spectrum

__all__ = [
    "AcceptanceReport",
    "Criterion",
    "Effort",
    "accept",
    "compare_modes",
    "copper_crystal",
    "harmonic_spectrum",
    "load_modes",
    "recognise",
]
