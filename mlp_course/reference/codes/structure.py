"""The structure that inputs are written for: the one of the record, in a cell."""

from ase import Atoms

from mlp_course.reference.settings import DFTSettings


def check_structure(settings: DFTSettings, atoms: Atoms, program: str) -> None:
    """Raise ValueError if a structure is not that of the record, or has no cell.

    Example:
        >>> from mlp_course.reference.settings import load_settings
        >>> record = load_settings(
        ...     "{system: {name: hydrogen, composition: H2}, functional: PBE, cutoff: 400,"
        ...     " convergence: {electronic: 1.0e-6}}"
        ... )
        >>> check_structure(record, Atoms("H2", cell=[8, 8, 0]), "VASP")
        Traceback (most recent call last):
        ValueError: VASP needs three cell vectors: put the molecule into a box (atoms.center)
    """
    settings.check_structure(atoms)
    if atoms.cell.rank < 3:
        raise ValueError(
            f"{program} needs three cell vectors: put the molecule into a box (atoms.center)"
        )
