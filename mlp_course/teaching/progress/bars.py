"""The tables of the panel and of the summary page, as HTML that needs no kernel and no colours.

Text takes the colour of the page, so that it is read in a dark theme, too; a bar is blue (Okabe and
Ito's, for any eye) in a frame, and its number stands beside it.
"""

import html

import pandas as pd

from mlp_course.teaching.figures import COLOURS
from mlp_course.teaching.progress.tables import Summary
from mlp_course.teaching.tables import html_table

_FILL = COLOURS["schnet"]


def bar(points: float, possible: float) -> str:
    """A bar of what is reached; the numbers stand beside it and are read aloud.

    Example:
        >>> "2 of 8 points" in bar(2, 8), "width:25%" in bar(2, 8), bar(0, 0)
        (True, True, '')
    """
    if possible <= 0:
        return ""
    share = min(points / possible, 1.0)
    words = f"{points:.3g} of {possible:.3g} points"
    return (
        f'<div role="img" aria-label="{words}" title="{words}" style="width:220px; height:13px; '
        'border:1px solid currentColor; border-radius:3px; overflow:hidden">'
        f'<div style="width:{share:.0%}; height:100%; background-color:{_FILL}"></div></div>'
    )


def sums_as_html(sums: pd.DataFrame, head: str) -> str:
    """Points, answers, attempts and minutes per lesson or topic.

    Args:
        sums: ``books`` or ``topics`` of a summary.
        head: what the first column lists.
    """
    heads = [html.escape(head), "", "points", "answered", "own judgement", "attempts", "minutes"]
    rows = [_sums_row(str(name), row) for name, row in sums.iterrows()]
    if len(rows) > 1:
        rows.append(_sums_row("all", sums.sum()))
    return html_table([heads, *rows], n_numbers=len(heads) - 2)


def _sums_row(name: str, row: pd.Series) -> list[str]:
    return [
        html.escape(_in_words(name)),
        bar(row["points"], row["possible"]),
        _of(row["points"], row["possible"]),
        _of(row["answered"], row["questions"]),
        _of(row["judged"], row["judgeable"]),
        f"{row['attempts']:.0f}",
        f"{row['minutes']:.0f}",
    ]


def questions_as_html(questions: pd.DataFrame) -> str:
    """One line a question: points, attempts, minutes."""
    heads = ["question", "", "points", "attempts", "minutes"]
    rows = [
        [
            f"{html.escape(row.name)}: {html.escape(row.title)}",
            bar(row.points, row.possible) if row.answered else "not answered",
            _of(row.points, row.possible),
            "own judgement" if row.open else f"{row.attempts}",
            "" if row.open else f"{row.minutes:.0f}",
        ]
        for row in questions.itertuples(index=False)
    ]
    return html_table([heads, *rows], n_numbers=len(heads) - 2)


def topics_add_something(summary: Summary) -> bool:
    """Whether topics group lessons, or split them; else both tables would have the same rows."""
    pairs = summary.questions[["book", "topic"]].drop_duplicates()
    return not (pairs["book"].is_unique and pairs["topic"].is_unique)


def _of(points: float, possible: float) -> str:
    return f"{points:.3g} of {possible:.3g}" if possible > 0 else ""


def _in_words(name: str) -> str:
    """A book's name as a person would say it: 06 descriptors."""
    return name.replace("_", " ")
