"""One item of the checklist: a sentence that begins with "I can", and where it is learnt."""

from dataclasses import dataclass

#: Parts of the list: the letter that begins an item's id, and the name.
PARTS = {"c": "Concepts", "p": "Practice", "a": "Application"}


@dataclass(frozen=True)
class Item:
    """One thing that a learner can do after the course.

    Attributes:
        id: "c01" to "c16", "p01" to "p16", "a01" to "a12".
        group: heading within its part.
        text: what one can do, as it goes on after "I can".
        lesson: name of the lesson that teaches it.
        heading: of the section in that lesson; "" for the whole lesson.
        books: exercise books whose points count for it, named like their lessons.
        person: whether only a person can judge it, whatever the points say.

    Example:
        >>> item = Item("p07", "Data", "split", "03_training_data", "One map of all five")
        >>> item.part, item.link
        ('Practice', '03_training_data.ipynb#One-map-of-all-five')
    """

    id: str
    group: str
    text: str
    lesson: str
    heading: str = ""
    books: tuple[str, ...] = ()
    person: bool = False

    @property
    def part(self) -> str:
        """Concepts, Practice or Application."""
        return PARTS[self.id[0]]

    @property
    def link(self) -> str:
        """Where it is taught, from the folder of the notebooks."""
        place = f"#{self.heading.replace(' ', '-')}" if self.heading else ""
        return f"{self.lesson}.ipynb{place}"

    @property
    def exercise_links(self) -> tuple[str, ...]:
        """Its exercise books, from the folder of the notebooks."""
        return tuple(f"../exercises/{book}.ipynb" for book in self.books)
