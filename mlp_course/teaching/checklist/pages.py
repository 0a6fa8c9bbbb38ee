"""The list as HTML: one look for the widget, for readers without a kernel, and for the report."""

import html
from collections.abc import Iterable

from mlp_course.teaching.checklist.item import Item
from mlp_course.teaching.checklist.machine_checks import judged_by
from mlp_course.teaching.checklist.ratings import Rating, Ratings
from mlp_course.teaching.tables import html_table

#: A sign and a word for each outcome: colour is never the only difference.
SIGNS = {
    "shown": "✓ measured",
    "shown, not ticked": "✓ measured, though you did not tick it",
    "ticked only": "your word",
    "ticked, not shown": "✗ measured, although you ticked it",
    "not shown": "✗ measured",
    "open": "",
}


def item_as_html(item: Item) -> str:
    """The sentence with its links: to the lesson and to the exercises."""
    books = [
        link(url, f"exercise {book[:2]}")
        for url, book in zip(item.exercise_links, item.books, strict=True)
    ]
    links = [link(item.link, f"lesson {item.lesson[:2]}"), *books]
    return f"{html.escape(item.text)} <small>({', '.join(links)})</small>"


def link(url: str, words: str) -> str:
    """A link that opens beside this page, underlined: in JupyterLab it has the text's colour."""
    style = 'style="text-decoration:underline" target="_blank" rel="noopener"'
    return f'<a href="{html.escape(url)}" {style}>{html.escape(words)}</a>'


def verdict_as_html(rating: Rating) -> str:
    """What was measured, if anything: sign, words and reason."""
    sign = SIGNS[rating.outcome]
    if rating.measured is None:
        return f"<small>{sign}</small>" if sign else ""
    return f"<small><b>{sign}</b>: {html.escape(rating.reason)}, {rating.when}</small>"


def grades_as_html(ratings: Ratings) -> str:
    """Ticks, grade and advice of the three parts."""
    heads = ["part", "you ticked", "grade by that", "with what was measured", "grade", "what next"]
    rows = [
        [
            row["part"],
            f"{row['ticked']} of {row['items']}",
            row["by ticks"],
            f"{row['counted']} of {row['items']}",
            f"<b>{row['grade']}</b>",
            row["what next"],
        ]
        for row in ratings.grades().to_dict("records")
    ]
    return html_table([heads, *rows])


def list_as_html(ratings: Iterable[Rating]) -> str:
    """Every item with its box, links, who can judge it, and what was measured."""
    heads = ["", "I can", "judged by", "measured"]
    rows = [
        [
            f"{'☑' if rating.counts else '☐'}&nbsp;{rating.item.id}",
            item_as_html(rating.item),
            " or ".join(judged_by(rating.item)),
            verdict_as_html(rating),
        ]
        for rating in ratings
    ]
    return html_table([heads, *rows])
