"""Data type 3, reaction paths: the simplified string method.

| step of the paper | here |
|---|---|
| move every image downhill, without any projection | ``image.positions += step · forces`` |
| put the images back at equal distances along the string | :func:`equally_spaced` |

The nudged elastic band projects forces and adds springs; the string does neither. Both end on the
same path, where no force pulls sideways.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from mlp_course.descriptors.checks import check_positive
from mlp_course.sampling.paths import as_samples, on_their_own, shortest_way

_LONGEST = 0.1  # Å; no atom moves farther in one step


def string_path(
    path: list[Atoms],
    calculator: Callable[[], Calculator],
    *,
    force_tolerance: float = 0.05,
    step: float = 0.01,
    max_steps: int = 2000,
) -> list[Atoms]:
    r"""Relax a chain of images to the minimum-energy path with the simplified string method.

    .. math:: \mathbf R_n \leftarrow \mathbf R_n + h \, \mathbf F(\mathbf R_n), \qquad
        |\mathbf R_{n+1} - \mathbf R_n| \text{ made equal along a cubic spline}

    The ends move downhill too, so they need not be minima. The top of the path lies between two
    images as a rule: :func:`mlp_course.sampling.barrier` reads it off a curve. The paper keeps h
    fixed; here it grows by 3 % while the forces across the string fall and is halved when they
    rise: the largest stable h is 2 over the stiffest curvature (eV/Å²), which is seldom known.
    Where the path bends sharply between two images, a force across the string remains that no
    further move removes: the cubic cuts the corner. More images cure it.

    Args:
        path: images from reactant to product, at least three. Constraints hold.
        calculator: makes one calculator an image.
        force_tolerance: largest force on an atom across the string, in eV/Å; at the ends the whole
            force.
        step: the first h, in Å²/eV.
        max_steps: moves before giving up.

    Returns:
        The images with their calculators attached and without constraints. ``info["image"]``
        counts them, ``info["sampler_energy"]`` is in eV.

    Raises:
        ValueError: if there are fewer than three images, two neighbours are the same, or a number
            is not positive.
        RuntimeError: if the string has not converged in ``max_steps``.

    Source:
        W. E, W. Ren, E. Vanden-Eijnden, J. Chem. Phys. 126, 164103 (2007), section III.

    Example:
        >>> from ase.calculators.morse import MorsePotential  # bonds of 1 eV and 1 Å
        >>> from mlp_course.sampling import interpolated_path
        >>> left = Atoms("Ar3", [[-0.87, 0, 0], [0, 0.5, 0], [0, -0.5, 0]])
        >>> right = Atoms("Ar3", [[0.87, 0, 0], [0, 0.5, 0], [0, -0.5, 0]])
        >>> path = string_path(interpolated_path(left, right, 9), MorsePotential)
        >>> [f"{path[n].get_potential_energy():.1f} eV" for n in (0, 4, 8)]  # 3 bonds, 2, 3
        ['-3.0 eV', '-2.0 eV', '-3.0 eV']
    """
    check_positive("in eV/Å", force_tolerance=force_tolerance)
    check_positive("in Å²/eV", step=step)
    images = on_their_own(path, calculator)
    if len(path) < 3 or (np.diff(_arc_length(_unwrapped(images))) < 1e-9).any():
        raise ValueError(
            f"path must have at least three images, neighbours at different places; got {len(path)}"
        )
    before, first_step = np.inf, step
    for _ in range(max_steps):
        forces = np.array([image.get_forces() for image in images])  # (n_images, n_atoms, 3)
        string = _unwrapped(images)
        across = np.linalg.norm(_sideways(string, forces), axis=2)  # (n_images, n_atoms)
        if across.max() < force_tolerance:
            settings = dict(force_tolerance=force_tolerance, step=first_step)
            return as_samples(images, "string_path", settings)
        step *= 1.03 if (across**2).sum() < before else 0.5
        before = (across**2).sum()
        moves = np.clip(step * forces, -_LONGEST, _LONGEST)
        for image, positions in zip(images, equally_spaced(string + moves), strict=True):
            image.positions = positions
    raise RuntimeError(
        f"the string did not reach {force_tolerance} eV/Å in {max_steps} steps (largest force "
        f"across it: {across.max():.3f}): use more images if the path has a sharp bend, else raise "
        "max_steps"
    )


def equally_spaced(string: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put images at equal arc lengths along the cubic spline through them; the ends stay.

    Args:
        string: positions in Å, shape (n_images, n_atoms, 3).

    Returns:
        In Å, shape (n_images, n_atoms, 3).

    Example:
        >>> line = np.zeros((4, 1, 3))
        >>> line[:, 0, 0] = [0.0, 0.1, 0.2, 3.0]
        >>> equally_spaced(line)[:, 0, 0].tolist()
        [0.0, 1.0, 2.0, 3.0]
    """
    length = _arc_length(string)
    return CubicSpline(length, string)(np.linspace(0, length[-1], len(string)))


def _arc_length(string: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each image from the first along straight pieces, in Å, shape (n_images,)."""
    pieces = np.linalg.norm(np.diff(string, axis=0).reshape(len(string) - 1, -1), axis=1)
    return np.concatenate([[0.0], np.cumsum(pieces)])


def _unwrapped(images: list[Atoms]) -> NDArray[np.float64]:
    """Positions without jumps over the border of a cell, in Å, shape (n_images, n_atoms, 3)."""
    string = [images[0].positions]
    for before, image in pairwise(images):
        string.append(string[-1] + shortest_way(before, image))
    return np.array(string)


def _sideways(string: NDArray[np.float64], forces: NDArray[np.float64]) -> NDArray[np.float64]:
    """Forces across the string, at the ends the whole forces; in eV/Å, shape as ``forces``."""
    tangents = CubicSpline(_arc_length(string), string).derivative()(_arc_length(string))
    tangents /= np.linalg.norm(tangents, axis=(1, 2), keepdims=True)
    tangents[[0, -1]] = 0.0
    return forces - (forces * tangents).sum(axis=(1, 2), keepdims=True) * tangents
