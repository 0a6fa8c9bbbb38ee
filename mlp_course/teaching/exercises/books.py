"""The exercise books and what they are about: a book has the name of its lesson."""

from __future__ import annotations

TOPICS = {
    "basics": ("01", "02"),
    "data": ("03", "10", "11"),
    "models": ("06", "07", "09"),
    "practice": ("04", "05", "08", "12"),
}


def topic_of(book: str) -> str:
    """Return the topic of an exercise book.

    Args:
        book: its name, such as ``"06_descriptors"``.

    Raises:
        ValueError: if no topic holds its number.

    Example:
        >>> topic_of("06_descriptors")
        'models'
    """
    for topic, numbers in TOPICS.items():
        if book[:2] in numbers:
            return topic
    raise ValueError(f"the book {book!r} has no topic; enter its number in TOPICS")
