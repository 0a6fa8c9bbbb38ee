"""Pictures of error bars: beside the errors, on the calibration curve, along a coordinate."""

from collections.abc import Mapping, Sequence

import numpy as np

from mlp_course.active_learning import (
    Threshold,
    Uncertainty,
    calibration_curve,
    error_by_spread,
    miscalibration_area,
)
from mlp_course.teaching.figures import (
    COLOURS,
    MARKERS,
    NEUTRAL,
    SERIES,
    Picture,
    close_numbers,
    colour_of,
    label_axes,
    new_figure,
    outline,
    with_unit,
)


def plot_error_by_spread(
    records: Mapping[str, Uncertainty],
    *,
    quantity: str,
    n_bins: int = 8,
    threshold: Threshold | None = None,
) -> Picture:
    """Show every error against its announced spread, and the RMSE of groups of equal size.

    Errors below 1 % of the smallest spread are drawn there, for the axes are logarithmic.

    Args:
        records: errors and spreads by the name to show, all in one unit.
        quantity: what is predicted.
        n_bins: groups a record; fewer where it has fewer than eight errors a group.
        threshold: draw its limit (of the error) and its value (of the spread).

    Raises:
        ValueError: if the records have different units.

    Example:
        >>> record = Uncertainty(np.linspace(-2, 2, 40), np.linspace(0.5, 2, 40), "eV/Å")
        >>> plot_error_by_spread({"unseen": record}, quantity="force", n_bins=2)
        Force errors against announced spreads in eV/Å; RMSE of the groups: unseen from ... to ...
    """
    unit = _one_unit(records)
    figure, (axes,) = new_figure(width=6.6, height=4.3)
    everything = np.concatenate([record.spreads for record in records.values()])
    said = []
    for number, (name, record) in enumerate(records.items()):
        colour = colour_of(name, number)
        drawn = np.maximum(np.abs(record.errors), 0.01 * everything.min())
        axes.scatter(record.spreads, drawn, s=9, alpha=0.3, color=colour, linewidths=0)
        groups = error_by_spread(record, n_bins=max(1, min(n_bins, len(record) // 8)))
        style = dict(fmt=MARKERS[number % 8] + "-", ms=7, mec="black", capsize=3, color=colour)
        bars = dict(yerr=np.minimum(groups["rmse_error"], 0.99 * groups["rmse"]), label=name)
        axes.errorbar(groups["spread"], groups["rmse"], **bars, **style)
        said.append(f"{name} from {groups['rmse'].iloc[0]:.2g} to {groups['rmse'].iloc[-1]:.2g}")
    ends = np.array([everything.min(), everything.max()])
    axes.plot(ends, ends, "--", color=NEUTRAL, label="error = spread")
    if threshold is not None:
        _draw_threshold(axes, threshold)
    axes.set(xscale="log", yscale="log")
    for axis in (axes.xaxis, axes.yaxis):
        close_numbers(axis)
    x = with_unit(f"announced spread of the {quantity}", unit)
    label_axes(axes, x, with_unit("|error|", unit))
    axes.legend(loc="lower right", framealpha=0.85, edgecolor="none", fontsize=9)
    text = f"errors against announced spreads in {unit}; RMSE of the groups: {', '.join(said)}"
    return Picture(figure, f"{quantity.capitalize()} {text}")


def _one_unit(records: Mapping[str, Uncertainty]) -> str:
    units = {record.unit for record in records.values()}
    if len(units) != 1:
        raise ValueError(f"records must have one unit; got {sorted(units) or 'no record'}")
    return units.pop()


def _draw_threshold(axes: object, threshold: Threshold) -> None:
    """A line at the limit of the error, and one at the spread from which on nothing is trusted."""
    axes.axhline(threshold.limit, color="black", linestyle=":", linewidth=1.2)
    axes.axvline(threshold.value, color="black", linewidth=1.2)
    box = dict(fc="white", ec="none", alpha=0.8, pad=1)
    axes.text(
        threshold.value, 0.98, f" threshold {threshold.value:.2g}", va="top", fontsize=8,
        transform=axes.get_xaxis_transform(), bbox=box,
    )  # fmt: skip
    axes.text(
        0.01, threshold.limit, f"limit {threshold.limit:.2g}", va="bottom", fontsize=8,
        transform=axes.get_yaxis_transform(), bbox=box,
    )  # fmt: skip


def plot_calibration(records: Mapping[str, Uncertainty]) -> Picture:
    """Show the calibration curves; below the diagonal error bars are too short.

    Args:
        records: errors and spreads by the name to show.

    Example:
        >>> from scipy.stats import norm
        >>> honest = Uncertainty(norm.ppf(np.linspace(0.001, 0.999, 999)), np.ones(999), "eV")
        >>> plot_calibration({"honest": honest, "half as long": honest.scaled(0.5)})
        Calibration curves; miscalibration area: honest 0.00, half as long 0.20
    """
    figure, (axes,) = new_figure(width=5.2, height=4.3)
    areas = {name: miscalibration_area(record) for name, record in records.items()}
    for number, (name, record) in enumerate(records.items()):
        curve = calibration_curve(record)
        x = 100 * np.array([0, *curve["announced"], 1])
        y = 100 * np.array([0, *curve["observed"], 1])
        colour = colour_of(name, number)
        style = dict(color=colour, linewidth=2, path_effects=outline(colour, 2))
        style["linestyle"] = ("-", "--", "-.")[number % 3]
        axes.plot(x, y, label=f"{name}: area {areas[name]:.2f}", **style)
    axes.plot([0, 100], [0, 100], color="black", linewidth=1, linestyle=":", label="honest")
    axes.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")
    axes.text(97, 5, "too short", ha="right", fontsize=9, color=NEUTRAL)
    axes.text(3, 92, "too long", fontsize=9, color=NEUTRAL)
    label_axes(axes, "announced: in this central interval / %", "found in it / %")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=9)
    figure.set_size_inches(7.4, 4.3)
    listed = ", ".join(f"{name} {area:.2f}" for name, area in areas.items())
    return Picture(figure, f"Calibration curves; miscalibration area: {listed}")


def plot_spread_along(
    coordinate: Sequence[float],
    *,
    x: str,
    energies: np.ndarray,
    reference: Sequence[float],
    spreads: Sequence[float],
    errors: Sequence[float],
    known: Sequence[float] | None = None,
    limit: float | None = None,
    log: bool = False,
    reference_name: str = "reference",
) -> Picture:
    """Show what an ensemble says along a path: energies of all members, and force spread and error.

    Args:
        coordinate: place of each configuration on the path, in the unit of ``x``.
        x: quantity and unit of the path.
        energies: of the members in eV, shape (n_models, n_frames); the lowest reference is the
            zero of the picture.
        reference: energies by the reference method in eV, shape (n_frames,).
        spreads: largest σ_i of each configuration in eV/Å.
        errors: largest force error of each in eV/Å.
        known: places of the training frames, drawn as strokes on the axis.
        limit: of the spread in eV/Å, drawn as a line.
        log: use a logarithmic scale for spread and error.
        reference_name: how the reference is called.

    Example:
        >>> plot_spread_along(
        ...     [0.0, 90.0], x="angle / °", energies=np.array([[0.0, 0.1], [0.0, 0.3]]),
        ...     reference=[0.0, 0.1], spreads=[0.1, 0.2], errors=[0.1, 0.5],
        ... )
        Ensemble along angle / °, in eV/Å: largest force spread 0.1 at the start, 0.2 at most, ...
    """
    figure, (left, right) = new_figure(2, width=4.7, height=3.7)
    zero = np.min(reference)
    for number, member in enumerate(np.asarray(energies)):
        label = f"{len(energies)} members" if number == 0 else None
        left.plot(coordinate, member - zero, color=SERIES[4], linewidth=1.2, label=label)
    mean = np.mean(energies, axis=0) - zero
    left.plot(coordinate, mean, color=SERIES[0], linewidth=2, label="their mean")
    style = dict(color=COLOURS["reference"], linestyle="none", marker="o", ms=4)
    left.plot(coordinate, np.asarray(reference) - zero, label=reference_name, **style)
    label_axes(left, x, "energy / eV")
    right.plot(coordinate, spreads, color=SERIES[0], linewidth=2, label="largest spread σ")
    right.plot(coordinate, errors, "o--", color=SERIES[1], ms=4, label="largest real error")
    if limit is not None:
        right.axhline(limit, color="black", linestyle=":", label=f"threshold {limit:.2g} eV/Å")
    if log:
        right.set_yscale("log")
        close_numbers(right.yaxis)
    else:
        right.set_ylim(bottom=0)
    label_axes(right, x, "force / (eV/Å)")
    for axes in (left, right):
        if known is not None:
            marks = dict(ymin=0, ymax=0.04, color="black", linewidth=0.6, alpha=0.6)
            for place in known:
                axes.axvline(place, **marks)
        axes.legend(framealpha=0.85, edgecolor="none", fontsize=8)
    said = "; ".join(
        f"{name} {row[0]:.2g} at the start, {max(row):.2g} at most, {row[-1]:.2g} at the end"
        for name, row in (("largest force spread", spreads), ("error", errors))
    )
    return Picture(figure, f"Ensemble along {x}, in eV/Å: {said}")
