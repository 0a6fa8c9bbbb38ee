"""May I? Tick the data, choose the use, read the verdict and its reason."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from mlp_course.data.passports import (
    USES,
    Verdict,
    licence_allows,
    list_passports,
    load_passport,
)
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.tables import html_table

if TYPE_CHECKING:
    import ipywidgets

#: Shape and word beside the colour, so that nobody needs to see colours.
_SIGNS = {"yes": ("✔", "#117733"), "no": ("✘", "#AA4499"), "unknown": ("?", "#997700")}
_WORDS = {
    "research": "train on them and publish numbers",
    "share data": "pass the data on",
    "share model": "give the trained model away",
    "commercial": "sell the trained model",
}


class LicenceChooser(Interactive):
    """Boxes for the data sets, a menu for the use; the verdict changes with every tick.

    A reader without a running notebook sees the verdict for every set and use as a table.

    Args:
        data: names of the passports that are ticked at first.
        use: one of ``USES``.

    Example:
        >>> chooser = LicenceChooser(["rmd17"], "commercial")
        >>> chooser.verdict.answer
        'yes'
        >>> chooser.boxes["gnome"].value = True
        >>> chooser
        no: GNoME (CC-BY-NC-4.0) does not allow commercial use
    """

    def __init__(self, data: list[str], use: str = "commercial") -> None:
        import ipywidgets

        wide = ipywidgets.Layout(width="auto")
        self.boxes = {
            name: ipywidgets.Checkbox(
                value=name in data, description=load_passport(name).title, indent=False, layout=wide
            )
            for name in list_passports()
        }
        options = [(f"{_WORDS[use]} ({use})", use) for use in USES]
        self.use = ipywidgets.Dropdown(options=options, value=use, layout=wide)
        self._shown = ipywidgets.HTML()
        self._update()
        for widget in (*self.boxes.values(), self.use):
            widget.observe(self._update, names="value")

    @property
    def chosen(self) -> list[str]:
        """Names of the ticked data sets."""
        return [name for name, box in self.boxes.items() if box.value]

    @property
    def verdict(self) -> Verdict | None:
        """What follows; None if nothing is ticked."""
        return licence_allows(self.chosen, self.use.value) if self.chosen else None

    def _update(self, change: object = None) -> None:
        verdict = self.verdict
        self._shown.value = (
            "<p>Tick at least one data set.</p>" if verdict is None else _box(verdict)
        )

    def _layout(self) -> ipywidgets.Widget:
        import ipywidgets

        columns = ipywidgets.Layout(
            grid_template_columns="repeat(3, 220px)", width="680px", grid_gap="0px 8px"
        )
        grid = ipywidgets.GridBox(list(self.boxes.values()), layout=columns)
        ask = ipywidgets.HTML("<b>I trained on</b>"), ipywidgets.HTML("<b>and want to</b>")
        return ipywidgets.VBox([ask[0], grid, ask[1], self.use, self._shown])

    def __repr__(self) -> str:
        return repr(self.verdict) if self.verdict else "no data set is ticked"

    def _still(self) -> str:
        """Every data set with its verdict."""
        return verdict_table()


def _box(verdict: Verdict) -> str:
    sign, colour = _SIGNS[verdict.answer]
    reasons = "; ".join(map(html.escape, verdict.reasons))
    conditions = "".join(f"<li>{html.escape(text)}</li>" for text in verdict.conditions)
    style = f"border-left:6px solid {colour};padding:2px 12px;margin:6px 0;line-height:1.4"
    return (
        f'<div style="{style}">'
        f"<b>{sign} {verdict.answer}</b><br>{reasons}<ul>{conditions}</ul></div>"
    )


def verdict_table() -> str:
    """Return the verdict for each data set and each use as a table.

    Example:
        >>> verdict_table().count("<tr>") == len(list_passports()) + 1  # and a head
        True
    """
    rows = [["data set", "licence", *USES]]
    for passport in map(load_passport, list_passports()):
        answers = [licence_allows(passport, use).answer for use in USES]
        said = [f"{_SIGNS[answer][0]} {answer}" for answer in answers]
        rows.append([html.escape(passport.title), html.escape(passport.licence.value), *said])
    return html_table(rows)
