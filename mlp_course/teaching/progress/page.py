"""The summary to hand in: one HTML page that shows a learner's progress and holds its data.

The data are in the page, and a SHA-256 of them. Whoever gets the page can see whether it was edited
by accident. It is no proof of authorship: whoever can compute a SHA-256 can write any page.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from mlp_course.data.whole_files import write_whole
from mlp_course.teaching.progress.bars import (
    questions_as_html,
    sums_as_html,
    topics_add_something,
)
from mlp_course.teaching.progress.panel import other_lines
from mlp_course.teaching.progress.progress import Progress
from mlp_course.teaching.progress.records import LARGEST, ProgressRecord, read_record
from mlp_course.teaching.progress.tables import Asked, Entry, Summary, list_entries, summarise
from mlp_course.teaching.tables import text_table

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; }
tr { border-bottom: 1px solid #8886; }
code { overflow-wrap: anywhere; }
"""
_FOUND = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def write_summary(
    path: str | Path,
    catalogue: Iterable[Asked],
    progress: Progress | None = None,
    *,
    name: str = "",
    now: datetime | None = None,
) -> Path:
    """Write the page to hand in; it needs no other file and no network.

    Args:
        path: of the page, such as ``summary.html``.
        catalogue: all questions, open ones included.
        progress: of the learner; None opens the file that the whole course uses.
        name: of the learner, as it shall stand on the page.
        now: time that stands on the page, with its zone; None takes the clock's.

    Returns:
        The path.

    Raises:
        ValueError: if the path does not end in .html.
        OSError: if the page cannot be written.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     progress = Progress.open(f"{folder}/progress.json")
        ...     _ = progress.record_attempt("q06_1", 2, 3)
        ...     page = write_summary(
        ...         f"{folder}/summary.html", [Entry("q06_1", "A cutoff", "06_descriptors", 3)],
        ...         progress, name="Ada",
        ...     )
        ...     check_summary(page)
        'unchanged'
    """
    path = Path(path).expanduser()
    if path.suffix != ".html":
        raise ValueError(f"the summary is a web page: name it {path.stem}.html; got {path.name}")
    progress = progress or Progress.open()
    time = (now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M %Z")
    text = _page(_data(list_entries(catalogue), progress.record(), name.strip(), time))
    return write_whole(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))


def check_summary(path: str | Path) -> str:
    """Say whether a page that was handed in is as it was written.

    Returns:
        "unchanged"; or what differs: the data (their SHA-256 does not fit), or the page around them
        (another version of the course may have written it).

    Raises:
        ValueError: if it is no summary page.
        OSError: if it cannot be opened.
    """
    path = Path(path)
    with path.open("rb") as file:
        text = file.read(3 * LARGEST).decode(errors="replace").replace("\r\n", "\n")
    found = _FOUND.search(text)
    if found is None:
        raise ValueError(f"{path} is no summary page of this course: it holds no data")
    if _checksum(found[1]) not in text.replace(found[0], ""):
        return "changed: the SHA-256 of the data is not the one on the page"
    try:
        same = _page(found[1]) == text
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no summary page of this course: {error}") from None
    if same:
        return "unchanged"
    return "the data are unchanged, the page around them is not, or another version wrote it"


def _data(entries: tuple[Entry, ...], record: ProgressRecord, name: str, time: str) -> str:
    """Everything on the page, as JSON that can stand in HTML."""
    fields = {
        "name": name,
        "time": time,
        "catalogue": [[e.name, e.title, e.book, e.possible, e.topic] for e in entries],
        "progress": json.loads(record.to_json()),
    }
    text = json.dumps(fields, sort_keys=True, indent=1, ensure_ascii=True)
    return text.replace("<", "\\u003c")  # no </script> within the data


def _checksum(data: str) -> str:
    return hashlib.sha256(data.encode()).hexdigest()


def _page(data: str) -> str:
    """The page that belongs to the data; nothing else goes into it."""
    fields = json.loads(data)
    record = read_record(json.dumps(fields["progress"]).encode())
    summary = summarise(record, [Entry(*row) for row in fields["catalogue"]])
    who = html.escape(fields["name"] or "(no name given)")
    body = [
        f"<h1>Machine-learning potentials: progress of {who}</h1>",
        f"<p>{html.escape(fields['time'])}</p>",
        *_tables(record, summary),
        *(f"<p>{html.escape(line)}</p>" for line in other_lines(record, summary)),
        *_judgements(record, summary),
        *_ticks(record),
        "<h2>About this page</h2>",
        "<p>Time is the sum of the gaps of up to 15 minutes between records, so it is a lower "
        "bound. Points of open questions are the learner's own judgement. The data of this page "
        "are in its source, with the SHA-256</p>",
        f"<p><code>{_checksum(data)}</code></p>",
        "<p>It shows accidental edits. It does not prove who did the work: anybody can compute "
        "it.</p>",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>Progress of {who}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + f'\n<script type="application/json" id="data">{data}</script>\n</body>\n</html>\n'
    )


def _tables(record: ProgressRecord, summary: Summary) -> list[str]:
    parts = ["<h2>Lessons</h2>", sums_as_html(summary.books, "lesson")]
    if topics_add_something(summary):
        parts += ["<h2>Topics</h2>", sums_as_html(summary.topics, "topic")]
    return [*parts, "<h2>Questions</h2>", questions_as_html(summary.questions)]


def _judgements(record: ProgressRecord, summary: Summary) -> list[str]:
    """Open questions, row by row."""
    if not record.assessments:
        return []
    titles = dict(zip(summary.questions["name"], summary.questions["title"], strict=True))
    parts = ["<h2>Open questions, by the learner's own judgement</h2>"]
    for name, judged in sorted(record.assessments.items()):
        title = f"{name}: {titles[name]}" if name in titles else name
        points = f"{judged.earned:g} of {judged.possible:g} points"
        rows = [["met" if met else "not met", row] for row, met in judged.rows.items()]
        parts.append(f"<h3>{html.escape(title)} ({points})</h3>")
        parts.append(text_table([["", "the answer ..."], *rows]))
    return parts


def _ticks(record: ProgressRecord) -> list[str]:
    if not record.ticks:
        return []
    rows = [
        [item, "done" if tick.done else "not done", tick.by, tick.evidence]
        for item, tick in sorted(record.ticks.items())
    ]
    return ["<h2>Checklist</h2>", text_table([["item", "", "says the", "evidence"], *rows])]
