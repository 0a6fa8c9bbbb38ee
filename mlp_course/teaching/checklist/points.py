"""Points earned in the graded exercises, as evidence for the items that they train."""

from collections.abc import Sequence
from itertools import chain

from mlp_course.teaching.checklist.item import Item
from mlp_course.teaching.checklist.questions import QUESTIONS
from mlp_course.teaching.checklist.verdict import Verdict
from mlp_course.teaching.progress import Progress
from mlp_course.teaching.progress.records import QuestionRecord
from mlp_course.teaching.progress.times import book_number

ENOUGH = 0.8  # of the points
FEWEST_QUESTIONS = 3  # of a book that is judged as a whole; the books have three to five


def points_checked(item: Item, progress: Progress) -> Verdict | None:
    """Judge an item by the points of its questions, else of its books.

    Args:
        item: of the checklist.
        progress: with the attempts.

    Returns:
        None until all of its questions were tried; then ticked if their best attempts have 80 % of
        the points together. If no question is linked to the item: the questions of its books, at
        least three tried in each.
    """
    tried = progress.record().questions
    linked = QUESTIONS.get(item.id)
    if linked is not None:
        return _of_questions(linked, {name: tried[name] for name in linked if name in tried})
    own = [
        [record for name, record in tried.items() if book_number(name) == book_number(book)]
        for book in item.books
    ]
    if min(map(len, own), default=0) < FEWEST_QUESTIONS:
        return None
    return _share(list(chain(*own)), f"questions of {' and '.join(item.books)}")


def _of_questions(linked: Sequence[str], tried: dict[str, QuestionRecord]) -> Verdict | None:
    if not linked or len(tried) < len(linked):
        return None
    return _share(list(tried.values()), ", ".join(linked))


def _share(records: list[QuestionRecord], what: str) -> Verdict:
    """Points over possible points, summed."""
    earned = sum(record.points for record in records)
    possible = sum(record.possible for record in records)
    words = f"{earned:g} of {possible:g} points in {what} (at least {ENOUGH:.0%} demanded)"
    return Verdict(earned >= ENOUGH * possible - 1e-9, words.replace("%", " %"))
