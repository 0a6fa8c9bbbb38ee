"""VASP: INCAR, KPOINTS and POSCAR from the settings record, and which POTCARs belong to them."""

from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms

from mlp_course.reference.codes.structure import check_structure
from mlp_course.reference.settings import DFTSettings

_GGA = {"PBE": "PE", "PBEsol": "PS", "RPBE": "RP", "revPBE": "RE"}
_IVDW = {"none": 0, "D3(0)": 11, "D3(BJ)": 12}
_ISMEAR = {"none": 0, "gaussian": 0, "fermi-dirac": -1, "methfessel-paxton": 1}
_NO_SMEARING = 0.01  # eV: Gaussian smearing too narrow to matter, as VASP advises for molecules


def write_vasp_inputs(settings: DFTSettings, atoms: Atoms, folder: Path) -> list[Path]:
    """Write the input files of a single point.

    POTCAR files are licensed and not written; ``POTCAR.order`` names the elements in the order of
    POSCAR, in which they have to be joined.

    Args:
        settings: the record; its composition must be that of ``atoms``.
        atoms: the structure; VASP is periodic in all directions, so it needs a cell.
        folder: where to write; made if missing.

    Returns:
        Paths of INCAR, KPOINTS, POSCAR and POTCAR.order.

    Raises:
        ValueError: if the structure is not that of the record, or has no cell.

    Source:
        https://www.vasp.at/wiki, entries of the tags.
    """
    check_structure(settings, atoms, "VASP")
    folder.mkdir(parents=True, exist_ok=True)
    ordered = atoms[np.argsort(atoms.numbers, kind="stable")]
    texts = {
        "INCAR": incar(settings),
        "KPOINTS": _kpoints(settings),
        "POTCAR.order": "\n".join(dict.fromkeys(ordered.get_chemical_symbols())) + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    ase.io.write(folder / "POSCAR", ordered, format="vasp", direct=True)
    return [folder / name for name in ("INCAR", "KPOINTS", "POSCAR", "POTCAR.order")]


def incar(settings: DFTSettings) -> str:
    """The text of INCAR, each tag with its meaning.

    Example:
        >>> from mlp_course.reference.settings import EXAMPLE, load_settings
        >>> print(incar(load_settings(EXAMPLE)).splitlines()[2])
        ENCUT = 500         # cutoff of the plane waves / eV
    """
    smearing = settings.smearing
    width = smearing.width or _NO_SMEARING
    tags = [
        ("GGA", _GGA[settings.functional], f"functional {settings.functional}"),
        ("ENCUT", f"{settings.cutoff:g}", "cutoff of the plane waves / eV"),
        ("IVDW", _IVDW[settings.dispersion], f"dispersion {settings.dispersion}"),
        ("EDIFF", f"{settings.convergence.electronic:g}", "electronic loop / eV"),
        ("NELM", settings.convergence.max_cycles, "its longest; OUTCAR tells if it was not enough"),
        ("ISMEAR", _ISMEAR[smearing.method], f"smearing {smearing.method}"),
        ("SIGMA", f"{width:g}", "its width / eV"),
        ("ISPIN", 2 if settings.spin_polarised else 1, "spin densities"),
        ("IBRION", -1, "a single point: the ions stay"),
        ("NSW", 0, ""),
        ("PREC", "Accurate", "forces to learn from need the fine grid"),
        ("LREAL", ".FALSE.", "projection in reciprocal space, exact"),
        ("ISYM", 0, "a frame of dynamics has no symmetry"),
        ("LWAVE", ".FALSE.", "no large files"),
        ("LCHARG", ".FALSE.", ""),
    ]
    lines = [f"{tag} = {value}".ljust(20) + f"# {why}" for tag, value, why in tags if why]
    lines += [f"{tag} = {value}" for tag, value, why in tags if not why]
    return "\n".join([f"SYSTEM = {settings.system.name}", *lines]) + "\n"


def _kpoints(settings: DFTSettings) -> str:
    """The text of KPOINTS: an automatic mesh."""
    centre = "Gamma" if settings.k_points.gamma_centred else "Monkhorst-Pack"
    mesh = " ".join(map(str, settings.k_points.mesh))
    return f"{settings.system.name}\n0\n{centre}\n{mesh}\n0 0 0\n"
