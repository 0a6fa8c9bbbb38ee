"""SOAP power spectra by dscribe, with the place of each pair of elements."""

import sys

import numpy as np
from ase import Atoms
from ase.data import chemical_symbols
from dscribe.descriptors import SOAP

given = np.load(sys.argv[1])
atoms = Atoms(given["numbers"], given["positions"], cell=given["cell"], pbc=given["pbc"])
species = [int(z) for z in given["species"]]
soap = SOAP(
    species=species,
    r_cut=float(given["radius"]),
    n_max=int(given["n_max"]),
    l_max=int(given["l_max"]),
    sigma=float(given["sigma"]),
    rbf="gto",
    periodic=bool(given["pbc"].any()),
)
features = soap.create(atoms)
blocks = {}
for place, a in enumerate(species):
    for b in species[place:]:
        where = soap.get_location((chemical_symbols[a], chemical_symbols[b]))
        blocks[f"{a}_{b}"] = features[:, where]
np.savez(sys.argv[2], **blocks)
