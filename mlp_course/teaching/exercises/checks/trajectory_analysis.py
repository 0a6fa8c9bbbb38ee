"""Exercises 04: a radial distribution function and a diffusion coefficient, by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from ase import Atoms
from ase.build import bulk
from numpy.typing import NDArray

from mlp_course.analysis import radial_distribution
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Array = NDArray[np.float64]
Distribution = Callable[[Atoms, float, int], tuple[Array, Array]]


@question(
    "q04_4",
    "g(r), normalised",
    answers=("my_rdf",),
    points={"an ideal gas gives 1": 2, "same for a larger cell": 1, "agrees for copper": 2},
    stronger={
        "an ideal gas gives 1": "Divide the count in a shell by the number expected there: centres "
        "· density · volume of the shell, 4π/3 times the difference of r³.",
        "same for a larger cell": "Twice the atoms have twice the pairs: divide by their number.",
        "agrees for copper": "Periodic images count, the atom itself does not; the first peak of "
        "copper lies at 2.55 Å.",
    },
    section="04_ecosystem.ipynb#Copper,-solid-and-molten",
)
def check_distribution(my_rdf: Distribution) -> Iterator[Part]:
    """Mark a radial distribution function by its limits.

    Args:
        my_rdf: function of a periodic structure, the longest distance in Å (below half of the
            cell) and the number of shells; it returns the middles of the shells in Å and g,
            dimensionless, each of shape (n_bins,).

    Yields:
        The parts of question ``q04_4``.

    Example:
        >>> check_distribution(lambda atoms, longest, n_bins: (np.ones(n_bins),) * 2).points
        0
    """
    rng = np.random.default_rng(44)
    gas = Atoms("Ar200", rng.uniform(0, 16, (200, 3)), cell=[16, 16, 16], pbc=True)
    _, g = (np.asarray(part, dtype=float) for part in my_rdf(gas, 7.5, 15))
    outer = g[6:]
    hint = "Points at random have no structure: far from zero g must be 1 in every shell."
    if np.allclose(outer.mean(), 0.5, atol=0.05):
        hint = "g is 1/2: each pair was counted once, but it is a neighbour of both."
    elif outer[-1] > 2.5 * max(outer[0], 1e-12):
        hint = "g grows with r: the shells were not divided by their volume."
    elif outer[-1] < 0.8 * outer[0]:
        hint = "g falls towards large r: pairs across the border of the cell are missing."
    counted = np.ptp(g) > 1e-6  # 200 atoms at random are never spread out evenly
    if np.allclose(outer, 1.0) and not counted:
        hint = "Exactly 1 in every shell: were the atoms of this gas counted at all?"
    yield Part("an ideal gas gives 1", counted and np.allclose(outer, 1.0, atol=0.15), hint)
    double = gas.repeat((2, 1, 1))
    _, g_double = (np.asarray(part, dtype=float) for part in my_rdf(double, 7.5, 15))
    hint = "The same gas in a cell of twice the length has another g: what is it divided by?"
    same = np.allclose(g, g_double, rtol=0.02, atol=0.02) and bool(counted)
    yield Part("same for a larger cell", same, hint)
    copper = bulk("Cu", cubic=True).repeat(3)
    copper.positions += rng.normal(0, 0.05, copper.positions.shape)
    r, g = (np.asarray(part, dtype=float) for part in my_rdf(copper, 5.4, 54))
    expected_r, expected = radial_distribution([copper], 5.4, n_bins=54)
    hint = "In warm copper the shells differ from those of the package's own function."
    if g.shape == expected.shape and np.allclose(g[1:], expected[1:], rtol=0.02) and g[0] > 1:
        hint = "The first shell is huge: every atom was counted as its own neighbour."
    elif not np.allclose(r, expected_r, atol=1e-6):
        hint = "The first array must be the middles of the shells."
    right = g.shape == expected.shape and np.allclose(g, expected, rtol=0.02, atol=0.02)
    yield Part("agrees for copper", right and np.allclose(r, expected_r, atol=1e-6), hint)


@question(
    "q04_5",
    "Diffusion from a slope",
    answers=("unwrapped", "diffusion", "in_cm2_per_s"),
    points={"unwrapping": 1, "slope of a line": 2, "early times left out": 1, "units": 1},
    stronger={
        "unwrapping": "Between two frames an atom moves less than half of the box. Take the "
        "shortest step, and add the steps up.",
        "slope of a line": "MSD = 6 D t in three dimensions, plus a constant from early times.",
        "early times left out": "Fit only the times from `start` on.",
        "units": "1 Å = 10⁻⁸ cm and 1 fs = 10⁻¹⁵ s; the Å is squared.",
    },
    section="04_ecosystem.ipynb#Copper,-solid-and-molten",
)
def check_diffusion(
    unwrapped: Callable[[Array, float], Array],
    diffusion: Callable[[Array, Array, float], float],
    in_cm2_per_s: Callable[[float], float],
) -> Iterator[Part]:
    """Mark the way from wrapped positions to a diffusion coefficient.

    Args:
        unwrapped: function of positions in Å that were put back into a cubic box, shape
            (n_frames, n_atoms, 3), and of its edge in Å; it returns paths without jumps.
        diffusion: function of times in fs, of mean-square displacements in Å², both of shape (n,),
            and of the time in fs from which on a line is fitted; it returns Å²/fs.
        in_cm2_per_s: function of a coefficient in Å²/fs; it returns cm²/s.

    Yields:
        The parts of question ``q04_5``.

    Example:
        >>> check_diffusion(lambda r, box: r, lambda t, msd, start: 0.0, lambda d: d).points
        0
    """
    yield _unwraps(unwrapped)
    yield from _fits_late_line(diffusion)
    converted = float(in_cm2_per_s(2e-4))
    hint = "1 Å²/fs: square the 10⁻⁸ cm, and divide by 10⁻¹⁵ s."
    if np.isclose(converted, 2e-4 * 1e7):
        hint = "The Å was not squared."
    yield Part("units", np.isclose(converted, 2e-5, rtol=1e-6), hint)


def _unwraps(unwrapped: Callable[[Array, float], Array]) -> Part:
    """A random walk, put back into its box, is found again."""
    rng = np.random.default_rng(45)
    box = 6.0
    path = rng.uniform(0, box, (1, 8, 3)) + np.cumsum(rng.normal(0, 0.4, (300, 8, 3)), axis=0)
    given = np.asarray(unwrapped(path % box, box), dtype=float)
    hint = "An atom that leaves on one side comes back on the other: a jump of nearly a box."
    right = given.shape == path.shape and np.allclose(given - given[:1], path - path[:1])
    if given.shape == path.shape and np.abs(np.diff(given, axis=0)).max() < 0.6 * box and not right:
        hint = "No jumps are left, but the atoms do not get as far as they should."
    return Part("unwrapping", right, hint)


def _fits_late_line(diffusion: Callable[[Array, Array, float], float]) -> Iterator[Part]:
    """The slope of a line, also behind a beginning that is none."""
    times, true = np.arange(0.0, 2000.0, 10.0), 2.5e-4  # fs, Å²/fs
    line = 6 * true * times + 0.8
    value = float(diffusion(times, line, 0.0))
    hint = "On an exact line of slope 6 D the coefficient comes out wrong."
    reasons = {
        "That is the slope itself: in how many dimensions do the atoms move?": 6.0,
        "You divided by 2, which is right for one dimension.": 3.0,
        "You divided by 4, which is right on a surface.": 1.5,
    }
    for reason, factor in reasons.items():
        hint = reason if np.isclose(value, factor * true, rtol=1e-3) else hint
    if np.isclose(value, line[-1] / (6 * times[-1]), rtol=1e-3):
        hint = "That is the last point over its time: a constant in the MSD spoils it. Fit a line."
    yield Part("slope of a line", np.isclose(value, true, rtol=1e-3), hint)
    ballistic = np.where(times < 300, 2e-5 * times**2, 6 * true * (times - 300) + 1.8)
    late = float(diffusion(times, ballistic, 300.0))
    hint = "At early times atoms fly freely (MSD ~ t²); these times must not enter the fit."
    yield Part("early times left out", np.isclose(late / value, 1.0, rtol=1e-3), hint)
