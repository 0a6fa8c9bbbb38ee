"""Surfaces: adsorbates on their sites, and steps."""

import numpy as np
from ase import Atoms
from ase.build import surface
from ase.data import covalent_radii
from ase.geometry import find_mic
from ase.neighborlist import neighbor_list

from mlp_course.sampling.origin import with_origin


def adsorption_sites(slab: Atoms) -> list[str]:
    """Names of the high-symmetry sites of a slab made by ASE.

    Raises:
        ValueError: if the slab does not come from ``ase.build.fcc111`` or one of its kin.

    Example:
        >>> from ase.build import fcc111
        >>> adsorption_sites(fcc111("Cu", (2, 2, 3), vacuum=8))
        ['bridge', 'fcc', 'hcp', 'ontop']
    """
    return sorted(_known_sites(slab))


def with_adsorbate(
    slab: Atoms, adsorbate: Atoms | str, site: str, *, bond_length: float | None = None
) -> Atoms:
    """Put an atom or a molecule on a site, its atom 0 down, at the length of a bond.

    The height follows from the bond: high on top, where one atom is below, low in a hollow.

    Args:
        slab: made by ``ase.build.fcc111``, ``fcc100``, ``fcc110``, ``bcc110`` or their kin, normal
            along z.
        adsorbate: an element, or a molecule that stands with atom 0 lowest.
        site: one of :func:`adsorption_sites`.
        bond_length: from atom 0 to the nearest atom of the slab, in Å; default: the sum of the
            covalent radii.

    Returns:
        Slab and adsorbate, not relaxed, without calculator and constraints; the adsorbate has
        tag 0.

    Raises:
        ValueError: if the slab is of another origin or has no such site, or the bond is so short
            that atom 0 would sink into the slab.

    Example:
        >>> from ase.build import fcc111
        >>> slab = fcc111("Cu", (2, 2, 3), vacuum=8)
        >>> top = with_adsorbate(slab, "O", "ontop", bond_length=2.0)
        >>> f"{top.positions[-1, 2] - slab.positions[:, 2].max():.2f} Å"
        '2.00 Å'
    """
    sites = _known_sites(slab)
    if site not in sites:
        raise ValueError(f"site must be one of {', '.join(sorted(sites))}; got {site!r}")
    molecule = Atoms(adsorbate) if isinstance(adsorbate, str) else adsorbate.copy()
    xy = np.array(sites[site]) @ slab.info["adsorbate_info"]["cell"]
    place = np.array([*xy, _height(slab, xy, molecule.numbers[0], bond_length)])
    molecule.positions += place - molecule.positions[0]
    molecule.set_tags(0)
    settings = dict(site=site, adsorbate=molecule.get_chemical_formula(), bond_length=bond_length)
    how = dict(data_type="defect", sampler="with_adsorbate", settings=settings, parent=slab)
    return with_origin(slab + molecule, **how)


def stepped_surface(
    crystal: Atoms, indices: tuple[int, int, int], *, layers: int, vacuum: float = 8.0
) -> Atoms:
    """Cut a surface that is vicinal to a flat one: terraces with steps, or kinks, at equal spacing.

    Of fcc: (211) has (111) terraces of three rows and steps like (100), (221) steps like (111),
    (311) two rows; (531) is all kinks. The atoms at the edge of a step have seven neighbours, those
    of a flat (111) nine, those at a kink six.

    Args:
        crystal: conventional (cubic) cell.
        indices: Miller indices of the surface.
        layers: thickness in units of the repeat along the normal; the slab must be thick enough
            that its middle is bulk.
        vacuum: above and below, in Å.

    Returns:
        A slab, periodic in its plane, normal along z, not relaxed, without calculator.

    Raises:
        ValueError: if ``layers`` is below 1 or ``vacuum`` is not positive.

    Example:
        >>> from ase.build import bulk
        >>> slab = stepped_surface(bulk("Cu", cubic=True), (2, 1, 1), layers=6)
        >>> counts = coordination_numbers(slab, cutoff=3.0)
        >>> int((counts == 7).sum())  # two steps above, two below
        4
    """
    if layers < 1 or vacuum <= 0:
        raise ValueError(
            f"layers must be at least 1 and vacuum positive, in Å; got {layers}, {vacuum}"
        )
    slab = surface(crystal, indices, layers, vacuum=vacuum)
    slab.pbc = [True, True, False]
    settings = dict(indices=list(indices), layers=layers, vacuum=vacuum)
    how = dict(data_type="defect", sampler="stepped_surface", settings=settings, parent=crystal)
    return with_origin(slab, **how)


def coordination_numbers(atoms: Atoms, *, cutoff: float) -> np.ndarray:
    """Neighbours of each atom within ``cutoff`` (Å), images counted, shape (n_atoms,).

    Example:
        >>> from ase.build import bulk
        >>> coordination_numbers(bulk("Cu", a=3.6), cutoff=3.0).tolist()
        [12]
    """
    return np.bincount(neighbor_list("i", atoms, cutoff), minlength=len(atoms))


def _known_sites(slab: Atoms) -> dict[str, tuple[float, float]]:
    """Sites in units of the surface cell, as ASE wrote them down."""
    sites = slab.info.get("adsorbate_info", {}).get("sites")
    if not sites:
        raise ValueError(
            "slab must be made by ase.build.fcc111, fcc100, fcc110, bcc100 ... (before anything "
            "else is done to it): only they know their adsorption sites"
        )
    return sites


def _height(slab: Atoms, xy: np.ndarray, number: int, bond_length: float | None) -> float:
    """Lowest z in Å at which no atom of the slab is nearer than the bond."""
    bonds = covalent_radii[slab.numbers] + covalent_radii[number]
    bonds = bonds if bond_length is None else np.full(len(slab), float(bond_length))
    beside = np.zeros((len(slab), 3))
    beside[:, :2] = slab.positions[:, :2] - xy
    sideways = np.linalg.norm(find_mic(beside, slab.cell, [True, True, False])[0][:, :2], axis=1)
    reached = sideways < bonds
    rise = np.sqrt(np.maximum(bonds**2 - sideways**2, 0.0))
    z = np.where(reached, slab.positions[:, 2] + rise, -np.inf).max()
    if z <= slab.positions[:, 2].max():
        raise ValueError(
            f"bond_length must be long enough to stay above the slab; got {bonds.min():.2f} Å, but "
            f"the nearest atom is {sideways.min():.2f} Å away along the surface alone"
        )
    return float(z)
