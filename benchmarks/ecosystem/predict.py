"""Runs in the program's own environment: its ASE calculator on the frames of a file.

python predict.py mace folder frames.xyz predicted.npz
"""

import sys
from importlib.metadata import version
from pathlib import Path

import ase.io
import numpy as np


def calculator(name, folder):
    """The ASE calculator that comes with the program."""
    if name == "mace":
        from mace.calculators import MACECalculator

        path = str(folder / "model.model")
        return MACECalculator(model_paths=path, device="cpu", default_dtype="float32")
    if name == "nequip":
        from nequip.integrations.ase import NequIPCalculator

        # nequip-compile wants a C++ compiler (and no TorchScript any more), so the checkpoint as is
        path = str(folder / "last.ckpt")
        return NequIPCalculator._from_saved_model(path, chemical_species_to_atom_type_map=True)
    from deepmd.calculator import DP

    return DP(model=str(folder / "model.pb"))


def main():
    """Energies (eV), forces (eV/Å), and the versions."""
    name, folder, frames, out = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]
    shared = calculator(name, folder)
    energies, forces = [], []
    for atoms in ase.io.read(frames, ":"):
        atoms.calc = shared
        energies.append(atoms.get_potential_energy())
        forces.append(atoms.get_forces())
    package = {"mace": "mace-torch", "nequip": "nequip", "deepmd": "deepmd-kit"}[name]
    versions = [f"{package}=={version(package)}", f"ase=={version('ase')}"]
    np.savez(out, energies=np.ravel(energies), forces=np.array(forces), versions=versions)


if __name__ == "__main__":
    main()
