"""The checklist: what a learner can do, what results show of it, and what to learn next."""

from mlp_course.teaching.checklist.bands import Band, band_of
from mlp_course.teaching.checklist.evidence import Evidence, Split
from mlp_course.teaching.checklist.item import PARTS, Item
from mlp_course.teaching.checklist.items import ITEMS, find_item, items_of
from mlp_course.teaching.checklist.machine_checks import CHECKS, judged_by, machine_checks
from mlp_course.teaching.checklist.pictures import margins, plot_margins, plot_ratings
from mlp_course.teaching.checklist.questions import QUESTIONS
from mlp_course.teaching.checklist.ratings import Rating, Ratings
from mlp_course.teaching.checklist.verdict import Verdict
from mlp_course.teaching.checklist.widget import Checklist
from mlp_course.teaching.checklist.written import write_report

__all__ = [
    "CHECKS",
    "ITEMS",
    "PARTS",
    "QUESTIONS",
    "Band",
    "Checklist",
    "Evidence",
    "Item",
    "Rating",
    "Ratings",
    "Split",
    "Verdict",
    "band_of",
    "find_item",
    "items_of",
    "judged_by",
    "machine_checks",
    "margins",
    "plot_margins",
    "plot_ratings",
    "write_report",
]
