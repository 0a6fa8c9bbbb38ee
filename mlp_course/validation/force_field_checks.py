"""Tests of a potential between the data: a wall at short distance, no work around a loop."""

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator
from ase.data import covalent_radii
from numpy.typing import NDArray

from mlp_course.models.calculator import MLPCalculator
from mlp_course.models.potential import Potential
from mlp_course.units import convert
from mlp_course.validation.finding import Finding, at_least, at_most
from mlp_course.validation.predict import predict
from mlp_course.validation.symmetry_checks import energy_and_forces

WALL = 5.0  # eV; 29 k_B T at 2000 K
CLOSEST = 0.5  # of the sum of the covalent radii, where AlarmLimits stops a run
LOOP = 1.0  # meV
LOOP_POINTS = 48
_NOISE = 1e-3  # eV; a scan in single precision falls by less for no reason


def pair_scan(
    model: object, atoms: Atoms, pair: tuple[int, int], *, n_points: int = 25
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Push the second atom of a pair towards the first and follow the energy.

    Args:
        model: a potential or calculator.
        atoms: configuration in which the pair stands at its usual distance.
        pair: indices of the two atoms.
        n_points: number of distances, from the usual one down to half the sum of the covalent
            radii.

    Returns:
        Distances in Å (falling) and energies above the first in eV, each of shape (n_points,).

    Raises:
        ValueError: if the pair is closer than the end of the scan already.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> d, energy = pair_scan(EMT(), Atoms("Cu2", [[0, 0, 0], [0, 0, 2.1]]), (0, 1))
        >>> float(d[-1]), bool((np.diff(energy) > 0).all())  # half of 1.32 Å + 1.32 Å
        (1.32, True)
    """
    first, second = pair
    usual = atoms.get_distance(first, second, mic=True)
    shortest = CLOSEST * float(covalent_radii[atoms.numbers[list(pair)]].sum())
    if usual <= shortest:
        raise ValueError(f"the pair must start above {shortest:.2f} Å; got {usual:.2f} Å")
    distances = np.linspace(usual, shortest, n_points)
    frames = []
    for distance in distances:
        frame = Atoms(atoms.numbers, atoms.positions, cell=atoms.cell, pbc=atoms.pbc)
        frame.set_distance(first, second, distance, fix=0, mic=True)
        frames.append(frame)
    energies = predict(model, frames)[0]
    return distances, energies - energies[0]


def repulsive_wall(
    model: object, atoms: Atoms, pair: tuple[int, int], *, needed: float = WALL
) -> Finding:
    """Measure how high the energy climbs before it falls again as two atoms are pushed together.

    Where no data are, a network is free to invent an attraction: atoms that once come so close
    fall into the hole, and the run is over. The scan first goes down to the distance that the
    model likes best; the wall is counted from there to the first place where the energy falls again
    by more than 1 meV, or to the end of the scan if it never does.

    Args:
        model: a potential or calculator.
        atoms: configuration in which the pair stands at its usual distance.
        pair: indices of the two atoms.
        needed: in eV; well above what a thermal collision can pay.

    Returns:
        Height of the wall in eV; rings below ``needed``.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> repulsive_wall(EMT(), Atoms("Cu2", [[0, 0, 0], [0, 0, 2.2]]), (0, 1)).rings
        False
    """
    _, energies = pair_scan(model, atoms, pair)
    rises = np.flatnonzero(np.diff(energies) > 0)
    if not len(rises):  # attracted all the way
        return at_least("height of the repulsive wall", 0.0, needed, "eV")
    climb = energies[rises[0] :] - energies[rises[0]]  # from the usual distance of this model
    peaks = np.maximum.accumulate(climb)
    falls = np.flatnonzero(peaks[:-1] - climb[1:] > _NOISE)
    wall = peaks[falls[0]] if len(falls) else climb[-1]
    return at_least("height of the repulsive wall", float(wall), needed, "eV")


def closed_loop_work(
    calculator: Calculator | Potential,
    atoms: Atoms,
    *,
    radius: float = 0.1,
    seed: int = 0,
    allowed: float = LOOP,
) -> Finding:
    r"""Carry the atoms around a circle and add up the work of the forces; it must be zero.

    .. math:: W = \oint \mathbf F \cdot d\mathbf R = 0 \quad\text{if}\quad \mathbf F = -\nabla E

    The circle lies in a random plane of the space of all coordinates. Only forces are asked for:
    a model that predicts forces directly has nothing else to be tested by.

    Args:
        calculator: any ASE calculator with forces, or a potential.
        atoms: middle of the circle.
        radius: root mean square displacement of a coordinate on the circle, in Å.
        seed: of the plane.
        allowed: in meV.

    Returns:
        \|W\| in meV, by 48 points (the trapezoidal rule on a circle converges faster than any
        power of their number); rings above ``allowed``.

    Raises:
        ValueError: if ``radius`` is not positive.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> closed_loop_work(EMT(), bulk("Cu", cubic=True), radius=0.05).rings
        False
    """
    if not radius > 0:
        raise ValueError(f"radius must be positive, in Å; got {radius}")
    if isinstance(calculator, Potential):
        calculator = MLPCalculator(calculator)
    n = atoms.positions.size
    plane = np.random.default_rng(seed).standard_normal((n, 2))
    u, v = np.linalg.qr(plane)[0].T  # orthonormal, (n,)
    length = radius * np.sqrt(n)  # Å, in the space of all coordinates
    work = 0.0
    for angle in 2 * np.pi * np.arange(LOOP_POINTS) / LOOP_POINTS:
        moved = atoms.copy()
        moved.positions += length * (np.cos(angle) * u + np.sin(angle) * v).reshape(-1, 3)
        tangent = length * (np.cos(angle) * v - np.sin(angle) * u)
        work += energy_and_forces(calculator, moved)[1].ravel() @ tangent
    work *= 2 * np.pi / LOOP_POINTS
    in_mev = abs(float(convert(work, "eV", "meV")))
    return at_most("work around a closed loop", in_mev, allowed, "meV")
