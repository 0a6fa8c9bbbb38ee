# Single point with GPAW: reads structure.xyz, writes result.json (eV, eV/Å).
import json

import ase.io
from gpaw import GPAW, PW

atoms = ase.io.read("structure.xyz", format="extxyz")
atoms.calc = GPAW(
    mode=PW(500.0),  # eV
    xc="PBE",
    kpts={"size": (1, 1, 1), "gamma": True},
    occupations={"name": "fermi-dirac", "width": 0.0},  # width in eV
    spinpol=False,
    convergence={"energy": 1e-05},  # eV for each valence electron
    maxiter=60,
    txt="gpaw.txt",
)
result = {
    "energy": atoms.get_potential_energy(force_consistent=True),
    "forces": atoms.get_forces().tolist(),
    "version": __import__("gpaw").__version__,
}
with open("result.json", "w") as file:
    json.dump(result, file)
