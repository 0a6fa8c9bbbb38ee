"""Grade bands: how many items of a part are how good, and what to do then."""

from dataclasses import dataclass

from mlp_course.teaching.checklist.items import items_of


@dataclass(frozen=True)
class Band:
    """One row of the chapter's table.

    Attributes:
        fewest: smallest number of ticks in it.
        most: largest number of ticks in it.
        grade: one or two words.
        advice: what to do next.
    """

    fewest: int
    most: int
    grade: str
    advice: str


#: Limits as in section 2.12 of the chapter (its words are other ones).
BANDS: dict[str, tuple[Band, ...]] = {
    "Concepts": (
        Band(14, 16, "excellent", "go on to the next topic"),
        Band(10, 13, "good", "look again at what is open"),
        Band(0, 9, "needs review", "read the lessons once more"),
    ),
    "Practice": (
        Band(14, 16, "excellent", "begin a project of your own"),
        Band(10, 13, "good", "practise with the exercises"),
        Band(0, 9, "needs review", "train more with code before you start a project"),
    ),
    "Application": (
        Band(10, 12, "excellent", "design research projects"),
        Band(7, 9, "good", "work through case studies"),
        Band(0, 6, "needs review", "exercises and case studies first"),
    ),
}


def band_of(part: str, n_ticked: int) -> Band:
    """Return the band that a number of ticks lies in.

    Args:
        part: "Concepts", "Practice" or "Application".
        n_ticked: items ticked.

    Raises:
        ValueError: if there is no such part, or it has fewer items.

    Source:
        Section 2.12 of the chapter.

    Example:
        >>> [band_of("Practice", n).grade for n in (9, 10, 13, 14)]
        ['needs review', 'good', 'good', 'excellent']
    """
    n_items = len(items_of(part))
    if not 0 <= n_ticked <= n_items:
        raise ValueError(f"n_ticked must be 0 to {n_items} for {part}; got {n_ticked}")
    return next(band for band in BANDS[part] if n_ticked >= band.fewest)
