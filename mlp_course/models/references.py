"""Atomic references: the part of the energy that only counts atoms, found by least squares."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms


def atomic_references(frames: Sequence[Atoms]) -> dict[int, float]:
    r"""Fit one energy per element to total energies.

    .. math:: \min_{E^{\text{ref}}} \sum_n \Bigl( E_n - \sum_Z n_Z \, E^{\text{ref}}_Z \Bigr)^2

    Where the compositions cannot tell the elements apart (frames of one molecule), the solution of
    smallest norm is taken: any solution removes the same mean.

    Args:
        frames: configurations with energies in eV.

    Returns:
        Energy in eV by atomic number.

    Example:
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> h2.calc = SinglePointCalculator(h2, energy=-31.7)
        >>> {z: round(energy, 2) for z, energy in atomic_references([h2]).items()}
        {1: -15.85}
    """
    energies = np.array([atoms.get_potential_energy() for atoms in frames], dtype=np.float64)
    species = sorted({int(z) for atoms in frames for z in atoms.numbers})
    counts = np.array(
        [[np.sum(atoms.numbers == z) for z in species] for atoms in frames], dtype=float
    )
    references = np.linalg.lstsq(counts, energies, rcond=None)[0]  # (n_species,)
    return {z: float(energy) for z, energy in zip(species, references, strict=True)}
