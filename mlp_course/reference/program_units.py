"""Which program writes which unit, and whether it writes forces or gradients."""

import pandas as pd

_GRADIENT = "gradient: forces are minus this"
_ROWS = (
    ("VASP", "eV", "Å", "eV/Å", ""),
    ("GPAW", "eV", "Å", "eV/Å", "through ASE"),
    ("FHI-aims", "eV", "Å", "eV/Å", ""),
    ("Quantum ESPRESSO", "Rydberg", "Bohr", "Rydberg/Bohr", "positions as asked in the input"),
    ("CP2K", "Hartree", "Å", "Hartree/Bohr", "positions in Å, forces per Bohr"),
    ("Gaussian", "Hartree", "Å", "Hartree/Bohr", "positions in Å, forces per Bohr"),
    ("ORCA", "Hartree", "Å", "Hartree/Bohr", _GRADIENT),
    ("PySCF", "Hartree", "Bohr", "Hartree/Bohr", f"input in Å by default; {_GRADIENT}"),
    ("xtb, tblite", "Hartree", "Bohr", "Hartree/Bohr", _GRADIENT),
    ("MD17, rMD17 files", "kcal/mol", "Å", "kcal/mol/Å", ""),
    ("LAMMPS, units metal", "eV", "Å", "eV/Å", ""),
    ("LAMMPS, units real", "kcal/mol", "Å", "kcal/mol/Å", ""),
    ("GROMACS", "kJ/mol", "nm", "kJ/mol/nm", ""),
    ("i-PI", "Hartree", "Bohr", "Hartree/Bohr", "through its socket"),
    ("ASE", "eV", "Å", "eV/Å", "also time: 1 of its own units is 10.18 fs"),
    ("TorchANI", "Hartree", "Å", "Hartree/Å", "a mixture by design"),
    ("SchNetPack", "as declared", "as declared", "as declared", "metadata of its database"),
)


def program_units() -> pd.DataFrame:
    """List the units in which programs and files of this field write, as documented.

    Returns:
        Index: program. Columns energy, length, force, beware.

    Example:
        >>> program_units().loc["GROMACS", "force"]
        'kJ/mol/nm'
    """
    columns = ["program", "energy", "length", "force", "beware"]
    return pd.DataFrame(_ROWS, columns=columns).set_index("program")
