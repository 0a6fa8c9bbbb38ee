"""Where to begin with the cutoff: read off a proper g(r), with the reason in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ase import Atoms
from ase.neighborlist import natural_cutoffs, neighbor_list
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mlp_course.analysis.rdf import PROMINENCE, coordination_number, radial_distribution
from mlp_course.data.quality import as_frames
from mlp_course.descriptors.checks import check_count, check_positive

#: Allred's electronegativities (Pauling scale) of the elements that are usually ions.
CATIONS = {3, 4, 11, 12, 13, 19, 20, 37, 38, 55, 56}  # Li Be Na Mg Al K Ca Rb Sr Cs Ba
ANIONS = {7, 8, 9, 16, 17, 34, 35, 53}  # N O F S Cl Se Br I
SMOOTHING = 0.08  # Å; width of the Gaussian that takes the noise of narrow bins away
LONGEST_MOLECULE = 5.0  # Å; larger molecules are cut: a neighbourhood, not the whole
AFFORDABLE = 6.5  # Å; a third shell is taken where it ends below


@dataclass(frozen=True)
class CutoffAdvice:
    """A first cutoff to test.

    Attributes:
        cutoff: in Å.
        kind: "isolated molecule", "metal", "molecules" or "ions".
        shells: ends of the first shells of neighbours in Å; empty without a density.
        neighbours: within the cutoff, mean of all atoms.
        reason: in words.
        r: middles of the shells in Å; empty without a density.
        g: smoothed g(r), dimensionless, the shape of ``r``.
    """

    cutoff: float
    kind: str
    shells: tuple[float, ...]
    neighbours: float
    reason: str
    r: NDArray[np.float64]
    g: NDArray[np.float64]

    def __str__(self) -> str:
        return f"{self.kind}: {self.cutoff:.1f} Å, {self.neighbours:.0f} neighbours. {self.reason}"


def cutoff_advice(
    frames: Sequence[Atoms], *, longest: float = 9.0, n_bins: int = 200
) -> CutoffAdvice:
    """Advise a cutoff: whole shells of neighbours, or a whole small molecule.

    Two shells are the smallest neighbourhood that shows an atom how its neighbours are surrounded;
    a third one is taken where it ends below 6.5 Å, as in most crystals. A minimum of g(r) is the
    place for a border: fewest atoms cross it. Peaks tell where neighbours stand, not how far they
    act, so this is where to *begin*; then compare forces with a smaller and a larger cutoff.
    Charges act farther than any cutoff, and the advice says so.

    In a box of molecules only the heaviest atom of each molecule counts in g(r), so that its shells
    are shells of molecules and not bonds; one of them is enough to see every neighbour.

    Args:
        frames: configurations of one kind of system; all periodic in three directions, or none.
        longest: how far to look, in Å.
        n_bins: number of shells of g(r).

    Returns:
        The advice.

    Raises:
        TypeError: if a frame is no ``Atoms``.
        ValueError: if there is no frame, a slab is given (two periodic directions), a number makes
            no sense, or g(r) shows too few shells.

    Example:
        >>> from ase.build import bulk, molecule
        >>> crystal = bulk("Cu", cubic=True).repeat(3)
        >>> crystal.rattle(0.1, seed=0)
        >>> advice = cutoff_advice([crystal])
        >>> advice.kind, round(advice.neighbours)  # 12 + 6 + 24 neighbours
        ('metal', 42)
        >>> print(cutoff_advice([molecule("H2O")]).reason)
        the whole molecule is seen; there is no density and no g(r)
    """
    check_positive("in Å", longest=longest)
    check_count(20, n_bins=n_bins)
    frames = as_frames(frames)
    periodic = {int(atoms.pbc.sum()) for atoms in frames}
    if periodic == {0}:
        return _isolated(frames)
    if periodic != {3}:
        raise ValueError(
            "frames must all be periodic in three directions, or none; a slab has no single "
            "density: give its bulk, or the adsorbate alone"
        )
    kind = kind_of(frames[0])
    counted = _one_atom_a_molecule(frames) if kind == "molecules" else frames
    r, g = radial_distribution(counted, longest, n_bins=n_bins)
    g = gaussian_filter1d(g, SMOOTHING / (r[1] - r[0]))
    fewest = 1 if kind == "molecules" else 2
    shells = _ends_of_shells(r, g, fewest)
    cutoff = max([shells[fewest - 1], *(end for end in shells[fewest:] if end < AFFORDABLE)])
    density = np.mean([len(atoms) / atoms.get_volume() for atoms in frames])
    r_all, g_all = radial_distribution(frames, longest, n_bins=n_bins)
    neighbours = float(np.interp(cutoff, r_all, coordination_number(r_all, g_all, density)))
    return CutoffAdvice(cutoff, kind, shells, neighbours, _REASONS[kind], r, g)


_REASONS = {
    "metal": "whole shells are seen; test one shell more for surfaces and defects",
    "molecules": "every neighbouring molecule is seen; messages hand on what lies beyond",
    "ions": "whole shells are seen, but charges act farther: add long-range electrostatics",
}


def kind_of(atoms: Atoms) -> str:
    """Tell "ions", "molecules" or "metal" from the elements and the bonds; a rough guess.

    Example:
        >>> from ase.build import bulk
        >>> kind_of(bulk("NaCl", "rocksalt", a=5.64)), kind_of(bulk("Cu"))
        ('ions', 'metal')
    """
    elements = set(atoms.numbers.tolist())
    if elements & CATIONS and elements & ANIONS:
        return "ions"
    pieces = molecule_labels(atoms)
    return "molecules" if len(np.unique(pieces)) > 1 else "metal"


def molecule_labels(atoms: Atoms) -> NDArray[np.int64]:
    """Number the molecules: atoms connected by bonds share a number.

    Bonds are pairs closer than 1.2 times the sum of their covalent radii.

    Example:
        >>> from ase.build import molecule
        >>> far = molecule("H2")
        >>> far.translate([9, 0, 0])
        >>> molecule_labels(molecule("H2") + far).tolist()
        [0, 0, 1, 1]
    """
    i, j = neighbor_list("ij", atoms, natural_cutoffs(atoms, mult=1.2))
    bonds = coo_array((np.ones(len(i)), (i, j)), shape=(len(atoms), len(atoms)))
    return connected_components(bonds, directed=False)[1]


def _isolated(frames: Sequence[Atoms]) -> CutoffAdvice:
    """The largest distance within a molecule, at most 5 Å."""
    largest = max(float(atoms.get_all_distances().max(initial=0.0)) for atoms in frames)
    cutoff = min(np.ceil(2 * (largest + 0.2)) / 2, LONGEST_MOLECULE)  # up to the next half Å
    within = [(atoms.get_all_distances() < cutoff).sum() / len(atoms) - 1 for atoms in frames]
    whole = largest < cutoff
    reason = (
        "the whole molecule is seen; there is no density and no g(r)"
        if whole
        else f"the molecule is {largest:.1f} Å long: message passing hands on what lies beyond"
    )
    empty = np.zeros(0)
    return CutoffAdvice(
        float(cutoff), "isolated molecule", (), float(np.mean(within)), reason, empty, empty
    )


def _one_atom_a_molecule(frames: Sequence[Atoms]) -> list[Atoms]:
    """The heaviest atom of each molecule stands for it."""
    reduced = []
    for atoms in frames:
        labels = molecule_labels(atoms)
        members = [np.flatnonzero(labels == n) for n in np.unique(labels)]
        reduced.append(atoms[[own[atoms.numbers[own].argmax()] for own in members]])
    return reduced


def _ends_of_shells(r: np.ndarray, g: np.ndarray, fewest: int) -> tuple[float, ...]:
    """Minima behind the first peaks, at most three, in Å; one at the end of the range is none."""
    peaks = find_peaks(g, prominence=PROMINENCE)[0]
    stops = [*peaks[1:], len(r)][: len(peaks)]
    ends = []
    for start, stop in list(zip(peaks, stops, strict=True))[:3]:
        lowest = np.flatnonzero(g[start:stop] <= g[start:stop].min() + 1e-9) + start
        if lowest[-1] < len(r) - 1:
            ends.append(float(r[lowest].mean()))
    if len(ends) < fewest:
        raise ValueError(
            f"g(r) must show where at least {fewest} of its peaks end (those that rise "
            f"{PROMINENCE:g} above their surroundings); got {len(ends)}. "
            "Give more frames, or a larger `longest`"
        )
    return tuple(ends)
