"""Points earned in the graded exercises, as evidence for the items that they train."""

from collections.abc import Sequence
from itertools import chain

from mlp_course.teaching.checklist.item import Item
from mlp_course.teaching.checklist.items import QUESTIONS
from mlp_course.teaching.checklist.verdict import Verdict, not_shown
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
        None if none of them was tried. Else ticked if all of its questions were tried and their
        best attempts have 80 % of the points. If no question is linked to the item, the same for
        each of its books, with at least three questions tried in each.
    """
    tried = progress.record().questions
    linked = QUESTIONS.get(item.id)
    if linked:
        return _of_questions(linked, {name: tried[name] for name in linked if name in tried})
    own = [
        [record for name, record in tried.items() if book_number(name) == book_number(book)]
        for book in item.books
    ]
    if not any(own):
        return None
    few = [
        f"{book}: {len(q)}"
        for book, q in zip(item.books, own, strict=True)
        if len(q) < FEWEST_QUESTIONS
    ]
    if few:
        words = f"questions tried in {', '.join(few)} (at least {FEWEST_QUESTIONS} demanded)"
        return not_shown(words)
    return _share(list(chain(*own)), f"questions of {' and '.join(item.books)}")


def _of_questions(linked: Sequence[str], tried: dict[str, QuestionRecord]) -> Verdict | None:
    if not tried:
        return None
    open_ones = [name for name in linked if name not in tried]
    if open_ones:
        return not_shown(f"not tried yet: {', '.join(open_ones)}")
    return _share(list(tried.values()), f"{', '.join(linked)}")


def _share(records: list[QuestionRecord], what: str) -> Verdict:
    """Points over possible points, summed."""
    earned = sum(record.points for record in records)
    possible = sum(record.possible for record in records)
    words = f"{earned:g} of {possible:g} points in {what} (at least {ENOUGH:.0%} demanded)"
    return Verdict(earned >= ENOUGH * possible - 1e-9, words.replace("%", " %"))
