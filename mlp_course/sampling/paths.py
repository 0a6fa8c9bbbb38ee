"""Data type 3, reaction paths: the nudged elastic band with a climbing image."""

from collections.abc import Callable

import numpy as np
from ase import Atoms
from ase.build import minimize_rotation_and_translation
from ase.calculators.calculator import Calculator
from ase.mep.neb import NEB
from ase.optimize import BFGS, FIRE

from mlp_course.reference.jobs import bare


def minimum_energy_path(
    path: list[Atoms],
    calculator: Callable[[], Calculator],
    *,
    force_tolerance: float = 0.05,
    max_steps: int = 300,
    parallel: bool = False,
) -> list[Atoms]:
    """Relax a chain of images to the minimum-energy path between its ends.

    Args:
        path: images from reactant to product; the two ends stay fixed.
        calculator: makes one calculator an image.
        force_tolerance: largest force perpendicular to the path, in eV/Å.
        max_steps: optimiser steps before giving up.
        parallel: evaluate all images at once, each in a thread of its own.

    Returns:
        The images with their calculators attached; the highest one has climbed to the saddle.

    Raises:
        RuntimeError: if the band has not converged in ``max_steps``.

    Source:
        G. Henkelman, B. P. Uberuaga, H. Jónsson, J. Chem. Phys. 113, 9901 (2000).

    Example:
        >>> from ase.calculators.morse import MorsePotential  # bonds of 1 eV and 1 Å
        >>> left = Atoms("Ar3", [[-0.87, 0, 0], [0, 0.5, 0], [0, -0.5, 0]])
        >>> right = Atoms("Ar3", [[0.87, 0, 0], [0, 0.5, 0], [0, -0.5, 0]])
        >>> path = minimum_energy_path(interpolated_path(left, right, 3), MorsePotential)
        >>> [f"{image.get_potential_energy():.1f} eV" for image in path]  # 3 bonds, 2 in a row, 3
        ['-3.0 eV', '-2.0 eV', '-3.0 eV']
    """
    images = [bare(atoms) for atoms in path]
    for image in images:
        image.calc = calculator()
    climbing = NEB(images, climb=True, method="improvedtangent", k=0.1, parallel=parallel)
    settling = NEB(images, method="improvedtangent", k=0.1, parallel=parallel)
    BFGS(settling, logfile=None, maxstep=0.1).run(fmax=4 * force_tolerance, steps=max_steps)
    # A climbing image moves uphill: BFGS, which models a valley, may throw it far away.
    if not FIRE(climbing, logfile=None, maxstep=0.1).run(fmax=force_tolerance, steps=max_steps):
        raise RuntimeError(
            f"the band did not reach {force_tolerance} eV/Å in {max_steps} steps: "
            "start from a better path, use fewer images, or raise max_steps"
        )
    return images


def interpolated_path(initial: Atoms, final: Atoms, n_images: int) -> list[Atoms]:
    """Join two configurations by ``n_images`` (ends included) that avoid clashes.

    Raises:
        ValueError: if two atoms meet exactly on the straight line, where no way around is shorter.

    Source:
        S. Smidstrup, A. Pedersen, K. Stokbro, H. Jónsson, J. Chem. Phys. 140, 214106 (2014).

    Example:
        >>> left = Atoms("H2", [[0, 0, 0], [-1, 0.2, 0]])
        >>> right = Atoms("H2", [[0, 0, 0], [1, 0.2, 0]])
        >>> half_way = interpolated_path(left, right, 3)[1]
        >>> f"{half_way.get_distance(0, 1):.1f} Å"  # on the straight line 0.2 Å
        '1.0 Å'
    """
    images = [bare(initial) for _ in range(n_images - 1)] + [bare(final)]
    NEB(images, method="improvedtangent").interpolate("idpp")
    if not all(np.isfinite(image.positions).all() for image in images):
        raise ValueError(
            "initial and final must not be joined by a line where atoms pass through each other: "
            "turn one of them a little, or displace its atoms by 0.01 Å"
        )
    return images


def carried_over(band: list[Atoms], ends: tuple[Atoms, Atoms]) -> list[Atoms]:
    """Move a band to new ends, spreading their shifts evenly: a good start from a cheaper method.

    Args:
        band: a relaxed band.
        ends: the same two configurations, relaxed with another method.

    Returns:
        As many images as ``band`` has, without calculators; the first and last are ``ends``.

    Example:
        >>> band = [Atoms("H2", [[0, 0, 0], [0, 0, d]]) for d in (0.7, 1.0, 0.9)]
        >>> ends = Atoms("H2", [[0, 0, 0], [0, 0, 0.8]]), Atoms("H2", [[0, 0, 0], [0, 0, 1.1]])
        >>> images = carried_over(band, ends)  # shifted by 0.1, 0.15 and 0.2 Å
        >>> [f"{image.get_distance(0, 1):.2f}" for image in images]
        ['0.80', '1.15', '1.10']
    """
    first, last = (bare(atoms) for atoms in ends)
    minimize_rotation_and_translation(band[0], first)
    minimize_rotation_and_translation(band[-1], last)
    images = []
    for place, image in zip(np.linspace(0, 1, len(band)), band, strict=True):
        moved = bare(image)
        moved.positions += (1 - place) * (first.positions - band[0].positions)
        moved.positions += place * (last.positions - band[-1].positions)
        images.append(moved)
    return images
