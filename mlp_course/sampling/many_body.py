"""Constructed molecules whose energy is an angle, a torsion or a product of angles: what is seen?

All bonds are 2 Å long and atoms that are not bonded are at least 2.4 Å apart. With the cutoff
:data:`SHORT_CUTOFF` a potential therefore sees the bonds only, and all of them are alike: distances
tell it nothing. The energies are formulas, not chemistry.
"""

import itertools
from collections.abc import Callable

import numpy as np
import torch
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from scipy.optimize import least_squares
from torch import Tensor

from mlp_course.descriptors.checks import check_count

BOND = 2.0  # Å
SHORT_CUTOFF = 2.4  # Å; longer than the bonds, shorter than every other distance
KAPPA = 1.0  # eV, the strength of all three energies
_CHAIN_ANGLE = 110.0  # degrees

#: Two stars of four arms (unit vectors, to three digits) whose six angles are the same, in another
#: arrangement; found by maximising the difference of their energies.
_TWINS = np.array(
    [
        [[-0.346, 0.58, 0.737], [0.753, -0.631, -0.187], [-0.353, -0.544, -0.761],
         [0.234, 0.92, -0.316]],
        [[-0.926, 0.208, 0.315], [0.09, -0.049, 0.995], [-0.333, 0.635, -0.698],
         [0.514, -0.744, -0.427]],
    ]
)  # fmt: skip


def bent_molecules(n: int = 24) -> list[Atoms]:
    r"""Three atoms, two equal bonds, and an energy that is the angle between them.

    .. math:: E = \kappa \cos\theta, \qquad \kappa = 1\ \text{eV}

    Args:
        n: number of angles, evenly spread from 80° to 180°.

    Returns:
        CH₂ frames with energy (eV) and forces (eV/Å); the angle is ``info["angle_deg"]``.

    Raises:
        ValueError: if ``n`` is no whole number of at least 2.

    Example:
        >>> first, *_, last = bent_molecules()
        >>> round(first.get_angle(1, 0, 2)), round(last.get_potential_energy(), 6)
        (80, -1.0)
    """
    frames = []
    for angle in _angles(n, 80, 180):
        arms = [[1, 0, 0], [np.cos(np.radians(angle)), np.sin(np.radians(angle)), 0]]
        frames.append(_labelled(Atoms("CH2", _star(arms)), _cosine, angle_deg=angle))
    return frames


def twisted_chains(n: int = 24) -> list[Atoms]:
    r"""A chain of four atoms with equal bonds and equal angles; its energy is its torsion.

    .. math:: E = \kappa \cos\varphi, \qquad \kappa = 1\ \text{eV}

    Args:
        n: number of torsions, evenly spread from 0° to 180°.

    Returns:
        HCCH frames with energy (eV) and forces (eV/Å); the torsion is ``info["angle_deg"]``.

    Raises:
        ValueError: if ``n`` is no whole number of at least 2.

    Example:
        >>> first, *_, last = twisted_chains()
        >>> round(last.get_dihedral(0, 1, 2, 3)), round(last.get_potential_energy(), 6)
        (180, -1.0)
    """
    frames = []
    for torsion in _angles(n, 0, 180):
        across, along = np.sin(np.radians(_CHAIN_ANGLE)), -np.cos(np.radians(_CHAIN_ANGLE))
        turn = np.radians(torsion)
        positions = [
            [-along, across, 0],
            [0, 0, 0],
            [1, 0, 0],
            [1 + along, across * np.cos(turn), across * np.sin(turn)],
        ]
        chain = Atoms("HCCH", BOND * np.array(positions))
        frames.append(_labelled(chain, _torsion, angle_deg=torsion))
    return frames


def twin_molecules(n_pairs: int = 12, *, seed: int = 0) -> list[Atoms]:
    r"""Pairs of stars with the same bonds and the same six angles, and different energies.

    .. math:: E = \kappa \sum_{a < b < c} \cos\theta_{ab} \cos\theta_{bc} \cos\theta_{ca}

    Whoever counts distances and angles around the centre sees twins. The energy asks which three
    angles belong to the same three arms: four bodies at once. Twins without an energy, flat and
    simpler, are :func:`mlp_course.descriptors.twin_environments`.

    Args:
        n_pairs: number of pairs.
        seed: of the random changes that make each pair.

    Returns:
        CH₄ frames with energy (eV) and forces (eV/Å), twins one after the other;
        ``info["pair"]`` counts the pairs.

    Raises:
        ValueError: if ``n_pairs`` is no whole number of at least 1.

    Source:
        The idea is that of S. N. Pozdnyakov et al., Phys. Rev. Lett. 125, 166001 (2020); these
        stars are other ones.

    Example:
        >>> one, other = twin_molecules(1)
        >>> np.allclose(star_angles(one), star_angles(other))  # the same six angles
        True
        >>> abs(one.get_potential_energy() - other.get_potential_energy()) > 0.1  # eV
        True
    """
    check_count(1, n_pairs=n_pairs)
    rng = np.random.default_rng(seed)
    frames: list[Atoms] = []
    while len(frames) < 2 * n_pairs:
        pair = _twins_near(_TWINS + 0.1 * rng.normal(size=_TWINS.shape))
        if pair is None:
            continue
        info = {"pair": len(frames) // 2}
        frames += [_labelled(Atoms("CH4", _star(arms)), _triple, **info) for arms in pair]
    return frames


def star_angles(star: Atoms) -> np.ndarray:
    """Angles between the arms of a star around atom 0 in degrees, sorted, shape (n_angles,)."""
    arms = star.positions[1:] - star.positions[0]
    return np.sort(np.degrees(np.arccos(np.clip(_cosines(arms), -1, 1))))


def _angles(n: int, first: float, last: float) -> np.ndarray:
    check_count(2, n=n)
    return np.linspace(first, last, n)


def _star(arms: np.ndarray | list) -> np.ndarray:
    """Centre and ends of the arms in Å, shape (n_arms + 1, 3)."""
    return np.vstack([np.zeros(3), BOND * np.asarray(arms, dtype=float)])


def _cosines(arms: np.ndarray) -> np.ndarray:
    """Cosines between all arms, shape (n_angles,)."""
    unit = arms / np.linalg.norm(arms, axis=1, keepdims=True)
    return (unit @ unit.T)[np.triu_indices(len(arms), k=1)]


def _twins_near(start: np.ndarray) -> np.ndarray | None:
    """The twins nearest to two stars, shape (2, 4, 3); None if they are no good example."""
    ranks = [np.argsort(_cosines(arms)) for arms in _TWINS]

    def difference(flat: np.ndarray) -> np.ndarray:
        one, other = flat.reshape(_TWINS.shape)
        return _cosines(one)[ranks[0]] - _cosines(other)[ranks[1]]

    found = least_squares(difference, start.ravel(), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    pair = found.x.reshape(_TWINS.shape)
    pair = pair / np.linalg.norm(pair, axis=2, keepdims=True)
    nearest = BOND * np.sqrt(2 - 2 * max(_cosines(arms).max() for arms in pair))
    energies = [_triple(torch.tensor(_star(arms))).item() for arms in pair]
    good = found.cost < 1e-20 and nearest > SHORT_CUTOFF and abs(np.subtract(*energies)) > 0.1
    return pair if good else None


def _unit(vectors: Tensor) -> Tensor:
    return vectors / vectors.norm(dim=-1, keepdim=True)


def _cosine(positions: Tensor) -> Tensor:
    a, b = _unit(positions[1:] - positions[0])
    return KAPPA * (a @ b)


def _torsion(positions: Tensor) -> Tensor:
    back, middle, on = positions[0] - positions[1], positions[2] - positions[1], positions[3]
    middle = _unit(middle)
    on = on - positions[2]
    before, after = (v - (v @ middle) * middle for v in (back, on))  # across the middle bond
    return KAPPA * (_unit(before) @ _unit(after))


def _triple(positions: Tensor) -> Tensor:
    arms = _unit(positions[1:] - positions[0])
    cos = arms @ arms.T
    triples = itertools.combinations(range(len(arms)), 3)
    return KAPPA * sum(cos[a, b] * cos[b, c] * cos[c, a] for a, b, c in triples)


def _labelled(atoms: Atoms, energy: Callable[[Tensor], Tensor], **info: float) -> Atoms:
    """Give atoms the energy of a formula (eV) and its forces (eV/Å)."""
    positions = torch.tensor(atoms.positions, requires_grad=True)
    value = energy(positions)
    (slope,) = torch.autograd.grad(value, positions)
    atoms.info |= info
    atoms.calc = SinglePointCalculator(atoms, energy=value.item(), forces=-slope.numpy())
    return atoms
