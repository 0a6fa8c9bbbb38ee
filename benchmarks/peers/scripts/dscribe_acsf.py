"""Symmetry functions by dscribe."""

import sys

import numpy as np
from ase import Atoms
from dscribe.descriptors import ACSF

given = np.load(sys.argv[1])
atoms = Atoms(given["numbers"], given["positions"], cell=given["cell"], pbc=given["pbc"])
acsf = ACSF(
    species=[int(z) for z in given["species"]],
    r_cut=float(given["cutoff"]),
    g2_params=given["radial"].tolist(),
    **{str(given["kind"]): given["angular"].tolist()},
    periodic=bool(given["pbc"].any()),
)
np.savez(sys.argv[2], features=acsf.create(atoms))
