"""A learner's progress: kept in one file, shown in a panel, carried about, handed in as a page."""

from mlp_course.teaching.progress.exchange import Imported, export_progress, import_progress
from mlp_course.teaching.progress.files import ProgressSetAside, find_file
from mlp_course.teaching.progress.page import check_summary, write_summary
from mlp_course.teaching.progress.panel import ProgressPanel
from mlp_course.teaching.progress.progress import Progress
from mlp_course.teaching.progress.records import NewerProgress
from mlp_course.teaching.progress.storage import ProgressNotSaved
from mlp_course.teaching.progress.tables import Asked, Entry, Summary, summarise

__all__ = [
    "Asked",
    "Entry",
    "Imported",
    "NewerProgress",
    "Progress",
    "ProgressNotSaved",
    "ProgressPanel",
    "ProgressSetAside",
    "Summary",
    "check_summary",
    "export_progress",
    "find_file",
    "import_progress",
    "summarise",
    "write_summary",
]
