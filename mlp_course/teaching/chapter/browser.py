"""The table of claims to filter, and how many of them hold, section by section."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pandas as pd

from mlp_course.teaching.chapter.claim import CONDITION, HOLDS, OPEN, UNSEEN, VERDICTS, WRONG
from mlp_course.teaching.figures import Picture, label_axes, new_figure
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.tables import html_table

if TYPE_CHECKING:
    import ipywidgets

#: A sign beside the word, and a colour beside the sign: nobody has to tell colours apart.
SIGNS = {HOLDS: "✓", CONDITION: "(✓)", WRONG: "✗", UNSEEN: "–", OPEN: "?"}
_COLOURS = {HOLDS: "#117733", CONDITION: "#88CCEE", WRONG: "#882255", UNSEEN: "#DDCC77",
            OPEN: "#DDDDDD"}  # fmt: skip
_INK = {HOLDS: "white", WRONG: "white"}
_ALL = "all"
_PARTS = {
    "2.1": "what an MLP is", "2.3": "data", "2.5": "workflow", "2.6": "descriptors",
    "2.7": "architectures", "2.8": "active learning", "2.9": "summary", "2.10.1": "data sets",
    "2.10.3": "units", "2.11.1": "data failures", "2.11.2": "training failures",
    "2.11.3": "simulation failures", "2.11.4": "unit failures", "Problem 2": "a plan",
    "Problem 3": "a cost comparison",
}  # fmt: skip


class ChapterTable(Interactive):
    """The checked claims with two menus, one for the section and one for the verdict.

    A reader without a running notebook sees all rows.

    Args:
        table: from ``check_chapter``.

    Raises:
        ValueError: if the table has no rows.

    Example:
        >>> from mlp_course.teaching.chapter import check_chapter
        >>> claims = ChapterTable(check_chapter(["composition", "soap-density", "gap-year"]))
        >>> claims.verdict = "wrong"
        >>> claims
        2 of 3 claims: 2 wrong
    """

    def __init__(self, table: pd.DataFrame) -> None:
        if table.empty:
            raise ValueError("table must have rows: it comes from check_chapter()")
        self.table = table
        self._section, self._verdict = _ALL, _ALL

    @property
    def section(self) -> str:
        """The section that is shown, or "all"."""
        return self._section

    @section.setter
    def section(self, section: str) -> None:
        self._section = self._checked("section", section, self._sections())
        self._show()

    @property
    def verdict(self) -> str:
        """The verdict that is shown, or "all"."""
        return self._verdict

    @verdict.setter
    def verdict(self, verdict: str) -> None:
        self._verdict = self._checked("verdict", verdict, VERDICTS)
        self._show()

    def shown(self) -> pd.DataFrame:
        """The rows that pass both menus."""
        rows = self.table
        for column, wanted in (("section", self._section), ("verdict", self._verdict)):
            rows = rows if wanted == _ALL else rows[rows[column] == wanted]
        return rows

    def __repr__(self) -> str:
        counts = self.shown()["verdict"].value_counts()
        parts = ", ".join(f"{counts[v]} {v}" for v in VERDICTS if v in counts)
        return f"{len(self.shown())} of {len(self.table)} claims: {parts or 'none'}"

    def as_html(self) -> str:
        """The rows that pass both menus, as HTML."""
        rows = [["section", "the chapter says, in our words", "the check found", "verdict", "how"]]
        for name, row in self.shown().iterrows():
            how = f"{row['kind']}: {row['source']}"
            how += f"; lesson {row['lesson']}" if row["lesson"] else ""
            cells = [html.escape(str(c)) for c in (row["section"], row["claim"], row["found"])]
            cells[1] = f'<span id="claim-{name}">{cells[1]}</span>'
            rows.append([*cells, _badge(row["verdict"]), f"<small>{html.escape(how)}</small>"])
        return f"<p><b>{html.escape(repr(self))}</b></p>{html_table(rows)}"

    def _layout(self) -> ipywidgets.Widget:
        """The two menus and the table below them."""
        import ipywidgets

        sections = [(_ALL, _ALL), *((f"{s}  {_PARTS.get(s, '')}", s) for s in self._sections())]
        verdicts = [(_ALL, _ALL), *((f"{SIGNS[v]} {v}", v) for v in VERDICTS)]
        self.section_menu = ipywidgets.Dropdown(
            options=sections, value=self._section, description="section"
        )
        self.verdict_menu = ipywidgets.Dropdown(
            options=verdicts, value=self._verdict, description="verdict"
        )
        self.body = ipywidgets.HTML(self.as_html())
        self.section_menu.observe(lambda c: setattr(self, "section", c["new"]), names="value")
        self.verdict_menu.observe(lambda c: setattr(self, "verdict", c["new"]), names="value")
        menus = ipywidgets.HBox([self.section_menu, self.verdict_menu])
        return ipywidgets.VBox([menus, self.body])

    def _show(self) -> None:
        if self._widget is not None:
            self.section_menu.value, self.verdict_menu.value = self._section, self._verdict
            self.body.value = self.as_html()

    def _sections(self) -> list[str]:
        return list(dict.fromkeys(self.table["section"]))

    def _checked(self, name: str, value: str, known: object) -> str:
        if value != _ALL and value not in known:
            raise ValueError(f"{name} must be one of {', '.join((_ALL, *known))}; got {value!r}")
        return value

    def _still(self) -> str:
        """All rows that are shown."""
        return self.as_html()


def _badge(verdict: str) -> str:
    """A verdict with its sign on its colour."""
    ink = _INK.get(verdict, "black")
    style = f"background:{_COLOURS[verdict]};color:{ink};padding:1px 5px;white-space:nowrap"
    return f'<span style="{style}">{SIGNS[verdict]} {verdict}</span>'


def plot_verdicts(table: pd.DataFrame) -> Picture:
    """Count the verdicts, section by section.

    Args:
        table: from ``check_chapter``.

    Example:
        >>> from mlp_course.teaching.chapter import check_chapter
        >>> plot_verdicts(check_chapter(["composition", "soap-density", "gap-year"]))
        Verdicts on 3 claims: 1 holds, 2 wrong
    """
    sections = list(dict.fromkeys(table["section"]))
    figure, (axes,) = new_figure(width=7.6, height=1.3 + 0.27 * len(sections))
    left = pd.Series(0, index=sections)
    for verdict in VERDICTS:
        counts = table[table["verdict"] == verdict]["section"].value_counts()
        counts = counts.reindex(sections, fill_value=0)
        label = f"{SIGNS[verdict]} {verdict} ({counts.sum()})"
        style = dict(color=_COLOURS[verdict], edgecolor="#555555", linewidth=0.6, label=label)
        axes.barh(range(len(sections)), counts, left=left, height=0.75, **style)
        for place, (start, count) in enumerate(zip(left, counts, strict=True)):
            for n in range(count):
                ink = _INK.get(verdict, "black")
                axes.text(start + n + 0.5, place, SIGNS[verdict], ha="center", va="center",
                          color=ink, fontsize=8)  # fmt: skip
        left = left + counts
    axes.set_yticks(range(len(sections)), [f"{s}  {_PARTS.get(s, '')}" for s in sections])
    axes.invert_yaxis()
    axes.grid(visible=False)
    label_axes(axes, "number of claims", "section of the chapter")
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)
    found = table["verdict"].value_counts()
    listed = ", ".join(f"{found[v]} {v}" for v in VERDICTS if v in found)
    return Picture(figure, f"Verdicts on {len(table)} claims: {listed}")
