"""Point defects: an atom missing, an atom too many."""

import numpy as np
from ase import Atom, Atoms
from ase.neighborlist import neighbor_list

from mlp_course.descriptors.checks import check_positive
from mlp_course.sampling.origin import with_origin

#: Where an extra atom sits from an atom of the cubic lattice, in lattice constants, and how many
#: neighbours it has there at that distance.
_SITES = {
    ("fcc", "octahedral"): ((0.5, 0.0, 0.0), 6),
    ("fcc", "tetrahedral"): ((0.25, 0.25, 0.25), 4),
    ("bcc", "octahedral"): ((0.5, 0.0, 0.0), 2),
    ("bcc", "tetrahedral"): ((0.5, 0.25, 0.0), 4),
}
#: Directions in which the two atoms of a dumbbell share one site.
_DUMBBELLS = {"fcc": (1.0, 0.0, 0.0), "bcc": (1.0, 1.0, 0.0)}
_SPLIT = 0.3  # half the length of a dumbbell in lattice constants, before relaxation


def vacancy(crystal: Atoms, index: int = 0) -> Atoms:
    """Take one atom out.

    Args:
        crystal: any configuration; a supercell, if the vacancies shall not see each other.
        index: the atom.

    Returns:
        One atom less, not relaxed, without calculator.

    Raises:
        ValueError: if there is no such atom, or no other one.

    Example:
        >>> from ase.build import bulk
        >>> len(vacancy(bulk("Cu", cubic=True).repeat(2)))
        31
    """
    if len(crystal) < 2 or not -len(crystal) <= index < len(crystal):
        raise ValueError(
            f"index must be an atom of a crystal of at least two; got {index} of {len(crystal)}"
        )
    defective = crystal.copy()
    del defective[index]
    settings = dict(index=index)
    how = dict(data_type="defect", sampler="vacancy", settings=settings, parent=crystal)
    return with_origin(defective, **how)


def interstitial(
    crystal: Atoms,
    site: str,
    *,
    lattice_constant: float,
    structure: str = "fcc",
    symbol: str | None = None,
    index: int = 0,
) -> Atoms:
    """Squeeze one more atom into a cubic crystal whose cube edges lie along x, y and z.

    Octahedral and tetrahedral sites are the holes between six (in bcc two near and four farther)
    and four atoms. A dumbbell puts two atoms in the place of one, along <100> in fcc and <110> in
    bcc: in most metals the stable form.

    Args:
        crystal: a supercell.
        site: "octahedral", "tetrahedral" or "dumbbell".
        lattice_constant: edge of the cube, in Å.
        structure: "fcc" or "bcc".
        symbol: element of the extra atom; default: that of atom ``index``.
        index: the atom beside which, or in whose place, the extra atom goes.

    Returns:
        One atom more (the last one), not relaxed, without calculator.

    Raises:
        ValueError: if site or structure is unknown, there is no such atom, or the site does not
            have its neighbours: then the crystal is another one, turned or defective there.

    Example:
        >>> from ase.build import bulk
        >>> copper = bulk("Cu", a=3.6, cubic=True).repeat(2)
        >>> crowded = interstitial(copper, "octahedral", lattice_constant=3.6)
        >>> distances = crowded.get_distances(-1, range(32), mic=True)
        >>> int((distances.round(2) == 1.80).sum())  # six neighbours at a/2
        6
    """
    sites = [name for lattice, name in _SITES if lattice == structure] + ["dumbbell"]
    if structure not in _DUMBBELLS or site not in sites:
        raise ValueError(
            f"structure must be one of {', '.join(_DUMBBELLS)} and site one of octahedral, "
            f"tetrahedral, dumbbell; got {structure!r} and {site!r}"
        )
    check_positive("in Å", lattice_constant=lattice_constant)
    if not -len(crystal) <= index < len(crystal):
        raise ValueError(f"index must be one of {len(crystal)} atoms; got {index}")
    crowded = crystal.copy()
    place = crystal.positions[index].copy()
    if site == "dumbbell":
        direction = np.array(_DUMBBELLS[structure])
        arm = _SPLIT * lattice_constant * direction / np.linalg.norm(direction)
        crowded.positions[index] = place - arm
        place += arm
    else:
        offset, n_neighbours = _SITES[structure, site]
        place += lattice_constant * np.array(offset)
        _check_hole(crystal, place, lattice_constant * np.linalg.norm(offset), n_neighbours, site)
    crowded.append(Atom(symbol or crystal[index].symbol, place))
    settings = dict(site=site, structure=structure, lattice_constant=lattice_constant, index=index)
    how = dict(data_type="defect", sampler="interstitial", settings=settings, parent=crystal)
    return with_origin(crowded, **how)


def _check_hole(
    crystal: Atoms, place: np.ndarray, distance: float, n_neighbours: int, site: str
) -> None:
    """Refuse a place that is not the hole it should be."""
    probe = crystal.copy()
    probe.append(Atom("X", place))
    i, d = neighbor_list("id", probe, cutoff=1.02 * distance)
    near = d[i == len(probe) - 1]
    if len(near) != n_neighbours or (near < 0.98 * distance).any():
        raise ValueError(
            f"the {site} site must have {n_neighbours} neighbours at {distance:.3f} Å; found "
            f"{np.sort(near).round(3).tolist()} Å: check structure and lattice_constant, and that "
            "the cube edges lie along x, y and z"
        )
