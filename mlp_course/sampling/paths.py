"""Data type 3, reaction paths: the nudged elastic band with a climbing image."""

from collections.abc import Callable

import numpy as np
from ase import Atoms
from ase.build import minimize_rotation_and_translation
from ase.calculators.calculator import Calculator
from ase.geometry import find_mic
from ase.mep.neb import NEB, NEBTools
from ase.optimize import BFGS, FIRE

from mlp_course.descriptors.checks import check_count, check_positive
from mlp_course.sampling.origin import calculator_name, with_origin


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
        path: images from reactant to product; the two ends stay fixed. Constraints (the lower
            layers of a slab) hold while the band relaxes.
        calculator: makes one calculator an image.
        force_tolerance: largest force perpendicular to the path, in eV/Å.
        max_steps: optimiser steps before giving up.
        parallel: evaluate all images at once, each in a thread of its own.

    Returns:
        The images with their calculators attached and without constraints; the highest one has
        climbed to the saddle. ``info["image"]`` counts them, ``info["sampler_energy"]`` is in eV.

    Raises:
        ValueError: if there are fewer than three images, or ``force_tolerance`` is not positive.
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
    check_positive("in eV/Å", force_tolerance=force_tolerance)
    if len(path) < 3:
        raise ValueError(f"path must have at least three images, ends included; got {len(path)}")
    images = on_their_own(path, calculator)
    climbing = NEB(images, climb=True, method="improvedtangent", k=0.1, parallel=parallel)
    settling = NEB(images, method="improvedtangent", k=0.1, parallel=parallel)
    BFGS(settling, logfile=None, maxstep=0.1).run(fmax=4 * force_tolerance, steps=max_steps)
    # A climbing image moves uphill: BFGS, which models a valley, may throw it far away.
    if not FIRE(climbing, logfile=None, maxstep=0.1).run(fmax=force_tolerance, steps=max_steps):
        raise RuntimeError(
            f"the band did not reach {force_tolerance} eV/Å in {max_steps} steps: "
            "start from a better path, use fewer images, or raise max_steps"
        )
    return as_samples(images, "minimum_energy_path", dict(force_tolerance=force_tolerance))


def on_their_own(path: list[Atoms], calculator: Callable[[], Calculator]) -> list[Atoms]:
    """Copy images, each with a calculator of its own."""
    images = [atoms.copy() for atoms in path]
    for image in images:
        image.calc = calculator()
    return images


def as_samples(images: list[Atoms], sampler: str, settings: dict) -> list[Atoms]:
    """Free relaxed images of their constraints and write down where they come from."""
    settings = settings | dict(n_images=len(images), calculator=calculator_name(images[0].calc))
    how = dict(data_type="path", sampler=sampler, settings=settings, parent=images[0])
    frames = []
    for number, image in enumerate(images):
        energy = float(image.get_potential_energy())
        frame = with_origin(image, image=number, sampler_energy=energy, **how)
        frame.calc = image.calc
        frames.append(frame)
    return frames


def barrier(images: list[Atoms]) -> float:
    """Height of a path above its first image in eV, from a curve through energies and forces.

    The curve is a cubic between each two images, with the slope that the forces give along the
    path, so the top may lie between two images.

    Args:
        images: a path with energies and forces, from reactant to product.

    Returns:
        In eV, at least 0.

    Source:
        G. Henkelman, H. Jónsson, J. Chem. Phys. 113, 9978 (2000), appendix; through ASE.

    Example:
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> images = [Atoms("H", [[x, 0, 0]]) for x in (-1.0, -0.6, 0.6, 1.0)]
        >>> for image in images:  # E = (x² - 1)² eV, 1 eV high at x = 0, where no image is
        ...     x, force = image.positions[0, 0], np.zeros((1, 3))
        ...     force[0, 0] = -4 * x * (x**2 - 1)
        ...     image.calc = SinglePointCalculator(image, energy=(x**2 - 1) ** 2, forces=force)
        >>> f"{barrier(images):.2f} eV"  # 0.41 + 1.2 × 1.536 / 4, the cubic's middle
        '0.87 eV'
    """
    height, _ = NEBTools(images).get_barrier()
    return float(height)


def interpolated_path(initial: Atoms, final: Atoms, n_images: int) -> list[Atoms]:
    """Join two configurations by ``n_images`` (ends included) that avoid clashes.

    In a periodic cell every atom takes the shortest way; constraints are kept.

    Raises:
        ValueError: if the ends hold other atoms, ``n_images`` is below 2, or two atoms meet exactly
            on the straight line, where no way around is shorter.

    Source:
        S. Smidstrup, A. Pedersen, K. Stokbro, H. Jónsson, J. Chem. Phys. 140, 214106 (2014).

    Example:
        >>> left = Atoms("H2", [[0, 0, 0], [-1, 0.2, 0]])
        >>> right = Atoms("H2", [[0, 0, 0], [1, 0.2, 0]])
        >>> half_way = interpolated_path(left, right, 3)[1]
        >>> f"{half_way.get_distance(0, 1):.1f} Å"  # on the straight line 0.2 Å
        '1.0 Å'
    """
    check_count(2, n_images=n_images)
    if not np.array_equal(initial.numbers, final.numbers):
        raise ValueError(
            "initial and final must hold the same atoms in the same order; got "
            f"{initial.symbols} and {final.symbols}"
        )
    last = final.copy()
    last.positions = initial.positions + shortest_way(initial, final)
    images = [initial.copy() for _ in range(n_images - 1)] + [last]
    NEB(images, method="improvedtangent").interpolate("idpp", mic=bool(initial.pbc.any()))
    if not all(np.isfinite(image.positions).all() for image in images):
        raise ValueError(
            "initial and final must not be joined by a line where atoms pass through each other: "
            "turn one of them a little, or displace its atoms by 0.01 Å"
        )
    return images


def shortest_way(first: Atoms, second: Atoms) -> np.ndarray:
    """How each atom gets from one configuration to the other, in Å, shape (n_atoms, 3)."""
    return find_mic(second.positions - first.positions, first.cell, first.pbc)[0]


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
    shifts = []
    for image, end in zip((band[0], band[-1]), ends, strict=True):
        end = end.copy()
        if not end.pbc.any():  # a molecule may have turned; a crystal has not
            minimize_rotation_and_translation(image, end)
        shifts.append(shortest_way(image, end))
    images = []
    for place, image in zip(np.linspace(0, 1, len(band)), band, strict=True):
        moved = image.copy()
        moved.set_constraint(ends[0].constraints)
        moved.positions += (1 - place) * shifts[0] + place * shifts[1]
        images.append(moved)
    return images
