"""Coulomb matrices by dscribe."""

import sys

import numpy as np
from ase import Atoms
from dscribe.descriptors import CoulombMatrix

given = np.load(sys.argv[1])
atoms = Atoms(given["numbers"], given["positions"])
matrices = {
    kind: CoulombMatrix(n_atoms_max=len(atoms), permutation=kind).create(atoms)
    for kind in ("none", "sorted_l2")
}
np.savez(sys.argv[2], **{k: m.reshape(len(atoms), len(atoms)) for k, m in matrices.items()})
