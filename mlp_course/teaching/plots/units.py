"""Pictures of what frames say about their own units: four panels, each a piece of physics."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms

from mlp_course.data.unit_checks.evidence import (
    Stack,
    all_electron_energy,
    nearest_ratio,
    stack_frames,
)
from mlp_course.data.unit_checks.faults import fault_factor
from mlp_course.data.unit_checks.stiffness import stretched_bonds
from mlp_course.data.unit_checks.work import work_pairs
from mlp_course.teaching.figures import NEUTRAL, SERIES, Picture, label_axes, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_USUAL = (0.8, 1.3)  # nearest distance over covalent radii, of nearly everything


def plot_unit_evidence(frames: Sequence[Atoms], *, title: str = "") -> Picture:
    """Show four measurements that betray units; numbers are drawn as they stand in the frames.

    From left: nearest distances over covalent radii, with the usual range in grey; energy
    differences against the work of the forces, which should lie on the line; the pull of stretched
    bonds against the expected one, which should scatter around the line; and the total energy, with
    the one that all electrons would have in three units.

    Args:
        frames: one molecule or crystal, labelled.
        title: of the picture.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> plot_unit_evidence(load_embedded("ethanol/500K")[:20])
        Distance ratio 1.00; energy/work slope ...; pull/expected ...; total energy -4.21e+03
    """
    stack = max(stack_frames(frames), key=len).some(60)
    figure, panels = new_figure(4, width=2.9, height=3.1)
    said = [
        _draw_distances(panels[0], stack),
        _draw_work(panels[1], stack),
        _draw_pull(panels[2], stack),
        _draw_totals(panels[3], stack),
    ]
    if title:
        figure.suptitle(title, fontsize=11)
    return Picture(figure, f"{title + ': ' if title else ''}{'; '.join(said)}")


def _draw_distances(axes: "Axes", stack: Stack) -> str:
    ratios = nearest_ratio(stack)
    axes.axvspan(*_USUAL, color=NEUTRAL, alpha=0.25, lw=0)
    axes.hist(ratios, bins=np.linspace(0.0, 2.6, 53), color=SERIES[0])
    axes.set_xlim(0, 2.6)
    label_axes(axes, "nearest distance /\nsum of covalent radii", "frames", "distances")
    return f"Distance ratio {np.median(ratios):.2f}"


def _draw_work(axes: "Axes", stack: Stack) -> str:
    difference, work = work_pairs(stack)
    largest = max(float(np.abs(np.r_[difference, work, 0]).max()), 1e-12)
    axes.plot([-largest, largest], [-largest, largest], color="black", lw=1)
    axes.scatter(work, difference, s=12, color=SERIES[1], alpha=0.7, lw=0)
    label_axes(axes, "work of forces, as read", "energy difference, as read", "energy and work")
    spread = float((work**2).sum())
    slope = float((work * difference).sum()) / spread if spread else float("nan")
    return f"energy/work slope {slope:.2g}"


def _draw_pull(axes: "Axes", stack: Stack) -> str:
    bonds = stretched_bonds(stack)
    label_axes(axes, "expected pull / (eV/Å)", "pull, as read", "stretched bonds")
    if bonds is None:
        axes.text(0.5, 0.5, "no bonds to follow", transform=axes.transAxes, ha="center")
        return "no bonds"
    expected, found = (x.ravel() for x in bonds.in_expected_units())
    shown = slice(None, None, max(1, len(expected) // 500))
    largest = float(np.abs(np.r_[expected[shown], found[shown]]).max()) or 1.0
    axes.plot([-largest, largest], [-largest, largest], color="black", lw=1)
    axes.scatter(expected[shown], found[shown], s=8, color=SERIES[2], alpha=0.6, lw=0)
    own = float(expected @ expected)
    return f"pull/expected {float(expected @ found) / own if own else float('nan'):.2g}"


def _draw_totals(axes: "Axes", stack: Stack) -> str:
    expected = abs(all_electron_energy(stack.numbers))
    energies = np.abs(stack.energies)
    marks = {"eV": 1.0} | {u: fault_factor(f"energy: {u}") for u in ("Hartree", "kcal/mol")}
    for unit, factor in marks.items():
        axes.axvline(expected * factor, color=NEUTRAL, lw=1, ls=":")
        axes.text(expected * factor, 0.97, unit, rotation=90, va="top", ha="right", fontsize=8,
                  transform=axes.get_xaxis_transform())  # fmt: skip
    axes.scatter(energies, np.linspace(0.1, 0.5, len(energies)), s=10, color=SERIES[3],
                 edgecolor="#555555", lw=0.4)  # fmt: skip
    axes.set(xscale="log", yticks=[], ylim=(0, 1))
    axes.set_xlim(min(1.0, 0.5 * energies.min() + 1e-3), 3 * expected * marks["kcal/mol"])
    label_axes(axes, "size of total energy, as read", "", "totals")
    return f"total energy {np.median(stack.energies):.3g}"
