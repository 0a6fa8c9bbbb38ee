"""The chapter's tools by phase: what each is for, how it starts, what it writes, who reads that."""

import pandas as pd

_COLUMNS = ("phase", "tool", "for", "start", "writes", "read_by")
_TOOLS = (
    (1, "VASP", "DFT of crystals and surfaces, plane waves; commercial",
     "mpirun vasp_std", "OUTCAR, vasprun.xml", "read_output, ASE"),
    (1, "Quantum ESPRESSO", "DFT of crystals, plane waves; free",
     "pw.x -in pw.in > pw.out", "pw.out", "read_output, ASE"),
    (1, "CP2K", "DFT of large and liquid systems, Gaussians and plane waves; free",
     "cp2k.psmp -i cp2k.inp > cp2k.out", "cp2k.out", "read_output, ASE"),
    (1, "GPAW", "DFT written in Python, grids or plane waves; free",
     "python run_gpaw.py", "gpaw.txt", "read_output, ASE"),
    (2, "SchNetPack", "SchNet and PaiNN",
     "spktrain experiment=...", "best_model", "ASE through SpkCalculator"),
    (2, "NequIP", "equivariant networks, also Allegro",
     "nequip-train -cn input", "last.ckpt, a compiled model", "ASE, LAMMPS"),
    (2, "MACE", "equivariant networks of high body order",
     "mace_run_train --name=model ...", "model.model", "ASE, LAMMPS"),
    (2, "DeePMD-kit", "Deep Potential, made for large systems",
     "dp --tf train input.json", "model.pb", "ASE, LAMMPS, i-PI"),
    (3, "ASE", "atoms, calculators and dynamics in Python",
     "python run.py", ".xyz, .traj", "everything here"),
    (3, "LAMMPS", "dynamics of millions of atoms, in parallel",
     "lmp -in in.lammps", ".lammpstrj, log.lammps", "ASE, OVITO, VMD, MDAnalysis, MDTraj"),
    (3, "i-PI", "quantum nuclei: path integrals; forces through a socket",
     "i-pi input.xml", "properties and a .xyz a bead", "NumPy, ASE"),
    (4, "NumPy", "arrays: every formula that has no package",
     "import numpy", "arrays, .npy", "everything here"),
    (4, "MDAnalysis", "selections and analyses of trajectories, lengths in Å",
     "import MDAnalysis", "tables, trajectories", "Python"),
    (4, "MDTraj", "fast analyses of trajectories, lengths in nm",
     "import mdtraj", "arrays, trajectories", "Python"),
    (4, "OVITO", "looking at millions of atoms; a desktop program and a Python package",
     "ovito trajectory.lammpstrj", "pictures, tables", "you"),
    (4, "VMD", "looking at trajectories; a desktop program, free after registration",
     "vmd start.xyz run.dcd", "pictures, films", "you"),
)  # fmt: skip


def ecosystem_tools() -> pd.DataFrame:
    """List the tools that the chapter names, in its order.

    Returns:
        Columns phase (1 data, 2 training, 3 simulation, 4 analysis), tool, for, start (the line
        that starts it), writes, read_by.

    Example:
        >>> tools = ecosystem_tools()
        >>> len(tools), tools[tools["phase"] == 3]["tool"].tolist()
        (16, ['ASE', 'LAMMPS', 'i-PI'])
    """
    return pd.DataFrame(_TOOLS, columns=_COLUMNS)
