"""Pictures of the lab: a failure beside its cure, and all alarms in one view."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.teaching.figures import (
    NEUTRAL,
    Picture,
    edge_of,
    label_axes,
    new_figure,
    outline,
    plain_numbers,
)

FAILED, CURED, TRUTH = "#AA4499", "#117733", "#000000"  # two of the series, and the reference
REFERENCES = ("xTB", "EMT", "copper by EMT")


def plot_failure(failure: Failure, failed: Outcome, cured: Outcome | None = None) -> Picture:
    """Show what went wrong and, beside it in green, what the cure made of it.

    Args:
        failure: from ``failures()``.
        failed: what ``failure.produce()`` gave.
        cured: what ``failure.cured()`` gave; without it only the failure is shown.

    Example:
        >>> from mlp_course.teaching.failure_lab import failure
        >>> from mlp_course.validation import at_most
        >>> ring, still = (at_most("jump", j, 1.0, "meV") for j in (3.0, 0.1))
        >>> failed = Outcome(3.0, ring, {"cut": ([0, 1], [0.0, 3.0])})
        >>> plot_failure(failure("kink"), failed, Outcome(0.1, still, {"faded": ([0, 1], [0, 0])}))
        a kink at the cutoff: noise of the total energy without thermostat 3 meV/atom, cured 0.1 ...
    """
    figure, (axes,) = new_figure(width=6.8, height=3.3)
    drawn: set[str] = set()
    words = _has_words(failed)
    for outcome, colour, dash in ((failed, FAILED, "-"), (cured, CURED, "--")):
        for name, (xs, ys) in (outcome.curves if outcome else {}).items():
            if name in drawn:  # the reference, again
                continue
            drawn.add(name)
            options = dict(colour=colour, dash=dash, marker="o" if outcome is failed else "s")
            _draw(axes, name, xs, ys, points=failure.points, **options)
    for letter, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        if letter in failure.log:
            axes.set(**{f"{letter}scale": "log"})
            plain_numbers(axis)
    if words:
        axes.set_ylim(bottom=0)
        axes.margins(x=0.35)
    label_axes(axes, failure.x, failure.y)
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)
    unit = "" if failure.unit == "1" else f" {failure.unit}"
    said = f"{failure.name}: {failure.quantity} {failed.number:.3g}{unit}"
    said += f", cured {cured.number:.3g}{unit}" if cured else ""
    return Picture(figure, said)


def _has_words(outcome: Outcome) -> bool:
    return any(isinstance(x, str) for xs, _ in outcome.curves.values() for x in xs)


def _draw(
    axes: Axes,
    name: str,
    xs: Sequence,
    ys: Sequence,
    *,
    points: bool,
    colour: str,
    dash: str,
    marker: str,
) -> None:
    """One curve: the reference black and plain, long ones thin, single points large."""
    if points:
        axes.plot(xs, ys, marker, ms=3.5, alpha=0.7, color=colour, label=name)
        return
    reference, long = name in REFERENCES, len(xs) > 60
    colour = TRUTH if reference else colour
    style = dict(color=colour, linestyle="-" if reference or long else dash, label=name)
    style |= dict(linewidth=0.9 if long else 1.8, zorder=1 if reference else 2)
    style |= dict(marker="" if reference or long else marker, ms=9 if len(xs) == 1 else 4.5)
    axes.plot(xs, ys, path_effects=outline(colour, 1.8), mec=edge_of(colour), **style)


def plot_alarms(results: Mapping[str, tuple[Outcome, Outcome]]) -> Picture:
    """Show each finding over its own limit, before and after: who rings, and by how much.

    Args:
        results: failed and cured outcome by name. Findings that count things (limit 0) are drawn
            at the edge when they ring.

    Example:
        >>> from mlp_course.validation import at_most
        >>> ring, still = (Outcome(1, at_most("jump", j, 1.0, "meV"), {}) for j in (3.0, 0.1))
        >>> plot_alarms({"kink": (ring, still)})
        Findings over their limits; kink: 3 before, 0.1 after
    """
    figure, (axes,) = new_figure(width=7.0, height=0.9 + 0.33 * len(results))
    said = []
    for row, (name, pair) in enumerate(results.items()):
        places = [_severity(outcome) for outcome in pair]
        axes.plot(places, [row, row], color=NEUTRAL, linewidth=1, zorder=1)
        for place, colour, marker in zip(places, (FAILED, CURED), "os", strict=True):
            axes.plot(place, row, marker, color=colour, ms=8, zorder=2)
        said.append(f"{name}: {places[0]:.2g} before, {places[1]:.2g} after")
    axes.axvline(1, color="black", linestyle=":")
    axes.set_xscale("log")
    axes.set_yticks(range(len(results)), list(results))
    axes.invert_yaxis()
    axes.plot([], [], "o", color=FAILED, label="failed")
    axes.plot([], [], "s", color=CURED, label="cured")
    label_axes(axes, "finding over its limit (right of 1: the alarm rings) / 1", "")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return Picture(figure, f"Findings over their limits; {'; '.join(said)}")


def _severity(outcome: Outcome) -> float:
    """How far a finding is on the wrong side of its limit, kept between 10⁻³ and 10³."""
    found = outcome.finding
    if found.limit == 0:
        return 1e3 if found.rings else 1e-3
    ratio = found.value / found.limit
    ratio = ratio if found.rule == "at most" else 1 / max(ratio, 1e-12)
    return float(np.clip(ratio, 1e-3, 1e3))
