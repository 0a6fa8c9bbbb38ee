"""Exercises that mark themselves: questions, checks, hints, and rubrics for open questions."""

from mlp_course.teaching.exercises.marks import Marks, Part
from mlp_course.teaching.exercises.question import Question, all_questions, find_question, question
from mlp_course.teaching.exercises.rubric import Rubric, all_rubrics, find_rubric

__all__ = [
    "Marks",
    "Part",
    "Question",
    "Rubric",
    "all_questions",
    "all_rubrics",
    "find_question",
    "find_rubric",
    "question",
]
