"""How long a learner worked on a book (a lesson and its exercises), from what was recorded of it.

The rule: the time between two records of a book counts if it is at most 15 minutes; a longer gap
was a break, or another book. The work before the very first record of a book is not seen, so the
sum is a lower bound. Who works on two books in turns, has the time counted for both.
"""

import re
from datetime import datetime

from mlp_course.teaching.progress.records import BookTime, ProgressRecord

LONGEST_GAP = 15 * 60  # s


def book_number(name: str) -> str:
    """Number of the lesson that a name belongs to; "" for what belongs to none.

    Args:
        name: of a question, an open question, a lesson or an exercise book.

    Example:
        >>> [book_number(name) for name in ("q06_1", "r06_1", "06_descriptors", "c01")]
        ['06', '06', '06', '']
    """
    found = re.match(r"[a-z]?(\d\d)_", name)
    return found[1] if found else ""


def spend_time(record: ProgressRecord, name: str, now: datetime, said: float = 0.0) -> float:
    """Note that something of a book was done now, and what that says of the time spent on it.

    Args:
        record: changed in place.
        name: of what was done.
        now: time, with its zone.
        said: seconds up to now that were measured by somebody else; what the gaps have counted
            already is not counted again.

    Returns:
        Seconds that were added.

    Example:
        >>> from datetime import UTC, timedelta
        >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
        >>> record = ProgressRecord(folder="here")
        >>> [spend_time(record, "q06_1", noon + timedelta(minutes=m)) for m in (0, 4, 90, 100)]
        [0.0, 240.0, 0.0, 600.0]
    """
    number = book_number(name)
    if not number:
        return 0.0
    book = record.books.get(number)
    if book is None:
        added = said
        book = BookTime(last=now, seconds={})
    else:
        gap = max((now - book.last).total_seconds(), 0.0)  # a clock may be set back
        added = gap if gap <= LONGEST_GAP else min(said, gap)
    own = book.seconds.get(record.folder, 0.0) + added
    record.books[number] = BookTime(
        last=max(now, book.last), seconds=book.seconds | {record.folder: round(own, 1)}
    )
    return added
