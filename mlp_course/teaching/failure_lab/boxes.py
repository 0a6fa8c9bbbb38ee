"""Boxes to look at: methane as dense as a liquid, and a warm salt."""

from functools import cache

import numpy as np
from ase import Atoms
from ase.build import bulk, molecule
from ase.units import kB

from mlp_course.models import MLPCalculator, Potential
from mlp_course.models.architecture import Architecture
from mlp_course.simulation import run_langevin
from mlp_course.teaching.failure_lab.lennard_jones import LennardJones

_SIGMA, _EPSILON = 3.73, 148 * kB  # Å, eV; united-atom methane


@cache
def methane_centres() -> tuple[Atoms, ...]:
    """108 methane molecules as single spheres at 120 K and 0.42 g/cm³, a liquid.

    Source:
        M. G. Martin, J. I. Siepmann, J. Phys. Chem. B 102, 2569 (1998), TraPPE-UA methane.
    """
    volume = 63.4  # Å³ a molecule
    atoms = bulk("Ar", cubic=True, a=(4 * volume) ** (1 / 3)).repeat((3, 3, 3))
    atoms.set_masses([16.04] * len(atoms))
    network: Architecture = LennardJones(_SIGMA, _EPSILON, cutoff=7.0, fade=True)
    atoms.calc = MLPCalculator(Potential(network, cutoff=7.0, species=[18]))
    options = dict(timestep=10.0, friction=0.01, interval=60, progress=False)
    return tuple(run_langevin(atoms, steps=600, temperature=120.0, **options).frames[4:])


def methane_box() -> list[Atoms]:
    """The same with carbon and hydrogen atoms, each molecule turned at random."""
    rng = np.random.default_rng(0)
    boxes = []
    for centres in methane_centres():
        box = Atoms(cell=centres.cell, pbc=True)
        for place in centres.positions:
            one = molecule("CH4")
            one.rotate(rng.uniform(0, 360), rng.standard_normal(3))
            one.translate(place - one.positions[0])
            box += one
        boxes.append(box)
    return boxes


def sodium_chloride() -> list[Atoms]:
    """Rock salt, each atom displaced at random by 0.15 Å in each direction."""
    crystal = bulk("NaCl", "rocksalt", a=5.64, cubic=True).repeat(2)
    frames = []
    for seed in range(5):
        frame = crystal.copy()
        frame.rattle(0.15, seed=seed)
        frames.append(frame)
    return frames
