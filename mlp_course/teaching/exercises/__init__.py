"""Exercises that mark themselves: questions, checks, hints, and rubrics for open questions."""

from mlp_course.teaching.exercises.assessment import self_assess
from mlp_course.teaching.exercises.grader import earn, start_exercises
from mlp_course.teaching.exercises.marks import Marks, Part
from mlp_course.teaching.exercises.overview import catalogue, show_progress
from mlp_course.teaching.exercises.question import Question, all_questions, find_question, question
from mlp_course.teaching.exercises.rubric import Rubric, all_rubrics, find_rubric

__all__ = [
    "Marks",
    "Part",
    "Question",
    "Rubric",
    "all_questions",
    "all_rubrics",
    "catalogue",
    "earn",
    "find_question",
    "find_rubric",
    "question",
    "self_assess",
    "show_progress",
    "start_exercises",
]
