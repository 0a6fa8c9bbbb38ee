"""Data type 4, random sampling: displace every atom at random, but keep atoms apart."""

import numpy as np
from ase import Atoms
from ase.data import covalent_radii
from ase.neighborlist import neighbor_list

from mlp_course.descriptors.checks import check_count, check_positive
from mlp_course.sampling.origin import with_origin


def closest_approach(atoms: Atoms) -> float:
    """Shortest distance over the sum of covalent radii, over all pairs; infinite for one atom.

    In a periodic cell every image counts, that of the same atom too.

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.93]])
        >>> round(closest_approach(h2), 3)  # 0.93 Å / (0.31 Å + 0.31 Å)
        1.5
    """
    radii = covalent_radii[atoms.numbers]
    if not atoms.pbc.any():
        ratios = atoms.get_all_distances() / (radii[:, None] + radii)
        return float(ratios[np.triu_indices(len(atoms), k=1)].min(initial=np.inf))
    reach = 1.0  # in units of the largest sum of two radii; all pairs up to there are looked at
    while True:
        i, j, d = neighbor_list("ijd", atoms, cutoff=2 * reach * radii.max())
        closest = (d / (radii[i] + radii[j])).min(initial=np.inf)
        if closest <= reach:
            return float(closest)
        reach *= 2


def rattled(
    atoms: Atoms,
    *,
    amplitude: float,
    n_frames: int,
    closest: float = 0.7,
    seed: int = 0,
    max_tries: int = 1000,
    strain: float = 0.0,
    data_type: str = "random",
) -> list[Atoms]:
    """Displace all atoms by normally distributed steps and reject what brings two atoms too close.

    A small amplitude about a minimum samples its vicinity (data type 1, or 5 if the minimum has a
    defect), a large one explores (data type 4). A crystal needs strained cells too, if its
    potential is to know stress.

    Args:
        atoms: start configuration.
        amplitude: standard deviation of each Cartesian displacement, in Å.
        n_frames: number of configurations.
        closest: smallest allowed distance in units of the sum of the covalent radii.
        seed: of the displacements.
        max_tries: attempts for one configuration.
        strain: standard deviation of each component of the random strain of a periodic cell,
            dimensionless; the atoms follow the cell.
        data_type: written into the provenance, "random", "equilibrium" or "defect".

    Returns:
        Configurations without calculator.

    Raises:
        ValueError: if ``amplitude`` or ``n_frames`` is not positive, ``strain`` is negative, or
            there is no periodic cell to strain.
        RuntimeError: if ``max_tries`` attempts give no configuration without a clash.

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> frames = rattled(h2, amplitude=0.05, n_frames=200)
        >>> f"{np.std([atoms.positions - h2.positions for atoms in frames]):.2f} Å"
        '0.05 Å'
        >>> min(map(closest_approach, frames)) >= 0.7
        True
    """
    check_positive("in Å", amplitude=amplitude)
    check_count(1, n_frames=n_frames, max_tries=max_tries)
    if not 0 <= strain < np.inf or (strain > 0 and not atoms.pbc.all()):
        raise ValueError(
            "strain must be 0, or positive with a cell that is periodic in all directions; got "
            f"{strain} with pbc {atoms.pbc.tolist()}"
        )
    rng = np.random.default_rng(seed)
    settings = dict(amplitude=amplitude, strain=strain, closest=closest, seed=seed)
    how = dict(data_type=data_type, sampler="rattled", settings=settings, parent=atoms)
    frames = []
    while len(frames) < n_frames:
        tries = (_displaced(atoms, amplitude, strain, rng) for _ in range(max_tries))
        frame = next((trial for trial in tries if closest_approach(trial) >= closest), None)
        if frame is None:
            raise RuntimeError(
                f"no configuration without a clash in {max_tries} tries: lower amplitude "
                f"({amplitude} Å) or closest ({closest})"
            )
        frames.append(with_origin(frame, **how))
    return frames


def _displaced(atoms: Atoms, amplitude: float, strain: float, rng: np.random.Generator) -> Atoms:
    """One copy with all atoms displaced, and its cell strained if asked for."""
    frame = atoms.copy()
    frame.set_constraint()
    frame.positions += rng.normal(scale=amplitude, size=frame.positions.shape)
    if strain:
        e = rng.normal(scale=strain, size=(3, 3))
        frame.set_cell(frame.cell.array @ (np.eye(3) + (e + e.T) / 2), scale_atoms=True)
    return frame
