"""Data type 4, random sampling: displace every atom at random, but keep atoms apart."""

import numpy as np
from ase import Atoms
from ase.data import covalent_radii

from mlp_course.reference.jobs import bare


def closest_approach(atoms: Atoms) -> float:
    """Shortest distance over the sum of covalent radii, over all pairs; infinite for one atom.

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.93]])
        >>> round(closest_approach(h2), 3)  # 0.93 Å / (0.31 Å + 0.31 Å)
        1.5
    """
    distances = atoms.get_all_distances(mic=bool(atoms.pbc.any()))
    radii = covalent_radii[atoms.numbers]
    pairs = np.triu_indices(len(atoms), k=1)
    return float((distances / (radii[:, None] + radii))[pairs].min(initial=np.inf))


def rattled(
    atoms: Atoms,
    *,
    amplitude: float,
    n_frames: int,
    closest: float = 0.7,
    seed: int = 0,
    max_tries: int = 1000,
) -> list[Atoms]:
    """Displace all atoms by normally distributed steps and reject what brings two atoms too close.

    Args:
        atoms: start configuration.
        amplitude: standard deviation of each Cartesian displacement, in Å.
        n_frames: number of configurations.
        closest: smallest allowed distance in units of the sum of the covalent radii.
        seed: of the displacements.
        max_tries: attempts for one configuration.

    Returns:
        Configurations without calculator.

    Raises:
        ValueError: if ``amplitude`` is not positive.
        RuntimeError: if ``max_tries`` attempts give no configuration without a clash.

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> frames = rattled(h2, amplitude=0.05, n_frames=200)
        >>> f"{np.std([atoms.positions - h2.positions for atoms in frames]):.2f} Å"
        '0.05 Å'
        >>> min(map(closest_approach, frames)) >= 0.7
        True
    """
    if amplitude <= 0:
        raise ValueError(f"amplitude must be positive, in Å; got {amplitude}")
    rng = np.random.default_rng(seed)
    return [_one_rattled(atoms, amplitude, closest, rng, max_tries) for _ in range(n_frames)]


def _one_rattled(
    atoms: Atoms, amplitude: float, closest: float, rng: np.random.Generator, max_tries: int
) -> Atoms:
    for _ in range(max_tries):
        frame = bare(atoms)
        frame.positions += rng.normal(scale=amplitude, size=frame.positions.shape)
        if closest_approach(frame) >= closest:
            return frame
    raise RuntimeError(
        f"no configuration without a clash in {max_tries} tries: lower amplitude ({amplitude} Å) "
        f"or closest ({closest})"
    )
