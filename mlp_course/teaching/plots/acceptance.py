"""The acceptance report on one page: what was measured, beside what was demanded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from mlp_course.teaching.figures import (
    ALARM,
    COLOURS,
    GOOD,
    NEUTRAL,
    Picture,
    label_axes,
    plain_numbers,
)
from mlp_course.validation import AcceptanceReport
from mlp_course.validation.acceptance.criterion import FAIL, NOT_APPLICABLE, PASS
from mlp_course.validation.acceptance.judge_errors import FORCE_LIMIT
from mlp_course.validation.acceptance.vibrations import harmonic_spectrum, spectrum_grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OURS, _REFERENCE = COLOURS["schnet"], COLOURS["reference"]
_SIGNS = {PASS: ("✓", GOOD), FAIL: ("✗", ALARM), NOT_APPLICABLE: ("–", NEUTRAL)}


def plot_acceptance(report: AcceptanceReport) -> Picture:
    """Draw the parts of an acceptance report that there are, six panels at most.

    Forces against the reference; the force error of each set; then what the system has: vibrational
    spectrum, energy profile, or energy against lattice constant; the total energy of a run; and all
    verdicts.

    Args:
        report: from ``accept``.

    Example:
        >>> from mlp_course.validation import Criterion
        >>> row = Criterion("force MAE", 20.0, "meV/Å", "< 150", "pass", "10 frames")
        >>> plot_acceptance(AcceptanceReport([row], "unknown", "none", {}))
        Acceptance of unknown against none: accepted; 1 passed, 0 failed, 0 not applicable. ...
    """
    panels = [draw for name, draw in _PANELS.items() if name in report.details]
    n_rows = len(panels) // 2 + 1
    figure = Figure(figsize=(9.6, 3.5 * n_rows), layout="constrained")
    grid = figure.add_gridspec(n_rows, 2)
    words = []
    for number, draw in enumerate(panels):
        words.append(draw(figure.add_subplot(grid[divmod(number, 2)]), report))
    rest = grid[-1, 1] if len(panels) % 2 else grid[-1, :]
    words.append(_draw_verdicts(figure.add_subplot(rest), report))
    figure.suptitle(report.summary(), fontsize=11)
    return Picture(figure, f"Acceptance of {report.summary()}. {'; '.join(words)}")


def _prepare(axes: "Axes", x: str, y: str) -> None:
    """Style of the course and words on the axes."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25, linewidth=0.6)
    label_axes(axes, x, y)


def _plain(value: float) -> str:
    """Three digits, without a power of ten up to a million.

    Example:
        >>> _plain(1909.3), _plain(0.00174)
        ('1909', '0.00174')
    """
    return f"{value:.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


def _draw_parity(axes: "Axes", report: AcceptanceReport) -> str:
    """Force components, predicted against reference."""
    errors = report.details["errors"]
    shown = slice(None, None, max(1, errors.reference_forces.size // 4000))
    true, ours = errors.reference_forces.ravel()[shown], errors.predicted_forces.ravel()[shown]
    axes.scatter(true, ours, s=5, alpha=0.5, color=_OURS, linewidths=0, rasterized=True)
    axes.axline((0, 0), slope=1, color=_REFERENCE, linewidth=0.8, zorder=0)
    _prepare(axes, "reference force component / (eV/Å)", "predicted / (eV/Å)")
    words = f"force MAE {errors.force_mae:.3g} meV/Å"
    axes.set_title(f"{words}, energy MAE {errors.energy_mae:.3g} meV/atom", fontsize=10)
    return words


def _draw_sets(axes: "Axes", report: AcceptanceReport) -> str:
    """Force error of each temperature or kind, with the limit."""
    sets = {name: found.force_mae for name, found in report.details["sets"].items()}
    colours = [_OURS if value < FORCE_LIMIT else ALARM for value in sets.values()]
    bars = axes.bar(range(len(sets)), list(sets.values()), color=colours, width=0.6)
    for bar, colour in zip(bars, colours, strict=True):
        bar.set_hatch("//" if colour == ALARM else "")
        bar.set_edgecolor("white")
    axes.bar_label(bars, [_plain(value) for value in sets.values()], fontsize=9)
    axes.axhline(FORCE_LIMIT, color=_REFERENCE, linestyle="--", linewidth=1)
    place = dict(transform=axes.get_yaxis_transform(), va="bottom", fontsize=9)
    axes.text(0.01, FORCE_LIMIT, f"limit {FORCE_LIMIT:g}", **place)
    axes.set_xticks(range(len(sets)), list(sets), fontsize=9)
    axes.set_yscale("log")
    axes.set_ylim(min(sets.values()) / 2, 2.5 * max(FORCE_LIMIT, *sets.values()))
    plain_numbers(axes.yaxis)
    _prepare(axes, "", "force MAE / (meV/Å)")
    return "force MAE by set: " + ", ".join(
        f"{name} {_plain(value)}" for name, value in sets.items()
    )


def _draw_vibrations(axes: "Axes", report: AcceptanceReport) -> str:
    """Harmonic spectra, the potential's drawn downwards, with a line for each mode."""
    found = report.details["vibrations"]
    grid = spectrum_grid(np.concatenate([found.reference, found.predicted]))
    both = (
        (found.reference, 1, _REFERENCE, report.reference),
        (found.predicted, -1, _OURS, "potential"),
    )
    for wavenumbers, sign, colour, label in both:
        curve = 100 * sign * harmonic_spectrum(wavenumbers, grid)
        axes.fill_between(grid, curve, color=colour, alpha=0.3, linewidth=0)
        axes.plot(grid, curve, color=colour, linewidth=1.2, label=label)
    axes.axhline(0, color=NEUTRAL, linewidth=0.8)
    axes.legend(frameon=False, fontsize=9, loc="upper right", bbox_to_anchor=(0.8, 1.0))
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    _prepare(axes, "wavenumber / cm⁻¹", "modes per 100 cm⁻¹")
    words = f"normal modes: MAE {found.mean_error:.3g} cm⁻¹"
    axes.set_title(words, fontsize=10)
    return words


def _draw_profile(axes: "Axes", report: AcceptanceReport) -> str:
    """Energies along a path, the reference's as points."""
    profile = report.details["profile"]
    axes.plot(profile.coordinate, profile.reference, "o", color=_REFERENCE, label=report.reference)
    axes.plot(profile.coordinate, profile.predicted, "-", color=_OURS, label="potential", lw=1.8)
    axes.legend(frameon=False, fontsize=9)
    _prepare(axes, profile.axis, "energy / meV")
    theirs, ours = (np.ptp(values) for values in (profile.reference, profile.predicted))
    axes.set_title(f"largest difference {profile.largest_error:.2g} meV", fontsize=10)
    return f"energy along {profile.axis} spans {theirs:.3g} meV (reference), {ours:.3g} (potential)"


def _draw_crystal(axes: "Axes", report: AcceptanceReport) -> str:
    """Energy against lattice constant, from each one's own lowest point."""
    words = []
    named = (("reference crystal", report.reference, _REFERENCE), ("crystal", "potential", _OURS))
    for key, label, colour in named:
        crystal = report.details.get(key)
        if crystal is None:
            continue
        fit = np.polynomial.Polynomial.fit(crystal.lattices, 1000 * crystal.energies, 4)
        lowest, fine = fit(crystal.a), np.linspace(*crystal.lattices[[0, -1]], 100)
        style = dict(marker="o" if key == "reference crystal" else "s", ms=5, ls="none")
        axes.plot(crystal.lattices, 1000 * crystal.energies - lowest, color=colour, **style)
        axes.plot(fine, fit(fine) - lowest, color=colour, linewidth=1.4, label=label)
        axes.axvline(crystal.a, color=colour, linewidth=0.8, linestyle=":")
        words.append(f"{label} {crystal.a:.3f} Å")
    axes.legend(frameon=False, fontsize=9)
    _prepare(axes, "lattice constant / Å", "energy above the lowest / (meV/atom)")
    axes.set_title("lattice constant: " + ", ".join(words), fontsize=10)
    return "lattice constant " + ", ".join(words)


def _draw_run(axes: "Axes", report: AcceptanceReport) -> str:
    """Total energy without thermostat, and the fitted drift."""
    run, drift = report.details["run"]
    time = run.log["time"].to_numpy() / 1000  # ps
    energy = 1000 * run.log["total_energy"].to_numpy() / run.n_atoms  # meV/atom
    axes.plot(time, energy - energy.mean(), color=_OURS, linewidth=0.7, alpha=0.7)
    axes.plot(time, drift.slope * (time - time.mean()), color=_REFERENCE, linewidth=1.8)
    _prepare(axes, "time / ps", "total energy − mean / (meV/atom)")
    words = f"drift {drift.slope:.2g} ± {drift.standard_error:.1g} meV/atom/ps"
    axes.set_title(words, fontsize=10)
    return words


def _draw_verdicts(axes: "Axes", report: AcceptanceReport) -> str:
    """A list of all criteria that apply, each with a sign, a number and its limit."""
    rows = [row for row in report.criteria if row.verdict != NOT_APPLICABLE]
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(len(rows) + 0.5, -0.5))
    for number, row in enumerate(rows):
        sign, colour = _SIGNS[row.verdict]
        unit = "" if row.unit == "1" else f" {row.unit}"
        value = (
            f"{_plain(row.value)}{unit} ({row.limit})" if np.isfinite(row.value) else "not measured"
        )
        size = dict(fontsize=8.5, va="center", color=colour if row.verdict == FAIL else "black")
        axes.text(0.0, number, sign, fontsize=11, va="center", color=colour, weight="bold")
        axes.text(0.05, number, row.name, **size)
        axes.text(1.0, number, value, ha="right", **size)
    failed = report.failures
    return f"failed: {', '.join(failed)}" if failed else "nothing failed"


_PANELS: dict[str, Callable[["Axes", AcceptanceReport], str]] = {
    "errors": _draw_parity,
    "sets": _draw_sets,
    "vibrations": _draw_vibrations,
    "profile": _draw_profile,
    "crystal": _draw_crystal,
    "run": _draw_run,
}
