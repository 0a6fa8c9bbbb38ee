"""A fluid of spheres: the pair potential in which cutoffs and pair lists can be treated badly."""

import torch
from ase import Atoms
from ase.build import bulk
from torch import Tensor

from mlp_course.descriptors import polynomial_cutoff
from mlp_course.models import MLPCalculator, Potential
from mlp_course.models.architecture import Architecture
from mlp_course.simulation import run_langevin

SIGMA, EPSILON = 3.405, 0.01032  # Å, eV; argon


class LennardJones(Architecture):
    r"""Pairs of spheres, cut off hard or faded out.

    .. math:: \varepsilon_i = \tfrac12 \sum_j 4\epsilon
        \left[ (\sigma/d_{ij})^{12} - (\sigma/d_{ij})^6 \right] f_c(d_{ij})

    Args:
        sigma: in Å.
        epsilon: in eV.
        cutoff: in Å.
        fade: multiply by a polynomial cutoff function; otherwise the sum just ends.

    Source:
        argon: A. Rahman, Phys. Rev. 136, A405 (1964).
    """

    def __init__(self, sigma: float, epsilon: float, *, cutoff: float, fade: bool):
        super().__init__()
        self.sigma, self.epsilon, self.cutoff, self.fade = sigma, epsilon, cutoff, fade

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        d_ij = r_ij.norm(dim=1)
        sixth = (self.sigma / d_ij) ** 6
        pairs = 2 * self.epsilon * (sixth**2 - sixth)  # half of it for either atom
        if self.fade:
            pairs = pairs * polynomial_cutoff(d_ij, self.cutoff)
        return torch.zeros_like(atomic_numbers, dtype=pairs.dtype).index_add(0, idx_i, pairs)


def argon_potential(*, cutoff: float, fade: bool) -> MLPCalculator:
    """Argon as a calculator."""
    network = LennardJones(SIGMA, EPSILON, cutoff=cutoff, fade=fade)
    return MLPCalculator(Potential(network, cutoff=cutoff, species=[18]))


def argon_fluid(*, cutoff: float, temperature: float) -> Atoms:
    """32 argon atoms in a box, brought to a temperature (K) with the faded potential."""
    atoms = bulk("Ar", cubic=True, a=5.5).repeat(2)
    atoms.calc = argon_potential(cutoff=cutoff, fade=True)
    options = dict(timestep=5.0, friction=0.02, seed=1, progress=False)
    return run_langevin(atoms, steps=400, temperature=temperature, **options).frames[-1]
