"""Fit a GAP with quippy's gap_fit and predict the forces of other frames."""

import subprocess
import sys
import tempfile
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms
from ase.data import chemical_symbols
from quippy.potential import Potential

given = np.load(sys.argv[1])
numbers = given["numbers"]
n_train, n_atoms = given["positions"].shape[:2]


def in_a_box(positions):
    """A molecule; QUIP wants a cell, here so large that no image is in sight."""
    return Atoms(numbers, positions, cell=[50.0] * 3, pbc=True)


with tempfile.TemporaryDirectory() as folder:
    frames = []
    for positions, energy, forces in zip(
        given["positions"], given["energies"], given["forces"], strict=True
    ):
        atoms = in_a_box(positions)
        atoms.info["dft_energy"] = float(energy)  # `energy` would be swallowed by ASE
        atoms.arrays["dft_forces"] = forces
        frames.append(atoms)
    ase.io.write(Path(folder, "train.xyz"), frames, format="extxyz")
    references = zip(given["species"], given["references"], strict=True)
    e0 = ":".join(f"{chemical_symbols[z]}:{energy:.10f}" for z, energy in references)
    names = ["n_max", "l_max", "cutoff", "cutoff_transition_width", "atom_sigma"]
    names += ["zeta", "delta", "n_sparse"]
    soap = " ".join(f"{name}={given[name].item()}" for name in names)
    soap = f"soap {soap} covariance_type=dot_product sparse_method=cur_points add_species=T"
    noise = given["energy_noise"].item() * n_atoms**0.5  # QUIP: times sqrt(n), not times n
    subprocess.run(
        [
            Path(sys.executable).parent / "gap_fit", "atoms_filename=train.xyz", f"gap={{{soap}}}",
            f"default_kernel_regularisation={{{noise} {given['force_noise'].item()} 0 0}}",
            "energy_parameter_name=dft_energy", "force_parameter_name=dft_forces",
            f"e0={{{e0}}}", "do_copy_atoms_file=F", "sparse_separate_file=F", "rnd_seed=1",
            "gap_file=gap.xml",
        ],
        cwd=folder, check=True, stdout=sys.stderr,
    )  # fmt: skip
    potential = Potential("IP GAP", param_filename=str(Path(folder, "gap.xml")))
    energies, forces = [], []
    for positions in given["unseen"]:
        atoms = in_a_box(positions)
        atoms.calc = potential
        energies.append(atoms.get_potential_energy())
        forces.append(atoms.get_forces())
np.savez(sys.argv[2], energies=energies, forces=forces)
