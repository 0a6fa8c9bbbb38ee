"""All questions of the course, and how far the learner has come with them."""

from __future__ import annotations

from mlp_course.teaching.exercises.question import Question, all_questions
from mlp_course.teaching.exercises.rubric import Rubric, all_rubrics
from mlp_course.teaching.progress import ProgressPanel


def catalogue() -> tuple[Question | Rubric, ...]:
    """Return the graded questions of the course and then the open ones."""
    return (*all_questions(), *all_rubrics())


def show_progress() -> ProgressPanel:
    """Show points, attempts and minutes of the learner, per lesson and topic.

    Returns:
        A panel that reads the progress file again at the press of a button, and from which the file
        can be taken along and brought back.
    """
    return ProgressPanel(catalogue())
