"""Symmetries: what must not change when space is moved, turned or mirrored, or labels swapped."""

from dataclasses import dataclass

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator

from mlp_course.units import convert

LONGEST_SHIFT = 10.0  # Å


@dataclass(frozen=True)
class Deviation:
    """How far a calculator is from an exact statement.

    Attributes:
        energy: in meV per atom (or in meV, where the check says so); None if not compared.
        force: largest component, in meV/Å.
    """

    energy: float | None
    force: float


def energy_and_forces(calculator: Calculator, atoms: Atoms) -> tuple[float, np.ndarray]:
    """Energy in eV and forces in eV/Å, shape (n_atoms, 3), of a copy of the atoms."""
    copy = atoms.copy()
    copy.calc = calculator
    forces = np.array(copy.get_forces(apply_constraint=False), dtype=float)
    return float(copy.get_potential_energy()), forces


def translation_deviation(
    calculator: Calculator, atoms: Atoms, rng: np.random.Generator
) -> Deviation:
    """Shift all atoms by one random vector of up to 10 Å; energy and forces must not change."""
    moved = atoms.copy()
    moved.positions += rng.uniform(-1, 1, size=3) * LONGEST_SHIFT / np.sqrt(3)
    return _compare(calculator, atoms, moved, lambda forces: forces)


def rotation_deviation(calculator: Calculator, atoms: Atoms, rng: np.random.Generator) -> Deviation:
    """Turn atoms and cell about the origin; the energy must not change, the forces turn along."""
    rotation = random_rotation(rng)
    moved = _transformed(atoms, rotation)
    return _compare(calculator, atoms, moved, lambda forces: forces @ rotation.T)


def reflection_deviation(
    calculator: Calculator, atoms: Atoms, rng: np.random.Generator
) -> Deviation:
    """Mirror atoms and cell in the yz plane; left and right hand have the same energy."""
    mirror = np.diag([-1.0, 1.0, 1.0])
    moved = _transformed(atoms, mirror)
    moved.cell[:] = -moved.cell.array  # the same lattice, described by right-handed vectors again
    return _compare(calculator, atoms, moved, lambda forces: forces @ mirror.T)


def permutation_deviation(
    calculator: Calculator, atoms: Atoms, rng: np.random.Generator
) -> Deviation | None:
    """Swap the labels of equal atoms: same energy, swapped forces. None without equal atoms."""
    order = np.arange(len(atoms))
    for number in np.unique(atoms.numbers):
        alike = rng.permutation(np.flatnonzero(atoms.numbers == number))
        order[alike] = np.roll(alike, 1)  # nobody keeps its place
    if np.array_equal(order, np.arange(len(atoms))):
        return None
    return _compare(calculator, atoms, atoms[order], lambda forces: forces[order])


def random_rotation(rng: np.random.Generator) -> np.ndarray:
    """Proper rotation matrix, shape (3, 3), from the QR decomposition of a random matrix.

    Example:
        >>> rotation = random_rotation(np.random.default_rng(0))
        >>> bool(np.allclose(rotation @ rotation.T, np.eye(3)))
        True
        >>> round(float(np.linalg.det(rotation)), 6)
        1.0
    """
    matrix, triangle = np.linalg.qr(rng.standard_normal((3, 3)))
    matrix = matrix * np.sign(np.diag(triangle))
    matrix[:, 0] *= np.sign(np.linalg.det(matrix))
    return matrix


def _transformed(atoms: Atoms, matrix: np.ndarray) -> Atoms:
    """Apply an orthogonal matrix to positions and cell vectors (both are rows)."""
    moved = atoms.copy()
    moved.positions = atoms.positions @ matrix.T
    moved.cell[:] = atoms.cell.array @ matrix.T
    return moved


def _compare(calculator: Calculator, atoms: Atoms, moved: Atoms, expected: object) -> Deviation:
    """Compare the moved configuration with what the first one lets expect."""
    energy, forces = energy_and_forces(calculator, atoms)
    moved_energy, moved_forces = energy_and_forces(calculator, moved)
    return Deviation(
        float(convert(abs(moved_energy - energy), "eV", "meV")) / len(atoms),
        largest(moved_forces - expected(forces)),
    )


def largest(difference: np.ndarray) -> float:
    """Largest absolute component of a force difference, from eV/Å to meV/Å."""
    return float(convert(np.abs(difference).max(), "eV/Å", "meV/Å"))
