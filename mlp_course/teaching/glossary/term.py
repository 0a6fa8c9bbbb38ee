"""One term of the glossary: what it means, how it is spelt, where it is used most."""

import re
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Term:
    """A word that a newcomer cannot guess, with one plain sentence.

    Attributes:
        name: how the course spells it, in lower case unless it is a name.
        sentence: what it means, in one sentence that does not use the word itself.
        lesson: name of the lesson that uses it most.
        heading: the heading there under which it is at work.
        spellings: other forms found in texts: plurals, short forms, adjectives.
        short: abbreviation, if there is a common one.
        symbol: in LaTeX without dollar signs, if there is one.
        unit: of the quantity, if it is one.
        related: names of terms that are easily taken for this one.
        rank: place among the five entries to learn first, from 1; None for the others.
        not_after: words that give the next word another meaning, as "NVE" does to "ensemble".
        not_in: lessons in which the word means something else throughout.

    Example:
        >>> term = Term("MAE", "The mean size of an error.", "00_start_here", "A number: too good")
        >>> term.anchor, term.place
        ('mae', '00_start_here.ipynb#A-number:-too-good')
    """

    name: str
    sentence: str
    lesson: str
    heading: str
    spellings: tuple[str, ...] = ()
    short: str = ""
    symbol: str = ""
    unit: str = ""
    related: tuple[str, ...] = ()
    rank: int | None = None
    not_after: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Name and abbreviation, with a capital letter unless the word has one inside.

        Example:
            >>> Term("xTB", "A method.", "", "").title, Term("frame", "A picture.", "", "").title
            ('xTB', 'Frame')
        """
        cased = any(letter.isupper() for letter in self.name.split()[0])
        name = self.name if cased else self.name[0].upper() + self.name[1:]
        return f"{name} ({self.short})" if self.short else name

    @property
    def forms(self) -> tuple[str, ...]:
        """Every spelling under which the term is recognised."""
        return tuple(form for form in (self.name, self.short, *self.spellings) if form)

    @property
    def anchor(self) -> str:
        """Name of the place in lesson 02 that explains it, for links."""
        return re.sub(r"[^a-z0-9 -]", "", self.name.lower()).replace(" ", "-")

    @property
    def place(self) -> str:
        """Link from one notebook to the heading where the term is used most.

        The part behind # is the heading with hyphens for spaces, as JupyterLab, nbconvert and
        GitHub's view of notebooks write it.
        """
        return f"{self.lesson}.ipynb#{quote(self.heading.replace(' ', '-'), safe=':,()·?!')}"

    def __str__(self) -> str:
        return f"{self.title}: {self.sentence}"
