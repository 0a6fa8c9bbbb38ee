"""Files and formats as pictures: texts side by side, and what a format keeps."""

import html
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mlp_course.simulation.format_survey import KEPT
from mlp_course.teaching.figures import Picture, new_figure, with_unit

_KEPT, _LOST = "#88CCEE", "#FFFFFF"
_CELL = "vertical-align:top;text-align:left;padding-right:1.5em"
_TEXT = "font-size:85%;line-height:1.25;white-space:pre;overflow-x:auto"


class SideBySide:
    """Texts in columns, with some words marked, that a notebook shows.

    Attributes:
        texts: by their headings.
        marked: words; each line that holds one of them is bold.
    """

    def __init__(self, texts: Mapping[str, str], marked: Sequence[str] = ()) -> None:
        self.texts, self.marked = dict(texts), tuple(marked)

    def __repr__(self) -> str:
        parts = [f"{name}\n{'-' * len(name)}\n{text}" for name, text in self.texts.items()]
        return "\n\n".join(parts)

    def _repr_html_(self) -> str:
        heads = "".join(f"<th style='{_CELL}'>{html.escape(name)}</th>" for name in self.texts)
        cells = "".join(
            f"<td style='{_CELL}'><pre style='{_TEXT}'>{self._lines(text)}</pre></td>"
            for text in self.texts.values()
        )
        return f"<table><tr>{heads}</tr><tr>{cells}</tr></table>"

    def _lines(self, text: str) -> str:
        """The text as HTML; lines with a marked word are bold."""
        lines = [
            f"<b>{html.escape(line)}</b>" if any(word in line for word in self.marked)
            else html.escape(line)
            for line in text.splitlines()
        ]  # fmt: skip
        return "\n".join(lines)


def show_side_by_side(
    texts: Mapping[str, str | Path],
    *,
    marked: Sequence[str] = (),
    n_lines: int | None = None,
    width: int = 44,
) -> SideBySide:
    """Show texts or the beginnings of files beside each other.

    Args:
        texts: by heading: a text, or the path of a file.
        marked: words; each line with one of them is printed bold.
        n_lines: how many lines of each; None for all.
        width: longer lines are cut, and end with "…".

    Example:
        >>> show_side_by_side({"one": "cutoff 500", "two": "ecutwfc 36.7"}, marked=["cut"])
        one
        ---
        cutoff 500
        <BLANKLINE>
        two
        ---
        ecutwfc 36.7
    """
    return SideBySide(
        {name: _beginning(text, n_lines, width) for name, text in texts.items()}, marked
    )


def _beginning(text: str | Path, n_lines: int | None, width: int) -> str:
    if isinstance(text, Path):
        text = text.read_text(encoding="utf-8", errors="replace")
    lines = text.strip("\n").splitlines()
    kept = [line if len(line) <= width else line[: width - 1] + "…" for line in lines[:n_lines]]
    return "\n".join(kept + (["…"] if len(kept) < len(lines) else []))


def plot_kept(survey: pd.DataFrame) -> Picture:
    """Show what each format keeps: the largest difference after reading, or that it is gone.

    Args:
        survey: from ``survey_formats``.

    Example:
        >>> row = dict.fromkeys(KEPT, 0.0) | {"energies": np.nan, "kB": 4.0}
        >>> plot_kept(pd.DataFrame([row], index=[".dump"]))
        .dump (4 kB): loses energies
    """
    quantities = list(KEPT)
    figure, (axes,) = new_figure(width=8.6, height=1.3 + 0.45 * len(survey))
    gone = survey[quantities].isna().to_numpy()
    axes.imshow(np.zeros(gone.shape), cmap="gray", vmin=-1, vmax=0, aspect="auto")
    for (row, column), lost in np.ndenumerate(gone):
        value = survey[quantities].iloc[row, column]
        text = "lost" if lost else "exact" if value == 0 else f"{value:.0e}"
        axes.add_patch(_square(row, column, _LOST if lost else _KEPT))
        style = dict(style="italic", color="#882255") if lost else {}
        axes.text(column, row, text, ha="center", va="center", fontsize=10, **style)
    heads = [
        with_unit(name, unit).replace(" /", "\n/", 1) if unit else name
        for name, unit in KEPT.items()
    ]
    axes.set_xticks(range(len(quantities)), heads, fontsize=9)
    names = [f"{name}  {kb:.0f} kB" for name, kb in survey["kB"].items()]
    axes.set_yticks(range(len(survey)), names, fontsize=10)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    lost_by = [", ".join(np.array(quantities)[row]) or "nothing" for row in gone]
    rows = zip(survey["kB"].items(), lost_by, strict=True)
    said = [f"{name} ({kb:.0f} kB): loses {lost}" for (name, kb), lost in rows]
    return Picture(figure, "; ".join(said))


def _square(row: int, column: int, colour: str) -> object:
    """One field of the table."""
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, edgecolor="white", lw=2)
