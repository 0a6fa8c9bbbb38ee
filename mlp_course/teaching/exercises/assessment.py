"""Open questions in a notebook: tick what your own answer contains, then compare."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlp_course.teaching.exercises.rubric import Rubric, find_rubric
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.progress import Progress

if TYPE_CHECKING:
    import ipywidgets


def self_assess(name: str) -> SelfAssessment:
    """Show the rubric of an open question, to mark a text of one's own with.

    Args:
        name: name of the open question, such as ``"r03_1"``.

    Returns:
        A widget with a box for each criterion. *Save* stores the marks with the progress and then
        shows a model answer.

    Raises:
        ValueError: if there is no such question.
    """
    return SelfAssessment(find_rubric(name))


class SelfAssessment(Interactive):
    """Boxes to tick for one rubric; see ``self_assess``.

    Args:
        rubric: criteria with points, and a model answer.
    """

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.saved: float | None = None

    def save(self, met: Mapping[str, bool]) -> str:
        """Store which criteria the learner finds in her answer.

        Args:
            met: whether each criterion is met, by its sentence.

        Returns:
            One sentence with the points.
        """
        points = self.rubric.points(met)
        rows = {row: bool(met.get(row, False)) for row in self.rubric.rows}
        progress = Progress.open()
        progress.record_assessment(self.rubric.name, points, self.rubric.possible, rows)
        self.saved = points
        kept = "Stored." if progress.saved else "Not stored: the progress file cannot be written."
        return f"{points:g} of {self.rubric.possible:g} points, by your own judgement. {kept}"

    def __repr__(self) -> str:
        head = f"{self.rubric.name} {self.rubric.title}: does your answer ...?"
        return "\n".join([head, *(f"  [ ] {row} ({p:g})" for row, p in self.rubric.rows.items())])

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>☐ {html.escape(r)} ({p:g})</li>" for r, p in self.rubric.rows.items())
        return (
            f"<p><b>{html.escape(self.rubric.title)}: does your answer ...?</b></p>"
            f"<ul style='list-style: none'>{rows}</ul>"
        )

    def _layout(self) -> ipywidgets.Widget:
        """A box for each criterion, a button, and what follows."""
        import ipywidgets

        wide = ipywidgets.Layout(width="100%")
        self.boxes = {
            row: ipywidgets.Checkbox(description=f"{row} ({p:g})", indent=False, layout=wide)
            for row, p in self.rubric.rows.items()
        }
        self.button = ipywidgets.Button(
            description="Save, show an answer", layout={"width": "200px"}
        )
        self.said = ipywidgets.HTML()
        self.button.on_click(lambda _: self._finish())
        head = ipywidgets.HTML(f"<b>{html.escape(self.rubric.title)}: does your answer ...?</b>")
        return ipywidgets.VBox([head, *self.boxes.values(), self.button, self.said])

    def _finish(self) -> None:
        """Save what is ticked; the model answer is shown in any case."""
        try:
            said = self.save({row: box.value for row, box in self.boxes.items()})
        except (OSError, ValueError) as error:
            said = f"Not stored: {error}"
        answer = html.escape(self.rubric.model_answer).replace("\n\n", "<br><br>")
        self.said.value = f"<p>{html.escape(said)}</p><p><b>One good answer.</b> {answer}</p>"

    def _still(self) -> str:
        """The criteria."""
        return self._repr_html_()
