"""The instructor's desk: handed-in exercise books, run apart from each other and marked."""

from mlp_course.grading.commands import add_commands
from mlp_course.grading.folder import grade_folder
from mlp_course.grading.sandbox import Limits, can_isolate
from mlp_course.grading.submission import Graded, Refused, read_submission

__all__ = [
    "Graded",
    "Limits",
    "Refused",
    "add_commands",
    "can_isolate",
    "grade_folder",
    "read_submission",
]
