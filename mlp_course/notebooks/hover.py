"""Hover text: the first use of a term in each section becomes a link that says what it means.

A master says "descriptor"; the built page says ``[descriptor](02_glossary.ipynb#descriptor "The
list of numbers that ...")``. A Markdown link with a title was chosen over ``<abbr title>``: a
keyboard and a touch screen reach it, as they do not reach the tooltip of an ``<abbr>``; it leads on
to the picture in lesson 02; and it is Markdown, which JupyterLab, GitHub, nbconvert and myst-nb
all turn into the same ``<a title>``, whatever HTML their sanitizers let through.

The fifteen terms are linked once in every section (a heading of level 1 or 2 and what follows it),
further words once in a lesson: more would be a page of blue. Left alone are code, formulas, links,
headings, HTML and what is bold (questions are). The page that explains a term does not link it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from mlp_course.teaching.glossary import Term

GLOSSARY_LESSON = "02_glossary"
FURTHER_WORDS = "further-words"  # the place in lesson 02 that lists what is not among the fifteen

#: What is never touched. At each place of the text the first line that fits is taken.
_PROTECTED = r"""
  ^[ ]{0,3}(?P<fence>```+|~~~+).*?(?:^[ ]{0,3}(?P=fence)[^\n]*$|\Z)  # a block of code
| ^(?:[ ]{4}|\t)[^\n]*$                                    # an indented one, or a deep list
| (?P<heading>^[ ]{0,3}\#{1,2}[ ][^\n]*$)                  # a heading that begins a section
| ^[ ]{0,3}\#{3,6}[ ][^\n]*$                               # a smaller one
| ^[^\n]+\n[ ]{0,3}(?:=+|-{2,})[ ]*$                       # an underlined one
| ^[ ]{0,3}</?[A-Za-z!](?:[^\n]|\n(?![ \t]*(?:\n|\Z)))*    # HTML, up to an empty line
| (?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)         # code in a line
| \\[\\$`*\[\]]                                            # an escaped sign
| \$\$.*?\$\$                                              # a formula in lines of its own
| \$(?:\\.|[^$\\\n]|\n(?!\s*\n))+?\$                       # a formula in a line
| \\begin\{(?P<env>[a-z*]+)\}.*?\\end\{(?P=env)\}          # one without dollar signs
| (?P<link>!?\[(?:[^\[\]]|\[[^\]]*\])*\]\((?:[^()"]|\([^()]*\)|"[^"]*")*\))
| !?\[[^\[\]]*\]\[[^\]]*\]                                 # a link by name
| ^[ ]{0,3}\[[^\]]+\]:[^\n]*$                              # where such a name leads
| </?[A-Za-z!][^>]*> | <[a-z]+:[^>\s]*> | https?://\S+     # a tag, an address
| \*\*(?:[^*\n]|\*(?!\*)|\n(?!\s*\n))+?\*\*                # bold
"""
_OURS = re.compile(rf'\[([^\]]*)\]\({GLOSSARY_LESSON}\.ipynb#[^ )"]* "')


class HoverText:
    r"""Goes through the Markdown of one lesson, from top to bottom, and remembers what was linked.

    Args:
        lesson: name of the lesson; a term may mean something else in some of them.
        explained: names of the terms that the lesson itself explains; they are not linked.

    Example:
        >>> hover = HoverText("06_descriptors")
        >>> print(hover.add("Two cutoffs, one `cutoff`."))
        Two [cutoffs](02_glossary.ipynb#cutoff-radius "Cutoff radius: The distance beyond which
        one atom does not see another one directly."), one `cutoff`.
        >>> hover.add("The cutoff again.")
        'The cutoff again.'
        >>> print(hover.add("## Next\nWhich cutoff?"))
        ## Next
        Which [cutoff](02_glossary.ipynb#cutoff-radius "Cutoff radius: ...")?
    """

    def __init__(self, lesson: str, explained: frozenset[str] = frozenset()) -> None:
        self.lesson, self.explained = lesson, explained
        self._in_section: set[str] = set()
        self._in_lesson: set[str] = set()

    def add(self, source: str) -> str:
        """Return a Markdown cell with links on first uses; doing it twice changes nothing more."""
        return _pattern().sub(self._replace, source)

    def _replace(self, match: re.Match) -> str:
        text = match.group()
        if match["heading"]:
            self._in_section.clear()
        elif match["link"] and (ours := _OURS.match(text)):
            self._note(_terms().get(_plain(ours[1])))
        elif match["term"]:
            term = _terms()[_plain(text)]
            if not self._known(term) and not self._means_something_else(term, match):
                self._note(term)
                return f'[{text}]({place_of(term)} "{title_of(term, text)}")'
        return text

    def _note(self, term: Term | None) -> None:
        if term is not None:
            self._in_section.add(term.name)
            self._in_lesson.add(term.name)

    def _known(self, term: Term) -> bool:
        seen = self._in_section if _is_one_of_fifteen(term) else self._in_lesson
        return term.name in seen or term.name in self.explained

    def _means_something_else(self, term: Term, match: re.Match) -> bool:
        """Whether the lesson, or the word before it ("NVE ensemble"), gives another meaning."""
        before = match.string[: match.start()].rstrip(" *\n-").lower()
        other = tuple(word.lower() for word in term.not_after)
        return self.lesson in term.not_in or before.endswith(other or ("\0",))


def with_hover_text(notebook: NotebookNode, lesson: str) -> NotebookNode:
    """Return a copy of a notebook whose Markdown cells have hover text.

    Args:
        notebook: as ``read_master`` returns it; its cells keep their ids.
        lesson: name of the lesson.
    """
    built = deepcopy(notebook)
    texts = [cell for cell in built.cells if cell.cell_type == "markdown"]
    hover = HoverText(lesson, terms_explained_in("\n".join(cell.source for cell in texts)))
    for cell in texts:
        cell.source = hover.add(cell.source)
    return built


def terms_explained_in(page: str) -> frozenset[str]:
    """Return the names of the terms whose anchors stand in a text.

    Example:
        >>> sorted(terms_explained_in('<a id="ensemble"></a> Five opinions'))
        ['ensemble']
    """
    anchors = set(re.findall(r'<a id="([^"]+)"', page))
    return frozenset(term.name for term in _terms().values() if term.anchor in anchors)


def place_of(term: Term) -> str:
    """Return where a term's link leads: its own place in lesson 02, or the list of further words.

    Example:
        >>> place_of(_terms()["pes"]), place_of(_terms()["frame"])
        ('02_glossary.ipynb#potential-energy-surface', '02_glossary.ipynb#further-words')
    """
    anchor = term.anchor if _is_one_of_fifteen(term) else FURTHER_WORDS
    return f"{GLOSSARY_LESSON}.ipynb#{anchor}"


def title_of(term: Term, spelt: str) -> str:
    r"""Return a term's sentence, safe in a Markdown title; the name first if spelt another way.

    Example:
        >>> title_of(_terms()["frame"], "Frame")
        'One arrangement of the atoms, as it is stored, drawn or labelled.'
    """
    text = term.sentence if _plain(spelt) == term.name.lower() else str(term)
    for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, safe)
    return re.sub(r"([\\`*_$|\[\]])", r"\\\1", text)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


@cache
def _terms() -> dict[str, Term]:
    from mlp_course.teaching.glossary.look_up import by_form

    return by_form()


def _is_one_of_fifteen(term: Term) -> bool:
    from mlp_course.teaching.glossary import FIFTEEN

    return term in FIFTEEN


@cache
def _pattern() -> re.Pattern:
    """Return the pattern of what is protected or else a term; long spellings before short ones."""
    forms = sorted(_terms(), key=len, reverse=True)
    words = "|".join(re.escape(form).replace(r"\ ", r"(?:[ ]|[ ]?\n[ ]{0,3})") for form in forms)
    term = rf"(?<![\w./-])(?P<term>(?i:{words}))(?![\w/-]|\.\w)"
    return re.compile(f"{_PROTECTED}|{term}", re.VERBOSE | re.MULTILINE | re.DOTALL)
