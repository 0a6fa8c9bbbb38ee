"""Exercises 02: the terms, by computing them: MAE, batches, cutoff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from ase import Atoms
from ase.build import bulk
from numpy.typing import NDArray

from mlp_course.data import neighbour_list
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Array = NDArray[np.float64]


@question(
    "q02_1",
    "MAE, element by element",
    answers=("force_mae", "by_element"),
    points={"MAE": 1, "each element": 2},
    stronger={
        "MAE": "Difference, absolute value, mean over all components, and from eV to meV: in this "
        "order.",
        "each element": "Select the rows of one element with a mask, and use your own function.",
    },
    section="02_glossary.ipynb#Right-or-wrong",
)
def check_mae(
    force_mae: Callable[[Array, Array], float],
    by_element: Callable[[Array, Array, list[str]], Mapping[str, float]],
) -> Iterator[Part]:
    """Mark a mean absolute error of forces, whole and for each element.

    Args:
        force_mae: function of labels and predictions in eV/Å, shape (n_atoms, 3); it returns
            meV/Å, per component.
        by_element: function of the same and of the symbols of the atoms; it returns the MAE in
            meV/Å of each element that is there.

    Yields:
        The parts of question ``q02_1``.

    Example:
        >>> check_mae(lambda labels, predicted: 0.0, lambda labels, predicted, symbols: {}).points
        0
    """
    rng = np.random.default_rng(21)
    labels = rng.normal(size=(6, 3))
    symbols = ["H", "O", "H", "C", "H", "C"]
    errors = rng.normal(size=(6, 3)) * np.array([[1], [3], [1], [2], [1], [2]]) * 0.05
    value, expected = float(force_mae(labels, labels + errors)), 1000 * np.abs(errors).mean()
    hint = "Three components of each of six atoms: a mean over 18 absolute values."
    if np.isclose(value, expected / 1000):
        hint = "That is in eV/Å; meV/Å is asked for."
    elif np.isclose(abs(value), 1000 * abs(errors.mean())):
        hint = "Positive and negative errors have cancelled before the mean was taken."
    elif np.isclose(value, 1000 * np.sqrt((errors**2).mean())):
        hint = "That is the root mean square error: large errors weigh more in it."
    elif np.isclose(value, 1000 * np.linalg.norm(errors, axis=1).mean()):
        hint = "That is the length of the error vectors; per component it is smaller."
    yield Part("MAE", np.isclose(value, expected), hint)
    given = {k: float(v) for k, v in by_element(labels, labels + errors, symbols).items()}
    mask = np.array(symbols)
    right = {s: 1000 * np.abs(errors[mask == s]).mean() for s in "HCO"}
    hint = "Oxygen was given the largest errors, hydrogen the smallest; check each of them."
    if set(given) != set(right):
        hint = "One entry for each element that occurs: no more and no less."
    elif all(np.isclose(given[s], right[s] * (mask == s).mean()) for s in right):
        hint = "The sum over one element was divided by the number of all atoms."
    same = set(given) == set(right) and all(np.isclose(given[s], right[s]) for s in right)
    yield Part("each element", same, hint)


@question(
    "q02_2",
    "Epochs, batches, steps",
    answers=("batches", "n_steps", "n_epochs"),
    points={"each frame once": 1, "new order": 1, "steps": 1, "epochs": 1},
    stronger={
        "each frame once": "After one epoch every frame has been seen exactly once; the last batch "
        "may be smaller.",
        "new order": "`rng.permutation(n_frames)` at the beginning of the epoch.",
        "steps": "A step is one batch. Round up: the small last batch is a step, too.",
        "epochs": "How many steps are in one epoch of 950 frames, in batches of 10?",
    },
    section="02_glossary.ipynb#Right-or-wrong",
)
def check_batches(
    batches: Callable[[int, int, np.random.Generator], Iterable[Iterable[int]]],
    n_steps: Callable[[int, int, int], int],
    n_epochs: float,
) -> Iterator[Part]:
    """Mark how an epoch is cut into batches, and how steps are counted.

    Args:
        batches: function of the number of frames, the batch size and a random generator; it
            returns the batches of one epoch, each a list of places.
        n_steps: function of frames, batch size and epochs; it returns the number of steps.
        n_epochs: epochs in 19,000 steps of 10 frames, of 950.

    Yields:
        The parts of question ``q02_2``.

    Example:
        >>> check_batches(lambda n, size, rng: [range(n)], lambda n, size, epochs: 0, 200).points
        1
    """
    rng = np.random.default_rng(2)
    epochs = [[list(map(int, b)) for b in batches(23, 5, rng)] for _ in range(3)]
    seen = [[n for batch in epoch for n in batch] for epoch in epochs]
    complete = all(sorted(places) == list(range(23)) for places in seen)
    small = all(len(b) <= 5 for epoch in epochs for b in epoch) and len(epochs[0]) == 5
    hint = "23 frames in batches of 5 are five batches, the last one with three."
    if any(len(set(places)) < len(places) for places in seen):
        hint = "A frame comes twice in one epoch, so that another is missing."
    elif all(len(places) == 20 for places in seen):
        hint = "The last three frames were dropped."
    yield Part("each frame once", complete and small, hint)
    hint = "The frames come in the order of the file: neighbours in time share a batch."
    if seen[0] == seen[1] and seen[0] != sorted(seen[0]):
        hint = "Every epoch has the same order; shuffle anew in each."
    yield Part("new order", seen[0] != seen[1] and seen[0] != sorted(seen[0]), hint)
    values = [n_steps(23, 5, 1), n_steps(100, 10, 3)]
    hint = "One epoch of 23 frames in batches of 5: how many steps? Then times the epochs."
    if values == [4, 30]:
        hint = "You rounded down: the small last batch is a step as well."
    yield Part("steps", values == [5, 30], hint)
    hint = "19,000 steps of 10 frames each are 190,000 frames seen."
    yield Part("epochs", np.isclose(float(n_epochs), 200), hint)


@question(
    "q02_3",
    "What an atom sees",
    answers=("n_neighbours", "copper", "growth"),
    points={"a molecule": 1, "periodic images": 2, "copper": 1, "growth": 1},
    stronger={
        "a molecule": "Count pairs that are closer than the cutoff; an atom is no neighbour of "
        "itself.",
        "periodic images": "In a cell of one atom all neighbours are images of the atom itself. "
        "`mlp_course.data.neighbour_list` and ASE's `neighbor_list` list them.",
        "copper": "Apply your function to `bulk('Cu')` at the three cutoffs.",
        "growth": "Neighbours fill a sphere. How does its volume change with the radius?",
    },
    section="02_glossary.ipynb#What-an-atom-sees",
)
def check_neighbours(
    n_neighbours: Callable[[Atoms, float], Iterable[int]],
    copper: Mapping[float, int],
    growth: float,
) -> Iterator[Part]:
    """Mark a count of neighbours, in molecules and crystals.

    Args:
        n_neighbours: function of a structure and a cutoff in Å; it returns the number of
            neighbours of each atom, periodic images included, shape (n_atoms,).
        copper: neighbours of an atom of ``bulk("Cu")`` within 3, 4 and 5 Å.
        growth: by which factor the number grows if the cutoff is doubled, in a dense system.

    Yields:
        The parts of question ``q02_3``.

    Example:
        >>> check_neighbours(lambda atoms, cutoff: [0] * len(atoms), {}, 8).points
        1
    """
    rng = np.random.default_rng(23)
    molecule = Atoms("CH4O2", rng.uniform(0, 4, (7, 3)))
    given = [int(n) for n in n_neighbours(molecule, 2.5)]
    expected = _counts(molecule, 2.5)
    hint = "In a molecule of seven atoms the numbers differ from a count by hand."
    if given == [n + 1 for n in expected]:
        hint = "Each atom counts itself: its distance from itself is 0."
    yield Part("a molecule", given == expected, hint)
    small, skew = bulk("Cu"), Atoms("H2", rng.uniform(0, 3, (2, 3)), cell=[[3, 0, 0], [1, 3, 0],
                                    [0, 1, 3]], pbc=True)  # fmt: skip
    given = [[int(n) for n in n_neighbours(a, 5.0)] for a in (small, skew)]
    expected = [_counts(a, 5.0) for a in (small, skew)]
    hint = "In small periodic cells the numbers are wrong: an image farther than one cell away?"
    if given[0] == [0]:
        hint = "Copper in a cell of one atom has no neighbours in your count: images are missing."
    elif given == [[n + 1 for n in row] for row in expected]:
        hint = "Each atom counts itself."
    yield Part("periodic images", given == expected, hint)
    counted = {c: _counts(small, c)[0] for c in (3.0, 4.0, 5.0)}
    yield _copper_part(copper, counted)
    hint = "Twice the cutoff is more than twice the neighbours: they fill a sphere."
    if np.isclose(float(growth), 4.0):
        hint = "Four times is the surface of the sphere."
    yield Part("growth", np.isclose(float(growth), 8.0, rtol=0.1), hint)


def _copper_part(copper: object, counted: dict[float, int]) -> Part:
    """The dictionary of neighbours by cutoff; a list is told that it lacks the cutoffs."""
    if not isinstance(copper, Mapping):
        kind = type(copper).__name__
        hint = f"`copper` is a {kind}; a dictionary was asked: {{3: ..., 4: ..., 5: ...}}."
        return Part("copper", False, hint)
    given = {float(c): int(n) for c, n in copper.items()}
    hint = "Three cutoffs, 3, 4 and 5 Å: the first shell, two shells, three shells."
    return Part("copper", given == counted, hint)


def _counts(atoms: Atoms, cutoff: float) -> list[int]:
    """Neighbours of each atom by the package's own list."""
    graph = neighbour_list(atoms, cutoff)
    return np.bincount(graph.idx_i.numpy(), minlength=len(atoms)).tolist()
