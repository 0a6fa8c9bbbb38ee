"""Work against energy: do the forces of a set of frames belong to its energies?"""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from mlp_course.data.unit_checks.crystal import fitted_energies
from mlp_course.data.unit_checks.evidence import Stack, nearest_image

_MOST_PAIRS = 1500
_EXPLAINED = 0.95  # part of the forces' variance that a potential must explain to be used
_LARGEST = 25  # atoms of a molecule whose distances are all looked at


@dataclasses.dataclass(frozen=True)
class Ratio:
    """A measured ratio with its relative uncertainty; ``error`` is infinite where it has none."""

    value: float = float("nan")
    error: float = float("inf")
    n: int = 0


def work_ratio(stack: Stack, *, quick: bool = False) -> Ratio:
    r"""Energy differences over the work of the forces; 1 if the units belong together.

    .. math:: E_j - E_i = -\tfrac12 (\mathbf F_i + \mathbf F_j) \cdot (\mathbf q_j - \mathbf q_i)
        + O(|\Delta \mathbf q|^3)

    In a molecule :math:`\mathbf q` are all distances between atoms, with the forces along them:
    distances do not care how the molecule is turned, and a turning methyl group moves on a circle,
    not on the straight line of the positions. The error of this trapezoid rule grows with
    :math:`(\mathbf F_j - \mathbf F_i) \cdot \Delta \mathbf q`; each pair of frames counts by
    that. The error sits in the work, not in the energy, so work is fitted to energy and the slope
    turned round; the other way would find too small a slope. In a crystal a potential fitted to
    the forces does better (``fitted_energies``); where it fails, the positions are the path.

    Args:
        stack: frames with the same atoms.
        quick: take fewer frames, and the path in crystals too.

    Returns:
        Slope of energy difference against work, with its relative uncertainty.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> from mlp_course.data.unit_checks.evidence import stack_frames
        >>> ratio = work_ratio(stack_frames(load_embedded("ethanol/500K")[:60])[0])
        >>> abs(ratio.value - 1) < 0.1
        True
    """
    stack = stack.take(np.flatnonzero(~_atoms_coincide(stack)))
    if len(stack) < 2:
        return Ratio()
    if quick:
        return _path_ratio(stack, most_frames=16)
    if stack.pbc.any():
        ratio = _crystal_ratio(stack)
        if ratio.n:
            return ratio
    return _path_ratio(stack, most_frames=40)


def _crystal_ratio(stack: Stack) -> Ratio:
    """Energies against those that follow from the forces by a fitted potential."""
    enough = max(2, 400 // len(stack.numbers))
    _, first = np.unique(stack.cells.round(6), axis=0, return_inverse=True)
    largest = stack.take(np.flatnonzero(first.ravel() == np.bincount(first.ravel()).argmax()))
    if len(largest) < 2 or not _repeats(largest):
        return Ratio()
    chosen, fitted, explained = fitted_energies(largest, most_frames=enough)
    given = largest.energies[chosen] - largest.energies[chosen].mean()
    fitted = fitted - fitted.mean()
    if explained < _EXPLAINED or (fitted**2).sum() < 1e-10 or (given**2).sum() < 1e-10:
        return Ratio()
    slope = float((given**2).sum() / (given * fitted).sum())
    alike = float((given * fitted).sum() / np.sqrt((given**2).sum() * (fitted**2).sum()))
    if abs(alike) < 0.9:
        return Ratio()
    misfit = 30 * (1 - explained)  # seen on copper shaken by 0.01 to 0.15 Å
    error = np.sqrt((1 - min(alike**2, 1)) / len(given) + misfit**2 + 0.001**2)
    return Ratio(slope, float(error), len(given))


def _repeats(stack: Stack) -> bool:
    """Whether the cells may be those of a crystal: "periodic" without a cell is a common slip.

    The shortest lattice vectors, of 2.3 Å, are 0.23 long in nm. In a cell of 0.001 the images of an
    atom could not be counted.
    """
    return bool(np.linalg.norm(stack.cells[:, stack.pbc], axis=2).min() > 0.05)


def _path_ratio(stack: Stack, most_frames: int) -> Ratio:
    """Energy differences against the work along the way from frame to frame."""
    difference, work, bend, way = _works(stack, most_frames)
    noise = 1e-6 + 2e-9 * np.abs(stack.energies).max()
    fine = (bend > 1e-7) & (np.abs(difference) > noise) & (np.abs(work) > 1e-6)
    if not fine.any():
        return Ratio()
    weights = 1 / (way[fine] + 0.1 * np.median(way[fine]))
    n_frames = min(len(stack), 2 * most_frames)
    return _slope(work[fine] / bend[fine], difference[fine] / bend[fine], n_frames, weights)


def work_pairs(stack: Stack) -> tuple[NDArray, NDArray]:
    """Energy difference and work of the forces for pairs of frames, to be looked at.

    Returns:
        Differences and works in the numbers of the frames, each of shape (n_pairs,).
    """
    difference, work, _, _ = _works(stack, most_frames=12)
    return difference, work


def _works(stack: Stack, most_frames: int) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Of pairs of frames: energy difference, work, how far forces change on the way, its length."""
    i, j = _pairs(stack, most_frames)
    if not len(i):
        return (np.zeros(0),) * 4
    used, where = np.unique(np.concatenate([i, j]), return_inverse=True)
    moved, own, other = _along_path(stack.take(used), where[: len(i)], where[len(i) :])
    difference = stack.energies[j] - stack.energies[i]
    work = -0.5 * ((own + other) * moved).sum(1)
    return difference, work, np.abs((other - own) * moved).sum(1), (moved**2).sum(1)


def _pairs(stack: Stack, most_frames: int) -> tuple[NDArray, NDArray]:
    """Pairs of frames to compare: all of some frames, and neighbours in the set's order."""
    some = np.unique(np.linspace(0, len(stack) - 1, min(len(stack), most_frames)).astype(int))
    a, b = np.triu_indices(len(some), 1)
    start = np.arange(0, len(stack) - 1, max(1, len(stack) // most_frames))
    i, j = np.concatenate([start, some[a]]), np.concatenate([start + 1, some[b]])
    same = np.abs(stack.cells[i] - stack.cells[j]).max(axis=(1, 2)) < 1e-6
    kept = np.flatnonzero(same)[:_MOST_PAIRS]
    pairs = np.unique(np.stack([i, j], axis=1)[kept], axis=0)
    return pairs[:, 0], pairs[:, 1]


def _along_path(stack: Stack, i: NDArray, j: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Changes of coordinates from frame i to j, and the forces on them in both."""
    if stack.pbc.any() or len(stack.numbers) > _LARGEST:
        moved = nearest_image(
            stack.positions[j] - stack.positions[i], stack.cells[i], stack.pbc
        ).reshape(len(i), -1)
        flat = stack.forces.reshape(len(stack), -1)
        return moved, flat[i], flat[j]
    lengths, along = _forces_on_distances(stack)
    return lengths[j] - lengths[i], along[i], along[j]


def _atoms_coincide(stack: Stack) -> NDArray[np.bool_]:
    """Frames in which two atoms of a small molecule sit in one place, shape (n_frames,).

    They have no distance along which a force could work.
    """
    if stack.pbc.any() or not 1 < len(stack.numbers) <= _LARGEST:
        return np.zeros(len(stack), dtype=bool)
    a, b = np.triu_indices(len(stack.numbers), 1)
    apart = np.linalg.norm(stack.positions[:, b] - stack.positions[:, a], axis=2)
    return apart.min(axis=1) < 1e-6


def _forces_on_distances(stack: Stack) -> tuple[NDArray, NDArray]:
    r"""Distances between all atoms, and the smallest forces along them that make up the forces.

    Short distances carry more: each is weighted by the inverse cube of its length.
    """
    n_atoms = len(stack.numbers)
    a, b = np.triu_indices(n_atoms, 1)
    vectors = stack.positions[:, b] - stack.positions[:, a]
    lengths = np.linalg.norm(vectors, axis=2)
    weights = (lengths / lengths.min(axis=1, keepdims=True)) ** -3.0
    matrix = np.zeros((len(stack), n_atoms, 3, len(a)))  # from forces along distances to forces
    pushes = (vectors / lengths[..., None] * weights[..., None]).transpose(0, 2, 1)
    pairs = np.arange(len(a))
    matrix[:, b, :, pairs] += pushes.transpose(2, 0, 1)
    matrix[:, a, :, pairs] -= pushes.transpose(2, 0, 1)
    matrix = matrix.reshape(len(stack), 3 * n_atoms, len(a))
    solve = np.linalg.pinv(matrix, rcond=1e-6)
    along = np.einsum("fpx,fx->fp", solve, stack.forces.reshape(len(stack), -1)) * weights
    return lengths, along


def _slope(t: NDArray, y: NDArray, n_frames: int, trust: NDArray) -> Ratio:
    """Slope of energies y against noisy works t, through zero, by Huber's weights."""
    trust = trust / trust.max()
    weights = trust
    for _ in range(20):
        inverse = float((weights * t * y).sum() / (weights * y * y).sum())
        away = np.abs(t - inverse * y) * np.sqrt(trust)
        spread = 1.4826 * float(np.median(away))
        weights = trust * np.minimum(1.0, 1.5 * (spread + 1e-9) / np.maximum(away, 1e-12))
    noise = max(spread, 0.02 if len(t) > 4 else 0.15)  # of t, which is a pure number
    independent = min(1.0, n_frames / len(t))  # pairs share frames
    error = noise / np.sqrt(independent * (weights * y * y).sum())
    if inverse == 0:
        return Ratio()
    return Ratio(1 / inverse, float(error / abs(inverse)), len(t))
