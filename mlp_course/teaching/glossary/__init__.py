"""The words of the course: fifteen terms, further ones, and ways to learn them."""

from mlp_course.teaching.glossary.cards import FlashCards
from mlp_course.teaching.glossary.differences import DIFFERENCES
from mlp_course.teaching.glossary.fifteen import FIFTEEN
from mlp_course.teaching.glossary.further import FURTHER
from mlp_course.teaching.glossary.look_up import GLOSSARY, glossary_table, look_up
from mlp_course.teaching.glossary.pictures import plot_landscape, plot_moved_arrows
from mlp_course.teaching.glossary.questions import TermQuestion
from mlp_course.teaching.glossary.quiz import TermQuiz
from mlp_course.teaching.glossary.term import Term

__all__ = [
    "DIFFERENCES",
    "FIFTEEN",
    "FURTHER",
    "GLOSSARY",
    "FlashCards",
    "Term",
    "TermQuestion",
    "TermQuiz",
    "glossary_table",
    "look_up",
    "plot_landscape",
    "plot_moved_arrows",
]
