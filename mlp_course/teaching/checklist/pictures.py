"""Pictures of the last lesson: how near to its limits a potential is, and who knows oneself."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from mlp_course.teaching.checklist.evidence import Report, read_report
from mlp_course.teaching.checklist.item import PARTS
from mlp_course.teaching.checklist.ratings import Ratings
from mlp_course.teaching.figures import (
    ALARM,
    COLOURS,
    GOOD,
    NEUTRAL,
    Picture,
    label_axes,
    new_figure,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEAST, _MOST = 1e-3, 1e2  # ends of the axis; what lies beyond stands there
#: Colour and hatch of each outcome.
_OUTCOMES = {
    "shown": (GOOD, ""),
    "shown, not ticked": ("#44AA99", ".."),
    "ticked only": ("#88CCEE", ""),
    "ticked, not shown": (ALARM, "//"),
    "not shown": ("#DDCC77", "xx"),
    "open": ("#DDDDDD", ""),
}


def margins(report: Report) -> dict[str, float]:
    """Each measured number over its limit, dimensionless: up to 1 is accepted.

    For what shall be at least a limit below 1 (R², overlaps), what is missing to 1 is compared; for
    times, limit over value.

    Args:
        report: from ``accept``.

    Example:
        >>> row = {"name": "force R²", "value": 0.998, "unit": "1", "limit": "≥ 0.99"}
        >>> round(margins({"criteria": [row | {"verdict": "pass", "reason": ""}]})["force R²"], 3)
        0.2
    """
    found = {}
    for row in read_report(report)["criteria"]:
        sign, _, limit = row["limit"].partition(" ")
        if row["verdict"] == "not applicable" or not limit:
            continue
        value, bound = row["value"], float(limit)
        if value is None:
            found[row["name"]] = np.inf
        elif sign == "<":
            found[row["name"]] = abs(value) / bound
        elif bound < 1:
            found[row["name"]] = (1 - value) / (1 - bound)
        else:
            found[row["name"]] = bound / value if value > 0 else np.inf
    return found


def plot_margins(
    report: Report, *, before: Report | None = None, strictness: float = 1.0
) -> Picture:
    """Draw every number of an acceptance report relative to its limit, on one axis.

    Args:
        report: from ``accept``.
        before: another one, of an earlier model, drawn as hollow circles.
        strictness: all limits are divided by this, dimensionless; 2 is twice as strict.

    Raises:
        ValueError: if ``strictness`` is not positive.

    Example:
        >>> row = {"name": "force MAE", "value": 300.0, "unit": "meV/Å", "limit": "< 150"}
        >>> plot_margins({"criteria": [row | {"verdict": "fail", "reason": ""}]})
        Measured number over its limit for 1 demands. Beyond the limit: force MAE 2.
    """
    if not strictness > 0:
        raise ValueError(f"strictness must be positive, dimensionless; got {strictness}")
    ratios = {name: strictness * ratio for name, ratio in margins(report).items()}
    figure, (axes,) = new_figure(width=7.6, height=0.9 + 0.26 * len(ratios))
    if before is not None:
        old = {name: strictness * ratio for name, ratio in margins(before).items()}
        _draw_old(axes, [old.get(name, np.nan) for name in ratios])
    _draw_margins(axes, ratios)
    beyond = {name: ratio for name, ratio in ratios.items() if not ratio <= 1}
    title = f"limits {strictness:.2g} times as strict: " if strictness != 1 else ""
    title += f"{len(beyond)} of {len(ratios)} beyond"
    label_axes(axes, "measured / limit (log scale; up to 1 is accepted)", "", title)
    named = ", ".join(f"{name} {ratio:.3g}" for name, ratio in beyond.items()) or "none"
    words = f"Measured number over its limit for {len(ratios)} demands. Beyond the limit: {named}."
    if before is not None:
        earlier = [f"{name} {old[name]:.3g}" for name in ratios if not old.get(name, 0) <= 1]
        words += f" Before: {', '.join(earlier) or 'none'}."
    return Picture(figure, words)


def _draw_old(axes: "Axes", ratios: list[float]) -> None:
    """Hollow circles, and words for them."""
    x = np.clip(ratios, _LEAST, _MOST)
    axes.plot(x, range(len(x)), "o", mfc="none", color=NEUTRAL, ms=9, label="before")
    axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.0, 1.0), fontsize=9)


def _draw_margins(axes: "Axes", ratios: dict[str, float]) -> None:
    """A line from the limit to each number; a cross where it is beyond."""
    for place, ratio in enumerate(ratios.values()):
        ok = ratio <= 1
        x = float(np.clip(ratio, _LEAST, _MOST))
        colour = GOOD if ok else ALARM
        axes.plot([1, x], [place, place], color=colour, linewidth=2)
        axes.plot(x, place, "o" if ok else "X", color=colour, ms=7 if ok else 10)
        if not ok:
            beside = dict(xytext=(8, 0), textcoords="offset points", va="center")
            axes.annotate(
                f"{ratio:#.3g} ×" if ratio >= 1.005 else "just over",
                (x, place),
                color=colour,
                **beside,
            )
    axes.axvline(1, color=COLOURS["reference"], linewidth=1.2, linestyle="--")
    axes.set_xscale("log")
    axes.set_xlim(_LEAST / 1.5, 4 * _MOST)
    axes.set_yticks(range(len(ratios)), list(ratios), fontsize=9)
    axes.set_ylim(len(ratios) - 0.4, -0.6)


def plot_ratings(ratings: Ratings) -> Picture:
    """Draw for each part how many items were claimed, measured, both or neither.

    Args:
        ratings: of a learner.
    """
    figure, (axes,) = new_figure(width=7.6, height=2.9)
    rated = ratings.all()
    told = []
    for place, part in enumerate(PARTS.values()):
        counts = Counter(rating.outcome for rating in rated if rating.item.part == part)
        left = 0
        for outcome, (colour, hatch) in _OUTCOMES.items():
            n = counts[outcome]
            axes.barh(place, n, left=left, color=colour, hatch=hatch, edgecolor="white", height=0.6)
            if n:
                ink = "white" if colour in (GOOD, ALARM) else "black"
                box = dict(boxstyle="round,pad=0.2", facecolor=colour, edgecolor="none")
                where = dict(ha="center", va="center", bbox=box if hatch else None)
                axes.text(left + n / 2, place, str(n), color=ink, **where)
            left += n
        words = ", ".join(f"{counts[name]} {name}" for name in _OUTCOMES if counts[name])
        told.append(f"{part}: {words}")
    _legend(axes)
    axes.set_yticks(range(len(PARTS)), list(PARTS.values()))
    axes.invert_yaxis()
    label_axes(axes, "items", "")
    return Picture(figure, "Items of the checklist by outcome. " + ". ".join(told) + ".")


def _legend(axes: "Axes") -> None:
    from matplotlib.patches import Patch

    signs = [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white" if hatch else NEUTRAL, label=name)
        for name, (colour, hatch) in _OUTCOMES.items()
    ]
    axes.legend(handles=signs, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0),
                frameon=False, fontsize=9)  # fmt: skip
