"""Plots: the charts that come back in many lessons, each from the object that holds the numbers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ase import Atoms

from mlp_course.simulation import Drift, Trajectory
from mlp_course.teaching.figures import (
    MARKERS,
    NEUTRAL,
    Picture,
    close_numbers,
    colour_of,
    edge_of,
    first_and_last,
    label_axes,
    method_colour,
    new_figure,
    outline,
    plain_numbers,
)
from mlp_course.validation import TARGETS, Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_labels(sets: Mapping[str, Sequence[Atoms]]) -> Picture:
    """Show how energies (eV per configuration, from the lowest) and force components are spread.

    Args:
        sets: frames with labels, by the name to show.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> frames = [Atoms("H2", [[0, 0, 0], [0, 0, d]], calculator=EMT()) for d in (0.7, 0.8)]
        >>> plot_labels({"train": frames, "test": frames[:1]})
        Histograms of energies and force components of train, test
    """
    figure, (left, right) = new_figure(2)
    energies = {name: [a.get_potential_energy() for a in frames] for name, frames in sets.items()}
    lowest = min(map(min, energies.values()))
    for number, (name, frames) in enumerate(sets.items()):
        style = dict(bins=40, density=True, histtype="step", linewidth=1.8)
        style["color"] = colour_of(name, number)
        style["path_effects"] = outline(style["color"], 1.8)
        left.hist(np.array(energies[name]) - lowest, **style, label=name)
        right.hist(np.concatenate([a.get_forces().ravel() for a in frames]), **style)
    right.set_yscale("log")
    label_axes(left, "energy above the lowest frame / eV", "density / eV⁻¹")
    label_axes(right, "force component / (eV/Å)", "density / (eV/Å)⁻¹")
    left.legend(frameon=False)
    return Picture(figure, f"Histograms of energies and force components of {', '.join(sets)}")


def plot_history(histories: Mapping[str, pd.DataFrame], *, against: str = "seconds") -> Picture:
    """Show validation force and energy errors while training.

    Args:
        histories: what ``fit`` returned, by the name to show.
        against: "seconds", "step" or "epoch".

    Example:
        >>> columns = ["epoch", "validation_force_mae", "validation_energy_mae"]
        >>> history = pd.DataFrame([(1, 90.0, 9.0), (2, 40.0, 3.0)], columns=columns)
        >>> plot_history({"PaiNN": history}, against="epoch")
        Validation errors falling with epochs; last force MAE: PaiNN 40 meV/Å
    """
    figure, (left, right) = new_figure(2)
    for number, (name, history) in enumerate(histories.items()):
        style = dict(color=colour_of(name, number), label=name, linewidth=1.8)
        style["path_effects"] = outline(style["color"], 1.8)
        left.plot(history[against], history["validation_force_mae"], **style)
        right.plot(history[against], history["validation_energy_mae"], **style)
    x = {"seconds": "training time / s", "step": "steps", "epoch": "epochs"}[against]
    for axes, y in ((left, "force MAE / (meV/Å)"), (right, "energy MAE / (meV/atom)")):
        axes.set_yscale("log")
        plain_numbers(axes.yaxis)
        label_axes(axes, x, f"validation {y}")
    left.legend(frameon=False)
    last = [
        f"{name} {h['validation_force_mae'].iloc[-1]:.0f} meV/Å" for name, h in histories.items()
    ]
    return Picture(figure, f"Validation errors falling with {x}; last force MAE: {', '.join(last)}")


def plot_parity(reports: Mapping[str, Report]) -> Picture:
    """Show predicted against reference energies (from the mean) and force components.

    Args:
        reports: from ``evaluate``, by the name to show.

    Example:
        >>> from ase.calculators.morse import MorsePotential  # 0 eV for an atom alone
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> from mlp_course.validation import evaluate
        >>> atom = Atoms("Ar")
        >>> atom.calc = SinglePointCalculator(atom, energy=0.1, forces=[[0.6, 0, 0]])
        >>> plot_parity({"Morse": evaluate(MorsePotential(), [atom])})  # 0.6 / 3 eV/Å
        Predicted against reference energies and forces; MAE: Morse 100.0 meV/atom, 200.0 meV/Å
    """
    figure, (left, right) = new_figure(2, height=4.2)
    for number, (name, report) in enumerate(reports.items()):
        zero = report.reference_energies.mean()
        style = dict(s=5, alpha=0.5, color=colour_of(name, number), linewidths=0, rasterized=True)
        label = f"{name}: {report.energy_mae:.1f} meV/atom"
        true, ours = report.reference_energies - zero, report.predicted_energies - zero
        left.scatter(true, ours, **style, label=label)
        shown = slice(None, None, max(1, report.reference_forces.size // 6000))
        true, ours = report.reference_forces.ravel()[shown], report.predicted_forces.ravel()[shown]
        right.scatter(true, ours, **style, label=f"{name}: {report.force_mae:.1f} meV/Å")
    for axes, quantity in ((left, "energy - mean / eV"), (right, "force component / (eV/Å)")):
        axes.axline((0, 0), slope=1, color="black", linewidth=0.8, zorder=0)
        label_axes(axes, f"reference {quantity}", f"predicted {quantity}")
    for axes in (left, right):
        axes.legend(frameon=False, markerscale=3, title="MAE", alignment="left")
    errors = [
        f"{name} {r.energy_mae:.1f} meV/atom, {r.force_mae:.1f} meV/Å"
        for name, r in reports.items()
    ]
    return Picture(
        figure, "Predicted against reference energies and forces; MAE: " + "; ".join(errors)
    )


def plot_bars(
    values: Mapping[str, float],
    *,
    quantity: str,
    errors: Mapping[str, float] | None = None,
    method: str | None = None,
    log: bool = False,
) -> Picture:
    """Compare one number of several methods, as horizontal bars; what is no method is grey.

    Args:
        values: number by name.
        quantity: what it is, with its unit.
        errors: error bar by name, in the same unit.
        method: whose numbers all of them are: each bar has its colour.
        log: use a logarithmic scale.

    Example:
        >>> plot_bars({"SchNet": 30.0, "PaiNN": 15.0}, quantity="force MAE / (meV/Å)")
        Bars of force MAE / (meV/Å): SchNet 30, PaiNN 15
    """
    figure, (axes,) = new_figure(width=6.5, height=0.8 + 0.36 * len(values))
    for number, (name, value) in enumerate(values.items()):
        bar = (errors or {}).get(name)
        colour = method_colour(method or name) or NEUTRAL
        axes.barh(number, value, color=colour, edgecolor=edge_of(colour), xerr=bar, height=0.7)
        axes.text(value + (bar or 0), number, f" {value:.3g}", va="center", fontsize=9)
    axes.set_yticks(range(len(values)), list(values))
    axes.set_xscale("log" if log else "linear")
    axes.invert_yaxis()
    axes.margins(x=0.12)
    label_axes(axes, quantity, "")
    listed = ", ".join(f"{name} {value:.3g}" for name, value in values.items())
    return Picture(figure, f"Bars of {quantity}: {listed}")


def plot_energy_conservation(runs: Mapping[str, tuple[Trajectory, Drift]]) -> Picture:
    """Show the total energy of NVE runs against time, with the fitted drift.

    Args:
        runs: trajectory and its drift, by the name to show.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> from mlp_course.simulation import energy_drift, run_nve
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_nve(copper, steps=100, timestep=1.0, temperature=300, progress=False)
        >>> plot_energy_conservation({"EMT": (run, energy_drift(run, n_blocks=3))})  # 100 × 1 fs
        Total energy against time: EMT: drift ... meV/atom/ps over 0.1 ps ...
    """
    figure, (axes,) = new_figure(width=7.5, height=3.4)
    for number, (name, (run, drift)) in enumerate(runs.items()):
        time = run.log["time"].to_numpy() / 1000  # ps
        energy = 1000 * run.log["total_energy"].to_numpy() / run.n_atoms  # meV/atom
        colour = colour_of(name, number)
        axes.plot(time, energy - energy.mean(), color=colour, linewidth=0.6, alpha=0.6)
        line = drift.slope * (time - time.mean())
        label = f"{name}: {drift.slope:.2g} ± {drift.standard_error:.1g} meV/atom/ps"
        edge = outline(colour, 2)
        axes.plot(time, line, color=colour, linewidth=2, label=label, path_effects=edge)
    label_axes(axes, "time / ps", "total energy - mean / (meV/atom)")
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return Picture(
        figure, "Total energy against time: " + "; ".join(f"{n}: {d}" for n, (_, d) in runs.items())
    )


def plot_lines(
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    x: str,
    y: str,
    log: str = "",
    markers: bool = True,
    spread: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
    marks: Mapping[str, float] | None = None,
) -> Picture:
    """Draw curves, a pale one with a dark edge.

    Args:
        lines: x and y values by the name to show.
        x: quantity and unit of the x axis.
        y: quantity and unit of the y axis.
        log: axes with a logarithmic scale: "", "x", "y" or "xy".
        markers: mark the points, each curve with a sign of its own.
        spread: lower and upper ends of a bar at each point, in the unit of y, by name.
        marks: heights on the y axis to mark by a horizontal line, by name.

    Example:
        >>> plot_lines({"PaiNN": ([0.0, 1.0], [0.0, 2.0])}, x="time / ps", y="distance / Å")
        distance / Å against time / ps for PaiNN from 0 to 2
    """
    figure, (axes,) = new_figure(width=6.5, height=3.6)
    for number, (name, (xs, ys)) in enumerate(lines.items()):
        colour = colour_of(name, number)
        style = dict(color=colour, label=name, path_effects=outline(colour, 1.5))
        style |= dict(marker=MARKERS[number % 8], ms=5, mec=edge_of(colour)) if markers else {}
        axes.plot(xs, ys, **style)
        if name in (spread or {}):
            low, high = spread[name]
            axes.vlines(xs, low, high, color=edge_of(colour), linewidth=1.2)
    axes.set(xscale="log" if "x" in log else "linear", yscale="log" if "y" in log else "linear")
    for axis, name in ((axes.xaxis, "x"), (axes.yaxis, "y")):
        if name in log:
            low, high = axis.get_view_interval()
            (close_numbers if high > 1e4 * low else plain_numbers)(axis)
    places = next(iter(lines.values()))[0]
    if "x" in log and len(places) < 6 and all(len(xs) == len(places) for xs, _ in lines.values()):
        axes.set_xticks(places)  # few points: each has its number
    for name, height in (marks or {}).items():
        axes.axhline(height, color="black", linestyle=":", linewidth=1)
        style = dict(va="bottom", fontsize=8, bbox=dict(fc="white", ec="none", alpha=0.8, pad=1))
        axes.text(0.01, height, name, transform=axes.get_yaxis_transform(), **style)
    label_axes(axes, x, y)
    if len(lines) > 5:  # too many to find a place among the curves
        figure.legend(loc="outside right upper", frameon=False, fontsize=9)
    else:
        axes.legend(framealpha=0.85, edgecolor="none")
    return Picture(figure, f"{y} against {x} for {first_and_last(lines)}")


def plot_reports(
    reports: Mapping[str, Mapping[str, Report]], *, demanded: Mapping[str, float] | None = None
) -> Picture:
    """Compare force and energy errors of models on several test sets with targets.

    Models of one method share its colour; every second model is hatched.

    Args:
        reports: from ``evaluate``; by model, then by test set, the same sets for each model.
        demanded: limits of your own instead of the usual strict and loose targets, by field:
            ``force_mae`` in meV/Å, ``energy_mae`` in meV/atom.

    Example:
        >>> from ase.calculators.morse import MorsePotential  # 0 eV for an atom alone
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> from mlp_course.validation import evaluate
        >>> atom = Atoms("Ar")
        >>> atom.calc = SinglePointCalculator(atom, energy=0.1, forces=[[0.6, 0, 0]])
        >>> report = evaluate(MorsePotential(), [atom, atom])
        >>> plot_reports({"Morse": {"argon": report}})  # 0.6 / 3 eV/Å
        Bars of force and energy errors; Morse, argon: 200 meV/Å
    """
    figure, panels = new_figure(2, width=5.2, height=3.4)
    quantities = (("force_mae", "force MAE / (meV/Å)"), ("energy_mae", "energy MAE / (meV/atom)"))
    for axes, (field, quantity) in zip(panels, quantities, strict=True):
        for number, (name, by_set) in enumerate(reports.items()):
            places = np.arange(len(by_set)) + (number + 0.5) * 0.8 / len(reports) - 0.4
            style = dict(color=colour_of(name, number), label=name, edgecolor="white")
            style["hatch"] = "///" if number % 2 else ""
            _draw_errors(axes, places, by_set, field, width=0.8 / len(reports), **style)
        _draw_targets(axes, field, demanded)
        axes.set_xticks(range(len(by_set)), list(by_set))
        label_axes(axes, "test set", quantity)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=3, frameon=False)
    errors = [
        f"{n}, {s}: {r.force_mae:.0f} meV/Å" for n, d in reports.items() for s, r in d.items()
    ]
    return Picture(figure, "Bars of force and energy errors; " + "; ".join(errors))


def _draw_errors(
    axes: "Axes", places: np.ndarray, by_set: Mapping[str, Report], field: str, **style: object
) -> None:
    """Draw one bar a test set, with its standard error and its number."""
    values = np.array([getattr(report, field) for report in by_set.values()])
    errors = np.array([getattr(report, f"{field}_error") for report in by_set.values()])
    axes.bar(places, values, yerr=errors, capsize=2, **style)
    for place, value, top in zip(places, values, values + np.nan_to_num(errors), strict=True):
        box = dict(facecolor="white", edgecolor="none", pad=0.5, alpha=0.8)
        axes.text(place, top, f"{value:.3g}", ha="center", va="bottom", fontsize=8, bbox=box)
    axes.margins(y=0.12)


def _draw_targets(axes: "Axes", field: str, demanded: Mapping[str, float] | None) -> None:
    """Mark the limits of one quantity, named beside the panel."""
    target = TARGETS.set_index("field").loc[field]
    limits = {"strict": target["strict"], "loose": target["loose"]}
    if demanded is not None:
        limits = {"demanded": demanded[field]}
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 8}
    for (name, limit), style in zip(limits.items(), ("--", ":"), strict=False):
        axes.axhline(limit, color="black", linestyle=style, linewidth=1)
        axes.text(1.01, limit, name, **place)
