"""The report that one can hand in: grades, items, evidence, and what to learn next."""

import html
from datetime import date
from pathlib import Path

import mlp_course
from mlp_course.data.whole_files import write_whole
from mlp_course.teaching.checklist.item import PARTS
from mlp_course.teaching.checklist.machine_checks import wanted
from mlp_course.teaching.checklist.pages import (
    SIGNS,
    grades_as_html,
    item_as_html,
    list_as_html,
)
from mlp_course.teaching.checklist.ratings import Rating, Ratings

_STYLE = """
body {font-family: sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; line-height: 1.4}
table {border-collapse: collapse; width: 100%} td, th {padding: .25em .6em; vertical-align: top;
border-bottom: 1px solid #8888}
"""
LIMITS = (
    "What this does not say: a tick by word is an opinion; a tick by measurement holds for that "
    "system, those frames and those limits. Nobody knows from it whether the question was worth "
    "asking."
)


def write_report(ratings: Ratings, path: str | Path, *, today: date | None = None) -> Path:
    """Write the list as it stands to one file that needs nothing else.

    Args:
        ratings: of a learner.
        path: a file ending in ``.html`` or ``.md``; it is replaced in one step.
        today: date of the report; None asks the clock.

    Returns:
        The path.

    Raises:
        ValueError: if the file ends in something else.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from mlp_course.teaching.progress import Progress
        >>> with TemporaryDirectory() as folder:
        ...     ratings = Ratings(Progress.open(f"{folder}/progress.json"))
        ...     path = write_report(ratings, f"{folder}/report.md", today=date(2026, 11, 23))
        ...     print(path.read_text(encoding="utf-8")[:23])
        # Checklist, 2026-11-23
    """
    path, today = Path(path), today or date.today()
    writers = {".html": _as_html, ".md": _as_markdown}
    if path.suffix not in writers:
        raise ValueError(f"path must end in .html or .md; got {path.name!r}")
    text = writers[path.suffix](ratings, today)
    return write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def _as_html(ratings: Ratings, today: date) -> str:
    rated = ratings.all()
    parts = "".join(
        f"<h2>{part}</h2>{list_as_html(r for r in rated if r.item.part == part)}"
        for part in PARTS.values()
    )
    steps = "".join(f"<li>{item_as_html(r.item)}<br>{_why(r)}</li>" for r in ratings.weakest())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Checklist {today}'
        f'</title><meta name="color-scheme" content="light dark"><style>{_STYLE}</style></head>'
        f"<body><h1>Checklist, {today}</h1><p>mlp_course {mlp_course.__version__}; "
        f"{html.escape(_counts(rated))}</p>{grades_as_html(ratings)}<h2>Next</h2>"
        f"<ol>{steps}</ol>{parts}<p>{html.escape(LIMITS)}</p></body></html>\n"
    )


def _as_markdown(ratings: Ratings, today: date) -> str:
    rated = ratings.all()
    lines = [f"# Checklist, {today}", "", f"mlp_course {mlp_course.__version__}; {_counts(rated)}"]
    for row in ratings.grades().itertuples():
        lines += ["", f"## {row.part}: {row.counted} of {row.items}, {row.grade}", ""]
        lines += [_line(rating) for rating in rated if rating.item.part == row.part]
    lines += ["", "## Next", ""]
    lines += [
        f"{n}. {r.item.text} ([{r.item.lesson}]({r.item.link})): {_why(r, escape=False)}"
        for n, r in enumerate(ratings.weakest(), start=1)
    ]
    return "\n".join([*lines, "", LIMITS, ""])


def _line(rating: Rating) -> str:
    """One item as Markdown: box, text, link, what was measured."""
    box = "x" if rating.counts else " "
    said = f": {rating.reason} ({rating.when})" if rating.reason else ""
    sign = f" – {SIGNS[rating.outcome]}{said}" if SIGNS[rating.outcome] else ""
    item = rating.item
    return f"- [{box}] {item.id} {item.text} ([{item.lesson}]({item.link})){sign}"


def _why(rating: Rating, *, escape: bool = True) -> str:
    """Why this is next, in words."""
    text = rating.reason or f"nothing shows it yet; it takes {wanted(rating.item)}"
    return html.escape(text) if escape else text


def _counts(rated: list[Rating]) -> str:
    measured = sum(rating.measured is not None for rating in rated)
    claimed = sum(bool(rating.claimed) for rating in rated)
    return f"{claimed} of {len(rated)} items ticked by the learner, {measured} measured"
