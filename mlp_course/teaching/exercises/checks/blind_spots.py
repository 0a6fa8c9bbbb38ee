"""Exercises 06: environments that descriptors of two and three bodies cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from ase import Atoms

from mlp_course.descriptors import SymmetryFunctions, describe_atoms, smallest_mismatch
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_DIFFERENT = 0.05  # Å; closer than this after the best overlay, two structures are the same


@question(
    "q06_4",
    "Twins",
    answers=("twins", "harder_twins", "bodies_needed"),
    points={
        "G2 cannot tell the twins": 1,
        "the twins differ": 1,
        "the harder twins": 2,
        "bodies needed": 1,
    },
    stronger={
        "G2 cannot tell the twins": "G2 at atom 0 knows the distances from atom 0 and the elements "
        "there, nothing else. Write both lists of distances side by side.",
        "the twins differ": "Keep the distances from atom 0 and change an angle at atom 0.",
        "the harder twins": "The lesson puts four neighbours on a circle, so that the six angles "
        "are the same but meet differently. The package has a function for such a pair.",
        "bodies needed": "Count the centre as a body: a distance has two, an angle three.",
    },
    section="06_descriptors.ipynb#Blind-spots",
)
def check_twins(
    twins: Sequence[Atoms], harder_twins: Sequence[Atoms], bodies_needed: Mapping[str, int]
) -> Iterator[Part]:
    """Mark two pairs of environments of atom 0 that look alike and are not.

    Args:
        twins: two structures, positions in Å; radial functions of atom 0 are the same, angular
            ones are not.
        harder_twins: two structures of at most 7 atoms; radial and angular functions of atom 0
            are the same, the structures are not.
        bodies_needed: how many bodies, the centre included, a descriptor must see at once to tell
            each pair apart; keys ``"twins"`` and ``"harder_twins"``.

    Yields:
        The parts of question ``q06_4``.

    Example:
        >>> same = [Atoms("OH2", [[0, 0, 0], [1, 0, 0], [0, 1, 0]])] * 2
        >>> check_twins(same, same, {"twins": 3, "harder_twins": 4}).points
        2
    """
    yield _radial_functions_agree(twins)
    yield _really_differ(twins)
    yield _angles_agree_too(harder_twins)
    given = {name: bodies_needed.get(name) for name in ("twins", "harder_twins")}
    hint = "A distance is a matter of two bodies. Three and four are angles, and what?"
    if given == {"twins": 2, "harder_twins": 3}:
        hint = "You counted the neighbours only; the atom in the centre is a body, too."
    yield Part("bodies needed", given == {"twins": 3, "harder_twins": 4}, hint)


def seen_by_centre(pair: Sequence[Atoms], *, angles: bool) -> float:
    """Largest difference of the symmetry functions of atom 0 between two structures.

    Args:
        pair: two structures of the same elements, positions in Å.
        angles: whether angular functions are looked at as well.

    Returns:
        Dimensionless; 0 within rounding if the descriptor cannot tell them apart.
    """
    first, second = pair
    species = sorted({*first.numbers.tolist(), *second.numbers.tolist()})
    reach = 1.5 + 2 * max(atoms.get_all_distances().max() for atoms in pair)
    settings = {} if angles else {"angular": []}
    view = SymmetryFunctions(species, cutoff=reach, **settings)
    one, other = (describe_atoms(view, atoms)[0] for atoms in pair)
    return float(np.abs(one - other).max())


def _radial_functions_agree(pair: Sequence[Atoms]) -> Part:
    """Whether G2 of atom 0 is the same."""
    first, second = pair
    hint = "From atom 0 the distances (or elements) differ: G2 sees that."
    if len(first) != len(second) or len(first) < 3:
        hint = "Both need the same number of atoms, and at least two neighbours of atom 0."
        return Part("G2 cannot tell the twins", False, hint)
    return Part("G2 cannot tell the twins", seen_by_centre(pair, angles=False) < 1e-6, hint)


def _really_differ(pair: Sequence[Atoms]) -> Part:
    """Whether an angle at atom 0 differs, and no rotation hides behind it."""
    different = seen_by_centre(pair, angles=True) > 1e-4
    hint = "Every angle at atom 0 is the same in both."
    if not different and smallest_mismatch(*pair) < _DIFFERENT:
        hint = "One is the other, turned, mirrored or renumbered: the same structure."
    return Part("the twins differ", different, hint)


def _angles_agree_too(pair: Sequence[Atoms]) -> Part:
    """Whether neither G2 nor G4 of atom 0 tells two different structures apart."""
    first, second = pair
    if sorted(first.numbers) != sorted(second.numbers):
        return Part("the harder twins", False, "Both need the same elements.")
    if seen_by_centre(pair, angles=True) > 1e-6:
        hint = "The angular functions of atom 0 tell this pair apart; they must not."
        return Part("the harder twins", False, hint)
    hint = "One is the other, turned, mirrored or renumbered: nobody should tell them apart."
    return Part("the harder twins", smallest_mismatch(*pair) > _DIFFERENT, hint)
