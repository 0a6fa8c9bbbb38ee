"""The progress panel: what is done and what is left, at the top of the first lesson."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.progress.bars import sums_as_html, topics_add_something
from mlp_course.teaching.progress.exchange import import_progress
from mlp_course.teaching.progress.progress import Progress
from mlp_course.teaching.progress.records import ProgressRecord
from mlp_course.teaching.progress.tables import Asked, Summary, list_entries, summarise

if TYPE_CHECKING:
    import ipywidgets

_NOT_SAVED = (
    "Not all of this could be saved: the disk is full, or the folder may not be written to. "
    "Download it before you stop this kernel."
)


class ProgressPanel(Interactive):
    """Points, answers, attempts and minutes per lesson and topic, with a bar for each.

    With a running kernel there are a button to read the file again, a link to download it, and a
    button to take one in: on Binder the disk dies with the session. A page without a kernel shows
    the state in which it was saved.

    Args:
        catalogue: all questions, open ones included.
        progress: of the learner; None opens the file that the whole course uses.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from mlp_course.teaching.progress.tables import Entry
        >>> with TemporaryDirectory() as folder:
        ...     progress = Progress.open(f"{folder}/progress.json")
        ...     _ = progress.record_attempt("q06_1", 2, 3)
        ...     ProgressPanel([Entry("q06_1", "A cutoff", "06_descriptors", 3)], progress)
        Progress: 2 of 3 points, 1 of 1 questions answered, 0 minutes
    """

    def __init__(self, catalogue: Iterable[Asked], progress: Progress | None = None) -> None:
        self.catalogue = list_entries(catalogue)
        self.progress = progress or Progress.open()

    @property
    def summary(self) -> Summary:
        """What the file says now."""
        return summarise(self.progress, self.catalogue)

    def refresh(self) -> None:
        """Read the file again and show what it says."""
        if self._widget is not None:
            self._shown.value = self._repr_html_()
            self._link.value = _download(self.progress)

    def take_in(self, content: bytes) -> str:
        """Take in the content of an exported file.

        Returns:
            What was new, or why it cannot be used.
        """
        try:
            said = f"{import_progress(self.progress, content)}."
        except ValueError as error:
            said = f"{error}."
        self.refresh()
        return said[0].upper() + said[1:]

    def __repr__(self) -> str:
        total = self.summary.total
        return (
            f"Progress: {total['points']:.3g} of {total['possible']:.3g} points, "
            f"{total['answered']:.0f} of {total['questions']:.0f} questions answered, "
            f"{total['minutes']:.0f} minutes"
        )

    def _repr_html_(self) -> str:
        shown = panel_as_html(self.progress.record(), self.summary)
        return shown if self.progress.saved else f"<p><b>{_NOT_SAVED}</b></p>{shown}"

    def _layout(self) -> ipywidgets.Widget:
        """The tables with their buttons."""
        import ipywidgets

        self._shown = ipywidgets.HTML(self._repr_html_())
        self._link = ipywidgets.HTML(_download(self.progress))
        self.button = ipywidgets.Button(description="Read again")
        self.upload = ipywidgets.FileUpload(accept=".json", description="Take in a file")
        self.said = ipywidgets.HTML()
        self.button.on_click(lambda _: self.refresh())
        self.upload.observe(self._uploaded, names="value")
        row = ipywidgets.HBox([self.button, self.upload, self._link])
        row.layout.align_items = "center"
        return ipywidgets.VBox([self._shown, row, self.said])

    def _uploaded(self, change: dict) -> None:
        for file in change["new"]:
            self.said.value = f"<p>{html.escape(self.take_in(bytes(file['content'])))}</p>"

    def _still(self) -> str:
        """The tables as they are now."""
        return self._repr_html_()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(include, exclude)
        self.refresh()
        return bundle


def panel_as_html(record: ProgressRecord, summary: Summary) -> str:
    """The panel for a page without a kernel: tables per lesson and topic, checklist, quizzes."""
    parts = [sums_as_html(summary.books, "lesson")]
    if topics_add_something(summary):
        parts.append(sums_as_html(summary.topics, "topic"))
    parts += [f"<p>{html.escape(line)}</p>" for line in other_lines(record, summary)]
    return f'<div style="max-width:1000px; overflow-x:auto; line-height:1.4">{"".join(parts)}</div>'


def other_lines(record: ProgressRecord, summary: Summary) -> list[str]:
    """Sentences on what has no points: checklist, quizzes, questions that are no more.

    Example:
        >>> nobody = ProgressRecord(folder="here")
        >>> other_lines(nobody, summarise(nobody, []))
        ['Nothing is recorded yet: check an answer in an exercise book, and it appears here.']
    """
    done = [tick for tick in record.ticks.values() if tick.done]
    by_machine = sum(tick.by == "machine" for tick in done)
    lines = []
    if done:
        lines.append(
            f"Checklist: {len(done)} items ticked, {by_machine} of them from your own results."
        )
    for name, quiz in sorted(record.quizzes.items()):
        n = sum(quiz.rounds.values())
        rounds = "1 round" if n == 1 else f"{n} rounds"
        lines.append(
            f"Quiz {name.replace('_', ' ')}: best {quiz.right} of {quiz.asked} in {rounds}."
        )
    if summary.unknown:
        lines.append(
            f"Recorded, but not in this version of the course: {', '.join(summary.unknown)}."
        )
    if not (lines or summary.total["answered"] or record.books):
        lines.append(
            "Nothing is recorded yet: check an answer in an exercise book, and it appears here."
        )
    return lines


def _download(progress: Progress) -> str:
    """A link that saves the progress; the data are in the link itself. Nothing without progress."""
    record = progress.record()
    if record == ProgressRecord(folder=record.folder):
        return ""
    data = base64.b64encode(record.to_json().encode()).decode()
    return (
        '<a download="progress.json" style="text-decoration:underline" '
        f'href="data:application/json;base64,{data}">'
        "Download your progress</a>"
    )
