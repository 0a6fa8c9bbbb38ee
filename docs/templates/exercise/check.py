"""A question of book 01: a curve for one bond, marked by what it does and not by its digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from mlp_course.teaching.exercises.checks.comparing import close
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Curve = Callable[..., np.ndarray]
DEPTH, STEEPNESS, REST = 4.6, 1.9, 0.74  # eV, Å⁻¹, Å: about those of hydrogen


@question(
    "q01_9",
    "The curve of a bond",
    answers=("my_morse",),
    points={"lowest at rest": 1, "free when far": 1, "curved as it should be": 1},
    stronger={
        "lowest at rest": "What is the bracket at d = rest, and can a square be smaller than that?",
        "free when far": "Which constant has to be taken away, so that two free atoms count as 0?",
        "curved as it should be": "Expand the bracket for small d - rest. Which power is first?",
    },
    section="01_what_is_an_mlp.ipynb#A-bond-that-moves",
)
def check_morse(my_morse: Curve) -> Iterator[Part]:
    """Mark a Morse curve: its minimum, its end, and its stiffness.

    Args:
        my_morse: function of distances in Å, shape (n,), a depth in eV, a steepness in Å⁻¹ and a
            distance at rest in Å; it returns energies in eV, shape (n,).

    Yields:
        The parts of question ``q01_9``.

    Source:
        P. M. Morse, Phys. Rev. 34, 57 (1929).

    Example:
        >>> check_morse(lambda d, depth, steepness, rest: 0 * d).points
        1
    """

    def energy(*distances: float) -> np.ndarray:
        return np.asarray(my_morse(np.array(distances), DEPTH, STEEPNESS, REST), dtype=float)

    near = np.linspace(0.5, 1.5, 101)
    place = near[int(np.argmin(energy(*near)))]
    yield Part(
        "lowest at rest", close(place, REST, within=0.02), f"Your minimum is at {place:.2f} Å."
    )
    far = energy(9.0)[0]
    hint = "Two atoms far apart are free: their energy is 0, and that of the bond negative."
    if not np.isfinite(far) or far > 100 * DEPTH:
        hint = "Your energy grows with the distance. Which sign does the exponent need?"
    yield Part("free when far", abs(far) < 1e-3, hint)
    step = 1e-3
    below, rest, above = energy(REST - step, REST, REST + step)
    stiffness = (below - 2 * rest + above) / step**2  # eV/Å²
    hint = "At rest the second derivative is 2 · depth · steepness², here 33 eV/Å²."
    yield Part(
        "curved as it should be", close(stiffness, 2 * DEPTH * STEEPNESS**2, within=1e-2), hint
    )
