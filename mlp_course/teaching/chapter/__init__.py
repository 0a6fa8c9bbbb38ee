"""The chapter, checked: claims as data, a check for each, a table to filter."""

from mlp_course.teaching.chapter.browser import ChapterTable, plot_verdicts
from mlp_course.teaching.chapter.claim import VERDICTS, Claim, Outcome
from mlp_course.teaching.chapter.table import chapter_claims, check_chapter

__all__ = [
    "VERDICTS",
    "ChapterTable",
    "Claim",
    "Outcome",
    "chapter_claims",
    "check_chapter",
    "plot_verdicts",
]
