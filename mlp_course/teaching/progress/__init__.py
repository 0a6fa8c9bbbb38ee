"""A learner's progress: kept in one file, shown in a panel, handed in as a page."""

from mlp_course.teaching.progress.files import ProgressSetAside, find_file
from mlp_course.teaching.progress.progress import Progress
from mlp_course.teaching.progress.records import NewerProgress
from mlp_course.teaching.progress.storage import ProgressNotSaved

__all__ = [
    "NewerProgress",
    "Progress",
    "ProgressNotSaved",
    "ProgressSetAside",
    "find_file",
]
