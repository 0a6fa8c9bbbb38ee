"""Consistency: forces follow from the energy, nothing jumps, two systems cost double."""

import numpy as np
from ase import Atom, Atoms
from ase.calculators.calculator import Calculator

from mlp_course.units import convert
from mlp_course.validation.symmetry_checks import Deviation, energy_and_forces, largest

STEPS = (0.04, 0.02, 0.01, 0.005, 0.0025)  # Å; of the finite differences, each half the last
N_DIRECTIONS = 3  # random directions in the space of all coordinates
N_COORDINATES = 6  # single coordinates
NEAR_CUTOFF = 1e-4  # Å; a trained PaiNN is smooth, but bends within 1e-3 Å of its cutoff
FAR_APART = 50.0  # Å; empty space between two copies of a molecule


def gradient_deviation(calculator: Calculator, atoms: Atoms, rng: np.random.Generator) -> Deviation:
    r"""Compare forces with the slope of the energy, by central finite differences.

    .. math:: D(h) = \frac{E(h) - E(-h)}{2h}, \qquad
        F \cdot u = -\tfrac13\,[4 D(h) - D(2h)] + O(h^4)

    along random unit vectors u of all coordinates together, and along single coordinates. Long
    steps suffer from the curvature of the energy (untrained PaiNN: 8 meV/Å at h = 0.02 Å), short
    ones from rounding (single precision: 3 meV/Å at 0.0001 Å). So h is halved from 0.02 to
    0.0025 Å, and of two successive slopes the pair that agrees best is taken.
    """
    _, forces = energy_and_forces(calculator, atoms)
    n_coordinates = forces.size
    random = rng.standard_normal((N_DIRECTIONS, n_coordinates))
    chosen = rng.choice(n_coordinates, size=min(N_COORDINATES, n_coordinates), replace=False)
    directions = np.concatenate([random, np.eye(n_coordinates)[chosen]])
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    slopes = [_slope(calculator, atoms, u.reshape(-1, 3)) for u in directions]
    return Deviation(None, largest(-np.array(slopes) - directions @ forces.ravel()))


def _slope(calculator: Calculator, atoms: Atoms, direction: np.ndarray) -> float:
    """Derivative of the energy along a direction of shape (n_atoms, 3), in eV/Å."""

    def energy(distance: float) -> float:
        moved = atoms.copy()
        moved.positions += distance * direction
        return energy_and_forces(calculator, moved)[0]

    central = np.array([(energy(h) - energy(-h)) / (2 * h) for h in STEPS])
    slopes = (4 * central[1:] - central[:-1]) / 3
    settled = int(np.argmin(np.abs(np.diff(slopes))))
    return float(slopes[settled + 1])


def cutoff_deviation(
    calculator: Calculator, atoms: Atoms, rng: np.random.Generator, *, cutoff: float
) -> Deviation:
    """Draw one more atom outward through the cutoff; neither energy (meV) nor force may jump.

    The atom moves away from the outermost atom, so that all others are out of its reach and only
    one pair crosses the cutoff. It is tried with each element. A jump J is told from a slope by
    two distances δ on both sides, D(δ) = E(cutoff + δ) - E(cutoff - δ): J = 2 D(δ) - D(2δ). The
    force compared is the one on the moving atom, which only that pair can make jump.
    """
    cluster = Atoms(atoms.numbers, atoms.positions)
    jumps = [
        _jump(calculator, cluster, symbol, cutoff)
        for symbol in sorted(set(cluster.get_chemical_symbols()))
    ]
    return Deviation(max(jump.energy for jump in jumps), max(jump.force for jump in jumps))


def _jump(calculator: Calculator, cluster: Atoms, symbol: str, cutoff: float) -> Deviation:
    """Jump of the energy (meV) and of the extra atom's force (meV/Å) as it passes the cutoff."""
    arms = cluster.positions - cluster.positions.mean(axis=0)
    lengths = np.linalg.norm(arms, axis=1)
    outermost = int(lengths.argmax())
    outward = arms[outermost] / lengths[outermost] if lengths[outermost] > 0 else np.eye(3)[0]

    def at(distance: float) -> np.ndarray:
        position = cluster.positions[outermost] + distance * outward
        energy, forces = energy_and_forces(calculator, cluster + Atom(symbol, position))
        return np.array([energy, *forces[-1]])  # (4,)

    def difference(delta: float) -> np.ndarray:
        return at(cutoff + delta) - at(cutoff - delta)

    jump = 2 * difference(NEAR_CUTOFF) - difference(2 * NEAR_CUTOFF)
    return Deviation(float(convert(abs(jump[0]), "eV", "meV")), largest(jump[1:]))


def extensivity_deviation(
    calculator: Calculator, atoms: Atoms, rng: np.random.Generator
) -> Deviation:
    """Double the system; the energy doubles and each copy feels the same forces.

    A molecule is put beside its copy with 50 Å between them, a crystal is repeated along its first
    periodic direction (there, a calculator that samples reciprocal space must sample it the same
    way for both).
    """
    energy, forces = energy_and_forces(calculator, atoms)
    doubled_energy, doubled_forces = energy_and_forces(calculator, doubled(atoms))
    return Deviation(
        float(convert(abs(doubled_energy - 2 * energy), "eV", "meV")) / (2 * len(atoms)),
        largest(doubled_forces - np.concatenate([forces, forces])),
    )


def doubled(atoms: Atoms) -> Atoms:
    """Two copies: a supercell if periodic, else far apart and centred where the one was."""
    if atoms.pbc.any():
        repeats = [1, 1, 1]
        repeats[int(np.argmax(atoms.pbc))] = 2
        return atoms.repeat(repeats)
    half = np.array([(FAR_APART + np.ptp(atoms.positions[:, 0])) / 2, 0.0, 0.0])
    left, right = atoms.copy(), atoms.copy()
    left.positions -= half
    right.positions += half
    return left + right
