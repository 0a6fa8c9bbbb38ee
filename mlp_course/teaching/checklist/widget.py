"""The checklist on the screen: boxes to tick, running grades, and what was measured beside them."""

from __future__ import annotations

import html
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_course.teaching.checklist.evidence import Evidence
from mlp_course.teaching.checklist.item import PARTS, Item
from mlp_course.teaching.checklist.items import ITEMS, items_of
from mlp_course.teaching.checklist.pages import (
    grades_as_html,
    item_as_html,
    list_as_html,
    verdict_as_html,
)
from mlp_course.teaching.checklist.ratings import Ratings
from mlp_course.teaching.checklist.written import write_report
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.progress import Progress

if TYPE_CHECKING:
    import ipywidgets
    import pandas as pd


class Checklist(Interactive):
    """Forty-four items to tick in three parts; every tick goes into the progress file at once.

    A reader without a running notebook sees grades and list as tables.

    Args:
        progress: of the learner; None opens the file that the whole course uses.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     checklist = Checklist(Progress.open(f"{folder}/progress.json"))
        ...     checklist.boxes["p01"].value = True
        ...     checklist
        Concepts 0 of 16 (needs review), Practice 1 of 16 (needs review), ...
    """

    def __init__(self, progress: Progress | None = None) -> None:
        import ipywidgets

        self.ratings = Ratings(progress)
        narrow = ipywidgets.Layout(width="64px", min_width="64px")
        self.boxes = {
            item.id: ipywidgets.Checkbox(
                description=item.id, indent=False, tooltip=f"I can {item.text}", layout=narrow
            )
            for item in ITEMS
        }
        self._measured = {item.id: ipywidgets.HTML() for item in ITEMS}
        self._grades, self._said = ipywidgets.HTML(), ipywidgets.HTML()
        wide = dict(layout=ipywidgets.Layout(width="max-content"))
        self.points = ipywidgets.Button(description="Look at my points", icon="refresh", **wide)
        self.save = ipywidgets.Button(description="Write the report", icon="file", **wide)
        self.update()
        for name, box in self.boxes.items():
            box.observe(self._ticked(name), names="value")
        self.points.on_click(lambda _: self._say(self._look_at_points))
        self.save.on_click(lambda _: self._say(self._write))

    def check(self, evidence: Evidence) -> pd.DataFrame:
        """Have results judged, remember and show what they say; see ``machine_checks``."""
        table = self.ratings.check(evidence)
        self.update()
        return table

    def write_report(self, path: str | Path = "checklist.html") -> Path:
        """Write the list as it stands to an HTML or Markdown file; see ``write_report``."""
        return write_report(self.ratings, path)

    def update(self) -> None:
        """Show what the progress file says now."""
        for rating in self.ratings.all():
            box, shown = self.boxes[rating.item.id], self._measured[rating.item.id]
            if box.value != bool(rating.claimed):
                box.value = bool(rating.claimed)
            shown.value = f"{item_as_html(rating.item)} {verdict_as_html(rating)}"
        self._grades.value = grades_as_html(self.ratings)

    def _ticked(self, name: str) -> Callable[[dict], None]:
        def remember(change: dict) -> None:
            if change["new"] != bool(self.ratings.find(name).claimed):
                self._say(lambda: self.ratings.claim(name, change["new"]))
                self.update()

        return remember

    def _look_at_points(self) -> str:
        table = self.check(Evidence(progress=self.ratings.progress))
        n_ticked = (table["ticked"] == "yes").sum()
        return f"Your points speak about {len(table)} items and show {n_ticked} of them."

    def _write(self) -> str:
        path = self.ratings.progress.path.with_name("checklist.html")
        return f"The report is in {self.write_report(path).name}, beside your progress file."

    def _say(self, act: Callable[[], str | None]) -> None:
        """Do something and show what it says, warnings of the progress file included."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                words = act() or ""
            except (OSError, ValueError) as error:
                words = f"That did not work: {error}"
        lines = [words, *(str(warning.message) for warning in caught)]
        self._said.value = "<br>".join(html.escape(line) for line in lines if line)

    def _layout(self) -> ipywidgets.Widget:
        import ipywidgets

        tabs = ipywidgets.Tab([self._part(part) for part in PARTS.values()])
        tabs.titles = list(PARTS.values())
        buttons = ipywidgets.HBox([self.points, self.save])
        return ipywidgets.VBox([self._grades, tabs, buttons, self._said])

    def _part(self, part: str) -> ipywidgets.Widget:
        import ipywidgets

        rows: list[ipywidgets.Widget] = []
        group = ""
        for item in items_of(part):
            if item.group != group:
                group = item.group
                rows.append(ipywidgets.HTML(f"<b>{html.escape(group)}: I can …</b>"))
            rows.append(self._row(item))
        return ipywidgets.VBox(rows)

    def _row(self, item: Item) -> ipywidgets.Widget:
        import ipywidgets

        return ipywidgets.HBox([self.boxes[item.id], self._measured[item.id]])

    def __repr__(self) -> str:
        return repr(self.ratings)

    def _still(self) -> str:
        """The grades and the list as a table."""
        return grades_as_html(self.ratings) + list_as_html(self.ratings.all())
