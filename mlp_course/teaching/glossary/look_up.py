"""Looking up: from any spelling of a term to what it means."""

import html
from difflib import get_close_matches
from functools import cache

from mlp_course.teaching.glossary.fifteen import FIFTEEN
from mlp_course.teaching.glossary.further import FURTHER
from mlp_course.teaching.glossary.term import Term
from mlp_course.teaching.tables import html_table

#: Every term: the fifteen first.
GLOSSARY: tuple[Term, ...] = (*FIFTEEN, *FURTHER)


def look_up(word: str) -> Term:
    """Find a term by its name, its abbreviation, a plural or another spelling.

    Args:
        word: in capital or small letters.

    Returns:
        The term; printed, it says what it means.

    Raises:
        ValueError: if there is no such term; the message names the nearest ones.

    Example:
        >>> print(look_up("cutoff"))
        Cutoff radius: The distance beyond which one atom does not see another one directly.
        >>> look_up("MAE").unit
        'meV/atom; meV/Å for forces'
        >>> look_up("equivarience")
        Traceback (most recent call last):
        ...
        ValueError: word must be a term of the glossary; got 'equivarience'. Did you mean ...
    """
    wanted = " ".join(word.lower().split())
    forms = by_form()
    if wanted in forms:
        return forms[wanted]
    near = [term.name for form, term in forms.items() if wanted in form.split()]
    near += [forms[form].name for form in get_close_matches(wanted, forms, n=6, cutoff=0.6)]
    names = list(dict.fromkeys(near))[:3]
    hint = f"Did you mean {' or '.join(names)}?" if names else "glossary_table() lists them all"
    raise ValueError(f"word must be a term of the glossary; got {word!r}. {hint}")


@cache
def by_form() -> dict[str, Term]:
    """Return every term by each of its spellings, in small letters.

    Raises:
        ValueError: if two terms claim one spelling.
    """
    forms: dict[str, Term] = {}
    for term in GLOSSARY:
        for form in map(str.lower, term.forms):
            if forms.setdefault(form, term) is not term:
                raise ValueError(
                    f"a spelling must belong to one term; {form!r} belongs to "
                    f"{forms[form].name} and to {term.name}"
                )
    return forms


class GlossaryTable:
    """Terms, what they mean and where they are used, as a table with links.

    Example:
        >>> glossary_table("five")
        5 entries: potential energy surface, descriptor, invariance, equivariance, ...
    """

    def __init__(self, terms: tuple[Term, ...], count: int | None = None) -> None:
        self.terms = terms
        self.count = len(terms) if count is None else count

    def __repr__(self) -> str:
        return f"{self.count} entries: {', '.join(term.name for term in self.terms)}"

    def _repr_html_(self) -> str:
        heads = ["learn first", "term", "in one sentence", "unit", "used most in"]
        return html_table([heads, *(self._row(term) for term in self.terms)])

    @staticmethod
    def _row(term: Term) -> list[str]:
        link = f'<a href="{html.escape(term.place)}">{html.escape(term.heading)}</a>'
        texts = [str(term.rank or ""), term.title, term.sentence, term.unit]
        return [*map(html.escape, texts), f"{link} (lesson {term.lesson[:2]})"]


def glossary_table(which: str = "fifteen") -> GlossaryTable:
    """List terms with their sentence, their unit, and a link to where they are at work.

    Args:
        which: "five" (to learn first; invariance and equivariance are one entry), "fifteen",
            "further" (words of the course beyond them) or "all".

    Raises:
        ValueError: if ``which`` is none of these.

    Example:
        >>> len(glossary_table().terms), len(glossary_table("five").terms)
        (15, 6)
    """
    five = tuple(sorted((t for t in FIFTEEN if t.rank), key=lambda term: term.rank))
    choices = {"five": five, "fifteen": FIFTEEN, "further": FURTHER, "all": GLOSSARY}
    if which not in choices:
        raise ValueError(f"which must be one of {', '.join(choices)}; got {which!r}")
    return GlossaryTable(choices[which], 5 if which == "five" else None)
