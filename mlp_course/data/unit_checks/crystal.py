r"""Work in a crystal: energies that follow from the forces through a fitted potential.

In a crystal the straight line between two frames is a good path, but 32 atoms divide an energy by
32 and the Hartree by 27.2: the rule of the trapezoid is too coarse to tell these two. A potential
of pairs and an embedding term, fitted to the forces alone, predicts differences of energies to
about two percent, in the unit of force times length.
"""

import numpy as np
from ase import Atoms
from ase.neighborlist import neighbor_list
from numpy.typing import NDArray

from mlp_course.data.unit_checks.evidence import Stack

_REACH = 2.3  # cutoff in units of the nearest distance
_CENTRES = np.linspace(0.7, 2.2, 13)
_WIDTH = 0.15
_DECAYS = (3.0, 5.0, 7.0)  # of the embedding densities


def fitted_energies(stack: Stack, *, most_frames: int = 20) -> tuple[NDArray, NDArray, float]:
    """Fit a potential to the forces of a crystal; energies in the unit of force times length.

    Returns:
        Places in the stack of the frames used, their energies (up to a constant), and the part of
        the forces' variance that the fit explains.
    """
    chosen = np.unique(np.linspace(0, len(stack) - 1, min(len(stack), most_frames)).astype(int))
    crystals = [
        Atoms(stack.numbers, stack.positions[k], cell=stack.cells[k], pbc=stack.pbc) for k in chosen
    ]
    nearest = float(np.median(neighbor_list("d", crystals[0], _first_shell(crystals[0]))))
    terms = [_terms(atoms, nearest) for atoms in crystals]
    design = np.concatenate([forces.reshape(-1, forces.shape[-1]) for _, forces in terms])
    target = stack.forces[chosen].reshape(-1)
    scale = np.sqrt((design**2).mean(axis=0)) + 1e-12
    design = design / scale
    ridge = 1e-7 * len(target) * np.eye(len(scale))
    weights = np.linalg.solve(design.T @ design + ridge, design.T @ target)
    left = target - design @ weights
    explained = 1 - float((left**2).sum() / max((target**2).sum(), 1e-300))
    return chosen, np.array([energies for energies, _ in terms]) / scale @ weights, explained


def _first_shell(atoms: Atoms) -> float:
    """Length that holds the nearest neighbours of a typical atom, in the numbers as they are."""
    reach = 1.0
    while len(neighbor_list("i", atoms, reach)) < 6 * len(atoms):
        reach *= 1.1
    return reach


def _terms(atoms: Atoms, nearest: float) -> tuple[NDArray, NDArray]:
    """Energy (n_terms,) and forces (n_atoms, 3, n_terms) of each term of the potential."""
    i, j, d, vectors = neighbor_list("ijdD", atoms, _REACH * nearest)
    x, direction = d / nearest, vectors / d[:, None]
    fade = 0.5 * (np.cos(np.pi * x / _REACH) + 1)
    fall = -0.5 * np.pi / _REACH * np.sin(np.pi * x / _REACH)
    energies, forces = [], []

    def add(energy: float, push: NDArray) -> None:
        energies.append(energy)
        pushes = push[:, None] * direction / nearest
        forces.append(np.stack([np.bincount(i, p, len(atoms)) for p in pushes.T], axis=1))

    kinds = np.sort(atoms.numbers[np.stack([i, j], axis=1)], axis=1)
    for kind in np.unique(kinds, axis=0):
        same = (kinds == kind).all(axis=1)
        for centre in _CENTRES:
            bump = np.exp(-0.5 * ((x - centre) / _WIDTH) ** 2) * same
            add(0.5 * (bump * fade).sum(), bump * (fall - fade * (x - centre) / _WIDTH**2))
    for decay in _DECAYS:
        cloud = np.exp(-decay * (x - 1))
        root = np.sqrt(np.bincount(i, cloud * fade, len(atoms)) + 1e-12)
        slope = cloud * (fall - decay * fade)
        add(root.sum(), slope * 0.5 * (1 / root[i] + 1 / root[j]))
    return np.array(energies), np.stack(forces, axis=-1)
